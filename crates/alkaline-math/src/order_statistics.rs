//! Quantiles, medians and ranks with R's definitions.

/// R's default quantile (type 7: linear interpolation of the order statistics), `probability` in [0, 1].
///
/// Reorders `values`. `NaN` when there are none. Reference: Hyndman & Fan (1996), doi:10.1080/00031305.1996.10473566.
#[must_use]
pub fn quantile(values: &mut [f64], probability: f64) -> f64 {
    if values.is_empty() {
        return f64::NAN;
    }
    /// R's tolerance for a position that is a whole number but for rounding.
    const FUZZ: f64 = 4.0 * f64::EPSILON;
    let position = (values.len() - 1) as f64 * probability;
    let floor = (position + FUZZ).floor();
    let fraction = position - floor;
    let index = floor as usize;
    let (_, &mut low, above) = values.select_nth_unstable_by(index, f64::total_cmp);
    if fraction.abs() < FUZZ {
        return low;
    }
    let high = above.iter().copied().fold(f64::INFINITY, f64::min);
    if low == high { low } else { (1.0 - fraction) * low + fraction * high }
}

/// The median; `NaN` when there are no values. Reorders `values`.
#[must_use]
pub fn median(values: &mut [f64]) -> f64 {
    let n = values.len();
    if n == 0 {
        return f64::NAN;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return upper;
    }
    let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    0.5 * (lower + upper)
}

/// The indices that put `values` in ascending order; ties keep their order.
#[must_use]
pub fn ascending_order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// Ranks from 1; tied values share the mean of their ranks.
#[must_use]
pub fn average_ranks(values: &[f64]) -> Vec<f64> {
    let order = ascending_order(values);
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let value = values[order[start]];
        let block = order[start..].iter().take_while(|&&i| values[i] == value).count();
        let shared = start as f64 + 0.5 * (block as f64 + 1.0);
        order[start..start + block].iter().for_each(|&i| ranks[i] = shared);
        start += block;
    }
    ranks
}

/// The smallest and largest value whose average rank lies in `[lowest, highest]`, or `None` when no rank does.
///
/// Ties share a rank, so a tied block is inside or outside as a whole and two values tell members from the rest.
#[must_use]
pub fn values_ranked_between(values: &[f64], lowest: f64, highest: f64) -> Option<(f64, f64)> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let mut bounds: Option<(f64, f64)> = None;
    let mut start = 0;
    while start < sorted.len() {
        let block = sorted[start..].iter().take_while(|&&v| v == sorted[start]).count();
        let rank = start as f64 + 0.5 * (block as f64 + 1.0);
        if rank > highest {
            break;
        }
        if rank >= lowest {
            bounds = Some((bounds.map_or(sorted[start], |(low, _)| low), sorted[start]));
        }
        start += block;
    }
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_interpolates_order_statistics() {
        let mut values = [4.0, 1.0, 3.0, 2.0];
        assert_eq!(quantile(&mut values, 0.75), 3.25);
        assert_eq!(quantile(&mut values, 1.0), 4.0);
        assert_eq!(median(&mut values), 2.5);
    }

    #[test]
    fn ties_share_their_mean_rank() {
        assert_eq!(average_ranks(&[2.0, 1.0, 2.0, 5.0]), [2.5, 1.0, 2.5, 4.0]);
    }

    #[test]
    fn bounds_agree_with_ranks() {
        let values: Vec<f64> = (0..97).map(|i| f64::from((i * 37) % 23)).collect();
        let ranks = average_ranks(&values);
        let (low, high) = values_ranked_between(&values, 10.0, 60.5).unwrap();
        for (value, rank) in values.iter().zip(&ranks) {
            assert_eq!((low..=high).contains(value), (10.0..=60.5).contains(rank));
        }
    }
}
