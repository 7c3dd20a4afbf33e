//! What the template prints: texts, tables and figures, ready to be placed.

use std::collections::HashSet;

use alkaline_core::results::{DispersionSource, GseaTable, OraTable, PanelTable, SampleQc, TestRow};
use askama::Template;

use super::{ReportError, markdown, payload};
use crate::data::{ContrastReport, InputFile, OptionGroup, ReportData, StageTime};
use crate::figures::strandedness::rule;
use crate::figures::{self, ENRICHED, Figure};
use crate::references::Reference;
use crate::{summary, words};

/// Gene sets listed in a table of the report; the rest are in the file.
const SETS_LISTED: usize = 150;
/// Genes listed for readers without JavaScript.
const TOP_GENES: usize = 50;
/// Genes of a set that a table names.
const GENES_NAMED: usize = 12;

/// The whole page.
#[derive(Template)]
#[template(path = "report.html")]
pub(super) struct Page<'a> {
    title: &'a str,
    style: &'static str,
    script: &'static str,
    version: &'a str,
    started: &'a str,
    command_line: &'a str,
    simulated: bool,
    alerts: Vec<String>,
    warnings: &'a [String],
    overlap: Option<FigureView>,
    variables: &'a [String],
    sample_rows: Vec<SampleLine>,
    has_sizes: bool,
    has_qc: bool,
    sample_figures: Vec<FigureView>,
    contrasts: Vec<ContrastView>,
    methods: String,
    references: &'a [Reference],
    stages: Vec<(&'a StageTime, String)>,
    inputs: Vec<(&'a InputFile, String)>,
    options: &'a [OptionGroup],
    components: &'a [(String, String)],
}

/// A figure with its caption.
struct FigureView {
    name: String,
    title: String,
    caption: String,
    svg: String,
}

impl FigureView {
    /// The title up to its first colon: `MA plot`.
    fn short_title(&self) -> &str {
        self.title.split(':').next().unwrap_or_default()
    }
}

/// A row of the sample table; cells that are unknown are empty.
struct SampleLine {
    name: String,
    values: Vec<String>,
    size: String,
    factor: String,
    qc: Option<QcLine>,
}

struct QcLine {
    layout: &'static str,
    fragments: String,
    assigned: String,
    genes: String,
    strand: String,
    mitochondrial: String,
    insert: String,
}

/// A section of the page: one contrast.
struct ContrastView {
    id: String,
    anchor: String,
    tiles: Vec<(String, &'static str, &'static str)>,
    findings: Vec<String>,
    direction: String,
    facts: Vec<(&'static str, String)>,
    data: String,
    top: Vec<GeneLine>,
    genes: usize,
    fdr: f64,
    lfc: f64,
    scatter: Vec<FigureView>,
    further: Vec<FigureView>,
    sensitivity: Option<SensitivityView>,
    ora: Vec<OraView>,
    gsea: Option<GseaView>,
    panels: Vec<PanelView>,
}

/// A row of the table that readers without JavaScript see.
struct GeneLine {
    name: String,
    id: String,
    numbers: [String; 4],
    call: &'static str,
}

struct SensitivityView {
    rows: Vec<(String, usize, usize, bool)>,
    figures: Vec<FigureView>,
}

struct OraView {
    heading: String,
    note: String,
    rows: Vec<SetLine>,
    first: Vec<FigureView>,
    further: Vec<FigureView>,
}

struct GseaView {
    note: String,
    rows: Vec<SetLine>,
    first: Vec<FigureView>,
    running: Vec<FigureView>,
    further: Vec<FigureView>,
}

/// A row of an enrichment table.
struct SetLine {
    ontology: String,
    id: String,
    description: String,
    numbers: Vec<String>,
    genes: String,
    /// All genes of the row, for the script.
    marks: String,
}

struct PanelView {
    heading: String,
    description: String,
    marks: String,
    figures: Vec<FigureView>,
    unit: String,
    samples: Vec<String>,
    rows: Vec<PanelLine>,
}

struct PanelLine {
    symbol: String,
    status: String,
    direction: String,
    fold_change: String,
    fdr: String,
    expression: Vec<String>,
}

/// Arranges `data` for the template.
pub(super) fn page(data: &ReportData) -> Result<Page<'_>, ReportError> {
    let contrasts = data.contrasts.iter().enumerate().map(|(i, contrast)| contrast_view(data, contrast, i));
    let contrasts = contrasts.collect::<Result<Vec<_>, _>>()?;
    Ok(Page {
        title: if data.run.title.is_empty() { "alkaline report" } else { &data.run.title },
        style: include_str!("../../templates/report.css"),
        script: include_str!("../../templates/report.js"),
        version: &data.run.version,
        started: &data.run.started,
        command_line: &data.run.command_line,
        simulated: data.run.simulated,
        alerts: data.contrasts.iter().filter_map(summary::dispersion_warning).collect(),
        warnings: &data.warnings,
        overlap: figures::overlap_figure(data).map(figure_view),
        variables: &data.samples.variables,
        sample_rows: sample_lines(data),
        has_sizes: data.library_sizes.is_some(),
        has_qc: !data.qc.is_empty(),
        sample_figures: figures::sample_figures(data).into_iter().map(figure_view).collect(),
        contrasts,
        methods: methods_html(data),
        references: &data.references,
        stages: data.run.stages.iter().map(|stage| (stage, words::duration(stage.seconds))).collect(),
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

fn figure_view(figure: Figure) -> FigureView {
    let title = figure.content.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next());
    FigureView {
        title: unescaped(title.unwrap_or(&figure.name)),
        name: figure.name,
        caption: figure.caption,
        svg: figure.content,
    }
}

/// The figure's own title, out of its XML: the template escapes it again.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

fn sample_lines(data: &ReportData) -> Vec<SampleLine> {
    let line = |name: &str, values: Vec<String>| {
        let sizes = data.library_sizes.as_ref();
        SampleLine {
            name: name.to_owned(),
            values,
            size: sizes
                .and_then(|s| s.raw.get(name))
                .map_or_else(String::new, |size| words::thousands(size.round() as u64)),
            factor: sizes
                .and_then(|s| s.factors.get(name))
                .map_or_else(String::new, |factor| format!("{factor:.4}")),
            qc: data.qc.iter().find(|qc| qc.sample == name).map(qc_line),
        }
    };
    data.samples.samples.iter().map(|sample| line(sample.id.as_str(), sample.values.clone())).collect()
}

fn qc_line(qc: &SampleQc) -> QcLine {
    use alkaline_core::genome::Layout;
    let layout = match qc.layout {
        Layout::SingleEnd => "single-end",
        Layout::PairedEnd => "paired-end",
        Layout::Mixed => "mixed",
    };
    QcLine {
        layout,
        fragments: words::thousands(qc.fragments),
        assigned: words::percent(qc.assigned as f64 / qc.fragments as f64),
        genes: words::thousands(qc.genes_detected),
        strand: rule(qc.strandedness.used).to_owned(),
        mitochondrial: words::percent(qc.mitochondrial_fraction),
        insert: qc.median_insert_size.map_or_else(|| "–".to_owned(), |size| format!("{size} b")),
    }
}

/// Takes the figures whose name (after the contrast) begins with one of `prefixes` out of `all`.
fn take(all: &mut Vec<Figure>, id: &str, prefixes: &[&str]) -> Vec<FigureView> {
    let wanted = |figure: &Figure| {
        figure.name.strip_prefix(id).and_then(|rest| rest.strip_prefix('.')).is_some_and(|name| {
            prefixes
                .iter()
                .any(|prefix| prefix.strip_suffix('*').map_or(name == *prefix, |stem| name.starts_with(stem)))
        })
    };
    let (taken, rest) = std::mem::take(all).into_iter().partition(wanted);
    *all = rest;
    taken.into_iter().map(figure_view).collect()
}

fn contrast_view(
    data: &ReportData,
    contrast: &ContrastReport,
    number: usize,
) -> Result<ContrastView, ReportError> {
    let test = &contrast.test;
    let slug = words::slug(&test.contrast.id);
    let mut all = figures::contrast_figures(contrast);
    // Networks as GraphML and Cytoscape JSON are files beside the report.
    all.retain(|figure| figure.extension == "svg");
    Ok(ContrastView {
        id: test.contrast.id.clone(),
        anchor: format!("contrast-{number}"),
        tiles: tiles(contrast),
        findings: summary::findings(contrast),
        direction: test.contrast.direction_in_words(),
        facts: test_facts(contrast),
        data: payload::contrast_json(data, test)?,
        top: test.rows.iter().take(TOP_GENES).map(gene_line).collect(),
        genes: test.rows.len(),
        fdr: test.facts.thresholds.fdr,
        lfc: test.facts.thresholds.lfc,
        scatter: take(&mut all, &slug, &["ma", "volcano"]),
        further: take(&mut all, &slug, &["p_histogram"]),
        sensitivity: sensitivity_view(contrast, take(&mut all, &slug, &["sensitivity"])),
        ora: contrast.ora.iter().map(|table| ora_view(table, &mut all, &slug)).collect(),
        gsea: contrast.gsea.as_ref().map(|table| gsea_view(table, &mut all, &slug)),
        panels: contrast.panels.iter().map(|table| panel_view(table, &mut all, &slug)).collect(),
    })
}

fn gene_line(row: &TestRow) -> GeneLine {
    GeneLine {
        name: words::gene_label(row).to_owned(),
        id: row.gene.to_string(),
        numbers: [
            format!("{:.3}", row.log2_fold_change),
            format!("{:.2}", row.log2_cpm),
            words::p_value(row.p_value),
            words::p_value(row.fdr),
        ],
        call: row.direction.word(),
    }
}

/// The numbers at the head of a contrast: value, what it is, class.
fn tiles(contrast: &ContrastReport) -> Vec<(String, &'static str, &'static str)> {
    let number = |value: usize| words::thousands(value as u64);
    let (up, down) = contrast.test.called();
    let mut tiles = vec![
        (number(contrast.test.rows.len()), "genes tested", ""),
        (number(up), "up", "up"),
        (number(down), "down", "down"),
    ];
    if !contrast.ora.is_empty() {
        let enriched =
            contrast.ora.iter().flat_map(|table| &table.rows).filter(|row| row.p_adjusted < ENRICHED);
        let sets: HashSet<&str> = enriched.map(|row| row.id.as_str()).collect();
        tiles.push((number(sets.len()), "over-represented sets", ""));
    }
    if let Some(table) = &contrast.gsea {
        let enriched = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).count();
        tiles.push((number(enriched), "sets enriched along the ranking", ""));
    }
    tiles
}

fn test_facts(contrast: &ContrastReport) -> Vec<(&'static str, String)> {
    let (test, facts) = (&contrast.test, &contrast.test.facts);
    let groups: Vec<String> = facts
        .groups
        .iter()
        .zip(&facts.group_sizes)
        .map(|(group, size)| format!("{group}: {}", words::count_of(*size, "sample")))
        .collect();
    let dispersion = match &facts.dispersion {
        DispersionSource::Estimated => {
            let prior = facts
                .prior_df
                .map_or_else(String::new, |df| format!(", prior df {}", words::significant(df, 3)));
            format!(
                "estimated; common {} (BCV {}){prior}",
                words::significant(facts.common_dispersion, 3),
                words::significant(facts.common_dispersion.sqrt(), 3)
            )
        }
        DispersionSource::Assumed { dispersion } => {
            format!(
                "assumed: {} (BCV {})",
                words::significant(*dispersion, 3),
                words::significant(dispersion.sqrt(), 3)
            )
        }
        DispersionSource::Borrowed { from } => format!("taken from {from}"),
    };
    let genes = if facts.genes_total > 0 {
        format!(
            "{} of {}",
            words::thousands(test.rows.len() as u64),
            words::thousands(facts.genes_total as u64)
        )
    } else {
        words::thousands(test.rows.len() as u64)
    };
    let mut out = vec![("groups", groups.join(", ")), ("genes tested", genes)];
    if !test.contrast.blocking.is_empty() {
        out.push(("held constant", test.contrast.blocking.join(", ")));
    }
    out.push(("test", format!("{} ({})", facts.method, facts.compat)));
    out.push(("dispersion", dispersion));
    out.push(("called at", format!("{}, {} correction", words::thresholds(facts), facts.adjustment)));
    out
}

fn sensitivity_view(contrast: &ContrastReport, figures: Vec<FigureView>) -> Option<SensitivityView> {
    let table = contrast.sensitivity.as_ref()?;
    let used = contrast.assumed_bcv();
    let rows = table.rows.iter().map(|row| {
        let this_run = used.is_some_and(|used| (used - row.bcv).abs() < 1e-9);
        (words::significant(row.bcv, 3), row.up, row.down, this_run)
    });
    Some(SensitivityView { rows: rows.collect(), figures })
}

fn named_genes(genes: &[String]) -> String {
    let mut out = genes.iter().take(GENES_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if genes.len() > GENES_NAMED {
        out.push_str(&format!(" and {} more", genes.len() - GENES_NAMED));
    }
    out
}

/// Genes as the script reads them from an attribute: separated by tabs, which no name holds.
fn marks<S: AsRef<str>>(genes: &[S]) -> String {
    genes.iter().map(AsRef::as_ref).collect::<Vec<&str>>().join("\t")
}

fn sources_in_words(sources: &[alkaline_core::gene_sets::GeneSetSource]) -> String {
    let mut named: Vec<String> = sources
        .iter()
        .map(|source| {
            let version =
                source.version.as_ref().map_or_else(String::new, |version| format!(", release {version}"));
            let licence = source.licence.as_ref().map_or_else(String::new, |licence| format!(", {licence}"));
            format!("{}{version}{licence}", source.name)
        })
        .collect();
    named.dedup();
    named.join("; ")
}

fn ora_view(table: &OraTable, all: &mut Vec<Figure>, id: &str) -> OraView {
    let query = words::slug(&table.query);
    let mut enriched: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    enriched.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let note = format!(
        "{} of {} with adjusted P < {ENRICHED}. Background: {}. Gene sets: {}.",
        enriched.len(),
        words::count_of(table.rows.len(), "tested set"),
        table.universe,
        sources_in_words(&table.sources)
    );
    let rows = enriched.iter().take(SETS_LISTED).map(|row| SetLine {
        ontology: row.ontology.clone(),
        id: row.id.clone(),
        description: row.description.clone(),
        numbers: vec![
            format!("{}/{}", row.hits, row.query_size),
            format!("{}/{}", row.set_size, row.universe_size),
            words::significant(row.fold_enrichment, 3),
            words::p_value(row.p_value),
            words::p_value(row.p_adjusted),
        ],
        genes: named_genes(&row.genes),
        marks: marks(&row.genes),
    });
    OraView {
        heading: figures::ora_dots::query_in_words(&table.query),
        note,
        rows: rows.collect(),
        first: take(all, id, &[&format!("ora_dots_{query}")]),
        further: take(
            all,
            id,
            &[&format!("ora_bars_{query}"), &format!("map_{query}"), &format!("gene_network_{query}")],
        ),
    }
}

fn gsea_view(table: &GseaTable, all: &mut Vec<Figure>, id: &str) -> GseaView {
    let mut enriched: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    enriched.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let note = format!(
        "{} of {} with adjusted P < {ENRICHED}. {} ranked by {}; random seed {}. Gene sets: {}.",
        enriched.len(),
        words::count_of(table.rows.len(), "tested set"),
        words::count_of(table.genes_ranked, "gene"),
        table.ranked_by,
        table.seed,
        sources_in_words(&table.sources)
    );
    let rows = enriched.iter().take(SETS_LISTED).map(|row| SetLine {
        ontology: row.ontology.clone(),
        id: row.id.clone(),
        description: row.description.clone(),
        numbers: vec![
            row.set_size.to_string(),
            words::significant(row.normalized_score, 3),
            words::p_value(row.p_value),
            words::p_value(row.p_adjusted),
            words::p_value(row.camera_p),
        ],
        genes: named_genes(&row.core_enrichment),
        marks: marks(&row.core_enrichment),
    });
    let rows = rows.collect();
    let first = take(all, id, &["gsea_summary"]);
    let further = take(all, id, &["gsea_ridges", "gsea_map", "gsea_upset"]);
    GseaView { note, rows, first, running: take(all, id, &["gsea_*"]), further }
}

fn panel_view(table: &PanelTable, all: &mut Vec<Figure>, id: &str) -> PanelView {
    let number = |value: Option<f64>, print: fn(f64) -> String| value.map_or_else(|| "–".to_owned(), print);
    let rows = table.rows.iter().map(|row| PanelLine {
        symbol: row.symbol.clone(),
        status: row.status.clone(),
        direction: row.direction.clone().unwrap_or_default(),
        fold_change: number(row.log2_fold_change, |value| format!("{value:.2}")),
        fdr: number(row.fdr, words::p_value),
        expression: row.expression.iter().map(|value| words::significant(*value, 3)).collect(),
    });
    PanelView {
        heading: table.name.clone(),
        description: table.description.clone(),
        marks: marks(
            &table.rows.iter().filter_map(|row| row.gene.as_ref()).map(|id| id.as_str()).collect::<Vec<_>>(),
        ),
        figures: take(all, id, &[&format!("panel_{}", words::slug(&table.name))]),
        unit: table.unit.clone(),
        samples: table.samples.iter().map(ToString::to_string).collect(),
        rows: rows.collect(),
    }
}
