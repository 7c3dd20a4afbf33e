//! Whether values are on a log scale, by GEO2R's rule of quantiles.

use alkaline_math::log_scale::needs_logs;
use alkaline_math::order_statistics::quantile;
use ndarray::{ArrayView2, ArrayViewMut2};

/// What the values tell of their scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogScale {
    /// Quantiles at 0, 0.25, 0.5, 0.75, 0.99 and 1 of all finite values.
    pub quantiles: [f64; 6],
    /// Whether logs have to be taken, by the rule of GEO2R's scripts.
    pub needs_logs: bool,
}

/// Holds the values against [the rule](needs_logs).
#[must_use]
pub fn log_scale(values: ArrayView2<'_, f64>) -> LogScale {
    let mut finite: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    let quantiles = [0.0, 0.25, 0.5, 0.75, 0.99, 1.0].map(|share| quantile(&mut finite, share));
    LogScale { quantiles, needs_logs: needs_logs(quantiles) }
}

/// Takes log2 of all values in place; those of zero and below become missing, and are counted.
pub fn take_logs(mut values: ArrayViewMut2<'_, f64>) -> usize {
    let mut lost = 0;
    values.iter_mut().for_each(|value| {
        lost += usize::from(*value <= 0.0);
        *value = if *value > 0.0 { value.log2() } else { f64::NAN };
    });
    lost
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn intensities_need_logs_and_log_ratios_do_not() {
        let of =
            |f: fn(usize) -> f64| log_scale(Array2::from_shape_fn((100, 4), |(i, j)| f(i * 4 + j)).view());
        assert!(of(|i| i as f64 * 20.0).needs_logs);
        assert!(!of(|i| i as f64 / 40.0 + 2.0).needs_logs);
        assert!(!of(|i| i as f64 / 100.0 - 2.0).needs_logs);
        assert!(of(|i| i as f64 / 5.0 + 1.0).needs_logs, "a range above 50");
        assert_eq!(of(|i| i as f64).quantiles[2], 199.5);
    }

    #[test]
    fn zeros_have_no_logarithm() {
        let mut values = Array2::from_shape_vec((1, 4), vec![8.0, 0.0, -1.0, f64::NAN]).unwrap();
        assert_eq!(take_logs(values.view_mut()), 2);
        assert!(values[[0, 0]] == 3.0 && values.iter().skip(1).all(|value| value.is_nan()));
    }
}
