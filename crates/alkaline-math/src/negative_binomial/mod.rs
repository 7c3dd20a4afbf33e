//! The negative binomial distribution with variance `μ + φ μ²`: fits, likelihoods, quantile maps and exact tests.
//!
//! `φ` (phi) is the dispersion, `μ` (mu) a mean, `L` a library size.

mod centred_likelihood;
mod conditional;
mod deviance;
mod deviance_factors;
mod deviance_moments;
mod exact;
mod fixed_means;
mod glm;
mod group_deviance;
mod one_group;
mod profile;
mod quantile_map;

pub use centred_likelihood::centred_profile_likelihood;
pub use conditional::{ConditionalLikelihood, Replicates};
pub use deviance::{unit_deviance, unit_deviances};
pub use deviance_factors::PiecewiseFactors;
pub use deviance_moments::{DevianceFactors, DevianceMomentTable, DevianceMoments};
pub use exact::{
    PValue, SplitTest, beta_split_test, deviance_test, double_tail_test, small_probability_test,
};
pub use fixed_means::FixedMeans;
pub use glm::{GlmFit, NbModel};
pub use group_deviance::{GroupDeviances, ZERO_FIT, deviances_of_group};
pub use one_group::{fit_one_group, fit_one_group_wide};
pub use profile::adjusted_profile_likelihood;
pub use quantile_map::{QuantileTargets, adjust_to_common_size};
