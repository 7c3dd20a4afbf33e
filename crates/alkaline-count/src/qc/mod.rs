//! Read QC gathered while counting.

mod collector;
mod gene_body;
mod junctions;
mod summary;

pub(crate) use collector::QcCollector;
pub(crate) use gene_body::GeneModels;
pub(crate) use summary::{QcInput, rule_number, summarise};
