//! The log-rank family: is survival the same in all groups?
//!
//! At each event time the events of a group are held against its share of those at risk; the differences are weighted and summed, over
//! strata too. Weights decide which times count. Reference: Harrington & Fleming (1982), doi:10.1093/biomet/69.3.553; Tarone & Ware
//! (1977), doi:10.1093/biomet/64.1.156. Upstream: survival `survdiff` (log-rank, `rho`, strata).

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::cox::ldl::Ldl;
use crate::probability::chi_square_p;
use crate::{Outcomes, SurvivalError};

/// How much a time counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum RankWeight {
    /// All times alike (Mantel-Cox; R's `rho = 0`).
    #[default]
    LogRank,
    /// By the survival just before (Peto and Peto; R's `rho = 1`).
    Peto,
    /// By Peto's survival with one more at risk (the modified test of Andersen).
    ModifiedPeto,
    /// By the number at risk (Gehan, the generalised Wilcoxon test).
    Wilcoxon,
    /// By the root of the number at risk.
    TaroneWare,
}

/// A comparison of survival between groups.
#[derive(Clone, Debug, PartialEq)]
pub struct RankTest {
    /// Patients of each group.
    pub sizes: Vec<usize>,
    /// Weighted events of each group.
    pub observed: Vec<f64>,
    /// What they would be if survival were the same.
    pub expected: Vec<f64>,
    /// The covariance of the differences.
    pub variance: Array2<f64>,
    /// The statistic; NaN where fewer than two groups were ever at risk of an event.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub df: usize,
    /// Its P.
    pub p: f64,
}

impl RankTest {
    /// The test for trend over scores of the groups, with one degree of freedom: the statistic and its P.
    #[must_use]
    pub fn trend(&self, scores: &[f64]) -> (f64, f64) {
        let differences = self.observed.iter().zip(&self.expected).map(|(o, e)| o - e);
        let sum: f64 = differences.zip(scores).map(|(difference, score)| difference * score).sum();
        let variance: f64 = self.variance.indexed_iter().map(|((g, h), v)| scores[g] * scores[h] * v).sum();
        let chi_square = sum * sum / variance;
        (chi_square, chi_square_p(chi_square, 1.0))
    }
}

/// Compares survival between groups, numbered from zero.
///
/// # Errors
/// When a list has another length than there are patients.
pub fn rank_test(
    outcomes: &Outcomes,
    groups: &[usize],
    strata: Option<&[usize]>,
    weight: RankWeight,
) -> Result<RankTest, SurvivalError> {
    outcomes.expect_length("the list of groups", groups.len())?;
    let strata = strata.map_or_else(|| vec![0; outcomes.len()], <[usize]>::to_vec);
    outcomes.expect_length("the list of strata", strata.len())?;
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let mut test = RankTest {
        sizes: (0..count).map(|group| groups.iter().filter(|&&g| g == group).count()).collect(),
        observed: vec![0.0; count],
        expected: vec![0.0; count],
        variance: Array2::zeros((count, count)),
        chi_square: f64::NAN,
        df: 0,
        p: f64::NAN,
    };
    for stratum in 0..=strata.iter().max().copied().unwrap_or(0) {
        let rows: Vec<usize> = (0..outcomes.len()).filter(|&row| strata[row] == stratum).collect();
        add_stratum(&mut test, outcomes, groups, rows, weight);
    }
    conclude(&mut test);
    Ok(test)
}

/// Adds what happens in one stratum.
fn add_stratum(
    test: &mut RankTest,
    outcomes: &Outcomes,
    groups: &[usize],
    mut rows: Vec<usize>,
    weight: RankWeight,
) {
    let times = outcomes.times();
    rows.sort_by(|&a, &b| times[a].total_cmp(&times[b]));
    let mut at_risk = vec![0.0; test.sizes.len()];
    rows.iter().for_each(|&row| at_risk[groups[row]] += 1.0);
    let (mut survival, mut modified) = (1.0, 1.0);
    for block in rows.chunk_by(|&a, &b| times[a] == times[b]) {
        let n: f64 = at_risk.iter().sum();
        let events: Vec<usize> = block.iter().copied().filter(|&row| outcomes.events()[row]).collect();
        let d = events.len() as f64;
        modified *= 1.0 - d / (n + 1.0);
        let w = match weight {
            RankWeight::LogRank => 1.0,
            RankWeight::Peto => survival,
            RankWeight::ModifiedPeto => modified,
            RankWeight::Wilcoxon => n,
            RankWeight::TaroneWare => n.sqrt(),
        };
        events.iter().for_each(|&row| test.observed[groups[row]] += w);
        if d > 0.0 {
            add_time(test, &at_risk, n, d, w);
        }
        survival *= 1.0 - d / n;
        block.iter().for_each(|&row| at_risk[groups[row]] -= 1.0);
    }
}

