//! Joins the counts of all samples into the count table of the run.

use std::sync::Arc;

use alkaline_core::results::{CountSummary, CountTable, GeneFacts, SampleQc};
use alkaline_core::{Annotation, CountMatrix, GeneIndex, PerGene, SampleIndex};
use alkaline_count::CountError;
use alkaline_io::counts::{CountTableOptions, read, read_summary, summary_path};
use alkaline_io::results::table::read_json;

use super::context::{Context, CountFacts};
use super::count::PartFacts;
use crate::error::WorkflowError;
use crate::stages::count::{self, Counted, Provenance};
use crate::store::receipt::Said;

/// The parts of all samples.
struct Parts {
    columns: Vec<Vec<f64>>,
    reads: CountSummary,
    qc: Vec<SampleQc>,
    facts: Vec<PartFacts>,
}

/// Joins the counts of all samples.
pub(super) fn perform(context: &Context<'_>) -> Result<Said, WorkflowError> {
    let request = context.request;
    let samples = request.experiment.sample_index()?;
    let name = request.annotation.as_deref().or(context.plan.annotation());
    let file = context.shelf.annotations.get(name.unwrap_or_default())?;
    let annotation = &file.annotation;
    let genes = annotation.gene_index().map_err(CountError::from)?;
    let parts = parts(context, &samples, genes.len())?;
    let table = joined(annotation, genes, samples, &parts.columns)?;
    let provenance = Provenance {
        genomes: parts.facts.iter().map(|facts| facts.genome.clone()).collect(),
        doubts: parts
            .facts
            .iter()
            .flat_map(|facts| facts.doubts.iter().map(|doubt| (doubt.clone(), facts.file.clone())))
            .collect(),
    };
    let counted = count::join(request, &file, table, parts.reads, parts.qc, &provenance)?;
    leave(&counted, context)
}

/// The columns of all samples side by side, with what the annotation knows of the genes.
fn joined(
    annotation: &Annotation,
    genes: Arc<GeneIndex>,
    samples: Arc<SampleIndex>,
    columns: &[Vec<f64>],
) -> Result<CountTable, CountError> {
    let mut values = vec![0.0; genes.len() * columns.len()];
    for (column, counts) in columns.iter().enumerate() {
        counts.iter().enumerate().for_each(|(gene, count)| values[gene * columns.len() + column] = *count);
    }
    let matrix = CountMatrix::new(Arc::clone(&genes), samples, values)?;
    let loci = Some(PerGene::new(genes, annotation.loci())?);
    Ok(CountTable { matrix, facts: GeneFacts { loci, labels: Some(annotation.labels()?) } })
}

/// Writes the counts, and says what there is to say of them.
pub(super) fn leave(counted: &Counted, context: &Context<'_>) -> Result<Said, WorkflowError> {
    let identifiers = context.shelf.identifiers(context.request)?;
    count::write(context.place, counted, &identifiers, &context.request.version)?;
    context.shelf.forget_counts();
    let facts = CountFacts {
        annotation: counted.annotation.clone(),
        feature_type: counted.feature_type.clone(),
        told: counted.told.clone(),
        decisions: Vec::new(),
    };
    let warnings = context.request.experiment.notices.iter().chain(&counted.warnings).cloned().collect();
    Ok(Said {
        outcome: counted.in_words(),
        warnings,
        components: counted.components.clone(),
        facts: serde_json::to_value(facts).unwrap_or_default(),
        ..Said::default()
    })
}

/// Reads the parts of all samples, each of which has `genes` genes.
fn parts(context: &Context<'_>, samples: &Arc<SampleIndex>, genes: usize) -> Result<Parts, WorkflowError> {
    let mut parts = Parts {
        columns: Vec::new(),
        reads: CountSummary { samples: samples.clone(), reads: Vec::new(), non_split_only: false },
        qc: Vec::new(),
        facts: Vec::new(),
    };
    for sample in samples.ids() {
        let part = context.run.part(sample.as_str());
        let options = CountTableOptions { allow_fractional: true, ..CountTableOptions::default() };
        let matrix = read(&part.counts(), &options)?.table.matrix;
        if matrix.shape() != (genes, 1) {
            return Err(WorkflowError::design(format!(
                "{}: the counts of {} genes are not those of the {genes} genes of the annotation",
                part.counts().display(),
                matrix.shape().0
            )));
        }
        parts.columns.push(matrix.rows().map(|row| row[0]).collect());
        let summary = read_summary(&summary_path(&part.counts()))?;
        parts.reads.reads.extend(summary.reads);
        parts.reads.non_split_only |= summary.non_split_only;
        parts.qc.extend(read_json::<Vec<SampleQc>>(&part.qc())?);
        parts.facts.push(read_json(&part.facts())?);
    }
    Ok(parts)
}
