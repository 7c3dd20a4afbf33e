//! What a report is made of: the results of a run and the facts about it, as plain data.
//!
//! Whatever a run may lack is optional or empty, and its section is then left out: no BAMs, no QC; no gene sets, no
//! enrichment.

use alkaline_core::results::{
    CountSummary, DispersionSource, GseaTable, OraTable, PanelTable, RankedGenes, RunningScore, SampleMap,
    SampleQc, TestTable,
};
use alkaline_core::{ExpressionMatrix, GeneId, LibrarySizes, SampleSheet};

use crate::references::Reference;

/// Everything that the report shows.
#[derive(Clone, Debug, Default)]
pub struct ReportData {
    /// What ran, on what, and how.
    pub run: RunFacts,
    /// The experiment.
    pub samples: SampleSheet,
    /// Column of the sample sheet that colours the samples; the first contrast's variable when `None`.
    pub group_by: Option<String>,
    /// Raw library sizes and normalisation factors.
    pub library_sizes: Option<LibrarySizes>,
    /// What became of the reads; `None` when the run began with a count table.
    pub count_summary: Option<CountSummary>,
    /// Read QC, one entry per sample; empty when the run began with a count table.
    pub qc: Vec<SampleQc>,
    /// Samples on a plane.
    pub sample_map: Option<SampleMap>,
    /// Expression of the tested genes (log CPM by preference), shown when a gene is clicked.
    pub expression: Option<ExpressionMatrix>,
    /// One entry per contrast.
    pub contrasts: Vec<ContrastReport>,
    /// The methods text, Markdown (see [`methods_paragraph`](crate::methods_paragraph)).
    pub methods: String,
    /// Works to cite.
    pub references: Vec<Reference>,
    /// What the reader must know, one sentence each.
    pub warnings: Vec<String>,
}

/// Facts about the run itself.
#[derive(Clone, Debug, Default)]
pub struct RunFacts {
    /// Title of the analysis.
    pub title: String,
    /// Version of alkaline, with the git revision where known.
    pub version: String,
    /// The command as typed.
    pub command_line: String,
    /// When the run began, as it shall be printed.
    pub started: String,
    /// Wall time of each stage, in order.
    pub stages: Vec<StageTime>,
    /// The files that were read.
    pub inputs: Vec<InputFile>,
    /// Resolved options, section by section.
    pub options: Vec<OptionGroup>,
    /// Further versions worth recording: annotation, gene sets, ontology release.
    pub components: Vec<(String, String)>,
    /// Whether the data were simulated, as in the demonstration: the report then says so at its top.
    pub simulated: bool,
}

/// How long a stage took.
#[derive(Clone, Debug, PartialEq)]
pub struct StageTime {
    /// Name of the stage (`count`, `normalize`, ...).
    pub stage: String,
    /// Wall seconds.
    pub seconds: f64,
    /// Whether the result of an earlier run was reused.
    pub reused: bool,
}

/// A file that the run read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InputFile {
    /// What it was for (`bam`, `annotation`, `counts`).
    pub role: String,
    /// Path as given.
    pub path: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256, hexadecimal.
    pub sha256: String,
}

/// The resolved options of one stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptionGroup {
    /// Name of the stage, as in `workflow.toml`.
    pub name: String,
    /// Option and value, as they would be written.
    pub values: Vec<(String, String)>,
}

/// Results of one contrast.
#[derive(Clone, Debug)]
pub struct ContrastReport {
    /// Differential expression of every tested gene.
    pub test: TestTable,
    /// Over-representation, one table per query (`up`, `down`, `all`).
    pub ora: Vec<OraTable>,
    /// Ranked enrichment.
    pub gsea: Option<GseaTable>,
    /// The list that GSEA ran on; without it the running-score plots lack their third panel.
    pub ranks: Option<RankedGenes>,
    /// Running scores of the sets to plot.
    pub running_scores: Vec<RunningScore>,
    /// Chosen sets of genes.
    pub panels: Vec<PanelTable>,
    /// How the numbers depend on the assumed dispersion.
    pub sensitivity: Option<SensitivityTable>,
    /// For each gene the largest biological coefficient of variation of [`ContrastReport::sensitivity`] at which it is
    /// still called, `None` where it is called at none; empty when unknown.
    pub largest_bcv: Vec<(GeneId, Option<f64>)>,
}

impl ContrastReport {
    /// A contrast of which nothing but the test is known.
    pub fn new(test: TestTable) -> Self {
        Self {
            test,
            ora: Vec::new(),
            gsea: None,
            ranks: None,
            running_scores: Vec::new(),
            panels: Vec::new(),
            sensitivity: None,
            largest_bcv: Vec::new(),
        }
    }

    /// The biological coefficient of variation that was assumed, where it was.
    pub fn assumed_bcv(&self) -> Option<f64> {
        match self.test.facts.dispersion {
            DispersionSource::Assumed { dispersion } => Some(dispersion.sqrt()),
            DispersionSource::Estimated | DispersionSource::Borrowed { .. } => None,
        }
    }
}

/// How many genes would be called at other dispersions: the honest companion of a test without replicates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SensitivityTable {
    /// One row per biological coefficient of variation, rising.
    pub rows: Vec<SensitivityRow>,
}

/// Calls at one dispersion.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SensitivityRow {
    /// Biological coefficient of variation, the square root of the dispersion.
    pub bcv: f64,
    /// Genes called up.
    pub up: usize,
    /// Genes called down.
    pub down: usize,
}

impl ReportData {
    /// The column of the sample sheet that colours the samples.
    pub fn group_variable(&self) -> Option<&str> {
        self.group_by
            .as_deref()
            .or_else(|| self.contrasts.first().map(|contrast| contrast.test.contrast.variable.as_str()))
    }

    /// The group of the sample called `id`, or nothing where the sheet does not tell.
    pub fn group_of(&self, id: &str) -> Option<&str> {
        let column =
            self.samples.variables.iter().position(|name| Some(name.as_str()) == self.group_variable())?;
        let row = self.samples.samples.iter().find(|row| row.id.as_str() == id)?;
        row.values.get(column).map(String::as_str)
    }

    /// The groups in order of first appearance.
    pub fn groups(&self) -> Vec<&str> {
        let mut groups: Vec<&str> = Vec::new();
        for row in &self.samples.samples {
            if let Some(group) = self.group_of(row.id.as_str())
                && !groups.contains(&group)
            {
                groups.push(group);
            }
        }
        groups
    }
}
