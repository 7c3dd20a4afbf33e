//! Contrast files: `id,variable,reference,target[,blocking]`, the columns of nf-core/differentialabundance; or `id,contrast`, an
//! expression in levels and coefficients of a design, with `variable`, `blocking` and `formula` where they are wanted. Text with commas
//! or tabs, or nf-core's YAML (`id`, `comparison`, `blocking_factors`).

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

/// Column of the sample sheet by which a contrast leaves samples out, and their values, separated by `;` (nf-core).
const EXCLUDE: [&str; 2] = ["exclude_samples_col", "exclude_samples_values"];

/// Variable, reference and target in one, as nf-core writes them in YAML.
const COMPARISON: &str = "comparison";

/// What nf-core calls [`BLOCKING`] in YAML.
const BLOCKING_OF_YAML: &str = "blocking_factors";

/// How the first line may look.
const HEADER_HINT: &str =
    "the first line is: id,variable,reference,target[,blocking] or id,contrast[,variable,blocking,formula]";
