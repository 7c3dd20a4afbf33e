//! The report, made from the files of a run and from nothing else: a run and `alkaline report` give the same page.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_core::expression::ExpressionUnit;
use alkaline_core::results::{PanelTable, Query};
use alkaline_core::{ContrastSpec, ExpressionMatrix, GeneId, SampleId};
use alkaline_io::file::write_atomically;
use alkaline_io::results::{
    expression, gsea, id_mapping, library_sizes, ora, panel, qc, sample_map, sensitivity, test_table,
};
use alkaline_io::{ReadError, contrasts, counts, rnk, samples};
use alkaline_report::methods::methods_with_references;
use alkaline_report::{
    ContrastReport, InputFile, MethodsFacts, OptionGroup, ReportData, RunFacts, SensitivityTable,
    StageOutcome,
};

use super::enrich::tested_part;
use super::test::TestSettings;
use crate::error::WorkflowError;
use crate::record::manifest::{RunManifest, StageRecord};
use crate::store::RunDirectory;
use crate::store::layout::ContrastDirectory;
use crate::store::receipt::Ending;

/// Reads everything that the report of the run in `directory` shows, beside what its record and its methods tell.
///
/// # Errors
/// [`WorkflowError::Read`] when a file of the run is missing or damaged.
pub fn load(
    directory: &RunDirectory,
    manifest: &RunManifest,
    facts: &MethodsFacts,
) -> Result<ReportData, WorkflowError> {
    let contrasts = contrasts::read(&directory.contrasts_file())?;
    let (methods, references) = methods_with_references(facts);
    let summary = counts::summary_path(&directory.counts());
    let mut data = ReportData {
        samples: samples::read(&directory.samples())?,
        group_by: contrasts.iter().map(|contrast| contrast.variable.clone()).find(|name| !name.is_empty()),
        library_sizes: if_there(&directory.library_sizes(), library_sizes::read)?.map(|(sizes, _)| sizes),
        count_summary: if_there(&summary, counts::read_summary)?,
        qc: if_there(&directory.qc().join("qc.json"), qc::read)?.unwrap_or_default(),
        sample_map: if_there(&directory.sample_map(), sample_map::read)?,
        contrasts: contrasts
            .iter()
            .map(|contrast| load_contrast(directory, contrast, manifest))
            .collect::<Result<_, _>>()?,
        methods,
        references,
        warnings: manifest.warnings.clone(),
        run: run_facts(manifest),
        expression: None,
    };
    data.expression = load_expression(directory, &data)?;
    Ok(data)
}

/// The part of the expression values that the page shows: genes that some contrast tested, of very many the first ones.
fn load_expression(
    directory: &RunDirectory,
    data: &ReportData,
) -> Result<Option<ExpressionMatrix>, WorkflowError> {
    let shown = data.expression_shown();
    let of_contrast = |contrast: &'_ ContrastReport| -> Vec<GeneId> {
        contrast.test.rows.iter().take(shown.genes).map(|row| row.gene.clone()).collect()
    };
    let genes: HashSet<GeneId> = data.contrasts.iter().flat_map(of_contrast).collect();
    let samples: HashSet<&str> = shown.samples.iter().map(SampleId::as_str).collect();
    let of_run = [ExpressionUnit::LogCpm, ExpressionUnit::Log2];
    let Some(unit) = of_run.into_iter().find(|unit| directory.expression(*unit).exists()) else {
        return Ok(None);
    };
    let (gene, sample) = (|gene: &str| genes.contains(gene), |sample: &str| samples.contains(sample));
    Ok(Some(expression::read_part(&directory.expression(unit), unit, gene, sample)?))
}

/// Writes the page, the figures and the files for MultiQC of the run in `directory`.
///
/// # Errors
/// [`WorkflowError`] when the page cannot be made or written.
pub fn write(directory: &RunDirectory, data: &ReportData) -> Result<(), WorkflowError> {
    let text = |path: &Path, text: &str| write_atomically(path, |out| out.write_all(text.as_bytes()));
    for figure in alkaline_report::figures(data) {
        text(&directory.figures().join(figure.file_name()), &figure.content)?;
    }
    for (name, content) in alkaline_report::multiqc_files(data) {
        text(&directory.multiqc().join(name), &content)?;
    }
    Ok(text(&directory.report(), &alkaline_report::render(data)?)?)
}

/// Reads a file that a run may lack.
fn if_there<T>(path: &Path, read: impl Fn(&Path) -> Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    if path.exists() { read(path).map(Some) } else { Ok(None) }
}

