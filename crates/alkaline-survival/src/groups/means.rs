//! Comparisons of means. Upstream: `t.test`.

use alkaline_math::special::student_upper_quantile;
use alkaline_math::summation::mean;

use super::checks::{differences, enough};
use crate::SurvivalError;
use crate::probability::student_p;

/// A difference of means, or the mean of differences.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanTest {
    /// The first less the second.
    pub difference: f64,
    /// Its interval of 95 %.
    pub interval: (f64, f64),
    /// Student's statistic.
    pub t: f64,
    /// Its degrees of freedom.
    pub df: f64,
    /// Its two-sided P.
    pub p: f64,
}

impl MeanTest {
    fn new(difference: f64, se: f64, df: f64) -> Result<Self, SurvivalError> {
        if se.is_nan() || se <= 0.0 {
            return Err(SurvivalError::Constant { what: "the value within groups" });
        }
        let width = student_upper_quantile(0.025, df) * se;
        let t = difference / se;
        Ok(Self {
            difference,
            interval: (difference - width, difference + width),
            t,
            df,
            p: student_p(t, df),
        })
    }
}

/// Student's test: the groups have the same variance.
///
/// # Errors
/// With fewer than three values, an empty group, or no variation.
pub fn student(first: &[f64], second: &[f64]) -> Result<MeanTest, SurvivalError> {
    let (a, b) = (Moments::of(first), Moments::of(second));
    enough("Student's test", 3, first.len() + second.len())?;
    enough("a group of Student's test", 1, first.len().min(second.len()))?;
    let df = a.n + b.n - 2.0;
    let pooled = (a.squares + b.squares) / df;
    MeanTest::new(a.mean - b.mean, (pooled * (1.0 / a.n + 1.0 / b.n)).sqrt(), df)
}

/// Welch's test: each group has a variance of its own.
///
/// # Errors
/// With fewer than two values in a group, or no variation.
pub fn welch(first: &[f64], second: &[f64]) -> Result<MeanTest, SurvivalError> {
    enough("a group of Welch's test", 2, first.len().min(second.len()))?;
    let (a, b) = (Moments::of(first), Moments::of(second));
    let share = |m: &Moments| m.squares / (m.n - 1.0) / m.n;
    let total = share(&a) + share(&b);
    let df = total * total / (share(&a).powi(2) / (a.n - 1.0) + share(&b).powi(2) / (b.n - 1.0));
    MeanTest::new(a.mean - b.mean, total.sqrt(), df)
}

/// The paired test of Student: is the mean difference within pairs zero?
///
/// # Errors
/// When the lists differ in length, with fewer than two pairs, or differences that are all the same.
pub fn paired(first: &[f64], second: &[f64]) -> Result<MeanTest, SurvivalError> {
    let differences = differences(first, second)?;
    enough("the paired test", 2, differences.len())?;
    let m = Moments::of(&differences);
    MeanTest::new(m.mean, (m.squares / (m.n - 1.0) / m.n).sqrt(), m.n - 1.0)
}

struct Moments {
    n: f64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn of(values: &[f64]) -> Self {
        let mean = mean(values);
        let squares = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self { n: values.len() as f64, mean, squares }
    }
}
