//! Rate of one group of libraries with known dispersion, by Newton's method.
//!
//! Reference: McCarthy, Chen & Smyth (2012), doi:10.1093/nar/gks042. Upstream: edgeR `mglmOneGroup`.

/// A count at or below this is zero.
const ZERO_COUNT: f64 = 1e-10;
/// A step of the log rate below this ends the iteration: its square, the error that is left, is below rounding.
const STEP_TOLERANCE: f64 = 1e-8;
/// Steps below this have their exponential by five terms of its series: the next one is below rounding.
const SHORT_STEP: f64 = 1e-3;
/// Longest step of the log rate, against overshooting far from the root.
const LONGEST_STEP: f64 = 2.0;
const MAX_ROUNDS: usize = 200;

/// The log rate `β` with `E(count) = L e^β`; minus infinity when all counts are zero.
///
/// # Panics
/// When there is not one library size per count.
#[must_use]
pub fn fit_one_group(counts: &[f64], library_sizes: &[f64], dispersion: f64) -> f64 {
    assert_eq!(counts.len(), library_sizes.len(), "one library size per count");
    let mut rate_sum = 0.0;
    let mut any = false;
    for (&y, &size) in counts.iter().zip(library_sizes) {
        if y > ZERO_COUNT {
            rate_sum += y / size;
            any = true;
        }
    }
    if !any {
        return f64::NEG_INFINITY;
    }
    if dispersion == 0.0 {
        return (counts.iter().sum::<f64>() / library_sizes.iter().sum::<f64>()).ln();
    }
    let mut rate = rate_sum / counts.len() as f64;
    let mut log_rate = rate.ln();
    for _ in 0..MAX_ROUNDS {
        let step = newton_step(counts, library_sizes, dispersion, rate).clamp(-LONGEST_STEP, LONGEST_STEP);
        log_rate += step;
        if step.abs() < STEP_TOLERANCE {
            break;
        }
        rate = if step.abs() < SHORT_STEP { rate * exp_of_short(step) } else { log_rate.exp() };
    }
    log_rate
}

/// `e^x` where `x` is short.
#[inline]
fn exp_of_short(x: f64) -> f64 {
    1.0 + x * (1.0 + x * (1.0 / 2.0 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x / 120.0))))
}

/// Score over observed information; the log-likelihood is concave in the log rate.
#[inline]
fn newton_step(counts: &[f64], library_sizes: &[f64], dispersion: f64, rate: f64) -> f64 {
    let (mut score, mut information) = (0.0, 0.0);
    for (&y, &size) in counts.iter().zip(library_sizes) {
        let mu = size * rate;
        let weight = 1.0 / (1.0 + mu * dispersion);
        score += (y - mu) * weight;
        information += mu * weight * ((1.0 + y * dispersion) * weight);
    }
    score / information
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_score_vanishes_at_the_fit() {
        let (counts, sizes) = ([3.0, 40.0, 0.0, 12.5], [1e6, 2e6, 1.5e6, 0.7e6]);
        let rate = fit_one_group(&counts, &sizes, 0.3).exp();
        assert!(newton_step(&counts, &sizes, 0.3, rate).abs() < 1e-12);
    }

    #[test]
    fn silent_groups_and_poisson_groups_have_closed_forms() {
        assert_eq!(fit_one_group(&[0.0, 0.0], &[1.0, 2.0], 0.1), f64::NEG_INFINITY);
        assert!((fit_one_group(&[1.0, 3.0], &[10.0, 30.0], 0.0) - 0.1f64.ln()).abs() < 1e-15);
    }
}
