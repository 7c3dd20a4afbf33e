//! BAM builder, external test data and tolerance assertions: a dev-dependency of the other crates, never of the binary.

mod external;
mod fake_programs;
mod golden;
pub mod pages;
mod sam_builder;
pub mod timing;
mod tolerance;

pub use alkaline_core::sam::flag;
pub use external::{external_cases, external_data, external_program, skip};
pub use fake_programs::FakePrograms;
pub use golden::golden_limit;
pub use sam_builder::{SamBuilder, SamRecord};
pub use tolerance::{Largest, Tolerance, assert_all_close, assert_close};
