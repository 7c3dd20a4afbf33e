//! Plan, run and record a whole analysis: alignments or counts in, a directory of results out.
//!
//! What was asked for becomes a plan of nodes; an engine runs those that are not done, each in a place of its own; the store
//! gives what they leave its place, with a receipt. [`run`] is the whole analysis on this machine, [`run_one`] one node of it;
//! [`stages`] holds what the nodes and the stage commands share.

mod check;
pub mod clock;
pub mod engine;
pub mod error;
pub mod export;
pub mod observer;
pub mod plan;
pub mod program_error;
pub mod programs;
pub mod record;
pub mod spec;
pub mod stages;
pub mod store;
mod tasks;
pub mod why;

pub use check::{Checked, check, check_references};
pub use engine::local::dry_run;
pub use engine::{Control, RunOutcome, run, run_one};
pub use error::{ErrorKind, WorkflowError};
pub use observer::{Amount, Observer, Silent};
pub use record::RunManifest;
pub use spec::experiment::{CountSource, Experiment};
pub use spec::request::{RunRequest, Settings};
pub use spec::{WorkflowFile, questions};
pub use store::RunDirectory;
