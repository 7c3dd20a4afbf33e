//! A competitive test that allows for correlation between the genes of a set.
//!
//! Compares the mean score of the set with that of the other genes; the variance of the set's mean is inflated by
//! 1 + (k - 1) rho. Gene-set p-values from random gene sets ignore that correlation, and may be far too small.
//! Reference: Wu & Smyth (2012) Nucleic Acids Res. 40:e133, doi:10.1093/nar/gks461. Upstream: limma `cameraPR`.

use alkaline_math::special::ln_student_upper;

/// limma's preset correlation between the genes of a set (`inter.gene.cor`).
const INTER_GENE_CORRELATION: f64 = 0.01;

/// Mean and variance of the scores of a list.
#[derive(Clone, Copy, Debug)]
pub struct CameraTest {
    genes: f64,
    mean: f64,
    variance: f64,
}

impl CameraTest {
    /// Prepares the test for a list.
    pub fn new(scores: &[f64]) -> Self {
        let genes = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / genes;
        let squares: f64 = scores.iter().map(|score| (score - mean).powi(2)).sum();
        Self { genes, mean, variance: squares / (genes - 1.0) }
    }

    /// Two-sided p-value of a set with these scores.
    pub fn p_value(&self, set_scores: impl ExactSizeIterator<Item = f64>) -> f64 {
        let size = set_scores.len() as f64;
        let others = self.genes - size;
        let set_mean = set_scores.sum::<f64>() / size;
        let delta = self.genes / others * (set_mean - self.mean);
        let pooled = ((self.genes - 1.0) * self.variance - delta * delta * size * others / self.genes)
            / (self.genes - 2.0);
        let inflation = 1.0 + (size - 1.0) * INTER_GENE_CORRELATION;
        let t = delta / (pooled * (inflation / size + 1.0 / others)).sqrt();
        (std::f64::consts::LN_2 + ln_student_upper(t.abs(), self.genes - 2.0)).exp().min(1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p_values_equal_limma() {
        let scores: Vec<f64> = (0..60).map(|i| 3.0 - f64::from(i) * 0.1).collect();
        let test = CameraTest::new(&scores);
        // R, limma 3.54: cameraPR(3 - 0:59 * 0.1, list(c(1, 3, 5, 8, 20, 33)))$PValue and (c(40, 55, 58, 60))
        let first = test.p_value([0, 2, 4, 7, 19, 32].map(|i| scores[i]).into_iter());
        let second = test.p_value([39, 54, 57, 59].map(|i| scores[i]).into_iter());
        assert!((first / 0.005_296_677_974_498_665 - 1.0).abs() < 1e-10, "{first:e}");
        assert!((second / 0.006_626_052_720_180_167 - 1.0).abs() < 1e-10, "{second:e}");
    }
}
