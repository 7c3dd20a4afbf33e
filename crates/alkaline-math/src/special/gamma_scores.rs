//! Normal scores of a gamma variable, and back, by uniform asymptotic expansion: no incomplete gamma function is evaluated.
//!
//! For shape `a` write `x = a λ` and `η = sign(λ-1) sqrt(2 (λ - 1 - ln λ))`. The score `z` with `Φ(z) = P(X <= x)` is
//! `z = √a (η + c1(η)/a + c2(η)/a² + ...)`, and conversely `λ = Λ0(t) + Λ1(t)/a + ...` with `t = z/√a`. Equating the normal and
//! the gamma density gives a differential equation for either expansion; its coefficients follow order by order as power
//! series. The idea is that of Temme (1979), doi:10.1137/0510071, and (1992), doi:10.1090/S0025-5718-1992-1122079-8.
//!
//! With ten orders the score is off by less than 2e-10 from shape 5 on and by less than 1e-11 from shape 6 on.

use std::array::from_fn;
use std::sync::LazyLock;

use super::log_minus::ln_one_plus_minus_wide;
use super::wide::{WIDE, Wide};

/// Powers of `1/a` kept.
const ORDERS: usize = 10;
/// Length of the power series while coefficients are derived: each order costs its series a term or two.
const WORKING_TERMS: usize = 56;
/// Terms kept of the score's series in `η`.
const SCORE_TERMS: usize = 22;
/// Terms kept of the quantile's series in `t`.
const QUANTILE_TERMS: usize = 28;
/// The smallest shape that the expansion is good for.
pub const SMALLEST_SHAPE: f64 = 5.0;
/// Series in `η` and `t` converge up to `2√π = 3.5`; up to here the terms kept suffice.
const LARGEST_ETA: f64 = 1.1;
/// The same for the score: `η` plus at most `1/(3 a)` and a little.
const LARGEST_SCORE: f64 = 1.25;

/// Coefficients of the logarithm of the scaled gamma function, `ln Γ*(a)`, in powers of `1/a`.
const LN_SCALED_GAMMA: [f64; ORDERS] =
    [0.0, 1.0 / 12.0, 0.0, -1.0 / 360.0, 0.0, 1.0 / 1260.0, 0.0, -1.0 / 1680.0, 0.0, 1.0 / 1188.0];

type Series = [f64; WORKING_TERMS];

/// Coefficients by power of the argument, then by order.
struct Expansion {
    score: [[f64; ORDERS]; SCORE_TERMS],
    quantile: [[f64; ORDERS + 1]; QUANTILE_TERMS],
}

static EXPANSION: LazyLock<Expansion> = LazyLock::new(Expansion::derive);

/// The scores of eight numbers `x`, each under its shape `a`, divided by `√a`; NaN outside the range of the expansion.
#[inline(always)]
#[must_use]
pub fn scaled_gamma_scores(a: &Wide, x: &Wide) -> Wide {
    let mu: Wide = from_fn(|i| (x[i] - a[i]) / a[i]);
    let half_squares = ln_one_plus_minus_wide(&mu).map(|negative| -negative);
    let eta: Wide = from_fn(|i| (2.0 * half_squares[i].max(0.0)).sqrt().copysign(mu[i]));
    let w = a.map(|a| 1.0 / a);
    let higher = by_halves(&EXPANSION.score, &eta, &w);
    from_fn(|i| {
        let inside = a[i] >= SMALLEST_SHAPE && half_squares[i] <= 0.5 * LARGEST_ETA * LARGEST_ETA;
        if inside { eta[i] + w[i] * higher[i] } else { f64::NAN }
    })
}

/// The double series in `x` and `w`. The orders are taken in two halves, whose sums fit the registers of most machines.
#[inline(always)]
fn by_halves(coefficients: &[[f64; ORDERS]; SCORE_TERMS], x: &Wide, w: &Wide) -> Wide {
    const HALF: usize = ORDERS / 2;
    let mut total = [0.0; WIDE];
    for start in [HALF, 0] {
        let mut orders = [[0.0; WIDE]; HALF];
        for row in coefficients.iter().rev() {
            for (sums, c) in orders.iter_mut().zip(&row[start..start + HALF]) {
                *sums = from_fn(|i| sums[i] * x[i] + c);
            }
        }
        for sums in orders.iter().rev() {
            total = from_fn(|i| total[i] * w[i] + sums[i]);
        }
    }
    total
}

/// The quantile functions of eight gamma distributions, in terms of scaled scores.
#[derive(Clone, Copy, Debug)]
pub struct GammaQuantiles {
    shape: Wide,
    /// The series in `t`, lowest power first.
    coefficients: [Wide; QUANTILE_TERMS],
}

