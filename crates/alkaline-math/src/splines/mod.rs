//! Broken lines and cubic splines: through points and knots, fitted by least squares, and fitted so that they never fall.

mod broken_line;
pub mod cubic;
mod interpolating;
pub mod monotone;
pub mod natural;

pub use broken_line::BrokenLine;
pub use interpolating::InterpolatingSpline;
