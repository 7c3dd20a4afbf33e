//! A cohort: clinical table and markers to survival, groups, pairs, and what all that cannot tell.
//!
//! [`join`] reads and matches; [`analyse`] computes; [`write()`] leaves tables, figures and words. What was decided on the way is said.

mod analysis;
mod cells;
mod comparisons;
mod covariates;
mod drawing;
mod input;
mod limits;
mod methods;
mod multivariate;
mod options;
mod roc;
mod rows;
mod tables;
mod univariate;

pub use analysis::{CohortResults, analyse};
pub use input::{Cohort, join};
pub use options::{CohortOptions, Cut, Multivariate};
pub use tables::write;
