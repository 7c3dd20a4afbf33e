//! Empirical-Bayes shrinkage of variances towards a common prior.

mod outlier_df;
pub mod robust_variance;
pub mod unequal_df;
pub mod variance;
