//! What a report is made of: the results of a run and the facts about it, as plain data.
//!
//! Whatever a run may lack is optional or empty, and its section is then left out: no BAMs, no QC; no gene sets, no
//! enrichment.

use std::collections::HashMap;

use alkaline_core::results::{
    Consensus, CountSummary, DispersionSource, GseaTable, OraTable, PanelTable, RankedGenes, RunningScore,
    SampleMap, SampleQc, SensitivityRow, TestTable,
};
use alkaline_core::{ExpressionMatrix, GeneId, LibrarySizes, SampleId, SampleSheet};

use crate::drawn::Drawn;
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
    /// The day of the run, as it shall be printed.
    pub date: String,
    /// What came of each stage, in order.
    pub stages: Vec<StageOutcome>,
    /// The files that were read.
    pub inputs: Vec<InputFile>,
    /// Resolved options, section by section.
    pub options: Vec<OptionGroup>,
    /// Further versions worth recording: annotation, gene sets, ontology release.
    pub components: Vec<(String, String)>,
    /// Whether the data were simulated, as in the demonstration: the report then says so at its top.
    pub simulated: bool,
}

/// What came of a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageOutcome {
    /// Name of the stage (`count`, `normalize`, ...).
    pub stage: String,
    /// What came of it, in a few words.
    pub outcome: String,
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
    /// BLAKE3 of the content, hexadecimal.
    pub blake3: String,
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
    /// What the first test is called among several.
    pub method: String,
    /// Further tests of the same question, each with what it is called.
    pub others: Vec<(String, TestTable)>,
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
            method: test.facts.method.clone(),
            test,
            others: Vec::new(),
            ora: Vec::new(),
            gsea: None,
            ranks: None,
            running_scores: Vec::new(),
            panels: Vec::new(),
            sensitivity: None,
            largest_bcv: Vec::new(),
        }
    }

    /// All tests of the question, the first of them first; empty where there is but one.
    pub fn tests(&self) -> Vec<(&str, &TestTable)> {
        if self.others.is_empty() {
            return Vec::new();
        }
        let others = self.others.iter().map(|(method, table)| (method.as_str(), table));
        std::iter::once((self.method.as_str(), &self.test)).chain(others).collect()
    }

    /// How much of the list hangs on the method, where there are several.
    pub fn agreement(&self) -> Option<String> {
        let tests = self.tests();
        let named: Vec<(String, &TestTable)> =
            tests.iter().map(|(method, table)| ((*method).to_owned(), *table)).collect();
        (!named.is_empty()).then(|| Consensus::of(&named).in_words())
    }

    /// The biological coefficient of variation that was assumed, where it was.
    pub fn assumed_bcv(&self) -> Option<f64> {
        match self.test.facts.dispersion {
            DispersionSource::Assumed { dispersion } => Some(dispersion.sqrt()),
            DispersionSource::Estimated | DispersionSource::NotUsed | DispersionSource::Borrowed { .. } => {
                None
            }
        }
    }
}

/// How many genes would be called at other dispersions: the honest companion of a test without replicates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SensitivityTable {
    /// One row per biological coefficient of variation, rising.
    pub rows: Vec<SensitivityRow>,
}

impl ReportData {
    /// The column of the sample sheet that colours the samples.
    pub fn group_variable(&self) -> Option<&str> {
        self.group_by
            .as_deref()
            .or_else(|| self.contrasts.first().map(|contrast| contrast.test.contrast.variable.as_str()))
    }

    /// The groups of the samples.
    pub fn sample_groups(&self) -> SampleGroups {
        let variable = self.group_variable();
        let Some(column) = self.samples.variables.iter().position(|name| Some(name.as_str()) == variable)
        else {
            return SampleGroups::default();
        };
        let samples = self.samples.samples.iter();
        SampleGroups::new(samples.filter_map(|row| Some((row.id.as_str(), row.values.get(column)?.as_str()))))
    }

    /// Which part of the expression values the page holds.
    pub fn expression_shown(&self) -> ExpressionShown {
        let samples: Vec<&SampleId> = self.samples.samples.iter().map(|row| &row.id).collect();
        let groups = self.sample_groups();
        let places: Vec<Option<usize>> = samples.iter().map(|sample| groups.of(sample.as_str())).collect();
        let drawn = Drawn::of_every_group(&places, SAMPLES_OF_A_GENE);
        let contrasts = self.contrasts.len().max(1);
        let values = EXPRESSION_VALUES_OF_A_CONTRAST.min(EXPRESSION_VALUES / contrasts);
        ExpressionShown {
            genes: values / drawn.places.len().max(1),
            samples: drawn.places.iter().map(|&place| samples[place].clone()).collect(),
        }
    }
}

/// Expression values that the page holds at most: beyond it the file would be heavy to open.
const EXPRESSION_VALUES: usize = 1_500_000;
/// The same for one contrast.
const EXPRESSION_VALUES_OF_A_CONTRAST: usize = 1_200_000;
/// Samples that are drawn for one gene at most.
const SAMPLES_OF_A_GENE: usize = 240;

/// The part of the expression values that the page holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExpressionShown {
    /// Genes of each contrast, from the top of its table.
    pub genes: usize,
    /// The samples.
    pub samples: Vec<SampleId>,
}

/// Which group each sample belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SampleGroups {
    /// The groups in order of first appearance; of very many the last stands for all others.
    pub names: Vec<String>,
    places: HashMap<String, usize>,
}

/// Groups with a colour of their own, at most: a legend of more is no help.
const MOST_GROUPS: usize = 20;

impl SampleGroups {
    fn new<'a>(samples: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut places = HashMap::new();
        for (sample, group) in samples {
            let next = known.len();
            places.insert(sample.to_owned(), *known.entry(group).or_insert(next));
        }
        let mut names: Vec<(usize, &str)> = known.into_iter().map(|(name, place)| (place, name)).collect();
        names.sort_unstable();
        let mut names: Vec<String> = names.into_iter().map(|(_, name)| name.to_owned()).collect();
        if names.len() > MOST_GROUPS {
            let others = names.len() - (MOST_GROUPS - 1);
            names.truncate(MOST_GROUPS - 1);
            names.push(format!("{others} other groups"));
            places.values_mut().for_each(|place| *place = (*place).min(MOST_GROUPS - 1));
        }
        Self { names, places }
    }

    /// The place in [`names`](Self::names) of the group of a sample, where the sheet tells it.
    pub fn of(&self, sample: &str) -> Option<usize> {
        self.places.get(sample).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn very_many_groups_share_the_last_place() {
        let names: Vec<String> = (0..100).map(|i| i.to_string()).collect();
        let groups = SampleGroups::new(names.iter().map(|name| (name.as_str(), name.as_str())));
        assert_eq!((groups.names.len(), groups.names[19].as_str()), (20, "81 other groups"));
        assert_eq!(
            [groups.of("3"), groups.of("19"), groups.of("99"), groups.of("x")],
            [Some(3), Some(19), Some(19), None]
        );
    }
}
