//! Groups and pairs without time: responders against non-responders, before against after, marker against marker.
//!
//! - [`student`], [`welch`], [`paired`], [`rank_sum`], [`signed_rank`]: means and ranks, as R's `t.test` and `wilcox.test`;
//! - [`chi_square`], [`fisher`]: tables of counts, as `chisq.test` and `fisher.test`;
//! - [`correlation`]: Pearson, Spearman and Kendall, as `cor.test`;
//! - [`analysis_of_variance`], [`tumour_against_normal`]: several groups, and GEPIA's definition of a difference.

mod checks;
mod contingency;
mod correlation;
mod exact_counts;
mod means;
mod ranks;
mod several;

pub use alkaline_math::fisher::{Fisher, fisher};
pub use contingency::{ChiSquare, chi_square};
pub use correlation::{Correlation, CorrelationKind, correlation};
pub use means::{MeanTest, paired, student, welch};
pub use ranks::{RankSum, SignedRank, rank_sum, signed_rank};
pub use several::{TumourNormal, analysis_of_variance, tumour_against_normal};
