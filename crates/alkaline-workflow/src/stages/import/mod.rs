//! Other people's data as the inputs of a run: counts or expression values, a sample sheet, contrasts, and a workflow file.
//!
//! Readers of alkaline-io say what files hold; what is made of them is decided here, by evidence, and told.

pub mod geo;
mod outputs;
mod provenance;
pub mod quantifiers;
mod unique;

pub use outputs::{Imported, PROVENANCE};
