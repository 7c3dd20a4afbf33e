//! What the genes of a run mean: gene sets and panels, contrast by contrast.

use std::collections::HashMap;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::file_names::file_stem;
use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::identifiers::IdMapping;
use alkaline_core::results::{Query, TestTable};
use alkaline_core::words::count as number_of;
use alkaline_core::{ExpressionMatrix, GeneSetCollection, PerGene};
use alkaline_io::gene_lengths;
use alkaline_io::results::{gsea, ora, panel};

use super::Run;
use crate::error::WorkflowError;
use crate::stages::enrich::{self, Simplifier};
use crate::stages::panels::{self, PanelSources};

impl Run<'_> {
    /// Tests gene sets for every contrast.
    pub(super) fn enrich(&mut self, tests: &[TestTable]) -> Result<(), WorkflowError> {
        self.stage("enrich", |run| {
            let collections = std::mem::take(&mut run.collections);
            if collections.is_empty() {
                return Ok(((), "no gene sets were asked for".to_owned()));
            }
            for collection in &collections {
                let version = collection.source.version.clone().unwrap_or_default();
                let component = (collection.source.name.clone(), version);
                if !run.manifest.components.contains(&component) {
                    run.manifest.components.push(component);
                }
            }
            let simplifier = run.simplifier(&collections)?;
            let lengths = match run.request.settings.enrich.length_bias {
                true => Some(gene_lengths::read(&run.directory.counts())?),
                false => None,
            };
            let mut words = Vec::new();
            for table in tests {
                match run.enrich_contrast(table, &collections, simplifier.as_ref(), lengths.as_ref()) {
                    Ok(said) => words.push(said),
                    // Genes of another species are no reason to lose the rest of the analysis.
                    Err(WorkflowError::Enrich(
                        error @ alkaline_enrich::EnrichError::NothingMapped { .. },
                    )) => {
                        let hint = error.hint().map_or_else(String::new, |hint| format!("; {hint}"));
                        run.warn(format!("{}: no enrichment, because {error}{hint}", table.contrast.id));
                        words.push(format!("{}: none", table.contrast.id));
                    }
                    Err(error) => return Err(error),
                }
            }
            let sources: Vec<GeneSetSource> =
                collections.into_iter().map(|collection| collection.source).collect();
            Ok(((), format!("{}; {}", words.join("; "), GeneSetSource::labels(&sources))))
        })
    }

    /// What removes near-duplicates, where it is asked for and there are ontology terms to remove.
    fn simplifier(&mut self, collections: &[GeneSetCollection]) -> Result<Option<Simplifier>, WorkflowError> {
        let simplifier = Simplifier::new(&self.request.settings.enrich)?;
        if simplifier.as_ref().is_some_and(|simplifier| !simplifier.knows_any(collections)) {
            self.warn("no simplified tables: none of the gene sets is a term of the Gene Ontology");
            return Ok(None);
        }
        Ok(simplifier)
    }

    /// Enrichment of one contrast.
    fn enrich_contrast(
        &mut self,
        table: &TestTable,
        collections: &[GeneSetCollection],
        simplifier: Option<&Simplifier>,
        lengths: Option<&HashMap<String, f64>>,
    ) -> Result<String, WorkflowError> {
        let settings = &self.request.settings.enrich;
        let place = self.directory.contrast(&table.contrast.id);
        let words = enrich::ranking_in_words(settings.rank_by);
        let ranks = table.ranked_by(settings.rank_by);
        let ranked = enrich::ranked(&ranks, words, collections, &self.identifiers, &settings.gsea)?;
        for warning in enrich::warnings_of_test(&table.rows, settings.rank_by, &ranks, &ranked.table) {
            self.warn(format!("{}: {warning}", table.contrast.id));
        }
        gsea::write(&place.gsea(), &ranked.table, &ranked.curves)?;
        if let Some(simplifier) = simplifier {
            gsea::write(&Simplifier::beside(&place.gsea()), &simplifier.gsea(&ranked.table)?, &[])?;
        }
        enrich::write_mapping(&place.identifiers(), &ranked.mapping)?;
        self.report_mapping(&table.contrast.id, &ranked.mapping);
        let by_gsea = ranked.table.significant().count();
        let mut significant = 0;
        for query in &Query::OF_TABLE {
            let selection = enrich::selection_of(&table.rows, query);
            let (result, _) =
                enrich::ora_of(query, &selection, collections, &self.identifiers, &settings.ora, lengths)?;
            ora::write(&place.ora(query), &result)?;
            if let Some(simplifier) = simplifier {
                ora::write(&Simplifier::beside(&place.ora(query)), &simplifier.ora(&result)?)?;
            }
            if *query == Query::All {
                significant = result.significant().count();
            }
        }
        // A share that was warned of is not said again; one of small collections says nothing.
        let share = if ranked.mapping.mapped_fraction() < 0.5 {
            String::new()
        } else {
            format!(
                " ({:.1} % of the identifiers {})",
                100.0 * ranked.mapping.mapped_fraction(),
                enrich::matched_in_words(&ranked.mapping)
            )
        };
        Ok(format!(
            "{}: {}, {by_gsea} by GSEA{share}",
            table.contrast.id,
            number_of(significant, "over-represented set")
        ))
    }

    /// Says how many identifiers of a contrast were matched.
    fn report_mapping(&mut self, contrast: &str, mapping: &IdMapping) {
        match enrich::describe_mapping(mapping) {
            Ok(note) => self.observer.note(&format!("{contrast}: {note}")),
            Err(warning) => self.warn(format!("{contrast}: {warning}")),
        }
    }

    /// Writes the panels of every contrast; panels without a single gene in the table are left out.
    pub(super) fn panels(
        &mut self,
        tests: &[TestTable],
        expression: &ExpressionMatrix,
        unit: ExpressionUnit,
        labels: &PerGene<GeneLabel>,
    ) -> Result<(), WorkflowError> {
        for test in tests {
            let sources = PanelSources {
                tested: &test.rows,
                expression,
                unit: unit.label(),
                labels,
                identifiers: &self.identifiers,
            };
            for spec in &self.request.panels {
                let table = panels::panel(spec, &sources);
                if table.rows.iter().any(|row| row.gene.is_some()) {
                    let place = self.directory.contrast(&test.contrast.id).panels();
                    panel::write(&place.join(format!("{}.tsv", file_stem(&spec.name))), &table)?;
                } else {
                    self.observer.note(&format!("panel `{}`: none of its genes is in the table", spec.name));
                }
            }
        }
        Ok(())
    }
}
