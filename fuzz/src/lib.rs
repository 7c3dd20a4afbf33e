//! What the fuzz targets share: fuzzed bytes become a file, the file is counted or read.

mod alignments;
mod annotation;
mod gene_sets;
mod public_data;
mod ranks;

pub use alignments::{Choices, bgzf, count_file, counted, header, outcome};
pub use annotation::read_annotation;
pub use gene_sets::{read_annotations, read_bundle, read_gene_sets, read_ontology};
pub use public_data::{read_quantification, read_series_matrix, read_soft};
pub use ranks::read_ranks;
