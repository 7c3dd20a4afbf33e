//! What the template prints: texts, tables and figures, ready to be placed.

mod contrast;
mod figures;
mod gene_sets;
mod panels;
mod samples;

use askama::Template;

use self::contrast::{ContrastView, contrast_view};
use self::figures::{FigureView, figure_view};
use self::samples::{SampleLine, sample_lines, samples_in_words};
use super::{ReportError, markdown};
use crate::data::{InputFile, OptionGroup, ReportData, StageOutcome};
use crate::figures::{comparison_figures, sample_figures};
use crate::references::Reference;
use crate::{summary, words};

/// The whole page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'a> {
    title: &'a str,
    style: &'static str,
    script: &'static str,
    version: &'a str,
    date: &'a str,
    command_line: &'a str,
    simulated: bool,
    alerts: Vec<String>,
    warnings: &'a [String],
    comparison: Vec<FigureView>,
    variables: &'a [String],
    sample_rows: Vec<SampleLine>,
    samples_in_words: String,
    has_sizes: bool,
    has_qc: bool,
    sample_figures: Vec<FigureView>,
    contrasts: Vec<ContrastView>,
    methods: String,
    references: &'a [Reference],
    stages: &'a [StageOutcome],
    inputs: Vec<(&'a InputFile, String)>,
    options: &'a [OptionGroup],
    components: &'a [(String, String)],
}

/// Arranges `data` for the template.
pub(super) fn page(data: &ReportData) -> Result<Page<'_>, ReportError> {
    let groups = data.sample_groups();
    let numbered = data.contrasts.iter().enumerate();
    let contrasts = numbered.map(|(i, contrast)| contrast_view(data, contrast, i, &groups));
    let contrasts = contrasts.collect::<Result<Vec<_>, _>>()?;
    Ok(Page {
        title: if data.run.title.is_empty() { "alkaline report" } else { &data.run.title },
        style: include_str!("../../../templates/report.css"),
        script: include_str!("../../../templates/report.js"),
        version: &data.run.version,
        date: &data.run.date,
        command_line: &data.run.command_line,
        simulated: data.run.simulated,
        alerts: data.contrasts.iter().filter_map(summary::dispersion_warning).collect(),
        warnings: &data.warnings,
        comparison: comparison_figures(data).into_iter().map(figure_view).collect(),
        variables: &data.samples.variables,
        sample_rows: sample_lines(data),
        samples_in_words: samples_in_words(data),
        has_sizes: data.library_sizes.is_some(),
        has_qc: !data.qc.is_empty(),
        sample_figures: sample_figures(data).into_iter().map(figure_view).collect(),
        contrasts,
        methods: methods_html(data),
        references: &data.references,
        stages: &data.run.stages,
        inputs: data.run.inputs.iter().map(|file| (file, words::bytes(file.bytes))).collect(),
        options: &data.run.options,
        components: &data.run.components,
    })
}

/// The methods text; its list of references is left out where the report prints its own.
fn methods_html(data: &ReportData) -> String {
    let text = if data.references.is_empty() {
        data.methods.as_str()
    } else {
        data.methods.split("## References").next().unwrap_or_default()
    };
    markdown::html(text)
}
