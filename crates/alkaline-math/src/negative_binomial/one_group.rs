//! Rate of one group of libraries with known dispersion, by Newton's method.
//!
//! Reference: McCarthy, Chen & Smyth (2012), doi:10.1093/nar/gks042. Upstream: edgeR `mglmOneGroup`.

use std::array::from_fn;

use crate::special::{WIDE, Wide, exp_wide, ln_wide};
use crate::vectors::in_widest_vectors;

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

in_widest_vectors! {
    /// [`fit_one_group`] of eight genes abreast, each with its dispersion: one entry of `counts` per library.
    ///
    /// # Panics
    /// When there is not one library size per entry.
    #[must_use]
    pub fn fit_one_group_wide(counts: &[Wide], library_sizes: &[f64], dispersion: &Wide) -> Wide = fit_wide;
}

/// Newton's method in all columns until the last is at its root; a column that is there rests, so that no gene depends on others.
#[inline(always)]
pub(super) fn fit_wide(counts: &[Wide], library_sizes: &[f64], dispersion: &Wide) -> Wide {
    assert_eq!(counts.len(), library_sizes.len(), "one library size per count");
    let mut rate_sum = [0.0; WIDE];
    for (y, size) in counts.iter().zip(library_sizes) {
        let per_read = 1.0 / size;
        rate_sum = from_fn(|i| rate_sum[i] + if y[i] > ZERO_COUNT { y[i] * per_read } else { 0.0 });
    }
    let libraries = counts.len() as f64;
    let mut moving: Wide = from_fn(|i| if rate_sum[i] > 0.0 { 1.0 } else { 0.0 });
    let mut rate: Wide = from_fn(|i| if rate_sum[i] > 0.0 { rate_sum[i] / libraries } else { 1.0 });
    let mut log_rate = ln_wide(&rate);
    for _ in 0..MAX_ROUNDS {
        let step = newton_steps(counts, library_sizes, dispersion, &rate);
        for i in 0..WIDE {
            let step = moving[i] * step[i].clamp(-LONGEST_STEP, LONGEST_STEP);
            log_rate[i] += step;
            moving[i] = if step.abs() < STEP_TOLERANCE { 0.0 } else { 1.0 };
        }
        if moving == [0.0; WIDE] {
            break;
        }
        rate = exp_wide(&log_rate);
    }
    from_fn(|i| if rate_sum[i] > 0.0 { log_rate[i] } else { f64::NEG_INFINITY })
}

/// [`newton_step`] of eight genes.
#[inline(always)]
fn newton_steps(counts: &[Wide], library_sizes: &[f64], dispersion: &Wide, rate: &Wide) -> Wide {
    let (mut score, mut information) = ([0.0; WIDE], [0.0; WIDE]);
    for (y, size) in counts.iter().zip(library_sizes) {
        for i in 0..WIDE {
            let mu = size * rate[i];
            let weight = 1.0 / (1.0 + mu * dispersion[i]);
            score[i] += (y[i] - mu) * weight;
            information[i] += mu * weight * ((1.0 + y[i] * dispersion[i]) * weight);
        }
    }
    from_fn(|i| score[i] / information[i])
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
    fn eight_genes_are_as_one() {
        let sizes = [1e6, 2.5e7, 1.5e6, 0.7e6];
        let counts: [Wide; 4] = [
            [3.0, 0.0, 0.0, 1e6, 1.0, 17.0, 0.3, 0.0],
            [40.0, 0.0, 0.0, 2e7, 0.0, 3.0, 0.0, 0.0],
            [0.0, 0.0, 0.0, 1.0, 0.0, 900.0, 0.0, 0.0],
            [12.5, 0.0, 1.0, 0.0, 0.0, 17.0, 0.0, 1e-11],
        ];
        let dispersion = [0.3, 0.3, 1e-4, 5.0, 0.0, 0.1, 80.0, 0.1];
        let wide = fit_one_group_wide(&counts, &sizes, &dispersion);
        for i in 0..WIDE {
            let one = fit_one_group(&counts.map(|y| y[i]), &sizes, dispersion[i]);
            assert!(wide[i] == one || (wide[i] - one).abs() < 2e-15 * one.abs(), "{i}: {} {one}", wide[i]);
            let mut alone = [[0.0; WIDE]; 4];
            alone.iter_mut().zip(&counts).for_each(|(alone, y)| alone[3] = y[i]);
            assert_eq!(fit_one_group_wide(&alone, &sizes, &[dispersion[i]; WIDE])[3], wide[i]);
        }
    }

    #[test]
    fn silent_groups_and_poisson_groups_have_closed_forms() {
        assert_eq!(fit_one_group(&[0.0, 0.0], &[1.0, 2.0], 0.1), f64::NEG_INFINITY);
        assert!((fit_one_group(&[1.0, 3.0], &[10.0, 30.0], 0.0) - 0.1f64.ln()).abs() < 1e-15);
    }
}
