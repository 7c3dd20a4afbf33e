//! Pure numerics on slices and ndarray views: special functions, solvers, smoothers, negative-binomial likelihoods. Knows no genes.

pub mod brent;
pub mod chebyshev;
pub mod correlation;
pub mod family_wise;
pub mod fisher;
pub mod hypergeometric;
pub mod linear;
pub mod log_scale;
pub mod multiple_testing;
pub mod negative_binomial;
pub mod order_statistics;
pub mod quadrature;
pub mod quantile_normalisation;
pub mod shrinkage;
pub mod smoothing;
pub mod special;
pub mod splines;
pub mod summation;
mod vectors;
pub mod wallenius;
