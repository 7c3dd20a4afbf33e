//! What each task does: reads what it needs from the run, calls one stage, writes what came out. One file a task.

mod align;
mod clean;
pub mod context;
mod count;
mod gsea;
mod merge;
mod normalize;
mod ora;
mod panel;
mod perform;
mod prepare;
mod prepared;
mod record;
mod report;
mod shelf;
mod table;
mod test;
mod test_outcome;
mod test_values;
mod values;
mod watched;

pub use context::Context;
pub use perform::perform;
pub use shelf::Shelf;
