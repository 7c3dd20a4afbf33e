//! What MultiQC shows without configuration: custom content and versions.
//!
//! Small summaries only: MultiQC is slow with thousands of points, and the report itself shows those.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::data::ReportData;
use crate::figures::samples::sample_map;
use crate::svg::palette;

/// Files for MultiQC: names (ending in `_mqc.json` or `_mqc_versions.yml`) with their contents.
pub fn multiqc_files(data: &ReportData) -> Vec<(String, String)> {
    let mut files = Vec::new();
    files.extend(general_statistics(data).map(|value| file("alkaline_general_mqc.json", &value)));
    files.extend(called_genes(data).map(|value| file("alkaline_genes_mqc.json", &value)));
    files.extend(sample_scatter(data).map(|value| file("alkaline_samples_mqc.json", &value)));
    files.push(("alkaline_mqc_versions.yml".to_owned(), versions(data)));
    files
}

fn file(name: &str, value: &Value) -> (String, String) {
    (name.to_owned(), format!("{value:#}\n"))
}

/// Library size, factor, share assigned and genes detected, per sample.
fn general_statistics(data: &ReportData) -> Option<Value> {
    let mut samples: Map<String, Value> = Map::new();
    let mut set = |sample: &str, key: &str, value: Value| {
        let entry = samples.entry(sample).or_insert_with(|| json!({}));
        entry[key] = value;
    };
    if let Some(sizes) = &data.library_sizes {
        for ((sample, size), factor) in sizes.raw.iter().zip(sizes.factors.values()) {
            set(sample.as_str(), "library_size", json!(size));
            set(sample.as_str(), "norm_factor", json!(factor));
        }
    }
    if let Some(summary) = &data.count_summary {
        for (i, sample) in summary.samples.ids().iter().enumerate() {
            let share = summary.assigned_fraction(i);
            if share.is_finite() {
                set(sample.as_str(), "assigned", json!(100.0 * share));
            }
        }
    }
    for qc in &data.qc {
        set(&qc.sample, "genes_detected", json!(qc.genes_detected));
    }
    if samples.is_empty() {
        return None;
    }
    Some(json!({
        "id": "alkaline_general", "plot_type": "generalstats",
        "pconfig": {
            "library_size": {"title": "Library size", "description": "Counts on genes", "format": "{:,.0f}", "namespace": "alkaline"},
            "norm_factor": {"title": "Norm. factor", "description": "Factor that corrects the library size for composition", "format": "{:,.3f}", "namespace": "alkaline"},
            "assigned": {"title": "Assigned", "description": "Share of reads or fragments assigned to genes", "suffix": "%", "max": 100, "min": 0, "namespace": "alkaline"},
            "genes_detected": {"title": "Genes", "description": "Genes with at least one count", "format": "{:,.0f}", "namespace": "alkaline"}
        },
        "data": samples,
    }))
}

/// Genes called up and down, per contrast.
fn called_genes(data: &ReportData) -> Option<Value> {
    if data.contrasts.is_empty() {
        return None;
    }
    let mut contrasts: Map<String, Value> = Map::new();
    for contrast in &data.contrasts {
        let (up, down) = contrast.test.called();
        contrasts.insert(contrast.test.contrast.id.clone(), json!({"up": up, "down": down}));
    }
    Some(json!({
        "id": "alkaline_genes", "section_name": "Differential expression",
        "description": "Genes called up and down per contrast (alkaline).",
        "plot_type": "bargraph",
        "pconfig": {"id": "alkaline_genes_plot", "title": "alkaline: differentially expressed genes", "ylab": "genes", "cpswitch": false},
        "categories": {"up": {"name": "up", "color": palette::UP}, "down": {"name": "down", "color": palette::DOWN}},
        "data": contrasts,
    }))
}

/// The map of the samples.
fn sample_scatter(data: &ReportData) -> Option<Value> {
    let points = sample_map::points(data)?;
    let mut samples: Map<String, Value> = Map::new();
    for (name, group, x, y) in &points.samples {
        let color = group.map_or(palette::NOT_SIGNIFICANT, palette::group);
        samples.insert(name.clone(), json!({"x": x, "y": y, "color": color}));
    }
    Some(json!({
        "id": "alkaline_samples", "section_name": "Map of the samples",
        "description": sample_map::caption(&points),
        "plot_type": "scatter",
        "pconfig": {"id": "alkaline_samples_plot", "title": "alkaline: map of the samples", "xlab": points.axes[0], "ylab": points.axes[1]},
        "data": samples,
    }))
}

/// Versions, quoted as YAML wants them.
fn versions(data: &ReportData) -> String {
    let quoted = |text: &str| Value::from(text).to_string();
    let mut out = format!("alkaline:\n  alkaline: {}\n", quoted(&data.run.version));
    for (name, version) in &data.run.components {
        let _ = writeln!(out, "  {}: {}", quoted(name), quoted(version));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_files_are_named_as_multiqc_searches_them() {
        let files = multiqc_files(&fixture::report(50));
        assert_eq!(files.len(), 4);
        for (name, content) in &files {
            assert!(name.ends_with("_mqc.json") || name.ends_with("_mqc_versions.yml"));
            if name.ends_with(".json") {
                assert!(serde_json::from_str::<Value>(content).unwrap()["data"].is_object());
            }
        }
    }

    #[test]
    fn an_empty_run_still_tells_its_version() {
        let files = multiqc_files(&ReportData::default());
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].0, "alkaline_mqc_versions.yml");
    }
}
