//! Plan, run and record a whole analysis: alignments or counts in, a directory of results out.
//!
//! The stages are pure functions of the crates below; files appear only here, between them. [`run()`] is the whole
//! analysis; [`stages`] holds what the run and the stage commands share.

mod check;
pub mod error;
pub mod layout;
pub mod manifest;
mod methods;
pub mod observer;
mod reproduce;
mod run;
pub mod spec;
pub mod stages;
pub mod staging;

pub use check::{Checked, check};
pub use error::{ErrorKind, WorkflowError};
pub use layout::RunDirectory;
pub use manifest::RunManifest;
pub use observer::{Observer, Silent};
pub use run::{RunOutcome, run};
pub use spec::experiment::{CountSource, Experiment};
pub use spec::request::{RunRequest, Settings};
pub use spec::{WorkflowFile, questions};
