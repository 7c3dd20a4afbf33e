//! A whole analysis, stage by stage, from the request to the finished directory.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::identifiers::{IdMapping, IdentifierMap};
use alkaline_core::results::{CountTable, MapMethod, Query, TestTable};
use alkaline_core::words::count as number_of;
use alkaline_core::{ContrastSpec, ExpressionMatrix, GeneSetCollection, PerGene};
use alkaline_io::results::{gsea, library_sizes, ora, panel, sample_map, test_table};
use alkaline_io::{contrasts, file, gene_lengths, rnk, samples};
use rayon::prelude::*;

use crate::error::WorkflowError;
use crate::experiment::CountSource;
use crate::layout::RunDirectory;
use crate::manifest::{FileRecord, RunManifest, StageRecord, Stopwatch, now};
use crate::observer::Observer;
use crate::request::RunRequest;
use crate::stages::count::Counted;
use crate::stages::enrich::Simplifier;
use crate::stages::lengths::KnownLengths;
use crate::stages::panels::PanelSources;
use crate::stages::test::{Prepared, TestSettings};
use crate::stages::{
    count, dispersions, enrich, lengths, naming, normalize, panels, report, sensitivity, test, untested,
};
use crate::staging::Staging;
use crate::{methods, reproduce};

/// What a finished run can say of itself.
#[derive(Clone, Debug)]
pub struct RunOutcome {
    /// The results, contrast by contrast.
    pub tests: Vec<TestTable>,
    /// The record of the run.
    pub manifest: RunManifest,
}

/// Runs the whole analysis and leaves its results in `out`.
///
/// # Errors
/// [`WorkflowError`]; `out` is then as it was before.
pub fn run(request: &RunRequest, out: &Path, observer: &dyn Observer) -> Result<RunOutcome, WorkflowError> {
    check_questions(request)?;
    let staging = Staging::new(out)?;
    let watch = Stopwatch::start();
    let mut run = Run::new(request, staging.directory(), observer)?;
    let counted = run.count()?;
    let labels = naming::gene_labels(&counted.table, &run.identifiers);
    let (expression, unit) = run.normalize(&counted, &labels)?;
    let tests = run.test(&counted.table, &labels)?;
    run.enrich(&tests)?;
    run.panels(&tests, &expression, unit, &labels)?;
    run.record(&counted, &tests, &watch)?;
    run.report(&watch)?;
    let manifest = run.manifest;
    staging.publish()?;
    Ok(RunOutcome { tests, manifest })
}

/// Refuses what cannot be tested before anything is counted.
fn check_questions(request: &RunRequest) -> Result<(), WorkflowError> {
    let experiment = &request.experiment;
    let samples = experiment.sample_index()?;
    for contrast in &experiment.contrasts {
        test::check(contrast, &experiment.sheet, &samples, &request.settings.test)?;
    }
    Ok(())
}

/// A run under way.
struct Run<'a> {
    request: &'a RunRequest,
    directory: RunDirectory,
    observer: &'a dyn Observer,
    identifiers: IdentifierMap,
    manifest: RunManifest,
}

impl<'a> Run<'a> {
    fn new(
        request: &'a RunRequest,
        directory: RunDirectory,
        observer: &'a dyn Observer,
    ) -> Result<Self, WorkflowError> {
        let manifest = RunManifest {
            version: request.version.clone(),
            command: request.command.clone(),
            started: now(),
            title: request.title.clone(),
            simulated: request.simulated,
            threads: rayon::current_num_threads(),
            options: serde_json::to_value(&request.settings).unwrap_or_default(),
            ..RunManifest::default()
        };
        let identifiers = enrich::identifiers(&request.settings.enrich)?;
        Ok(Self { request, directory, observer, identifiers, manifest })
    }

    /// Runs one stage, timed and recorded; `work` gives its result and, in a few words, what came of it.
    fn stage<T>(
        &mut self,
        name: &str,
        work: impl FnOnce(&mut Self) -> Result<(T, String), WorkflowError>,
    ) -> Result<T, WorkflowError> {
        self.observer.stage_started(name);
        let watch = Stopwatch::start();
        let (result, outcome) = work(self)?;
        let seconds = watch.seconds();
        self.observer.stage_finished(name, seconds, &outcome);
        self.manifest.stages.push(StageRecord { stage: name.to_owned(), seconds, outcome });
        Ok(result)
    }

