//! Why a gene is where it is in a run: tested and where it stands, filtered by which rule, without reads, called otherwise, or not in
//! the annotation. Made from the files of the run alone.

mod genes;
mod known;
mod neighbours;
mod standing;

use std::path::Path;

use alkaline_core::identifiers::IdentifierMap;
use alkaline_core::words::listed;
use alkaline_core::{ExpressionUnit, SampleId};
use serde::Serialize;

use self::genes::{Genes, Values};
use crate::error::WorkflowError;
use crate::spec::request::{RunRequest, TableOptions};
use crate::stages::test::{LogValues, read_logs};
use crate::stages::{count, enrich, naming};
use crate::store::{Planned, RunDirectory, read_spec};

/// What a run has to say of one gene.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// The name that was asked for.
    pub asked: String,
    /// The gene of the count table that it is; `None` when the table has no such gene.
    pub gene: Option<String>,
    /// Its symbol, where it has one.
    pub symbol: Option<String>,
    /// By which of its names it was found, or what is known of a gene that is not there; in words.
    pub identity: String,
    /// What is known of it in each sample: `counts`, or values on a log2 scale.
    pub values: &'static str,
    /// Its counts or values, where it is there, in the order of the samples.
    pub counts: Vec<(SampleId, f64)>,
    /// Other genes on its exons, in words; empty where there are none.
    pub neighbours: String,
    /// What became of it under each contrast: the contrast's id, and a sentence.
    pub contrasts: Vec<(String, String)>,
}

/// What the run at `out` has to say of the gene called `asked`: a symbol, an alias or earlier symbol, an Ensembl or Entrez identifier.
///
/// # Errors
/// [`WorkflowError::Design`] when no run lies at `out`; [`WorkflowError::Read`] when its counts are not there yet, or a file is damaged.
pub fn why(out: &Path, asked: &str) -> Result<Answer, WorkflowError> {
    let run = RunDirectory::new(out);
    let Planned { spec: request, .. } = read_spec::<RunRequest>(&run)?;
    let identifiers = enrich::identifiers(&request.settings.enrich)?;
    let genes = match request.experiment.has_values() {
        true => of_values(&request, &run)?,
        false => of_counts(&run, &identifiers)?,
    };
    let found = known::find(asked, &genes, &identifiers);
    let Some(gene) = found.gene else {
        return Ok(Answer {
            asked: asked.to_owned(),
            gene: None,
            symbol: None,
            identity: found.in_words,
            values: genes.what(),
            counts: Vec::new(),
            neighbours: String::new(),
            contrasts: Vec::new(),
        });
    };
    let samples = genes.samples().iter().cloned();
    Ok(Answer {
        asked: asked.to_owned(),
        gene: Some(genes.id(gene).to_string()),
        symbol: genes.labels[gene].name.as_deref().map(str::to_owned),
        identity: found.in_words,
        values: genes.what(),
        counts: samples.zip(genes.row(gene).iter().copied()).collect(),
        neighbours: neighbours::in_words(gene, &genes, &request.settings.count),
        contrasts: standing::under_each_contrast(&run, gene, &genes)?,
    })
}

/// The counts of a run.
fn of_counts(run: &RunDirectory, identifiers: &IdentifierMap) -> Result<Genes, WorkflowError> {
    let options = TableOptions { allow_fractional: true, transpose: false };
    let table = count::read_table(&run.counts(), None, options)?.table;
    let labels = naming::gene_labels(&table, identifiers);
    Ok(Genes { values: Values::Counts(table), labels })
}

/// The expression values of a run.
fn of_values(request: &RunRequest, run: &RunDirectory) -> Result<Genes, WorkflowError> {
    let path = run.expression(ExpressionUnit::Log2);
    let LogValues { matrix, labels, .. } = read_logs(&path, &request.experiment.sheet)?;
    Ok(Genes { values: Values::Logs(matrix), labels })
}

impl Answer {
    /// The answer as lines of text.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec![self.identity.clone()];
        if self.gene.is_none() {
            return lines;
        }
        let counts = listed(self.counts.iter().map(|(sample, count)| format!("{sample} {count}")));
        lines.push(match self.counts.iter().all(|(_, count)| *count == 0.0) {
            true => format!("{}: none in any sample", self.values),
            false => format!("{}: {counts}", self.values),
        });
        lines.extend(Some(self.neighbours.clone()).filter(|text| !text.is_empty()));
        lines.extend(self.contrasts.iter().map(|(contrast, standing)| format!("{contrast}: {standing}")));
        lines
    }
}
