//! The negative binomial distribution with variance `μ + φ μ²`: fits, likelihoods, quantile maps and exact tests.
//!
//! `φ` (phi) is the dispersion, `μ` (mu) a mean, `L` a library size.

mod conditional;
mod deviance;
mod deviance_factors;
mod deviance_moments;
mod exact;
mod glm;
mod one_group;
mod profile;
mod quantile_map;

pub use conditional::{ConditionalLikelihood, Replicates};
pub use deviance::unit_deviance;
pub use deviance_factors::{DevianceFactors, PiecewiseFactors};
pub use deviance_moments::{DevianceMomentTable, DevianceMoments};
pub use exact::{
    PValue, SplitTest, beta_split_test, deviance_test, double_tail_test, small_probability_test,
};
pub use glm::{GlmFit, NbModel};
pub use one_group::fit_one_group;
pub use profile::adjusted_profile_likelihood;
pub use quantile_map::QuantileTarget;
