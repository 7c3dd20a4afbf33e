//! Intervals of a survival, on the scale that is asked for.

use serde::{Deserialize, Serialize};

use crate::probability::two_sided_z;

/// The scale on which an interval of a survival is symmetric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum IntervalKind {
    /// The logarithm of survival (R's default).
    #[default]
    Log,
    /// The logarithm of the cumulative hazard.
    LogLog,
    /// Survival itself.
    Plain,
    /// The logarithm of the odds.
    Logit,
}

/// Two limits; NaN where there is none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower limit.
    pub lower: f64,
    /// The upper limit.
    pub upper: f64,
}

/// The interval of a survival whose logarithm has the standard error `se`.
pub fn of(survival: f64, se: f64, kind: IntervalKind, level: f64) -> Interval {
    let z = two_sided_z(level);
    let (lower, upper) = match kind {
        IntervalKind::Plain if survival == 0.0 => (0.0, 0.0),
        IntervalKind::Plain => (survival - z * survival * se, survival + z * survival * se),
        _ if survival <= 0.0 => (f64::NAN, f64::NAN),
        IntervalKind::Log => (survival * (-z * se).exp(), survival * (z * se).exp()),
        IntervalKind::LogLog if survival >= 1.0 => (f64::NAN, f64::NAN),
        IntervalKind::LogLog => {
            let width = z * se / survival.ln();
            (survival.powf((-width).exp()), survival.powf(width.exp()))
        }
        IntervalKind::Logit if survival >= 1.0 => (1.0, 1.0),
        IntervalKind::Logit => {
            let (centre, width) = ((survival / (1.0 - survival)).ln(), z * se / (1.0 - survival));
            (expit(centre - width), expit(centre + width))
        }
    };
    Interval { lower: clip(lower), upper: clip(upper) }
}

fn expit(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Into 0 to 1, leaving what is no number.
fn clip(x: f64) -> f64 {
    if x.is_nan() { x } else { x.clamp(0.0, 1.0) }
}
