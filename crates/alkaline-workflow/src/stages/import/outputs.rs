//! The files that an import leaves: values, sample sheet, contrasts, workflow file, and where all of it came from.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::annotation::{GeneLabel, GeneLocus};
use alkaline_core::results::{CountTable, GeneFacts};
use alkaline_core::samples::ContrastSpec;
use alkaline_core::words::{listed, listed_up_to};
use alkaline_core::{CountMatrix, GeneId, GeneIndex, PerGene, SampleId, SampleIndex, SampleSheet};
use alkaline_io::results::expression::RowsToWrite;
use alkaline_io::values::{Scale, ValueTable};
use alkaline_io::{contrasts, counts, file, samples};
use serde_json::Value;

use super::unique::unique;
use crate::error::WorkflowError;
use crate::spec::init;

/// Where the values came from, and what was decided.
pub const PROVENANCE: &str = "provenance.json";

/// Average lengths of transcripts.
pub(super) const LENGTHS: &str = "lengths.tsv";

/// The files in the order in which they are told.
const NAMES: [&str; 4] = ["samples.csv", "contrasts.csv", "workflow.toml", PROVENANCE];

/// Rows named in an error.
const SHOWN: usize = 5;

/// What was written, and what the user should know.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// The files.
    pub files: Vec<PathBuf>,
    /// What was found and decided, line by line.
    pub said: Vec<String>,
}

/// What is written.
pub(super) struct Outputs<'a> {
    /// The values, a column for every sample of the sheet.
    pub values: &'a ValueTable,
    /// What is called by the rows: biotypes, where they are known.
    pub biotypes: &'a [Option<String>],
    /// Whether the values are counts, and not expression.
    pub are_counts: bool,
    /// What the values are.
    pub scale: Scale,
    /// Keys of the workflow file that were decided otherwise than by what the values are.
    pub decided: Option<Vec<(&'static str, String)>>,
    /// Whether average lengths lie beside the counts, of which tests make offsets.
    pub need_offsets: bool,
    /// Whether the counts may be fractional.
    pub fractional: bool,
    pub sheet: &'a SampleSheet,
    pub contrasts: &'a [ContrastSpec],
    pub title: Option<String>,
    /// The first line of the count table, which says who made it.
    pub comment: &'a str,
    pub provenance: Value,
}

