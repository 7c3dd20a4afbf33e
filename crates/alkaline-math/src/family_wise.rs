//! Corrections for many tests that hold under any dependence between them.
//!
//! References: Holm (1979), Scand J Stat 6:65; Benjamini & Yekutieli (2001), doi:10.1214/aos/1013699998.

use crate::multiple_testing::benjamini_hochberg;

/// Holm adjusted P values (R's `p.adjust(p, "holm")`); a NaN stays NaN and does not count.
#[must_use]
pub fn holm(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).filter(|&i| !p[i].is_nan()).collect();
    order.sort_by(|&a, &b| p[a].total_cmp(&p[b]));
    let mut adjusted = vec![f64::NAN; p.len()];
    let mut highest: f64 = 0.0;
    for (rank, &i) in order.iter().enumerate() {
        highest = highest.max((order.len() - rank) as f64 * p[i]);
        adjusted[i] = highest.min(1.0);
    }
    adjusted
}

/// Benjamini-Yekutieli adjusted P values (R's `p.adjust(p, "BY")`).
#[must_use]
pub fn benjamini_yekutieli(p: &[f64]) -> Vec<f64> {
    let tests = p.iter().filter(|p| !p.is_nan()).count();
    let harmonic: f64 = (1..=tests).map(|i| 1.0 / i as f64).sum();
    let scaled = |q: f64| if q.is_nan() { q } else { (q * harmonic).min(1.0) };
    benjamini_hochberg(p).into_iter().map(scaled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `p.adjust(c(0.01, 0.04, NA, 0.03, 0.2), ...)` in R.
    #[test]
    fn adjustments_are_those_of_r() {
        let p = [0.01, 0.04, f64::NAN, 0.03, 0.2];
        let close = |a: Vec<f64>, b: [f64; 5]| {
            a.iter().zip(b).for_each(|(a, b)| {
                assert!(a.is_nan() == b.is_nan() && (a.is_nan() || (a - b).abs() < 1e-14))
            });
        };
        close(holm(&p), [0.04, 0.09, f64::NAN, 0.09, 0.2]);
        let by = 25.0 / 12.0;
        close(benjamini_yekutieli(&p), [0.04 * by, 0.16 / 3.0 * by, f64::NAN, 0.16 / 3.0 * by, 0.2 * by]);
    }
}
