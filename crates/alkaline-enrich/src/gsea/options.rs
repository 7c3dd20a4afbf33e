//! Options of ranked enrichment.

use serde::{Deserialize, Serialize};

use crate::EnrichError;
use crate::ora::{GeneLabels, check_sizes};

/// Options of [`gsea`](super::gsea).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct GseaOptions {
    /// Random seed; the same seed gives the same bytes on any number of threads.
    pub seed: u64,
    /// Smallest set tested, counting genes in the list (clusterProfiler `minGSSize`, fgsea `minSize`).
    pub min_size: usize,
    /// Largest set tested (`maxGSSize`, `maxSize`).
    pub max_size: usize,
    /// Power of the score that weighs a gene; 0 counts genes (`exponent`, `gseaParam`).
    pub exponent: f64,
    /// Draws per set for p-values below about 0.1; the standard error falls with their square root.
    pub draws: usize,
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
        Ok(())
    }
}
