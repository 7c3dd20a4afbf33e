//! Tests against a fold-change threshold (TREAT).
//!
//! Two likelihood ratios, against either threshold, are turned into normal scores and combined. References: McCarthy & Smyth
//! (2009), doi:10.1093/bioinformatics/btp053; Chen, Lun & Smyth (2016). Upstream: edgeR `glmTreat`.

use alkaline_math::negative_binomial::PValue;
use alkaline_math::order_statistics::{larger, smaller};
use alkaline_math::special::{
    ln_normal_density, ln_normal_upper, ln_one_minus_exp, ln_student_upper, ln_sum_of_exps,
    normal_from_ln_upper,
};

use super::TreatNull;

/// Width, in normal scores, of the prior range of true log fold changes around either threshold.
const PRIOR_WIDTH: f64 = 1.470_402;

/// Likelihood-ratio statistics against the lower and the upper threshold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Thresholded {
    pub against_lower: f64,
    pub against_upper: f64,
    /// Whether the unshrunken log fold change lies within the thresholds.
    pub within: bool,
}

impl Thresholded {
    /// P from normal scores; `scale` and `df` turn quasi-likelihood statistics into them.
    pub(super) fn p_value(&self, null: TreatNull, quasi: Option<(f64, f64)>) -> PValue {
        let score = |ratio: f64| {
            let root = larger(ratio, 0.0).sqrt();
            match quasi {
                Some((variance, df)) => normal_from_ln_upper(ln_student_upper(root / variance.sqrt(), df)),
                None => root,
            }
        };
        let (a, b) = (score(self.against_lower), score(self.against_upper));
        let (near, far) = (smaller(a, b), larger(a, b));
        let near = if self.within { near } else { -near };
        PValue::from_ln(match null {
            TreatNull::WorstCase => ln_sum_of_exps(ln_cdf(-far), ln_cdf(near)),
            TreatNull::Interval => ln_interval(near, far),
        })
    }
}

/// `ln P`, the true value spread over a range around either threshold.
fn ln_interval(near: f64, far: f64) -> f64 {
    if far + near > PRIOR_WIDTH {
        return ln_sum_of_exps(ln_mean_cdf(-far, -far + PRIOR_WIDTH), ln_mean_cdf(near - PRIOR_WIDTH, near));
    }
    std::f64::consts::LN_2 + ln_mean_cdf(-far, near)
}

/// `ln Φ(z)`.
fn ln_cdf(z: f64) -> f64 {
    ln_normal_upper(-z)
}

/// Logarithm of the mean of `Φ` over `[a, b]`.
fn ln_mean_cdf(a: f64, b: f64) -> f64 {
    // two equal infinities have no difference, and the mean between them is the value there
    if b - a < 1e-12 || (b - a).is_nan() {
        return ln_cdf(a);
    }
    let (low, high) = (ln_integral(a), ln_integral(b));
    high + ln_one_minus_exp(low - high) - (b - a).ln()
}

/// `ln(z Φ(z) + φ(z))`, the logarithm of the integral of `Φ` up to `z`.
fn ln_integral(z: f64) -> f64 {
    let density = ln_normal_density(z);
    if z >= 0.0 {
        return (z * ln_cdf(z).exp() + density.exp()).ln();
    }
    let mills = (ln_cdf(z) - density).exp();
    density + (z * mills).ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_over_nothing_is_the_value() {
        assert!((ln_mean_cdf(-1.3, -1.3) - ln_mean_cdf(-1.300_000_1, -1.299_999_9)).abs() < 1e-6);
    }

    #[test]
    fn a_statistic_that_is_no_number_has_no_p_value() {
        let statistic = Thresholded { against_lower: f64::NAN, against_upper: 9.0, within: false };
        for null in [TreatNull::WorstCase, TreatNull::Interval] {
            assert!(statistic.p_value(null, None).value().is_nan());
            assert!(statistic.p_value(null, Some((1.0, 5.0))).value().is_nan());
        }
    }

    #[test]
    fn without_any_variation_a_change_is_certain_or_impossible() {
        let statistic = |within| Thresholded { against_lower: 3.0, against_upper: 9.0, within };
        for null in [TreatNull::WorstCase, TreatNull::Interval] {
            assert_eq!(statistic(true).p_value(null, Some((0.0, 5.0))).value(), 1.0);
            assert_eq!(statistic(false).p_value(null, Some((0.0, 5.0))).value(), 0.0);
        }
    }

    #[test]
    fn worst_case_is_more_cautious() {
        let statistic = Thresholded { against_lower: 30.0, against_upper: 9.0, within: false };
        let cautious = statistic.p_value(TreatNull::WorstCase, None);
        assert!(cautious.ln() > statistic.p_value(TreatNull::Interval, None).ln());
    }
}
