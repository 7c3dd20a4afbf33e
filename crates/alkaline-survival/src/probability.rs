//! P values and quantiles in the form in which this crate needs them.

use alkaline_math::special::{
    ln_chi_square_upper, ln_f_tails, ln_normal_upper, ln_student_upper, normal_from_ln_upper,
};

/// The two-sided P of a normal statistic.
pub fn normal_p(z: f64) -> f64 {
    if z.is_nan() { z } else { (ln_normal_upper(z.abs()).exp() * 2.0).min(1.0) }
}

/// `P(χ²_df > x)`.
pub fn chi_square_p(x: f64, df: f64) -> f64 {
    if x.is_nan() || df <= 0.0 { f64::NAN } else { ln_chi_square_upper(x, df).exp() }
}

/// The two-sided P of a statistic with Student's distribution.
pub fn student_p(t: f64, df: f64) -> f64 {
    if t.is_nan() { t } else { (ln_student_upper(t.abs(), df).exp() * 2.0).min(1.0) }
}

/// `P(F > f)`.
pub fn f_p(f: f64, df1: f64, df2: f64) -> f64 {
    if f.is_nan() { f } else { ln_f_tails(f, df1, df2).1.exp() }
}

/// The `z` that leaves half of `1 - level` on either side: 1.96 for 0.95.
pub fn two_sided_z(level: f64) -> f64 {
    normal_from_ln_upper(((1.0 - level) / 2.0).ln())
}