impl GammaQuantiles {
    /// For shapes `a`; meaningless where one is below [`SMALLEST_SHAPE`].
    #[inline(always)]
    #[must_use]
    pub fn new(a: &Wide) -> Self {
        let w = a.map(|a| 1.0 / a);
        let expansion = &*EXPANSION;
        let mut coefficients = [[0.0; WIDE]; QUANTILE_TERMS];
        for (sums, orders) in coefficients.iter_mut().zip(&expansion.quantile) {
            for c in orders.iter().rev() {
                *sums = from_fn(|i| sums[i] * w[i] + c);
            }
        }
        Self { shape: *a, coefficients }
    }

    /// The values whose scores are `√a t`; NaN outside the range of the expansion.
    #[inline(always)]
    #[must_use]
    pub fn at(&self, t: &Wide) -> Wide {
        // even and odd powers apart: two short chains instead of a long one
        let square = t.map(|t| t * t);
        let (mut even, mut odd) = ([0.0; WIDE], [0.0; WIDE]);
        for pair in self.coefficients.chunks_exact(2).rev() {
            even = from_fn(|i| even[i] * square[i] + pair[0][i]);
            odd = from_fn(|i| odd[i] * square[i] + pair[1][i]);
        }
        from_fn(|i| {
            let inside = t[i].abs() <= LARGEST_SCORE && self.shape[i] >= SMALLEST_SHAPE;
            if inside { self.shape[i] * (even[i] + t[i] * odd[i]) } else { f64::NAN }
        })
    }
}

impl Expansion {
    fn derive() -> Self {
        let mu = deviation_series();
        let ratio = shifted_down(&mu);
        let scores = score_orders(&ratio);
        let quantiles = quantile_orders(&mu, &ratio);
        let mut expansion =
            Self { score: [[0.0; ORDERS]; SCORE_TERMS], quantile: [[0.0; ORDERS + 1]; QUANTILE_TERMS] };
        for (power, row) in expansion.score.iter_mut().enumerate() {
            row.iter_mut().zip(&scores).for_each(|(c, series)| *c = series[power]);
        }
        for (power, row) in expansion.quantile.iter_mut().enumerate() {
            row.iter_mut().zip(&quantiles).for_each(|(c, series)| *c = series[power]);
        }
        expansion
    }
}

/// `μ = λ - 1` as a series in `η`, from `μ μ' = η (1 + μ)`.
fn deviation_series() -> Series {
    let mut mu = [0.0; WORKING_TERMS];
    mu[1] = 1.0;
    for k in 2..WORKING_TERMS {
        let inner: f64 = (2..k).map(|i| mu[i] * (k + 1 - i) as f64 * mu[k + 1 - i]).sum();
        mu[k] = (mu[k - 1] - inner) / (k + 1) as f64;
    }
    mu
}

/// `c1, c2, ...`: with `ε = Σ c_k/a^k`, `ln(1 + ε') = a (η ε + ε²/2) - ln(μ/η) - ln Γ*`.
fn score_orders(ratio: &Series) -> Vec<Series> {
    let mut orders = vec![shifted_down(&ln(ratio))];
    let mut logs: Vec<Series> = Vec::new();
    for n in 1..ORDERS {
        let slopes: Vec<Series> = orders.iter().map(derivative).collect();
        logs.push(next_log(&logs, &slopes));
        let mut next = logs[n - 1];
        for i in 0..n {
            add_scaled(&mut next, &product(&orders[i], &orders[n - 1 - i]), -0.5);
        }
        next[0] += LN_SCALED_GAMMA[n];
        orders.push(shifted_down(&next));
    }
    orders
}

/// `Λ0, Λ1, ...`: with `v = ln λ = Σ v_k/a^k`, `ln v' - ln Γ* = a (e^v - 1 - v - t²/2)`.
fn quantile_orders(mu: &Series, ratio: &Series) -> Vec<Series> {
    let mut lambda = *mu;
    lambda[0] += 1.0;
    let inverse_ratio = reciprocal(ratio);
    // powers[n] is the coefficient of a^-n in exp(Σ_{k>=1} v_k/a^k)
    let mut powers = vec![unit()];
    let mut orders: Vec<Series> = Vec::new();
    let mut logs: Vec<Series> = Vec::new();
    for n in 0..ORDERS {
        let log_slope = if n == 0 {
            scaled(&ln(ratio), -1.0)
        } else {
            let slopes: Vec<Series> = orders.iter().map(|v| product(&derivative(v), ratio)).collect();
            logs.push(next_log(&logs, &slopes));
            logs[n - 1]
        };
        // what the known orders contribute to the exponential at a^-(n+1)
        let mut known = [0.0; WORKING_TERMS];
        for i in 1..=n {
            add_scaled(&mut known, &product(&orders[i - 1], &powers[n + 1 - i]), i as f64 / (n + 1) as f64);
        }
        let mut numerator = log_slope;
        numerator[0] -= LN_SCALED_GAMMA[n];
        add_scaled(&mut numerator, &product(&lambda, &known), -1.0);
        let next = product(&shifted_down(&numerator), &inverse_ratio);
        let mut power = known;
        add_scaled(&mut power, &next, 1.0);
        powers.push(power);
        orders.push(next);
    }
    powers.iter().map(|power| product(&lambda, power)).collect()
}

