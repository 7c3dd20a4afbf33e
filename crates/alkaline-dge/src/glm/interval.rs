//! Confidence intervals of log fold changes: so many standard errors to either side.
//!
//! The standard error comes from the expected information of the fit behind the log fold change (Wald), times the root of the
//! quasi-dispersion. Where quasi-dispersions were estimated the reach is a quantile of Student's t, whose degrees of freedom are those
//! of the F test; else one of the normal distribution. limma's `topTable(confint = TRUE)` has its intervals by the same rule.

use std::collections::HashMap;

use alkaline_math::special::{normal_from_ln_upper, student_upper_quantile};

/// Most genes share a few numbers of degrees of freedom, and so their quantiles; this many are kept.
const MOST_KEPT: usize = 64;

/// Quantiles at one coverage.
#[derive(Clone, Debug)]
pub(super) struct IntervalQuantiles {
    /// What is left out at either side.
    tail: f64,
    normal: f64,
    /// Quantiles of Student's t by the bits of the degrees of freedom.
    kept: HashMap<u64, f64>,
}

impl IntervalQuantiles {
    /// For genes with these degrees of freedom.
    pub(super) fn new(coverage: f64, df: &[f64]) -> Self {
        let tail = 0.5 * (1.0 - coverage);
        let mut kept = HashMap::new();
        for df in df {
            if kept.len() < MOST_KEPT {
                kept.entry(df.to_bits()).or_insert_with(|| student_upper_quantile(tail, *df));
            }
        }
        Self { tail, normal: normal_from_ln_upper(tail.ln()), kept }
    }

    /// The reach in standard errors at `df` degrees of freedom, which may be infinite; NaN where there are none.
    pub(super) fn of(&self, df: f64) -> f64 {
        if df.is_infinite() {
            return self.normal;
        }
        self.kept.get(&df.to_bits()).copied().unwrap_or_else(|| student_upper_quantile(self.tail, df))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: `qt(0.975, 4)`, `qnorm(0.95)`.
    #[test]
    fn the_reach_is_a_quantile() {
        assert!((IntervalQuantiles::new(0.95, &[4.0]).of(4.0) - 2.776_445_105_197_79).abs() < 1e-12);
        let many: Vec<f64> = (1..100).map(f64::from).collect();
        let quantiles = IntervalQuantiles::new(0.95, &many);
        assert!(
            many.iter().all(|&df| (quantiles.of(df) / student_upper_quantile(0.025, df) - 1.0).abs() < 1e-14)
        );
        assert!((IntervalQuantiles::new(0.9, &[]).of(f64::INFINITY) - 1.644_853_626_951_47).abs() < 1e-12);
    }
}
