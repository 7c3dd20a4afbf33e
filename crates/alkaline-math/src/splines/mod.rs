//! Cubic splines: through knots, fitted by least squares, and fitted so that they never fall.

pub mod cubic;
pub mod monotone;
pub mod natural;
