//! From what was asked to what is done: the nodes of a run, in an order in which they can be done.

pub mod currency;
pub mod difference;
mod making;
pub mod node;
mod options;
pub mod task;

pub use making::Plan;
pub use node::Node;
pub use task::Task;
