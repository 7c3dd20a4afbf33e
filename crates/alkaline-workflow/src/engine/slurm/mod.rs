//! A run as jobs of Slurm: arrays of units, one step after the other; no process of ours has to stay for them.
//!
//! What is true of a run stands in its receipts; the scheduler is asked only about what has none. Slurm is not believed more than
//! needed: a job that ends with success and leaves no receipt has done nothing, and one that waits for what failed is cancelled.

mod arrays;
mod asking;
mod causes;
mod cluster;
mod emit;
mod queue;
mod resume;
mod scripts;
mod standing;
mod submission;
mod submit;
mod watch;

pub use asking::Programs;
pub use emit::emit;
pub use resume::{Resumed, resume};
pub use standing::{Standing, Task, standing};
pub use submission::{Job, Submission, latest};
pub use submit::{cancel, submit};
pub use watch::{is_at_work, watch};

/// What the engine, and its folder in a run, are called.
pub const NAME: &str = "slurm";
