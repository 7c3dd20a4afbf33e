//! The first stages of a run: counts, and the expression tables made of them.

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::{ExpressionMatrix, PerGene};
use alkaline_io::{contrasts, samples};

use super::Run;
use crate::check::check_lengths;
use crate::error::WorkflowError;
use crate::spec::experiment::{CountSource, unaligned};
use crate::stages::count::Counted;
use crate::stages::lengths::KnownLengths;
use crate::stages::{count, lengths, naming, normalize, panels};

impl Run<'_> {
    /// Counts the alignments, or reads the count table.
    pub(super) fn count(&mut self) -> Result<Counted, WorkflowError> {
        self.stage("count", |run| {
            let request = run.request;
            let counted = match &request.experiment.source {
                CountSource::Alignments(files) => count::from_alignments(request, files)?,
                CountSource::Reads(libraries) => return Err(unaligned(request, libraries)),
                CountSource::Table(path) => {
                    let counted = count::from_table(&request.experiment, path, request.table_options())?;
                    naming::refuse_row_numbers(path, &counted.table, &run.identifiers)?;
                    check_lengths(request, &counted.table)?;
                    counted
                }
            };
            for notice in &request.experiment.notices {
                run.warn(notice);
            }
            for warning in &counted.warnings {
                run.warn(warning);
            }
            run.manifest.components.extend(counted.components.clone());
            samples::write(&run.directory.samples(), &request.experiment.sheet)?;
            contrasts::write(&run.directory.contrasts_file(), &request.experiment.contrasts)?;
            count::write(&run.directory, &counted, &run.identifiers, &request.version)?;
            let outcome = counted.in_words();
            Ok((counted, outcome))
        })
    }

    /// Writes expression tables; gives the values that panels show, with their unit.
    pub(super) fn normalize(
        &mut self,
        counted: &Counted,
        labels: &PerGene<GeneLabel>,
    ) -> Result<(ExpressionMatrix, ExpressionUnit), WorkflowError> {
        self.stage("normalize", |run| {
            let settings = &run.request.settings.normalize;
            let table = &counted.table;
            let sizes = normalize::sizes_of_table(table, settings)?;
            let known = run.known_lengths(counted, labels)?;
            let mut units = vec![ExpressionUnit::Cpm, ExpressionUnit::LogCpm];
            if known.is_some() {
                units.extend([ExpressionUnit::Fpkm, ExpressionUnit::Tpm]);
            }
            let of_unit = |unit| normalize::Expression::new(table, unit, &sizes, known.as_ref(), settings);
            for &unit in &units {
                of_unit(unit)?.write(&run.directory.expression(unit), labels)?;
            }
            let outcome = match &known {
                Some(known) => format!("CPM, log CPM, FPKM and TPM (lengths from {})", known.source),
                None => "CPM and log CPM; no gene lengths, so no FPKM and TPM".to_owned(),
            };
            // Panels show the paper's unit where every gene has a length, else CPM.
            let complete =
                known.as_ref().is_some_and(|known| known.genes.len() == table.matrix.genes().len());
            let unit = if complete { ExpressionUnit::Fpkm } else { ExpressionUnit::Cpm };
            let genes = panels::genes_shown(&run.request.panels, labels, &run.identifiers);
            let shown = of_unit(unit)?.of_genes(&genes)?;
            Ok(((shown, unit), outcome))
        })
    }

    /// Gene lengths from the table, the annotation, or (for human genes) the built-in annotation.
    fn known_lengths(
        &mut self,
        counted: &Counted,
        labels: &PerGene<GeneLabel>,
    ) -> Result<Option<KnownLengths>, WorkflowError> {
        if let Some(known) = KnownLengths::of_table(&counted.table) {
            return Ok(Some(known));
        }
        let found = lengths::from_reference(&counted.table, labels, self.request.annotation.as_deref())?;
        if let Some(known) = &found {
            self.warn(format!(
                "the count table tells no gene lengths: FPKM and TPM use those of {} ({} of {} genes)",
                known.source,
                known.genes.len(),
                counted.table.matrix.genes().len()
            ));
        }
        Ok(found)
    }
}
