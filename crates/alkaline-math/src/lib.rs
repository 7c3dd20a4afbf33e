//! Pure numerics on slices: special functions, solvers, smoothers, negative-binomial likelihoods. Knows no genes.

pub mod hypergeometric;
pub mod multiple_testing;
