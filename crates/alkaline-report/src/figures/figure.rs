//! A figure as a file, and what may be drawn.

use alkaline_core::file_names::file_stem;

use crate::svg::Svg;

/// A set counts as enriched below this adjusted P value; the others are not drawn (clusterProfiler `pvalueCutoff`).
pub(crate) const ENRICHED: f64 = 0.05;

/// A figure as a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    /// Name without directory and extension, unique within a run.
    pub name: String,
    /// Ending of the file: `svg`, or `graphml` and `cyjs` for networks.
    pub extension: &'static str,
    /// What it shows, in a sentence.
    pub caption: String,
    /// The file.
    pub content: String,
}

impl Figure {
    /// A drawing called `name`.
    pub fn new(name: impl Into<String>, caption: impl Into<String>, svg: &Svg) -> Self {
        Self { name: name.into(), extension: "svg", caption: caption.into(), content: svg.finish() }
    }

    /// The file's name.
    pub fn file_name(&self) -> String {
        format!("{}.{}", file_stem(&self.name), self.extension)
    }
}
