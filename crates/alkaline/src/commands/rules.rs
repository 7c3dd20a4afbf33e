//! Whose rules a test follows: a version of edgeR's, or all that GEO2R does.

use alkaline_dge::deseq2::SizeFactors;
use alkaline_norm::FilterMethod;
use alkaline_workflow::stages::test::{EdgerVersion, ExpressionOptions, TestMethod, TestSettings};
use clap::ValueEnum;

/// Whose rules are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rules {
    /// edgeR 3.x; all of 3.18 to 3.40 give the same numbers.
    #[value(name = "edgeR-3")]
    EdgeR3,
    /// edgeR 4.x (4.5.1) with limma 3.61 or later.
    #[value(name = "edgeR-4")]
    EdgeR4,
    /// The analysis of NCBI's pages: of counts DESeq2 with size factors of positive counts, of genes with 10 counts in as many samples as
    /// the smallest group has; of expression values limma. There the first group is the target.
    #[value(name = "geo2r")]
    Geo2r,
}

impl Rules {
    /// Writes the rules over `settings`, before anything else that was typed.
    pub fn apply(self, settings: &mut TestSettings) {
        match self {
            Self::EdgeR3 => settings.compat = EdgerVersion::EdgeR3,
            Self::EdgeR4 => settings.compat = EdgerVersion::EdgeR4,
            Self::Geo2r => {
                settings.filter.method = FilterMethod::Counts;
                settings.target_is_baseline = true;
                settings.deseq2.size_factors = SizeFactors::Poscounts;
                settings.deseq2.alpha = Some(0.05);
            }
        }
    }

    /// Writes what of these rules depends on what is tested: the test where none is named, and which rows of expression values.
    pub fn apply_to(self, settings: &mut TestSettings, values: Option<&mut ExpressionOptions>) {
        if self != Self::Geo2r {
            return;
        }
        let method = if values.is_some() { TestMethod::Limma } else { TestMethod::Deseq2 };
        settings.method = settings.method.or(Some(method));
        if let Some(values) = values {
            values.complete_rows = true;
        }
    }
}
