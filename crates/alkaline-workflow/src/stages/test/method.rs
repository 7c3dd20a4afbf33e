//! The tests there are: a word each, and what has to be known of it before its family is asked.

use serde::{Deserialize, Serialize};

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum TestMethod {
    /// Exact test of two groups (edgeR `exactTest`).
    Exact,
    /// Likelihood ratio under a linear model (edgeR `glmLRT`).
    Lrt,
    /// Quasi-likelihood F under a linear model (edgeR `glmQLFTest`).
    Ql,
    /// Quasi-likelihood test against a fold-change threshold, `--lfc` (edgeR `glmTreat`).
    Treat,
    /// Moderated t test of values on a log scale: arrays, panels (limma `lmFit`, `eBayes`).
    Limma,
    /// Moderated t test of log CPM, its prior variance following abundance (limma `eBayes(trend = TRUE)`).
    LimmaTrend,
    /// Moderated t test of log CPM weighted by precision (limma `voom`).
    Voom,
    /// Wald test of counts, dispersions shrunken towards a trend (DESeq2 `nbinomWaldTest`).
    Deseq2,
    /// Likelihood ratio at the same dispersions (DESeq2 `nbinomLRT`).
    Deseq2Lrt,
}

impl TestMethod {
    /// Whether the test has a linear model.
    #[must_use]
    pub fn has_design(self) -> bool {
        self != Self::Exact
    }

    /// Whether dispersions are estimated once for all contrasts of a design.
    #[must_use]
    pub fn shares_dispersions(self) -> bool {
        matches!(self, Self::Exact | Self::Lrt | Self::Ql | Self::Treat)
    }

    /// Whether it tests values on a log scale that were not made of counts here.
    #[must_use]
    pub fn tests_values(self) -> bool {
        matches!(self, Self::Limma | Self::LimmaTrend)
    }

    /// Whether it allows for transcripts that are longer in some samples than in others.
    #[must_use]
    pub fn takes_offsets(self) -> bool {
        matches!(self, Self::Lrt | Self::Ql | Self::Treat) || self.is_deseq2()
    }

    /// Whether it is one of DESeq2's.
    #[must_use]
    pub fn is_deseq2(self) -> bool {
        matches!(self, Self::Deseq2 | Self::Deseq2Lrt)
    }

    /// The word for it in options and file names.
    #[must_use]
    pub fn word(self) -> String {
        let name = serde_json::to_value(self).ok();
        name.and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
    }
}
