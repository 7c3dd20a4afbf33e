//! Plan, run and record a whole analysis: alignments or counts in, a directory of results out.
//!
//! The stages are pure functions of the crates below; files appear only here, between them.

pub mod error;
pub mod experiment;
pub mod layout;
pub mod manifest;
pub mod observer;
pub mod stages;
pub mod staging;

pub use error::WorkflowError;
pub use experiment::{CountSource, Experiment};
pub use layout::RunDirectory;
pub use manifest::RunManifest;
pub use observer::{Observer, Silent};
