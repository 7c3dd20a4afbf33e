//! Who runs the nodes of a plan. Every engine comes down to [`node::Work::run`]: a local run, `alkaline stage` and a cluster's jobs
//! leave the same bytes.

mod cost;
pub mod local;
pub mod node;
mod schedule;
mod slots;
pub mod status;

pub use local::{Control, RunOutcome, run};
pub use node::run_one;
