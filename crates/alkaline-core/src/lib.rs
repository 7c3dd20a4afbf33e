//! The nouns of alkaline: what is written to disk or handed from one stage to the next.
//!
//! Stages (counting, normalising, testing, enriching, reporting) never import each other; they meet in the types of
//! this crate. It does no I/O and no statistics, knows no threads and no terminal. Values that belong to genes or
//! samples carry the index they belong to, so that a mix-up of length or order is an error where the value is made.

pub mod annotation;
pub mod cohort;
pub mod contig_names;
pub mod expression;
pub mod file_names;
pub mod gene_sets;
pub mod genome;
pub mod genome_builds;
pub mod genome_recognition;
pub mod identifiers;
pub mod ids;
pub mod index;
pub mod matrix;
pub mod ontology;
pub mod results;
pub mod sam;
pub mod samples;
pub mod spelling;
pub mod unfinished;
pub mod words;

pub use annotation::{Annotation, Exon, Gene};
pub use expression::{ExpressionMatrix, ExpressionUnit, LibrarySizes};
pub use gene_sets::{GeneSet, GeneSetCollection};
pub use genome_builds::GenomeBuild;
pub use identifiers::{IdKind, IdMapping, IdentifierMap};
pub use ids::{ContigName, GeneId, SampleId};
pub use index::{GeneIndex, GeneIndexBuilder, IndexError, PerGene, PerSample, SampleIndex};
pub use matrix::CountMatrix;
pub use ontology::{Aspect, Ontology, OntologyAnnotations};
pub use samples::{ContrastSpec, Groups, Library, Reads, SampleSheet};
