//! Correlation coefficients: Pearson's, Spearman's, and Kendall's tau-b in n log n.

use crate::order_statistics::average_ranks;
use crate::summation::mean;

/// Pearson's correlation; NaN for fewer than two pairs, or where one list does not vary.
pub fn pearson(x: &[f64], y: &[f64]) -> f64 {
    let (mean_x, mean_y) = (mean(x), mean(y));
    let (mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        let (x, y) = (x - mean_x, y - mean_y);
        xx += x * x;
        yy += y * y;
        xy += x * y;
    }
    if xx > 0.0 && yy > 0.0 { (xy / (xx * yy).sqrt()).clamp(-1.0, 1.0) } else { f64::NAN }
}

/// Spearman's correlation: Pearson's of the ranks, ties sharing theirs.
pub fn spearman(x: &[f64], y: &[f64]) -> f64 {
    pearson(&average_ranks(x), &average_ranks(y))
}

/// Kendall's tau-b; NaN where one list does not vary.
pub fn kendall_tau(x: &[f64], y: &[f64]) -> f64 {
    let Concordance { sum, untied_x, untied_y } = concordance(x, y);
    let varying = untied_x * untied_y;
    if varying > 0.0 { sum / varying.sqrt() } else { f64::NAN }
}

/// What the pairs of two lists say of each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Concordance {
    /// Pairs in one order less those in opposite ones.
    pub sum: f64,
    /// Pairs that the first list tells apart.
    pub untied_x: f64,
    /// Pairs that the second tells apart.
    pub untied_y: f64,
}

/// Counts the pairs in n log n: those in the wrong order while the second list is sorted by merging.
///
/// Reference: Knight (1966) doi:10.1080/01621459.1966.10480879.
pub fn concordance(x: &[f64], y: &[f64]) -> Concordance {
    let mut order: Vec<usize> = (0..x.len()).collect();
    // The zero of -0 is that of 0: added to it, it loses its sign.
    let by = |values: &[f64], a: usize, b: usize| (values[a] + 0.0).total_cmp(&(values[b] + 0.0));
    order.sort_by(|&a, &b| by(x, a, b).then_with(|| by(y, a, b)));
    let mut sorted: Vec<f64> = order.iter().map(|&at| y[at]).collect();
    let in_order: Vec<(f64, f64)> = order.iter().map(|&at| (x[at], y[at])).collect();
    let tied_x = tied_pairs(in_order.iter().map(|(x, _)| *x));
    let tied_both = tied_pairs(in_order.iter().copied());
    let swaps = inversions(&mut sorted);
    let tied_y = tied_pairs(sorted.iter().copied());
    let all = x.len() as f64 * (x.len() as f64 - 1.0) / 2.0;
    let sum = all - tied_x - tied_y + tied_both - 2.0 * swaps;
    Concordance { sum, untied_x: all - tied_x, untied_y: all - tied_y }
}

/// Pairs of equal values in a sorted list.
fn tied_pairs<T: PartialEq>(sorted: impl Iterator<Item = T>) -> f64 {
    let (mut pairs, mut run, mut last) = (0.0, 0.0, None);
    for value in sorted {
        run = if last.as_ref() == Some(&value) { run + 1.0 } else { 0.0 };
        pairs += run;
        last = Some(value);
    }
    pairs
}

/// Sorts `values`, and counts the pairs of which the first was larger.
fn inversions(values: &mut [f64]) -> f64 {
    let half = values.len() / 2;
    if half == 0 {
        return 0.0;
    }
    let (left, right) = values.split_at_mut(half);
    let mut swaps = inversions(left) + inversions(right);
    let mut merged = Vec::with_capacity(left.len() + right.len());
    let (mut i, mut j) = (0, 0);
    while i < left.len() && j < right.len() {
        if right[j] < left[i] {
            swaps += (left.len() - i) as f64;
            merged.push(right[j]);
            j += 1;
        } else {
            merged.push(left[i]);
            i += 1;
        }
    }
    merged.extend_from_slice(&left[i..]);
    merged.extend_from_slice(&right[j..]);
    values.copy_from_slice(&merged);
    swaps
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coefficients_are_those_of_r() {
        // cor(x, y, method = ...) of R 4.2
        let x = [2.1, 3.4, 1.0, 3.4, 5.5, 0.2, 4.1, 2.1];
        let y = [1.0, 2.2, 0.4, 3.1, 2.2, 0.4, 5.0, 0.9];
        assert!((pearson(&x, &y) - 0.718_540_883_184_140).abs() < 1e-12, "{}", pearson(&x, &y));
        assert!((spearman(&x, &y) - 0.871_951_219_512_195).abs() < 1e-12, "{}", spearman(&x, &y));
        assert!((kendall_tau(&x, &y) - 0.769_230_769_230_769).abs() < 1e-12, "{}", kendall_tau(&x, &y));
    }

    #[test]
    fn counting_by_merging_is_counting_every_pair() {
        let mut state = 7_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f64::from(state >> 27)
        };
        let pairs: Vec<(f64, f64)> = (0..200).map(|_| (next(), next())).collect();
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().unzip();
        let sign = |a: f64, b: f64| f64::from(i8::from(a > b) - i8::from(a < b));
        let (mut sum, mut of_x, mut of_y) = (0.0, 0.0, 0.0);
        for i in 0..x.len() {
            for j in 0..i {
                let (a, b) = (sign(x[i], x[j]), sign(y[i], y[j]));
                sum += a * b;
                of_x += a * a;
                of_y += b * b;
            }
        }
        assert!((kendall_tau(&x, &y) - sum / (of_x * of_y).sqrt()).abs() < 1e-14);
    }

    #[test]
    fn a_zero_with_a_sign_is_tied_with_one_without() {
        let plain = concordance(&[0.0, 0.0, 1.0, 2.0], &[3.0, 1.0, 2.0, 4.0]);
        assert_eq!(concordance(&[-0.0, 0.0, 1.0, 2.0], &[3.0, 1.0, 2.0, 4.0]), plain);
    }

    #[test]
    fn a_list_that_does_not_vary_has_no_correlation() {
        for f in [pearson, spearman, kendall_tau] {
            assert!(f(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]).is_nan());
            assert!(f(&[1.0], &[2.0]).is_nan());
        }
    }
}