/// Adds expectation and covariance of `d` events among `n` at risk.
fn add_time(test: &mut RankTest, at_risk: &[f64], n: f64, d: f64, w: f64) {
    let spread = if n > 1.0 { w * w * d * (n - d) / (n - 1.0) } else { 0.0 };
    for g in 0..at_risk.len() {
        let share = at_risk[g] / n;
        test.expected[g] += w * d * share;
        for (h, &other) in at_risk.iter().enumerate() {
            let same = f64::from(u8::from(g == h));
            test.variance[[g, h]] += spread * share * (same - other / n);
        }
    }
}

/// The statistic from differences and covariance, one of the groups left out.
fn conclude(test: &mut RankTest) {
    let seen: Vec<usize> = (0..test.sizes.len()).filter(|&g| test.expected[g] > 0.0).collect();
    if seen.len() < 2 {
        return;
    }
    let kept = &seen[1..];
    let covariance =
        Array2::from_shape_fn((kept.len(), kept.len()), |(i, j)| test.variance[[kept[i], kept[j]]]);
    let difference: Vec<f64> = kept.iter().map(|&g| test.observed[g] - test.expected[g]).collect();
    let solved = Ldl::new(&covariance).solve(&difference);
    test.df = kept.len();
    test.chi_square = difference.iter().zip(&solved).map(|(a, b)| a * b).sum();
    test.p = chi_square_p(test.chi_square, test.df as f64);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outcomes::tests_support::{example, example_group, example_marker, example_strata};

    fn close(found: f64, expected: f64) {
        assert!((found - expected).abs() <= 1e-11 * expected.abs().max(1.0), "{found} is not {expected}");
    }

    #[test]
    fn each_weight_gives_its_statistic() {
        let table = [
            (RankWeight::LogRank, 1.880_555_555_56, 2.267_652_216_61, 1.559_537_733_18, 0.211_732_917_852),
            (RankWeight::Peto, 1.287_229_938_27, 1.269_335_209_52, 1.305_376_941_85, 0.253_233_394_182),
            (RankWeight::Wilcoxon, 17.0, 279.636_363_636, 1.033_485_045_51, 0.309_341_533_957),
            (RankWeight::TaroneWare, 5.334_442_001_37, 22.966_919_191_9, 1.239_011_259_11, 0.265_661_693_416),
            (
                RankWeight::ModifiedPeto,
                1.152_639_517_34,
                1.013_193_196_06,
                1.311_277_910_38,
                0.252_163_413_035,
            ),
        ];
        for (weight, difference, variance, chi_square, p) in table {
            let test = rank_test(&example(), &example_group(), None, weight).unwrap();
            close(test.observed[1] - test.expected[1], difference);
            close(test.variance[[1, 1]], variance);
            close(test.chi_square, chi_square);
            close(test.p, p);
            assert_eq!(test.df, 1);
        }
    }

    #[test]
    fn strata_are_compared_within() {
        let test =
            rank_test(&example(), &example_group(), Some(&example_strata()), RankWeight::LogRank).unwrap();
        close(test.observed[1] - test.expected[1], 0.671_428_571_429);
        close(test.variance[[1, 1]], 2.179_342_403_63);
        close(test.chi_square, 0.206_858_878_981);
        close(test.p, 0.649_240_601_980);
    }

    #[test]
    fn a_trend_over_thirds_has_one_degree_of_freedom() {
        let thirds: Vec<usize> =
            example_marker().iter().map(|&m| usize::from(m > 2.2) + usize::from(m > 3.6)).collect();
        let test = rank_test(&example(), &thirds, None, RankWeight::LogRank).unwrap();
        close(test.chi_square, 5.853_627_933_55);
        close(test.p, 0.053_567_434_182_4);
        let (chi_square, p) = test.trend(&[1.0, 2.0, 3.0]);
        close(chi_square, 4.912_212_196_43);
        close(p, 0.026_667_465_934_4);
    }

    #[test]
    fn groups_that_are_never_at_risk_of_an_event_leave_no_statistic() {
        let outcomes = Outcomes::new(vec![1.0, 2.0], vec![false, false]).unwrap();
        let test = rank_test(&outcomes, &[0, 1], None, RankWeight::LogRank).unwrap();
        assert!(test.p.is_nan() && test.df == 0);
    }
}
