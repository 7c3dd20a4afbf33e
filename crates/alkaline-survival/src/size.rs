//! What a number of events can show: power of the log-rank test and of Cox's model for a hazard ratio.
//!
//! Reference: Schoenfeld (1983), doi:10.2307/2531021.

use alkaline_math::special::normal_cdf;

use crate::probability::two_sided_z;

/// The power of `events` events for a hazard ratio between groups of shares `share` and one minus it, tested two-sided at `alpha`.
#[must_use]
pub fn power(events: f64, share: f64, hazard_ratio: f64, alpha: f64) -> f64 {
    normal_cdf((events * share * (1.0 - share)).sqrt() * hazard_ratio.ln().abs() - two_sided_z(1.0 - alpha))
}

/// The events that give the power asked for.
#[must_use]
pub fn events_needed(power: f64, share: f64, hazard_ratio: f64, alpha: f64) -> f64 {
    let z = two_sided_z(1.0 - alpha) + two_sided_z(2.0 * power - 1.0);
    (z / hazard_ratio.ln()).powi(2) / (share * (1.0 - share))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_and_events_are_schoenfelds() {
        for (ratio, expected) in
            [(1.5, 0.213_203_768_007), (2.0, 0.512_345_179_553), (3.0, 0.884_065_762_370)]
        {
            assert!((power(33.0, 0.5, ratio, 0.05) - expected).abs() < 1e-11);
        }
        assert!((power(50.0, 0.5, 2.0, 0.05 / 40.0) - 0.2187).abs() < 5e-5);
        for (ratio, expected) in [(1.5, 190.968), (2.0, 65.346), (3.0, 26.012)] {
            assert!((events_needed(0.8, 0.5, ratio, 0.05) - expected).abs() < 5e-4);
        }
    }
}
