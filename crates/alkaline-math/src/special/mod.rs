//! Special functions with the accuracy that count statistics need: log scale throughout, relative accuracy in the tails.
//!
//! P-values of RNA-seq reach 1e-300 and beyond, so every tail is available as a logarithm that never leaves log space.

mod beta;
mod chi_square;
mod f_distribution;
mod gamma;
mod gamma_scores;
mod incomplete_gamma;
mod log_minus;
mod normal;
mod student;
mod wide;

pub use beta::{BetaTails, beta_median, ln_beta_tails};
pub use chi_square::ln_chi_square_upper;
pub use f_distribution::{f_quantile, ln_f_density, ln_f_tails};
pub use gamma::{
    LnGammaSum, digamma, ln_gamma, ln_minus_digamma, ln_rising, stirling_error, trigamma, trigamma_inverse,
};
pub use gamma_scores::{GammaQuantiles, SMALLEST_SHAPE, scaled_gamma_scores};
pub use incomplete_gamma::{GammaTails, ln_gamma_tails, ln_poisson_kernel};
pub use incomplete_gamma::{lower_series, lower_series_wide, upper_fraction};
pub use log_minus::{ln_one_minus_exp, ln_one_plus_minus, ln_sum_of_exps};
pub use normal::{ln_normal_density, ln_normal_upper, normal_cdf, normal_density, normal_from_ln_upper};
pub use student::{ln_student_upper, student_from_ln_upper, student_upper_quantile};
pub use wide::{Raised, WIDE, Wide, exp_wide, ln_wide, stirling_tails};