/// The next coefficient of `ln(1 + Σ e_k/a^k)`, given the earlier ones: `n l_n = n e_n - Σ i l_i e_(n-i)`.
fn next_log(logs: &[Series], terms: &[Series]) -> Series {
    let n = terms.len();
    let mut next = terms[n - 1];
    for i in 1..n {
        add_scaled(&mut next, &product(&logs[i - 1], &terms[n - 1 - i]), -(i as f64) / n as f64);
    }
    next
}

fn unit() -> Series {
    let mut series = [0.0; WORKING_TERMS];
    series[0] = 1.0;
    series
}

fn scaled(series: &Series, factor: f64) -> Series {
    series.map(|c| factor * c)
}

fn add_scaled(sum: &mut Series, series: &Series, factor: f64) {
    sum.iter_mut().zip(series).for_each(|(s, c)| *s += factor * c);
}

fn product(a: &Series, b: &Series) -> Series {
    let mut out = [0.0; WORKING_TERMS];
    for (i, x) in a.iter().enumerate().filter(|(_, x)| **x != 0.0) {
        out[i..].iter_mut().zip(b).for_each(|(o, y)| *o += x * y);
    }
    out
}

/// The series divided by its argument, its constant term being zero but for rounding.
fn shifted_down(series: &Series) -> Series {
    let mut out = [0.0; WORKING_TERMS];
    out[..WORKING_TERMS - 1].copy_from_slice(&series[1..]);
    out
}

fn derivative(series: &Series) -> Series {
    let mut out = shifted_down(series);
    out.iter_mut().enumerate().for_each(|(i, c)| *c *= (i + 1) as f64);
    out
}

/// Logarithm of a series that starts with one.
fn ln(series: &Series) -> Series {
    let mut out = [0.0; WORKING_TERMS];
    for k in 1..WORKING_TERMS {
        let inner: f64 = (1..k).map(|i| i as f64 * out[i] * series[k - i]).sum();
        out[k] = series[k] - inner / k as f64;
    }
    out
}

/// Reciprocal of a series that starts with one.
fn reciprocal(series: &Series) -> Series {
    let mut out = unit();
    for k in 1..WORKING_TERMS {
        out[k] = -(1..=k).map(|i| series[i] * out[k - i]).sum::<f64>();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::{ln_gamma_tails, normal_from_ln_upper};

    #[test]
    fn scores_are_those_of_the_incomplete_gamma_function() {
        for (shape, tolerance) in [(5.0, 2e-10), (6.0, 3e-11), (12.0, 1e-12), (80.0, 1e-12), (5000.0, 1e-12)]
        {
            for eta in [-1.0, -0.6, -0.1, -1e-4, 0.02, 0.3, 0.9] {
                let x = shape * (1.0 + eta + eta * eta / 3.0);
                let t = scaled_gamma_scores(&[shape; WIDE], &[x; WIDE])[5];
                if t.is_nan() {
                    continue;
                }
                let z = normal_from_ln_upper(ln_gamma_tails(shape, x).ln_upper);
                if z.abs() < 30.0 {
                    assert!((t * shape.sqrt() - z).abs() < tolerance * z.abs().max(1.0), "{shape} {eta}");
                }
            }
        }
    }

    #[test]
    fn what_is_out_of_range_is_not_a_number() {
        let shapes = [4.9, 5.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0];
        let scores = scaled_gamma_scores(&shapes, &[5.0, 5.0, 0.0, 1e9, 9.0, 1e-9, 20.0, 12.0]);
        assert_eq!(scores.map(f64::is_nan), [true, false, true, true, false, true, false, false]);
    }

    #[test]
    fn quantiles_invert_scores() {
        for (shape, tolerance) in [(5.0, 2e-10), (7.0, 3e-11), (300.0, 3e-12)] {
            let quantiles = GammaQuantiles::new(&[shape; WIDE]);
            for ratio in [0.35, 0.7, 0.99, 1.0, 1.4, 2.5] {
                let x = shape * ratio;
                let back = quantiles.at(&scaled_gamma_scores(&[shape; WIDE], &[x; WIDE]))[2];
                assert!((back / x - 1.0).abs() < tolerance, "{shape} {ratio}: {back} {x}");
            }
        }
    }
}
