//! Fisher's exact test of a table of two by two. Upstream: `fisher.test`: conditional maximum likelihood of the odds ratio.

use crate::brent::{R_DEFAULT_TOLERANCE, root_within};
use crate::hypergeometric::ln_mass;

/// An exact test.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fisher {
    /// The two-sided P: all tables that are no more probable than this one.
    pub p: f64,
    /// The conditional maximum likelihood estimate of the odds ratio.
    pub odds_ratio: f64,
    /// Its exact interval of 95 %.
    pub interval: (f64, f64),
}

/// Tables this much more probable still count as no more probable (R's allowance for rounding).
const AS_PROBABLE: f64 = 1.0 + 1e-7;
/// Half of what the interval leaves out.
const TAIL: f64 = 0.025;

/// Tests the table with rows `(a, b)` and `(c, d)`.
#[must_use]
pub fn fisher([[a, b], [c, d]]: [[u64; 2]; 2]) -> Fisher {
    let (row, column, total) = (a + b, a + c, a + b + c + d);
    let (low, high) = (column.saturating_sub(c + d), row.min(column));
    let central =
        Distribution { low, ln_mass: (low..=high).map(|k| ln_mass(k, column, total, row)).collect() };
    let shares = central.tilted(1.0);
    let own = shares[(a - low) as usize];
    let p: f64 = shares.iter().filter(|&&share| share <= own * AS_PROBABLE).sum();
    let x = a as f64;
    let estimate = match a {
        _ if low == high => f64::NAN,
        _ if a == low => 0.0,
        _ if a == high => f64::INFINITY,
        _ => where_rising(|odds| central.mean(odds) - x),
    };
    let lower = if a == low { 0.0 } else { where_rising(|odds| central.upper(odds, a) - TAIL) };
    let upper = if a == high { f64::INFINITY } else { where_rising(|odds| TAIL - central.lower(odds, a)) };
    Fisher { p: p.min(1.0), odds_ratio: estimate, interval: (lower, upper) }
}

/// The odds ratio at which a rising function is zero.
///
/// It, or its reciprocal where it is above one, is looked for between zero and one to R's tolerance: the digits beyond that are the same.
fn where_rising(f: impl Fn(f64) -> f64) -> f64 {
    let at_one = f(1.0);
    if at_one > 0.0 {
        root_within(f, (0.0, 1.0), R_DEFAULT_TOLERANCE)
    } else if at_one < 0.0 {
        1.0 / root_within(|reciprocal| f(1.0 / reciprocal), (f64::EPSILON, 1.0), R_DEFAULT_TOLERANCE)
    } else {
        1.0
    }
}

/// The distribution of the first count, given the margins.
struct Distribution {
    low: u64,
    ln_mass: Vec<f64>,
}

impl Distribution {
    /// Its shares under an odds ratio.
    fn tilted(&self, odds: f64) -> Vec<f64> {
        let tilt = |at: usize| if at == 0 { 0.0 } else { odds.ln() * at as f64 };
        let ln: Vec<f64> = self.ln_mass.iter().enumerate().map(|(at, ln)| ln + tilt(at)).collect();
        let largest = ln.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let weights: Vec<f64> = ln.iter().map(|ln| (ln - largest).exp()).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / total).collect()
    }

    fn mean(&self, odds: f64) -> f64 {
        self.tilted(odds).iter().enumerate().map(|(at, share)| (self.low + at as u64) as f64 * share).sum()
    }

    fn lower(&self, odds: f64, a: u64) -> f64 {
        self.tilted(odds)[..=(a - self.low) as usize].iter().sum()
    }

    fn upper(&self, odds: f64, a: u64) -> f64 {
        self.tilted(odds)[(a - self.low) as usize..].iter().sum()
    }
}
