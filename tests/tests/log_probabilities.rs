//! Probabilities in log space: what rust-bio's `LogProb` loses, and why P values are added and complemented by this workspace's
//! own functions (docs/explanation/special-functions.md).
#![cfg(test)]

use alkaline_math::order_statistics::larger;
use alkaline_math::special::{ln_one_minus_exp, ln_sum_of_exps};
use bio::stats::LogProb;

/// P values are held against edgeR's at this relative difference.
const TOLERANCE_OF_P: f64 = 1e-6;

#[test]
fn sums_and_complements_of_rust_bio_are_too_rough_for_p_values() {
    let (mut sums, mut complements) = (0.0, 0.0);
    for i in 1..40_000 {
        let ln_p = -f64::from(i) * 1e-3;
        let complement = ln_one_minus_exp(ln_p);
        let difference = (*LogProb(ln_p).ln_one_minus_exp() - complement).abs() / complement.abs();
        complements = larger(complements, difference);
        let sum = ln_sum_of_exps(ln_p, 0.5 * ln_p);
        sums = larger(sums, (*LogProb(ln_p).ln_add_exp(LogProb(0.5 * ln_p)) - sum).abs());
    }
    eprintln!("largest differences: ln(P + Q) {sums:.1e}, ln(1 - P) {complements:.1e} relative");
    assert!(
        sums > TOLERANCE_OF_P && complements > TOLERANCE_OF_P,
        "{sums} {complements}: it may be used now"
    );
    assert!(sums < 1e-5 && complements < 1e-4, "{sums} {complements}");
}
