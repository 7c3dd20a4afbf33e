//! Which genes to test, how large the libraries are, and what the expression values are.
//!
//! - [`filter_by_expression`]: keep the genes with enough counts to be worth testing;
//! - [`library_sizes`]: library sizes and the factors that correct them for composition (TMM and others);
//! - [`expression`]: CPM, log CPM, FPKM and TPM;
//! - [`transcripts`]: from transcripts to genes, as tximport does.

mod error;
mod expression;
mod factors;
mod filter;
pub mod transcripts;

pub use error::NormError;
pub use expression::{ExpressionOptions, ExpressionRule, LibrarySizeKind, expression};
pub use factors::{NormMethod, NormOptions, library_sizes};
pub use filter::{
    FilterMethod, FilterOptions, FilterOutcome, RemovalReason, RemovedGene, filter_by_design,
    filter_by_expression,
};
