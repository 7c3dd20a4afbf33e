//! The figures of a cohort: plain data in, drawings out.

pub mod boxes;
pub mod curves;
pub mod forest;
pub mod roc;
