//! Pure numerics on slices: special functions, solvers, smoothers, negative-binomial likelihoods. Knows no genes.

pub mod brent;
pub mod chebyshev;
pub mod cubic_spline;
pub mod family_wise;
pub mod hypergeometric;
pub mod linear;
pub mod monotone_spline;
pub mod multiple_testing;
pub mod natural_spline;
pub mod negative_binomial;
pub mod order_statistics;
mod outlier_df;
pub mod quadrature;
pub mod robust_variance_shrinkage;
pub mod smoothing;
pub mod special;
pub mod summation;
pub mod unequal_df_shrinkage;
pub mod variance_shrinkage;
mod vectors;
pub mod wallenius;