    /// Tells the user, and keeps it for the record.
    fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        self.observer.warning(&text);
        self.manifest.warnings.push(text);
    }

    /// Counts the alignments, or reads the count table.
    fn count(&mut self) -> Result<Counted, WorkflowError> {
        self.stage("count", |run| {
            let request = run.request;
            let counted = match &request.experiment.source {
                CountSource::Alignments(files) => count::from_alignments(
                    &request.experiment,
                    files,
                    request.annotation.as_deref(),
                    &request.settings.count,
                )?,
                CountSource::Table(path) => {
                    let counted = count::from_table(&request.experiment, path, request.table_options())?;
                    naming::refuse_row_numbers(path, &counted.table, &run.identifiers)?;
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
    fn normalize(
        &mut self,
        counted: &Counted,
        labels: &PerGene<GeneLabel>,
    ) -> Result<(ExpressionMatrix, &'static str), WorkflowError> {
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
            let (unit, name) =
                if complete { (ExpressionUnit::Fpkm, "FPKM") } else { (ExpressionUnit::Cpm, "CPM") };
            let genes = panels::genes_shown(&run.request.panels, labels, &run.identifiers);
            let shown = (of_unit(unit)?.of_genes(&genes)?, name);
            Ok((shown, outcome))
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

    /// Tests every contrast.
    fn test(
        &mut self,
        table: &CountTable,
        labels: &PerGene<GeneLabel>,
    ) -> Result<Vec<TestTable>, WorkflowError> {
        self.stage("test", |run| {
            let request = run.request;
            let settings = &request.settings.test;
            let mut shared: Vec<(String, Prepared)> = Vec::new();
            let mut tests = Vec::new();
            for contrast in &request.experiment.contrasts {
                let sheet = &request.experiment.sheet;
                let own = settings.separate.then(|| test::samples_of_contrast(table, sheet, contrast));
                let key = shared_key(contrast, settings)?;
                let known = shared.iter().position(|(other, _)| *other == key);
                let place = match (own, known) {
                    (Some((table, sheet)), _) => {
                        shared.push((String::new(), test::prepare(&table, &sheet, contrast, settings)?));
                        run.tell_samples(contrast, &shared[shared.len() - 1].1);
                        shared.len() - 1
                    }
                    (None, Some(place)) => place,
                    (None, None) => {
                        shared.push((key, test::prepare(table, sheet, contrast, settings)?));
                        run.tell_samples(contrast, &shared[shared.len() - 1].1);
                        shared.len() - 1
                    }
                };
                tests.push(run.test_contrast(&shared[place].1, contrast, labels)?);
            }
            if let Some((_, prepared)) = shared.first() {
                run.write_prepared(prepared, labels)?;
            }
            Ok((tests.clone(), count_words(&tests)))
        })
    }

    /// Says how many samples the groups have, and how columns of numbers were read.
    fn tell_samples(&self, contrast: &ContrastSpec, prepared: &Prepared) {
        for words in prepared.in_words() {
            self.observer.notice(&format!("{}: {words}", contrast.id));
        }
    }

    /// Tests one contrast and writes what came out.
    fn test_contrast(
        &mut self,
        prepared: &Prepared,
        contrast: &ContrastSpec,
        labels: &PerGene<GeneLabel>,
    ) -> Result<TestTable, WorkflowError> {
        let settings = &self.request.settings.test;
        let table = test::test(prepared, contrast, labels, settings)?;
        let place = self.directory.contrast(&contrast.id);
        let filtered = if self.request.keep_filtered { untested::rows(&table, labels) } else { Vec::new() };
        test_table::write(&place.test(), &table, &filtered)?;
        rnk::write(&place.ranks(), &table.ranked_by(self.request.settings.enrich.rank_by))?;
        if let Some(from) = &settings.bcv_from {
            self.warn(format!("{}: the dispersion was borrowed from {}", contrast.id, from.display()));
        }
        if let Some(assumed) = settings.assumed()? {
            let calls = test::sensitivity(prepared, contrast, settings, assumed)?;
            sensitivity::write(&place.sensitivity(), &calls)?;
            sensitivity::write_by_gene(&place.sensitivity_by_gene(), &calls, labels)?;
            self.warn(format!(
                "{}: the dispersion was assumed (BCV {}), not estimated: P values are as good as that guess",
                contrast.id,
                assumed.sqrt()
            ));
        }
        Ok(table)
    }

    /// Writes library sizes, the sample map and what the filter removed.
    fn write_prepared(&self, prepared: &Prepared, labels: &PerGene<GeneLabel>) -> Result<(), WorkflowError> {
        library_sizes::write(&self.directory.library_sizes(), &prepared.sizes, &prepared.groups)?;
        untested::write(&self.directory.filter(), prepared, labels)?;
        dispersions::write(&self.directory.dispersions(), &prepared.dispersion, labels)?;
        let paths = [self.directory.sample_map(), self.directory.principal_components()];
        for (path, method) in paths.iter().zip([MapMethod::Mds, MapMethod::Pca]) {
            if let Some(map) = test::sample_map(prepared, method)? {
                sample_map::write(path, &map)?;
            }
        }
        Ok(())
    }

    /// Tests gene sets for every contrast.
    fn enrich(&mut self, tests: &[TestTable]) -> Result<(), WorkflowError> {
        self.stage("enrich", |run| {
            let collections = enrich::collections(&run.request.settings.enrich, run.observer)?;
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
    fn panels(
        &mut self,
        tests: &[TestTable],
        expression: &ExpressionMatrix,
        unit: &str,
        labels: &PerGene<GeneLabel>,
    ) -> Result<(), WorkflowError> {
        for test in tests {
            let sources =
                PanelSources { tested: &test.rows, expression, unit, labels, identifiers: &self.identifiers };
            for spec in &self.request.panels {
                let table = panels::panel(spec, &sources);
                if table.rows.iter().any(|row| row.gene.is_some()) {
                    let place = self.directory.contrast(&test.contrast.id).panels();
                    panel::write(&place.join(format!("{}.tsv", spec.name)), &table)?;
                } else {
                    self.observer.note(&format!("panel `{}`: none of its genes is in the table", spec.name));
                }
            }
        }
        Ok(())
    }

    /// Writes the record, the methods paragraph and the R script.
    fn record(
        &mut self,
        counted: &Counted,
        tests: &[TestTable],
        watch: &Stopwatch,
    ) -> Result<(), WorkflowError> {
        let inputs = count::input_files(self.request);
        let records: Result<Vec<FileRecord>, _> =
            inputs.par_iter().map(|(role, path)| FileRecord::of(role, path)).collect();
        self.manifest.inputs = records?;
        self.manifest.methods = methods::facts(self.request, counted, tests, &self.directory);
        self.manifest.seconds = watch.seconds();
        self.write_manifest()?;
        let text =
            |path: &Path, text: &str| file::write_atomically(path, |out| out.write_all(text.as_bytes()));
        text(&self.directory.methods(), &methods::markdown(&self.manifest.methods))?;
        text(&self.directory.reproduce(), &reproduce::script(self.request)?)?;
        Ok(())
    }

    /// Makes the report from the files, then completes the record.
    fn report(&mut self, watch: &Stopwatch) -> Result<(), WorkflowError> {
        self.stage(report::STAGE, |run| {
            let data = report::load(&run.directory)?;
            report::write(&run.directory, &data)?;
            Ok(((), "report.html".to_owned()))
        })?;
        self.manifest.outputs = count::output_files(&self.directory)?;
        self.manifest.seconds = watch.seconds();
        self.write_manifest()
    }

    fn write_manifest(&self) -> Result<(), WorkflowError> {
        Ok(alkaline_io::results::table::write_json(&self.directory.manifest(), &self.manifest)?)
    }
}

/// What decides whether two contrasts share filter, library sizes and dispersion: grouping or design, and its baseline.
fn shared_key(contrast: &ContrastSpec, settings: &TestSettings) -> Result<String, WorkflowError> {
    Ok(match settings.formula_for(contrast)? {
        None => contrast.variable.clone(),
        Some(formula) => {
            let blocking = contrast.blocking.join(";");
            format!("{} | {} {} | {blocking}", formula.0, contrast.variable, contrast.reference)
        }
    })
}

/// "resistant_vs_parental: 403 up, 260 down".
fn count_words(tests: &[TestTable]) -> String {
    let words = tests.iter().map(|table| {
        let (up, down) = table.called();
        format!("{}: {up} up, {down} down of {} tested", table.contrast.id, table.rows.len())
    });
    words.collect::<Vec<_>>().join("; ")
}
