//! Correlations of two markers. Upstream: `cor.test`.

use alkaline_math::correlation::{Concordance, concordance};
use alkaline_math::order_statistics::average_ranks;
use alkaline_math::special::ln_normal_upper;
use alkaline_math::special::normal_density;
use serde::{Deserialize, Serialize};

use super::checks::enough;
use super::exact_counts::{inversions, two_sided};
use super::ranks::{tie_blocks, tie_sum};
use crate::SurvivalError;
use crate::probability::{normal_p, student_p, two_sided_z};

/// What is correlated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum CorrelationKind {
    /// The values themselves.
    #[default]
    Pearson,
    /// Their ranks.
    Spearman,
    /// Which of each two is larger.
    Kendall,
}

/// A correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Correlation {
    /// Pairs of values.
    pub pairs: usize,
    /// The coefficient.
    pub estimate: f64,
    /// Its interval of 95 %: Fisher's z; for ranks an approximation that R does not give.
    pub interval: (f64, f64),
    /// The two-sided P of no correlation.
    pub p: f64,
    /// Whether P counts all orders (or, for Spearman's, sums their series).
    pub exact: bool,
}

/// Below as many pairs Kendall's P is exact.
const KENDALL_EXACT_BELOW: usize = 50;
/// Up to as many pairs all orders are tried for Spearman's.
const ALL_ORDERS: usize = 9;
/// Up to as many pairs its distribution is a series (R's limit).
const SERIES: usize = 1290;

/// The correlation of pairs; those with a missing value are to be left out before.
///
/// # Errors
/// When the lists differ in length, with fewer than three pairs, or a list without variation.
pub fn correlation(x: &[f64], y: &[f64], kind: CorrelationKind) -> Result<Correlation, SurvivalError> {
    super::checks::differences(x, y)?;
    enough("a correlation", 3, x.len())?;
    match kind {
        CorrelationKind::Pearson => pearson(x, y),
        CorrelationKind::Spearman => spearman(x, y),
        CorrelationKind::Kendall => kendall(x, y),
    }
}

fn pearson(x: &[f64], y: &[f64]) -> Result<Correlation, SurvivalError> {
    let r = coefficient(x, y)?;
    let df = (x.len() - 2) as f64;
    let p = student_p(df.sqrt() * r / (1.0 - r * r).sqrt(), df);
    Ok(Correlation { pairs: x.len(), estimate: r, interval: fisher_z(r, x.len(), 1.0), p, exact: false })
}

fn spearman(x: &[f64], y: &[f64]) -> Result<Correlation, SurvivalError> {
    let (ranks_x, ranks_y) = (average_ranks(x), average_ranks(y));
    let rho = coefficient(&ranks_x, &ranks_y)?;
    let n = x.len();
    let tied = tie_sum(&ranks_x) > 0.0 || tie_sum(&ranks_y) > 0.0;
    let exact = !tied && n <= SERIES;
    let p = if exact {
        let cubic = (n as f64).powi(3) - n as f64;
        spearman_p((cubic * (1.0 - rho) / 6.0).round(), n)
    } else {
        let df = (n - 2) as f64;
        student_p(rho / ((1.0 - rho * rho) / df).sqrt(), df)
    };
    // the variance of z is that of Fieller, Hartley & Pearson (1957)
    Ok(Correlation { pairs: n, estimate: rho, interval: fisher_z(rho, n, 1.06), p, exact })
}

fn kendall(x: &[f64], y: &[f64]) -> Result<Correlation, SurvivalError> {
    let n = x.len();
    let Concordance { sum, untied_x, untied_y } = concordance(x, y);
    if untied_x == 0.0 || untied_y == 0.0 {
        return Err(SurvivalError::Constant { what: "one of the two values" });
    }
    let tau = sum / (untied_x * untied_y).sqrt();
    let all = (n * (n - 1)) as f64 / 2.0;
    let exact = n < KENDALL_EXACT_BELOW && untied_x == all && untied_y == all;
    let p = if exact {
        two_sided(&inversions(n), ((sum + all) / 2.0).round() as usize)
    } else {
        normal_p(sum / kendall_variance(x, y).sqrt())
    };
    let interval = fisher_z(tau, n, 0.437 * (n as f64 - 3.0) / (n as f64 - 4.0).max(1.0));
    Ok(Correlation { pairs: n, estimate: tau, interval, p, exact })
}

