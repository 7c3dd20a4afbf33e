//! Whether values need logarithms, told by their quantiles alone: the rule of GEO2R's scripts.

/// Whether the rule wants logarithms of values with these quantiles, at 0, 0.25, 0.5, 0.75, 0.99 and 1: where the 99th percentile is above 100,
/// or where the range is above 50 and a quarter of the values is not below zero.
pub fn needs_logs([least, quarter, _, _, high, most]: [f64; 6]) -> bool {
    high > 100.0 || (most - least > 50.0 && quarter > 0.0)
}
