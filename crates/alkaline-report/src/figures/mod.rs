//! The figures, each in two halves: `points` picks and arranges what is shown, `draw` puts it on the page.

pub mod cohort;
mod figure;
pub mod gene_sets;
pub mod genes;
pub mod parts;
pub mod samples;

pub(crate) use figure::ENRICHED;
pub use figure::Figure;
use gene_sets::enrichment;
use gene_sets::gene_values::GeneValues;
use genes::{
    contrast_overlap, fold_changes, ma, method_overlap, p_histogram, p_pairs, panel, sensitivity, volcano,
};
use parts::{scatter, stacked_bars, upset};
use samples::{assignment, biotypes, library_sizes, origin, qc_curves, sample_map, strandedness};

use crate::data::{ContrastReport, ReportData, SampleGroups};
use crate::words;

#[cfg(test)]
pub(crate) use crate::fixture;

/// Every figure of the report, those of the samples first, then contrast by contrast.
///
/// Names of the figures of a contrast begin with its identifier. Networks come as SVG, GraphML and Cytoscape JSON.
pub fn figures(data: &ReportData) -> Vec<Figure> {
    let mut all = sample_figures(data);
    all.extend(comparison_figures(data));
    let groups = data.sample_groups();
    for contrast in &data.contrasts {
        all.extend(contrast_figures(contrast, &groups));
    }
    all
}

/// The figures that hold contrasts against each other; none with a single contrast.
pub(crate) fn comparison_figures(data: &ReportData) -> Vec<Figure> {
    let overlap = contrast_overlap::points(data).map(|points| {
        Figure::new("contrast_overlap", contrast_overlap::CAPTION, &contrast_overlap::draw(&points))
    });
    let pairs = fold_changes::points(data).into_iter().enumerate().map(|(i, points)| {
        Figure::new(format!("fold_changes_{}", i + 1), fold_changes::CAPTION, &fold_changes::draw(&points))
    });
    overlap.into_iter().chain(pairs).collect()
}

/// The figures that show samples.
pub(crate) fn sample_figures(data: &ReportData) -> Vec<Figure> {
    let mut out = Vec::new();
    if let Some(points) = library_sizes::points(data) {
        out.push(Figure::new("library_sizes", points.caption.clone(), &library_sizes::draw(&points)));
    }
    if let Some(points) = sample_map::points(data) {
        out.push(Figure::new("sample_map", sample_map::caption(&points), &sample_map::draw(&points)));
    }
    let bars = [
        ("assignment", data.count_summary.as_ref().and_then(assignment::points)),
        ("origin", origin::points(&data.qc)),
        ("biotypes", biotypes::points(&data.qc)),
    ];
    for (name, points) in bars {
        if let Some(points) = points {
            let points = points.bounded();
            out.push(Figure::new(name, points.caption.clone(), &stacked_bars::draw(&points)));
        }
    }
    if let Some(points) = strandedness::points(&data.qc) {
        out.push(Figure::new("strandedness", points.caption.clone(), &strandedness::draw(&points)));
    }
    for points in qc_curves::points(data) {
        out.push(Figure::new(points.name.clone(), points.caption.clone(), &qc_curves::draw(&points)));
    }
    out
}

/// The figures of one contrast.
pub(crate) fn contrast_figures(contrast: &ContrastReport, groups: &SampleGroups) -> Vec<Figure> {
    let test = &contrast.test;
    let id = words::slug(&test.contrast.id);
    let mut out = test_figures(contrast, &id);
    let fold_changes = GeneValues::of_test(test);
    for table in &contrast.ora {
        out.extend(enrichment::of_ora(&format!("{id}."), table, &fold_changes));
    }
    if let Some(table) = &contrast.gsea {
        let (curves, ranks) = (&contrast.running_scores, contrast.ranks.as_ref());
        out.extend(enrichment::of_gsea(&format!("{id}."), table, curves, ranks, &fold_changes));
    }
    for table in &contrast.panels {
        if let Some(points) = panel::points(table, test, groups) {
            let name = format!("{id}.panel_{}", words::slug(&table.name));
            out.push(Figure::new(name, panel::caption(&points), &panel::draw(&points)));
        }
    }
    out
}

fn test_figures(contrast: &ContrastReport, id: &str) -> Vec<Figure> {
    let test = &contrast.test;
    if test.rows.is_empty() {
        return Vec::new();
    }
    let mut out = vec![
        Figure::new(format!("{id}.ma"), ma::CAPTION, &scatter::draw(&ma::points(test))),
        Figure::new(format!("{id}.volcano"), volcano::CAPTION, &scatter::draw(&volcano::points(test))),
        Figure::new(
            format!("{id}.p_histogram"),
            p_histogram::CAPTION,
            &p_histogram::draw(&p_histogram::points(test)),
        ),
    ];
    let tests = contrast.tests();
    if let Some(points) = method_overlap::points(&tests) {
        let caption = points.caption.clone();
        out.push(Figure::new(format!("{id}.method_overlap"), caption, &upset::draw(&points)));
    }
    for (i, points) in p_pairs::points(&tests).iter().enumerate() {
        let name = format!("{id}.p_pair_{}", i + 1);
        out.push(Figure::new(name, p_pairs::CAPTION, &p_pairs::draw(points)));
    }
    if let Some(points) = contrast.sensitivity.as_ref().and_then(|table| sensitivity::points(table, contrast))
    {
        out.push(Figure::new(format!("{id}.sensitivity"), sensitivity::CAPTION, &sensitivity::draw(&points)));
    }
    out
}
