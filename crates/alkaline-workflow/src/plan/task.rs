//! What can be done in a run: one task a node.

use std::fmt;

/// One thing that a run does.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Task {
    /// Cleans the reads of a sample.
    Clean(String),
    /// Aligns the reads of a sample.
    Align(String),
    /// Counts the alignments of a sample.
    Count(String),
    /// Joins the counts of all samples.
    Merge,
    /// Takes over a finished count table.
    Table,
    /// Reads a table of expression values that stands in place of counts.
    Values,
    /// Makes the expression tables.
    Normalize,
    /// Filters, normalises and estimates dispersions for the contrasts of one design, which is called after the first of them.
    Prepare(String),
    /// Tests a contrast.
    Test(String),
    /// Tests gene sets along the ranked list of a contrast.
    Gsea(String),
    /// Tests gene sets for over-representation among the genes called in a contrast.
    Ora(String),
    /// Looks up a panel of genes in a contrast.
    Panel {
        /// The contrast.
        contrast: String,
        /// The panel.
        panel: String,
    },
    /// Writes samples, contrasts, methods, citations and the R script.
    Record,
    /// Makes the page, its figures and the files for MultiQC.
    Report,
}

impl Task {
    /// The stage that the task belongs to, as its section and command are called.
    pub fn stage(&self) -> &'static str {
        match self {
            Self::Clean(_) => "clean",
            Self::Align(_) => "align",
            Self::Count(_) => "count",
            Self::Merge => "merge",
            Self::Table => "table",
            Self::Values => "values",
            Self::Normalize => "normalize",
            Self::Prepare(_) => "prepare",
            Self::Test(_) => "test",
            Self::Gsea(_) => "gsea",
            Self::Ora(_) => "ora",
            Self::Panel { .. } => "panel",
            Self::Record => "record",
            Self::Report => "report",
        }
    }

    /// The sample that the task is about.
    pub fn sample(&self) -> Option<&str> {
        match self {
            Self::Clean(sample) | Self::Align(sample) | Self::Count(sample) => Some(sample),
            _ => None,
        }
    }

    /// Whether a run is worth having without it, when its input does not allow it.
    pub fn is_optional(&self) -> bool {
        matches!(self, Self::Gsea(_) | Self::Ora(_) | Self::Panel { .. })
    }

    /// Whether it takes as many threads as it is given.
    pub fn takes_threads(&self) -> bool {
        matches!(self, Self::Clean(_) | Self::Align(_) | Self::Count(_))
    }
}

impl fmt::Display for Task {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = self.stage();
        match self {
            Self::Clean(of) | Self::Align(of) | Self::Count(of) => write!(out, "{stage}:{of}"),
            Self::Prepare(of) | Self::Test(of) | Self::Gsea(of) | Self::Ora(of) => {
                write!(out, "{stage}:{of}")
            }
            Self::Panel { contrast, panel } => write!(out, "{stage}:{contrast}/{panel}"),
            Self::Merge | Self::Table | Self::Values | Self::Normalize | Self::Record | Self::Report => {
                out.write_str(stage)
            }
        }
    }
}
