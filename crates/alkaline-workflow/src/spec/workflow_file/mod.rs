//! `workflow.toml`: a whole analysis described in one file; each section is the options of a stage.

mod check;
mod contents;
mod order;
mod reading;
pub mod schema;

pub use contents::WorkflowFile;
