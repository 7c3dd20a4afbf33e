//! How many genes would be called under another dispersion.

/// Calls at one assumed biological coefficient of variation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SensitivityRow {
    /// The coefficient: the square root of the dispersion.
    pub bcv: f64,
    /// Genes called up.
    pub up: usize,
    /// Genes called down.
    pub down: usize,
}
