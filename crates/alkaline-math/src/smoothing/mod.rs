//! Smoothers of many curves along one covariate: each row of a matrix is a curve's values at one covariate value.

mod local_fit;
mod local_regression;
mod lowess;
mod moving_average;
mod running_tricube;
mod spline;
mod weighted_lowess;

pub use local_fit::Degree;
pub use local_regression::{LocalRegression, SmoothCurves};
pub use lowess::{Lowess, lowess_fit};
pub use moving_average::moving_average;
pub use running_tricube::running_tricube;
pub use spline::smoothing_spline;
pub use weighted_lowess::{WeightedLowess, weighted_line, weighted_lowess_fit};
