//! Who runs the nodes of a plan. Every engine comes down to [`node::Work::run`]: a local run, `alkaline stage` and a cluster's jobs
//! leave the same bytes.
//!
//! [`local`] runs all on this machine. The others are written down for somebody else to carry out, in [`steps`] that do several nodes
//! each: [`slurm`] also submits them, says how they are, and makes new jobs of what failed.

mod ask;
mod cost;
mod duration;
pub mod local;
pub mod nextflow;
pub mod node;
pub mod outline;
pub mod profile;
mod schedule;
mod slots;
pub mod slurm;
pub mod snakemake;
pub mod status;
pub mod steps;
mod text;

pub use local::{Control, RunOutcome, run};
pub use node::run_one;
pub use outline::{Outline, plan_only};
pub use profile::Profile;
