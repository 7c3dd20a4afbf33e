//! Log odds that a gene changes (limma's B-statistic).
//!
//! Reference: Smyth (2004), doi:10.2202/1544-6115.1027, sections 5 and 6.3. The prior variance of log fold changes comes from the
//! genes with the largest t, whose tail probabilities are held against those that a mixture of changed and unchanged genes gives.

use alkaline_math::special::{ln_student_upper, student_from_ln_upper, student_upper_quantile};
use alkaline_math::summation::mean;

/// Prior degrees of freedom from which variances count as known.
const MANY: f64 = 1e6;

/// The moderated t statistics of one contrast.
pub(super) struct Statistics<'a> {
    pub t: &'a [f64],
    pub unscaled: &'a [f64],
    /// Prior and residual degrees of freedom together.
    pub df: &'a [f64],
    /// `ln P(T > |t|)`.
    pub ln_tails: &'a [f64],
    pub prior_df: &'a [f64],
}

impl Statistics<'_> {
    /// The prior variance of the contrast in genes that change, over the residual variance; `limits` keep it sane, `proportion` of the
    /// genes change. `None` without genes.
    pub(super) fn prior_variance(&self, proportion: f64, limits: (f64, f64)) -> Option<f64> {
        let mut genes: Vec<usize> = (0..self.t.len()).filter(|&gene| !self.t[gene].is_nan()).collect();
        let number = genes.len() as f64;
        let wanted = (proportion / 2.0 * number).ceil();
        if wanted < 1.0 {
            return None;
        }
        let share = (wanted / number).max(proportion);
        let most = genes.iter().map(|&gene| self.df[gene]).fold(0.0, f64::max);
        let wanted = wanted as usize;
        let by_tail = |a: &usize, b: &usize| self.ln_tails[*a].total_cmp(&self.ln_tails[*b]);
        if wanted < genes.len() {
            genes.select_nth_unstable_by(wanted - 1, by_tail);
            genes.truncate(wanted);
        }
        genes.sort_by(by_tail);
        let variance = |(rank, &gene): (usize, &usize)| {
            let p0 = 2.0 * self.ln_tails[gene].exp();
            let target = ((rank as f64 + 0.5) / number - (1.0 - share) * p0) / share;
            if target <= p0 {
                return 0.0;
            }
            let ratio = self.t_at(gene, most) / student_upper_quantile(target / 2.0, most);
            self.unscaled[gene] * self.unscaled[gene] * (ratio * ratio - 1.0)
        };
        let variances: Vec<f64> =
            genes.iter().enumerate().map(variance).map(|v| v.max(limits.0).min(limits.1)).collect();
        Some(mean(&variances))
    }

    /// `|t|` of a gene, as far out as it would be with `df` degrees of freedom.
    fn t_at(&self, gene: usize, df: f64) -> f64 {
        if self.df[gene] < df { student_from_ln_upper(self.ln_tails[gene], df) } else { self.t[gene].abs() }
    }

    /// The log odds of a gene.
    pub(super) fn log_odds(&self, gene: usize, proportion: f64, prior_variance: f64) -> f64 {
        let (t2, u2) = (self.t[gene] * self.t[gene], self.unscaled[gene] * self.unscaled[gene]);
        let r = (u2 + prior_variance) / u2;
        let df = self.df[gene];
        let kernel = if self.prior_df[gene] > MANY {
            t2 * (1.0 - 1.0 / r) / 2.0
        } else {
            (1.0 + df) / 2.0 * ((t2 + df) / (t2 / r + df)).ln()
        };
        (proportion / (1.0 - proportion)).ln() - r.ln() / 2.0 + kernel
    }
}

/// `ln P(T > |t|)` of each.
pub(super) fn ln_tails(t: &[f64], df: &[f64]) -> Vec<f64> {
    use rayon::prelude::*;
    t.par_iter().zip(df).with_min_len(1024).map(|(t, df)| ln_student_upper(t.abs(), *df)).collect()
}
