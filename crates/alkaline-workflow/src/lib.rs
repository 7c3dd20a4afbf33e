//! Plan, run and record a whole analysis: alignments or counts in, a directory of results out.
//!
//! The stages are pure functions of the crates below; files appear only here, between them. [`run()`] is the whole
//! analysis; [`stages`] holds what the run and the stage commands share.

mod check;
pub mod error;
pub mod experiment;
pub mod layout;
pub mod manifest;
mod methods;
pub mod observer;
pub mod questions;
mod reproduce;
pub mod request;
mod run;
pub mod sheet;
pub mod stages;
pub mod staging;
mod workflow_file;

pub use check::{Checked, check};
pub use error::{ErrorKind, WorkflowError};
pub use experiment::{CountSource, Experiment};
pub use layout::RunDirectory;
pub use manifest::RunManifest;
pub use observer::{Observer, Silent};
pub use request::{RunRequest, Settings};
pub use run::{RunOutcome, run};
pub use workflow_file::WorkflowFile;
