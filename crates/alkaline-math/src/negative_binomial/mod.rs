//! The negative binomial distribution with variance `μ + φ μ²`: fits, likelihoods, quantile maps and exact tests.
//!
//! `φ` (phi) is the dispersion, `μ` (mu) a mean, `L` a library size.

mod conditional;
mod deviance;
mod exact;
mod one_group;
mod quantile_map;

pub use conditional::{ConditionalLikelihood, Replicates};
pub use deviance::unit_deviance;
pub use exact::{PValue, SplitTest, beta_split_test, double_tail_test};
pub use one_group::fit_one_group;
pub use quantile_map::QuantileTarget;
