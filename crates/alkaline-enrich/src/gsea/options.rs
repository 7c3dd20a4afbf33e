//! Options of ranked enrichment.

use serde::{Deserialize, Serialize};

use crate::EnrichError;
use crate::ora::{GeneLabels, check_sizes};

/// How p-values are estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum GseaEngine {
    /// Importance sampling: unbiased, with a standard error for each set, no floor, the same in any company.
    #[default]
    Importance,
    /// Multilevel splitting, as fgsea does it: slower and noisier; a cross-check.
    Fgsea,
}

/// Options of [`gsea`](super::gsea).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct GseaOptions {
    /// Random seed; the same seed gives the same bytes on any number of threads.
    pub seed: u64,
    /// Smallest set tested, counting genes in the list (clusterProfiler `minGSSize`, fgsea `minSize`).
    pub min_size: usize,
    /// Largest set tested (`maxGSSize`, `maxSize`).
    pub max_size: usize,
    /// Power of the score that weighs a gene; 0 counts genes (`exponent`, `gseaParam`).
    pub exponent: f64,
    /// Scale of the number of draws for p-values below about 0.1; standard errors fall with its square root.
    pub draws: usize,
    /// How p-values are estimated.
    pub engine: GseaEngine,
    /// Sets that climb together under the engine `fgsea` (fgsea `sampleSize`).
    pub sample_size: usize,
    /// The engine `fgsea` stops at this p (fgsea `eps`; 0 for no floor).
    pub eps: f64,
    /// Random sets that the engine `fgsea` draws first (fgsea `nPermSimple`).
    pub simple_draws: usize,
    /// Spelling of genes in the output (clusterProfiler `setReadable`).
    pub labels: GeneLabels,
}

impl Default for GseaOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            min_size: 10,
            max_size: 500,
            exponent: 1.0,
            draws: 1000,
            engine: GseaEngine::default(),
            sample_size: 101,
            eps: 1e-50,
            simple_draws: 1000,
            labels: GeneLabels::default(),
        }
    }
}

impl GseaOptions {
    /// The defaults with another seed.
    pub fn with_seed(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    pub(super) fn check(&self) -> Result<(), EnrichError> {
        check_sizes(self.min_size, self.max_size)?;
        if !(self.exponent.is_finite() && self.exponent >= 0.0) {
            let value = self.exponent.to_string();
            return Err(EnrichError::Option { option: "exponent", value, allowed: "0 or a positive number" });
        }
        /// With fewer draws the standard errors themselves mean nothing.
        const FEWEST_DRAWS: usize = 100;
        if self.draws < FEWEST_DRAWS {
            let value = self.draws.to_string();
            return Err(EnrichError::Option { option: "draws", value, allowed: "at least 100" });
        }
        if self.sample_size < 3 {
            let value = self.sample_size.to_string();
            return Err(EnrichError::Option { option: "sample_size", value, allowed: "at least 3" });
        }
        if !(0.0..1.0).contains(&self.eps) {
            let value = self.eps.to_string();
            return Err(EnrichError::Option { option: "eps", value, allowed: "0 to below 1" });
        }
        if self.simple_draws < FEWEST_DRAWS {
            let value = self.simple_draws.to_string();
            return Err(EnrichError::Option { option: "simple_draws", value, allowed: "at least 100" });
        }
        Ok(())
    }
}
