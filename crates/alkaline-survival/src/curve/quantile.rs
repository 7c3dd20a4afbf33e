//! The time by which a share of the patients has had the event: the median and its relatives.
//!
//! The smallest time with survival below the level; where the curve runs along the level, the middle of that stretch. The limits are the
//! same rule applied to the limits of the curve. R's printed median; its `quantile()` differs where a curve ends on the level.

use super::{IntervalKind, SurvivalCurve};

/// Survival this close to the level is at the level.
const AT_LEVEL: f64 = 1.490_116_119_384_765_6e-8;

/// A quantile of survival time with its interval; `None` where the curve does not come down so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantile {
    /// The time.
    pub time: Option<f64>,
    /// The lower limit.
    pub lower: Option<f64>,
    /// The upper limit.
    pub upper: Option<f64>,
}

impl SurvivalCurve {
    /// The median survival.
    #[must_use]
    pub fn median(&self, kind: IntervalKind, level: f64) -> Quantile {
        self.quantile(0.5, kind, level)
    }

    /// The time by which the share `probability` has had the event.
    #[must_use]
    pub fn quantile(&self, probability: f64, kind: IntervalKind, level: f64) -> Quantile {
        let target = 1.0 - probability;
        let limits: Vec<_> = self.points().iter().map(|point| point.interval(kind, level)).collect();
        Quantile {
            time: self.crossing(target, |at| self.points()[at].survival),
            lower: self.crossing(target, |at| limits[at].lower),
            upper: self.crossing(target, |at| limits[at].upper),
        }
    }

    /// Where the step function `height` comes down to `target`.
    fn crossing(&self, target: f64, height: impl Fn(usize) -> f64) -> Option<f64> {
        let below = |at: &usize| height(*at) < target + AT_LEVEL;
        let first = (0..self.points().len()).find(below)?;
        let time = self.points()[first].time;
        if (height(first) - target).abs() >= AT_LEVEL {
            return Some(time);
        }
        let next = (first..self.points().len()).find(|&at| height(at) < height(first));
        Some(next.map_or(time, |at| 0.5 * (time + self.points()[at].time)))
    }
}
