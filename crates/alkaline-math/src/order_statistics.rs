//! Quantiles, medians and ranks with R's definitions.

/// The larger of two numbers, NaN where either is: `f64::max` forgets a NaN, and with it that something went wrong.
#[inline]
#[must_use]
pub fn larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || a > b { a } else { b }
}

/// The smaller of two numbers, NaN where either is.
#[inline]
#[must_use]
pub fn smaller(a: f64, b: f64) -> f64 {
    if a.is_nan() || a < b { a } else { b }
}

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
/// `values` hold no NaN.
#[must_use]
pub fn values_ranked_between(values: &[f64], lowest: f64, highest: f64) -> Option<(f64, f64)> {
    // the two places are selected: sorting all values would cost several times as much
    let mut scratch = values.to_vec();
    let low = Block::at(&mut scratch, (lowest.ceil() as usize).max(1))?.or_next(values, lowest)?;
    let high = Block::at(&mut scratch, (highest as usize).min(values.len()))?.or_previous(values, highest)?;
    (low <= high).then_some((low, high))
}

/// Equal values, and the rank that they share.
struct Block {
    value: f64,
    rank: f64,
}

impl Block {
    /// The block of the value at `place` in ascending order, counted from one; `None` beyond either end.
    fn at(values: &mut [f64], place: usize) -> Option<Self> {
        if !(1..=values.len()).contains(&place) {
            return None;
        }
        let (_, &mut value, _) = values.select_nth_unstable_by(place - 1, f64::total_cmp);
        let below = values.iter().filter(|&&v| v < value).count();
        let tied = values.iter().filter(|&&v| v == value).count();
        Some(Self { value, rank: below as f64 + 0.5 * (tied as f64 + 1.0) })
    }

    /// Its value, or the next larger one, where it ranks below `lowest`.
    fn or_next(self, values: &[f64], lowest: f64) -> Option<f64> {
        if self.rank >= lowest {
            return Some(self.value);
        }
        values.iter().copied().filter(|&v| v > self.value).reduce(smaller)
    }

    /// Its value, or the next smaller one, where it ranks above `highest`.
    fn or_previous(self, values: &[f64], highest: f64) -> Option<f64> {
        if self.rank <= highest {
            return Some(self.value);
        }
        values.iter().copied().filter(|&v| v < self.value).reduce(larger)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_number_is_not_forgotten() {
        for of_two in [larger, smaller] {
            assert!(of_two(f64::NAN, 1.0).is_nan() && of_two(1.0, f64::NAN).is_nan());
        }
        assert_eq!((larger(1.0, 2.0), larger(2.0, 1.0)), (2.0, 2.0));
        assert_eq!((smaller(1.0, 2.0), smaller(2.0, 1.0)), (1.0, 1.0));
    }

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

    /// By sorting all values and looking at every block, as the definition says.
    fn by_definition(values: &[f64], lowest: f64, highest: f64) -> Option<(f64, f64)> {
        let ranks = average_ranks(values);
        let inside = || values.iter().zip(&ranks).filter(|(_, rank)| (lowest..=highest).contains(*rank));
        Some((inside().map(|(v, _)| *v).reduce(smaller)?, inside().map(|(v, _)| *v).reduce(larger)?))
    }

    #[test]
    fn selected_bounds_are_those_of_the_definition() {
        let mut compared = 0;
        for length in [0, 1, 2, 3, 7, 40] {
            for distinct in [1, 2, 5, 40] {
                let values: Vec<f64> = (0..length).map(|i| f64::from((i * 29 + 3) % distinct)).collect();
                for lowest in 0..=length + 1 {
                    for highest in 0..=length + 1 {
                        let (lowest, highest) = (f64::from(lowest), f64::from(highest) + 0.5);
                        let found = values_ranked_between(&values, lowest, highest);
                        assert_eq!(
                            found,
                            by_definition(&values, lowest, highest),
                            "{values:?} {lowest} {highest}"
                        );
                        compared += usize::from(found.is_some());
                    }
                }
            }
        }
        assert!(compared > 1000, "{compared}");
    }
}
