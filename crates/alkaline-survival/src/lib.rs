//! Markers in a cohort: who lives longer, by how much, and how far that can be trusted.
//!
//! - [`SurvivalCurve`]: Kaplan-Meier estimates with intervals, quantiles, numbers at risk and restricted means;
//! - [`rank_test`]: the log-rank family, stratified, and the test for trend;
//! - [`cox`]: proportional hazards with R's stopping rule, so that estimates agree to the digits R prints and beyond;
//! - [`concordance`]: how well a marker orders the patients;
//! - [`cut`]: where a marker is split, and what a split chosen by looking at the outcome costs;
//! - [`roc`]: time-dependent receiver operating characteristics, each estimator under its name;
//! - [`groups`]: two groups or pairs, tables of counts, correlations;
//! - [`size`]: what a number of events can show.
//!
//! Statistics only: this crate reads no file and knows no column names.

pub mod concordance;
pub mod cox;
pub mod curve;
pub mod cut;
mod error;
pub mod groups;
mod outcomes;
mod probability;
mod rank_tests;
pub mod roc;
pub mod size;

pub use curve::{Interval, IntervalKind, Quantile, RiskRow, SurvivalCurve};
pub use error::SurvivalError;
pub use outcomes::Outcomes;
pub use probability::two_sided_z;
pub use rank_tests::{RankTest, RankWeight, rank_test};
