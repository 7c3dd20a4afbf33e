//! Prior degrees of freedom of single entries: fewer for variances that the common prior does not explain.
//!
//! The steps are those of Phipson, Lee, Majewski, Alexander & Smyth (2016), doi:10.1214/16-AOAS920:
//!
//! 1. the probability that an entry is no outlier is its tail probability over the one that its rank would have, at most one;
//! 2. the prior degrees of freedom of an entry that is certainly an outlier are those that make the largest variance a median one;
//! 3. an entry's own are the mean of these and the common ones, weighted by that probability;
//! 4. an entry further out never has more than one nearer by.
//!
//! What the paper leaves open was settled by comparison with limma's answers: ranks count from the middle of their step, the
//! search of (2) is one proportional step followed by one correction, and (4) levels the most extreme entries at the smallest
//! mean that their first few have.

use crate::order_statistics::{average_ranks, smaller};
use crate::special::ln_f_tails;

/// A variance relative to its prior value, and its degrees of freedom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ratio {
    pub value: f64,
    pub df: f64,
}

impl Ratio {
    /// `ln P(F > value)` when the prior has `prior_df` degrees of freedom.
    fn ln_tail(self, prior_df: f64) -> f64 {
        if self.df > 0.0 { ln_f_tails(self.value, self.df, prior_df).1 } else { 0.0 }
    }
}

/// Prior degrees of freedom of each entry, where the bulk has `prior_df` and none has more than `most`.
pub(crate) fn df_of_outliers(ratios: &[Ratio], prior_df: f64, most: f64) -> Vec<f64> {
    let ln_tails: Vec<f64> = ratios.iter().map(|ratio| ratio.ln_tail(prior_df)).collect();
    let regular = probabilities_of_no_outlier(ratios, &ln_tails);
    if prior_df.is_infinite() {
        // whoever is no outlier keeps a variance that does not vary at all
        let own = regular.iter().map(|&p| if p < 1.0 { p * most } else { f64::INFINITY }).collect();
        return never_fewer_inwards(own, &ln_tails, |_| ());
    }
    if regular.iter().all(|&p| p >= 1.0) {
        return vec![most; ratios.len()];
    }
    let outlier = df_of_largest(ratios, &ln_tails, most);
    let own = regular.iter().map(|p| p * most + (1.0 - p) * outlier).collect();
    never_fewer_inwards(own, &ln_tails, level_the_extreme)
}

/// Step 1.
fn probabilities_of_no_outlier(ratios: &[Ratio], ln_tails: &[f64]) -> Vec<f64> {
    let n = ratios.len() as f64;
    let values: Vec<f64> = ratios.iter().map(|ratio| ratio.value).collect();
    let by_rank = average_ranks(&values).into_iter().map(|rank| (n - rank + 0.5) / n);
    ln_tails.iter().zip(by_rank).map(|(ln_tail, by_rank)| (ln_tail.exp() / by_rank).min(1.0)).collect()
}

/// Step 2.
fn df_of_largest(ratios: &[Ratio], ln_tails: &[f64], prior_df: f64) -> f64 {
    let smallest = ln_tails.iter().copied().fold(0.0, smaller);
    let largest = ratios.iter().max_by(|a, b| a.value.total_cmp(&b.value));
    let (Some(largest), true) = (largest, smallest > f64::NEG_INFINITY) else { return 0.0 };
    let half = -std::f64::consts::LN_2;
    let first = half / smallest * prior_df;
    half / largest.ln_tail(first) * first
}

/// Step 4; `prepare` sees the values in order, the most extreme first.
fn never_fewer_inwards(df: Vec<f64>, ln_tails: &[f64], prepare: impl Fn(&mut [f64])) -> Vec<f64> {
    let mut order: Vec<usize> = (0..df.len()).collect();
    order.sort_by(|&a, &b| ln_tails[a].total_cmp(&ln_tails[b]));
    let mut sorted: Vec<f64> = order.iter().map(|&i| df[i]).collect();
    prepare(&mut sorted);
    let mut highest: f64 = 0.0;
    let mut out = df;
    for (&i, &value) in order.iter().zip(&sorted) {
        highest = highest.max(value);
        out[i] = highest;
    }
    out
}

/// Gives the most extreme entries, as many as make it smallest, their common mean.
fn level_the_extreme(sorted: &mut [f64]) {
    let (mut total, mut best) = (0.0, (f64::INFINITY, 0));
    for (i, value) in sorted.iter().enumerate() {
        total += value;
        let mean = total / (i + 1) as f64;
        if mean < best.0 {
            best = (mean, i);
        }
    }
    sorted[..=best.1].fill(best.0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_further_out_has_no_more_degrees_of_freedom() {
        let ratios: Vec<Ratio> =
            (1..=50).map(|i| Ratio { value: f64::from(i * i) / 300.0, df: 4.0 }).collect();
        let df = df_of_outliers(&ratios, 10.0, 10.0);
        assert!(df.windows(2).all(|pair| pair[0] >= pair[1]));
        assert!(df[0] == 10.0 && df[49] < 10.0);
    }

    #[test]
    fn ratios_no_larger_than_expected_keep_the_common_prior() {
        let ratios: Vec<Ratio> = (0..9).map(|_| Ratio { value: 0.01, df: 4.0 }).collect();
        assert_eq!(df_of_outliers(&ratios, 10.0, 10.0), [10.0; 9]);
    }
}
