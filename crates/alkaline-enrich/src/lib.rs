//! Which gene sets are over-represented among chosen genes, or sit at the ends of a ranked list.
//!
//! [`ora`] asks the first question (clusterProfiler's `enrichGO` and `enricher`), [`mod@gsea`] the second
//! (`gseGO`, fgsea). Both take gene sets as [`GeneSetCollection`](alkaline_core::GeneSetCollection)s, match
//! identifiers by [`GeneMatch`], and return tables with clusterProfiler's columns.

mod error;
pub mod gsea;
mod matching;
pub mod ora;
mod representatives;
pub mod similarity;
pub mod simplify;

pub use error::EnrichError;
pub use gsea::{GseaOptions, gsea};
pub use matching::GeneMatch;
pub use ora::{OraOptions, over_representation};
