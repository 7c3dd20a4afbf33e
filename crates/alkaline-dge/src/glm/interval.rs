//! Confidence intervals of log fold changes: so many standard errors to either side.
//!
//! The standard error comes from the expected information of the fit behind the log fold change (Wald), times the root of the
//! quasi-dispersion. Where quasi-dispersions were estimated the reach is a quantile of Student's t, whose degrees of freedom are those
//! of the F test; else one of the normal distribution. limma's `topTable(confint = TRUE)` has its intervals by the same rule.

use alkaline_math::special::{normal_from_ln_upper, student_upper_quantile};

/// Quantiles at one coverage.
#[derive(Clone, Copy, Debug)]
pub(super) struct IntervalQuantiles {
    /// What is left out at either side.
    tail: f64,
    normal: f64,
}

impl IntervalQuantiles {
    pub(super) fn new(coverage: f64) -> Self {
        let tail = 0.5 * (1.0 - coverage);
        Self { tail, normal: normal_from_ln_upper(tail.ln()) }
    }

    /// The reach in standard errors at `df` degrees of freedom, which may be infinite; NaN where there are none.
    pub(super) fn of(&self, df: f64) -> f64 {
        if df.is_infinite() { self.normal } else { student_upper_quantile(self.tail, df) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `qt(0.975, 4)`, `qnorm(0.95)`.
    #[test]
    fn the_reach_is_a_quantile() {
        assert!((IntervalQuantiles::new(0.95).of(4.0) - 2.776_445_105_197_79).abs() < 1e-12);
        assert!((IntervalQuantiles::new(0.9).of(f64::INFINITY) - 1.644_853_626_951_47).abs() < 1e-12);
    }
}