/// Everything about one contrast.
fn load_contrast(
    directory: &RunDirectory,
    contrast: &ContrastSpec,
    manifest: &RunManifest,
) -> Result<ContrastReport, WorkflowError> {
    let place = directory.contrast(&contrast.id);
    let mut report = ContrastReport::new(test_table::read(&place.test())?);
    load_other_tests(&mut report, &place, directory, manifest)?;
    for query in &Query::OF_TABLE {
        report.ora.extend(if_there(&place.ora(query), ora::read)?);
    }
    if let Some((table, curves)) = if_there(&place.gsea(), gsea::read)? {
        let ranks = if_there(&place.ranks(), |path| rnk::read(path).map(|(ranks, _)| ranks))?;
        let ids = place.identifiers().with_extension("ids.tsv");
        let outcomes = if_there(&ids, id_mapping::read_outcomes)?.unwrap_or_default();
        let outcomes = outcomes.iter().map(|(id, outcome)| (id.as_str(), outcome.as_str()));
        report.ranks = ranks.map(|ranks| tested_part(ranks, outcomes, table.genes_ranked));
        report.gsea = Some(table);
        report.running_scores = curves;
    }
    report.panels = load_panels(&place, directory, manifest)?;
    report.sensitivity =
        if_there(&place.sensitivity(), sensitivity::read)?.map(|rows| SensitivityTable { rows });
    report.largest_bcv =
        if_there(&place.sensitivity_by_gene(), sensitivity::read_by_gene)?.unwrap_or_default();
    Ok(report)
}

/// The tests that answered beside the first, as the run left them; what the first is called stands in the options of the run.
fn load_other_tests(
    report: &mut ContrastReport,
    place: &ContrastDirectory,
    directory: &RunDirectory,
    manifest: &RunManifest,
) -> Result<(), WorkflowError> {
    let settings: TestSettings = serde_json::from_value(manifest.options["test"].clone()).unwrap_or_default();
    let left: HashSet<PathBuf> =
        manifest.outputs.iter().map(|output| directory.root().join(&output.path)).collect();
    for method in &settings.also {
        let word = method.word();
        let path = place.further_test(&word);
        if left.contains(&path) {
            report.others.push((word, test_table::read(&path)?));
        }
    }
    if let Some(method) = settings.method {
        report.method = method.word();
    }
    Ok(())
}

/// The panels of a contrast, by name: those that the run left, whatever else lies beside them.
fn load_panels(
    place: &ContrastDirectory,
    directory: &RunDirectory,
    manifest: &RunManifest,
) -> Result<Vec<PanelTable>, WorkflowError> {
    let is_table = |path: &PathBuf| {
        path.extension().is_some_and(|extension| extension == "tsv") && path.starts_with(place.panels())
    };
    let left = manifest.outputs.iter().map(|output| directory.root().join(&output.path));
    let mut paths: Vec<PathBuf> = left.filter(is_table).collect();
    paths.sort();
    Ok(paths.iter().map(|path| panel::read(path)).collect::<Result<_, _>>()?)
}

/// The facts of the run; nodes of one stage that are many are told as one.
fn run_facts(manifest: &RunManifest) -> RunFacts {
    RunFacts {
        title: manifest.title.clone(),
        version: manifest.version.clone(),
        command_line: manifest.command.join(" "),
        date: manifest.date.clone(),
        stages: stages_told(&manifest.stages),
        inputs: manifest
            .inputs
            .iter()
            .map(|file| InputFile {
                role: file.role.clone(),
                path: file.path.display().to_string(),
                bytes: file.bytes,
                blake3: file.blake3.clone(),
            })
            .collect(),
        options: option_groups(&manifest.options),
        components: manifest.components.clone(),
        simulated: manifest.simulated,
    }
}

/// Up to so many nodes of one stage are told one by one.
const NODES_TOLD: usize = 12;

/// What came of each node, or of all nodes of a stage that has very many.
fn stages_told(records: &[StageRecord]) -> Vec<StageOutcome> {
    let mut told: Vec<StageOutcome> = Vec::new();
    for same in records.chunk_by(|a, b| a.stage == b.stage) {
        if same.len() > NODES_TOLD {
            let left_out = same.iter().filter(|record| record.ending == Ending::LeftOut).count();
            let rest = if left_out > 0 { format!(", {left_out} of them left out") } else { String::new() };
            told.push(StageOutcome {
                stage: same[0].stage.clone(),
                outcome: format!("{} times{rest}", same.len()),
            });
        } else {
            told.extend(
                same.iter().map(|record| StageOutcome {
                    stage: record.task.clone(),
                    outcome: record.outcome.clone(),
                }),
            );
        }
    }
    told
}

/// The resolved options, one group per section.
fn option_groups(options: &serde_json::Value) -> Vec<OptionGroup> {
    let sections = options.as_object().into_iter().flatten();
    sections
        .map(|(name, section)| {
            let mut values = Vec::new();
            flatten("", section, &mut values);
            OptionGroup { name: name.clone(), values }
        })
        .collect()
}

/// Nested options as `outer.inner` pairs.
fn flatten(prefix: &str, value: &serde_json::Value, values: &mut Vec<(String, String)>) {
    match value {
        serde_json::Value::Object(map) => {
            for (name, inner) in map {
                let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&name, inner, values);
            }
        }
        serde_json::Value::String(text) => values.push((prefix.to_owned(), text.clone())),
        serde_json::Value::Null => values.push((prefix.to_owned(), "by default".to_owned())),
        other => values.push((prefix.to_owned(), other.to_string())),
    }
}
