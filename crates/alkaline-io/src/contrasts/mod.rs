//! Contrast files: `id,variable,reference,target[,blocking]`, the columns of nf-core/differentialabundance; or `id,contrast`, an
//! expression in levels and coefficients of a design, with `variable`, `blocking` and `formula` where they are wanted.

mod reader;
mod writer;

pub use reader::{read, read_checked};
pub use writer::write;

/// Name of the contrast.
const ID: &str = "id";

/// The columns of a contrast between two levels.
const LEVELS: [&str; 3] = ["variable", "reference", "target"];

/// The column that may be there: sample columns held constant, separated by `;`.
const BLOCKING: &str = "blocking";

/// An expression (`(A + B)/2 - C`) instead of reference and target.
const EXPRESSION: &str = "contrast";

/// What nf-core/differentialabundance calls the same.
const EXPRESSION_OF_NF_CORE: &str = "make_contrasts_str";

/// A model of the contrast's own.
const FORMULA: &str = "formula";

/// How the first line may look.
const HEADER_HINT: &str =
    "the first line is: id,variable,reference,target[,blocking] or id,contrast[,variable,blocking,formula]";
