//! The contents of a workflow file.

use std::path::{Path, PathBuf};

use alkaline_core::samples::ContrastSpec;
use alkaline_count::CountOptions;
use alkaline_io::Problem;
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;
use crate::spec::request::Settings;
use crate::stages::align::AlignOptions;
use crate::stages::clean::CleanOptions;
use crate::stages::enrich::EnrichSettings;
use crate::stages::normalize::NormalizeSettings;
use crate::stages::test::{ExpressionOptions, TestSettings};

/// The contents of a workflow file; whatever is left out keeps its default. Paths are relative to the file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct WorkflowFile {
    /// Title of the report.
    pub title: Option<String>,
    /// Sample sheet: `sample,bam,condition[,batch,...]`, or with `fastq_1,fastq_2` instead of `bam`.
    pub samples: Option<PathBuf>,
    /// Contrasts: `id,variable,reference,target[,blocking,...]`.
    pub contrasts: Option<PathBuf>,
    /// Contrasts written here instead of in a file: `VARIABLE,REFERENCE,TARGET`, or an expression in levels or coefficients.
    pub contrast: Vec<String>,
    /// Count table to begin with instead of alignments.
    pub counts: Option<PathBuf>,
    /// Table of expression values to begin with instead of counts: arrays, panels, logarithms of FPKM or TPM.
    pub expression: Option<PathBuf>,
    /// Average lengths of transcripts in every sample, beside estimated counts (`lengths.tsv` of `alkaline import salmon --counts no`): tests make offsets of them.
    pub offsets: Option<PathBuf>,
    /// Alignments of the parental line, instead of a sample sheet.
    pub parental: Vec<PathBuf>,
    /// Alignments of the resistant line, instead of a sample sheet.
    pub resistant: Vec<PathBuf>,
    /// Gene models: a GTF, GFF3 or SAF file, or hg38, hg19, mm10; recognised from the alignments when absent.
    pub annotation: Option<String>,
    /// Index of the genome that reads are aligned to: the directory that `alkaline reference index` made, or what `hisat2 -x` takes.
    pub hisat2_index: Option<PathBuf>,
    /// Whether fractional counts in the count table are welcome.
    pub allow_fractional: bool,
    /// Whether samples stand in the rows of the count table, and genes in its columns.
    pub transpose: bool,
    /// Whether genes that were not tested stand in the test table too, with NA.
    pub keep_filtered: bool,
    /// Panels of genes to show: names (`alkaline reference list`) or files with one symbol a line; all built-in ones when empty.
    pub panels: Vec<String>,
    /// Cleaning reads, where the samples are reads.
    pub clean: CleanOptions,
    /// Aligning reads, where the samples are reads.
    pub align: AlignOptions,
    /// Counting reads.
    pub count: CountOptions,
    /// Expression tables.
    pub normalize: NormalizeSettings,
    /// Reading expression values, where they stand in place of counts.
    pub values: ExpressionOptions,
    /// Differential expression.
    pub test: TestSettings,
    /// Enrichment.
    pub enrich: EnrichSettings,
}

impl WorkflowFile {
    /// The options of all stages.
    pub fn settings(&self) -> Settings {
        Settings {
            clean: self.clean.clone(),
            align: self.align.clone(),
            count: self.count.clone(),
            normalize: self.normalize.clone(),
            values: self.values.clone(),
            test: self.test.clone(),
            enrich: self.enrich.clone(),
        }
    }

    /// The contrasts that stand in the file itself.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] for what is no contrast.
    pub fn own_contrasts(&self) -> Result<Vec<ContrastSpec>, WorkflowError> {
        let contrasts: Result<_, String> =
            self.contrast.iter().map(|text| ContrastSpec::typed(text)).collect();
        contrasts.map_err(WorkflowError::design)
    }

    /// Keys that exclude each other, as the options of the command line do.
    pub(super) fn conflicts(&self) -> Vec<Problem> {
        let tables = self.counts.is_some() || self.expression.is_some();
        let sheet = self.samples.is_some() || self.contrasts.is_some() || tables;
        let groups = !self.parental.is_empty() || !self.resistant.is_empty();
        let mut problems = Vec::new();
        let mut add = |message: &str, hint: &str| problems.push(Problem::of_file(message).hint(hint));
        if groups && (sheet || !self.contrast.is_empty()) {
            let message = "`parental` and `resistant` stand beside `samples`, `counts` or contrasts";
            add(message, "two groups of BAMs need no sheet and no contrast; anything else wants `samples`");
        }
        if groups && (self.parental.is_empty() || self.resistant.is_empty()) {
            add("only one of `parental` and `resistant` is given", "a comparison needs both sides");
        }
        if self.counts.is_some() && self.expression.is_some() {
            let hint = "a run begins with one table: counts where there are any, else expression values";
            add("`expression` stands beside `counts`", hint);
        }
        if self.offsets.is_some() && self.counts.is_none() {
            add(
                "`offsets` stands without `counts`",
                "lengths of transcripts go with the estimated counts of one import",
            );
        }
        if self.contrasts.is_some() && !self.contrast.is_empty() {
            add("`contrast` stands beside `contrasts`", "give the contrasts here or in their file");
        }
        if self.test.bcv.is_some() && self.test.dispersion.is_some() {
            add(
                "`bcv` stands beside `dispersion` in [test]",
                "the dispersion is the square of the BCV: give one of them",
            );
        }
        problems.extend(
            self.contrast.iter().filter_map(|text| ContrastSpec::typed(text).err()).map(Problem::of_file),
        );
        problems
    }

    /// The same file with its paths taken from `folder`.
    pub(super) fn beside(mut self, folder: &Path) -> Self {
        let mut paths: Vec<&mut PathBuf> = Vec::new();
        let tables = [
            &mut self.samples,
            &mut self.contrasts,
            &mut self.counts,
            &mut self.expression,
            &mut self.offsets,
        ];
        paths.extend(tables.into_iter().flatten());
        paths.extend(&mut self.hisat2_index);
        paths.extend(self.parental.iter_mut().chain(&mut self.resistant));
        paths.extend(&mut self.count.reference);
        paths.extend(&mut self.test.bcv_from);
        paths.extend(self.enrich.gene_sets.iter_mut().chain(&mut self.enrich.go_file));
        for path in paths {
            *path = folder.join(&path);
        }
        // names of what is built in, unless a file is called so
        for name in self.annotation.iter_mut().chain(&mut self.panels) {
            let path = folder.join(&name);
            if path.exists() {
                *name = path.display().to_string();
            }
        }
        self
    }
}
