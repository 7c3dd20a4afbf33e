//! What was asked: the experiment, every option resolved, and the files that say so.
//!
//! Everything here is data, and reads back from JSON as it was written; nothing is computed but whether it fits together.

pub mod experiment;
pub mod init;
mod places;
pub mod questions;
pub mod request;
pub mod sheet;
pub mod workflow_file;

pub use workflow_file::WorkflowFile;