impl Outputs<'_> {
    /// Writes everything into `folder`; nothing that is there is replaced.
    ///
    /// # Errors
    /// [`WorkflowError`] when a file is there, a value is no count, or the folder cannot be written.
    pub fn write(self, folder: &Path) -> Result<Imported, WorkflowError> {
        let table = if self.are_counts { "counts.tsv" } else { "expression.tsv" };
        let mut files = vec![folder.join(table)];
        files.extend(NAMES.iter().map(|name| folder.join(name)));
        init::refuse_to_overwrite(&files)?;
        let (ids, repeated) = unique(&self.values.rows);
        let mut said: Vec<String> = repeated.into_iter().collect();
        if self.are_counts {
            files.extend(self.write_counts(&files[0], ids)?);
        } else {
            self.write_expression(&files[0], ids)?;
        }
        samples::write(&files[1], self.sheet)?;
        contrasts::write(&files[2], self.contrasts)?;
        self.write_workflow(&files[3], table)?;
        let text = serde_json::to_string_pretty(&self.provenance).unwrap_or_default();
        file::write_atomically(&files[4], |out| writeln!(out, "{text}"))?;
        said.extend(self.advice());
        Ok(Imported { files, said })
    }

    fn write_counts(&self, path: &Path, ids: Vec<String>) -> Result<Option<PathBuf>, WorkflowError> {
        self.refuse_no_counts()?;
        let genes = gene_index(ids)?;
        let matrix = CountMatrix::new(Arc::clone(&genes), self.sample_index()?, self.values.values.clone());
        let lengths = &self.values.lengths;
        let loci = lengths.iter().map(|&length| GeneLocus { length, ..GeneLocus::default() }).collect();
        let facts =
            GeneFacts { loci: PerGene::new(Arc::clone(&genes), loci).ok(), labels: self.labels(&genes) };
        let table = CountTable { matrix: matrix.map_err(design)?, facts };
        counts::write(path, &table, Some(self.comment))?;
        let Some(labels) = &table.facts.labels else { return Ok(None) };
        let companion = counts::companion_path(path);
        counts::write_labels(&companion, labels)?;
        Ok(Some(companion))
    }

    /// Refuses what no test of counts can take.
    fn refuse_no_counts(&self) -> Result<(), WorkflowError> {
        let rows_with = |is: &dyn Fn(f64) -> bool| -> Vec<&String> {
            let rows = self.values.rows.iter().enumerate();
            rows.filter(|(row, _)| self.values.row(*row).iter().any(|value| is(*value)))
                .map(|(_, id)| id)
                .collect()
        };
        for (what, rows) in [
            ("missing", rows_with(&|value| !value.is_finite())),
            ("negative", rows_with(&|value| value < 0.0)),
        ] {
            if !rows.is_empty() {
                return Err(WorkflowError::design_with_hint(
                    format!("among the counts there are {what} values, in {}", listed_up_to(SHOWN, rows)),
                    "ask where they come from: counts are whole numbers from 0 on. Leave these rows out, or take another table (--table)",
                ));
            }
        }
        Ok(())
    }

    fn write_expression(&self, path: &Path, ids: Vec<String>) -> Result<(), WorkflowError> {
        let genes = gene_index(ids)?;
        let samples = self.sample_index()?;
        let labels = self.labels(&genes);
        let rows = RowsToWrite { genes: genes.ids(), samples: samples.ids(), labels: labels.as_ref() };
        Ok(rows.write(path, |gene, values| values.copy_from_slice(self.values.row(gene)))?)
    }

    fn labels(&self, genes: &Arc<GeneIndex>) -> Option<PerGene<GeneLabel>> {
        let symbol = |gene: usize| self.values.symbols.get(gene).cloned().flatten();
        let biotype = |gene: usize| self.biotypes.get(gene).cloned().flatten();
        let known = !self.values.symbols.is_empty() || !self.biotypes.is_empty();
        known.then(|| {
            PerGene::from_fn(Arc::clone(genes), |gene| GeneLabel {
                name: symbol(gene).map(Arc::from),
                biotype: biotype(gene),
            })
        })
    }

    fn sample_index(&self) -> Result<Arc<SampleIndex>, WorkflowError> {
        SampleIndex::new(self.values.samples.iter().map(SampleId::from).collect()).map_err(design)
    }

    fn write_workflow(&self, path: &Path, table: &str) -> Result<(), WorkflowError> {
        let text = init::workflow_text(&init::Begin {
            title: self.title.clone(),
            counts: self.are_counts.then(|| PathBuf::from(table)),
            expression: (!self.are_counts).then(|| PathBuf::from(table)),
            allow_fractional: self.fractional,
            without_replicates: self.is_without_replicates(),
            offsets: self.need_offsets.then(|| PathBuf::from(LENGTHS)),
            decided: self
                .decided
                .clone()
                .unwrap_or_else(|| init::decided::for_scale(self.scale, self.has_genes())),
        });
        file::write_atomically(path, |out| out.write_all(text.as_bytes()))?;
        Ok(())
    }

    /// Whether rows are probes that have genes to be averaged by: some symbol is not what its row is called.
    fn has_genes(&self) -> bool {
        let rows = self.values.rows.iter().zip(&self.values.symbols);
        !self.are_counts
            && rows.into_iter().any(|(row, symbol)| symbol.as_ref().is_some_and(|own| own != row))
    }

    /// Whether the sides of the contrasts are single samples.
    fn is_without_replicates(&self) -> bool {
        self.contrasts.first().is_some_and(|contrast| {
            let Some(values) = self.sheet.values(&contrast.variable) else { return false };
            let number = |level: &str| values.iter().filter(|value| **value == level).count();
            number(&contrast.reference) == 1 && number(&contrast.target) == 1
        })
    }

    /// What to do next.
    fn advice(&self) -> Option<String> {
        let empty = |name: &String| {
            self.sheet.values(name).is_some_and(|values| values.iter().all(|value| value.is_empty()))
        };
        let unfilled: Vec<&String> = self.sheet.variables.iter().filter(|name| empty(name)).collect();
        (!unfilled.is_empty()).then(|| {
            format!(
                "the column {} of samples.csv is empty: fill it in, and name what is compared in contrasts.csv; or import again with --group",
                listed(unfilled.iter().map(|name| format!("`{name}`")))
            )
        })
    }
}

fn gene_index(ids: Vec<String>) -> Result<Arc<GeneIndex>, WorkflowError> {
    GeneIndex::new(ids.into_iter().map(GeneId::from).collect()).map_err(design)
}

fn design(error: alkaline_core::IndexError) -> WorkflowError {
    WorkflowError::design(error.to_string())
}