/// The variance of the sum of signs under ties.
fn kendall_variance(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let sum = |values: &[f64], f: fn(f64) -> f64| tie_blocks(values).map(f).sum::<f64>();
    let pairs: fn(f64) -> f64 = |t| t * (t - 1.0);
    let triples: fn(f64) -> f64 = |t| t * (t - 1.0) * (t - 2.0);
    let spread: fn(f64) -> f64 = |t| t * (t - 1.0) * (2.0 * t + 5.0);
    (spread(n) - sum(x, spread) - sum(y, spread)) / 18.0
        + sum(x, pairs) * sum(y, pairs) / (2.0 * pairs(n))
        + sum(x, triples) * sum(y, triples) / (9.0 * triples(n))
}

fn coefficient(x: &[f64], y: &[f64]) -> Result<f64, SurvivalError> {
    let r = alkaline_math::correlation::pearson(x, y);
    if r.is_nan() { Err(SurvivalError::Constant { what: "one of the two values" }) } else { Ok(r) }
}

/// Fisher's interval, whose variance is `factor/(n-3)`; without limits for fewer than four pairs.
fn fisher_z(r: f64, n: usize, factor: f64) -> (f64, f64) {
    if n < 4 {
        return (f64::NAN, f64::NAN);
    }
    let width = two_sided_z(0.95) * (factor / (n as f64 - 3.0)).sqrt();
    ((r.atanh() - width).tanh(), (r.atanh() + width).tanh())
}

/// The two-sided P of Spearman's sum of squared differences of ranks.
fn spearman_p(s: f64, n: usize) -> f64 {
    let middle = ((n as f64).powi(3) - n as f64) / 6.0;
    let tail = if s > middle { upper_tail(s, n) } else { 1.0 - upper_tail(s + 2.0, n) };
    (2.0 * tail).min(1.0)
}

/// `P(S >= s)`: Best & Roberts (1975), algorithm AS 89.
fn upper_tail(s: f64, n: usize) -> f64 {
    let cubic = (n as f64).powi(3) - n as f64;
    if s <= 0.0 {
        return 1.0;
    }
    if s > cubic / 3.0 {
        return 0.0;
    }
    if n <= ALL_ORDERS {
        let mut order: Vec<usize> = (0..n).collect();
        let (mut reached, mut all) = (0.0, 0.0);
        every_order(&mut order, 0, &mut |order| {
            let sum: usize = order.iter().enumerate().map(|(i, &j)| i.abs_diff(j).pow(2)).sum();
            all += 1.0;
            reached += f64::from(u8::from(sum as f64 >= s));
        });
        return reached / all;
    }
    series(s, n)
}

/// The Edgeworth series of AS 89.
fn series(s: f64, n: usize) -> f64 {
    let n = n as f64;
    let b = 1.0 / n;
    let x = (6.0 * (s - 1.0) * b / (1.0 / (b * b) - 1.0) - 1.0) * (1.0 / b - 1.0).sqrt();
    let y = x * x;
    let u = x
        * b
        * (0.2274
            + b * (0.2531 + 0.1745 * b)
            + y * (-0.0758 + b * (0.1033 + 0.3932 * b)
                - y * b * (0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 4.6e-4 * y)))));
    let correction = u * normal_density(x) * (2.0 * std::f64::consts::PI).sqrt();
    (correction + ln_normal_upper(x).exp()).clamp(0.0, 1.0)
}

/// Visits every order of `items` from `at` on.
fn every_order(items: &mut [usize], at: usize, visit: &mut dyn FnMut(&[usize])) {
    if at == items.len() {
        visit(items);
    }
    for other in at..items.len() {
        items.swap(at, other);
        every_order(items, at + 1, visit);
        items.swap(at, other);
    }
}
