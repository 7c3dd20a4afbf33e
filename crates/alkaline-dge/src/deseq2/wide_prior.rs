//! The width of a normal prior that puts the largest effects where the data have them.
//!
//! Its 97.5 % quantile is set to the 95 % quantile of absolute effects, genes of precise counts weighing more. Upstream: DESeq2
//! `estimateBetaPriorVar`, `rlog`, and Hmisc's weighted quantile.

use alkaline_math::special::normal_from_ln_upper;

/// Share of the effects that lie within the prior's.
const SHARE: f64 = 0.95;

/// The prior variance from pairs of absolute effect and weight.
pub(super) fn prior_variance(effects: Vec<(f64, f64)>) -> f64 {
    let quantile = weighted_quantile(effects, SHARE);
    (quantile / normal_from_ln_upper((0.5 * (1.0 - SHARE)).ln())).powi(2)
}

/// The quantile of values that stand for as many observations as their weights say, weights scaled to sum to their number.
fn weighted_quantile(mut values: Vec<(f64, f64)>, probability: f64) -> f64 {
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let n = values.len() as f64;
    let scale = n / values.iter().map(|value| value.1).sum::<f64>();
    let position = 1.0 + (n - 1.0) * probability;
    let (low, high) = (position.floor().max(1.0), (position.floor() + 1.0).min(n));
    let mut cumulated = 0.0;
    let (mut at_low, mut at_high) = (None, None);
    for (place, (value, weight)) in values.iter().enumerate() {
        cumulated += weight * scale;
        if values.get(place + 1).is_some_and(|next| next.0 == *value) {
            continue;
        }
        if at_low.is_none() && cumulated >= low {
            at_low = Some(*value);
        }
        if at_high.is_none() && cumulated >= high {
            at_high = Some(*value);
        }
    }
    let last = values.last().map_or(f64::NAN, |value| value.0);
    let (at_low, at_high) = (at_low.unwrap_or(last), at_high.unwrap_or(last));
    let fraction = position - position.floor();
    (1.0 - fraction) * at_low + fraction * at_high
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Hmisc::wtd.quantile(x, weights = w, probs = 0.95, normwt = TRUE)` of equal weights is R's default quantile.
    #[test]
    fn equal_weights_give_the_usual_quantile() {
        let values: Vec<(f64, f64)> = (1..=50).map(|i| (f64::from(i * i), 2.0)).collect();
        let mut plain: Vec<f64> = values.iter().map(|value| value.0).collect();
        let usual = alkaline_math::order_statistics::quantile(&mut plain, SHARE);
        assert!((weighted_quantile(values, SHARE) - usual).abs() < 1e-9 * usual);
    }

    #[test]
    fn heavy_values_draw_the_quantile_to_themselves() {
        let light: Vec<(f64, f64)> = (0..100).map(|i| (f64::from(i), 1.0)).collect();
        let heavy: Vec<(f64, f64)> =
            (0..100).map(|i| (f64::from(i), if i < 10 { 100.0 } else { 1.0 })).collect();
        assert!(weighted_quantile(heavy, 0.5) < weighted_quantile(light, 0.5));
    }
}
