//! Shared helpers of the workspace-wide tests.

mod exact_tail;
mod integer_list;

pub use exact_tail::exact_tail;
pub use integer_list::IntegerList;
