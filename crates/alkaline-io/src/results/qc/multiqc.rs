//! Read QC as MultiQC shows it without configuration: custom content in `*_mqc.json`.
//!
//! Format: <https://docs.seqera.io/multiqc/custom_content>. The assignment itself is not among it: MultiQC reads the
//! `.summary` file as featureCounts'.

use std::path::Path;

use alkaline_core::results::{QcTable, SampleQc};
use serde_json::{Map, Value, json};

use super::super::table::write_json;
use super::{duplicate_fraction, rrna_fraction};
use crate::error::WriteError;

/// Biotypes that are told apart in the plot; the others are joined.
const BIOTYPES_SHOWN: usize = 9;

/// Writes all files that the samples have data for.
pub(super) fn write(directory: &Path, samples: &[SampleQc]) -> Result<(), WriteError> {
    let mut plots = vec![("general", general(samples)), ("strandedness", strandedness(samples))];
    plots.extend([
        ("biotypes", biotypes(samples)),
        ("origin", bars(samples, "origin", "Where the fragments lie", "fragments")),
        ("junctions", bars(samples, "junctions", "Splice junctions", "junctions")),
        ("insert_size", lines(samples, "insert_size", "Insert size", ["bases", "pairs"])),
        (
            "gene_body_coverage",
            lines(
                samples,
                "gene_body_coverage",
                "Coverage along genes",
                ["% from 5' to 3'", "relative coverage"],
            ),
        ),
        ("saturation", lines(samples, "saturation", "Saturation", ["% of the fragments", "genes detected"])),
    ]);
    for (name, plot) in plots {
        if let Some(plot) = plot {
            write_json(&directory.join(format!("alkaline_{name}_mqc.json")), &plot)?;
        }
    }
    Ok(())
}

/// Values by sample, where there are any.
fn by_sample(samples: &[SampleQc], values: impl Fn(&SampleQc) -> Option<Value>) -> Option<Value> {
    let data: Map<String, Value> =
        samples.iter().filter_map(|qc| Some((qc.sample.clone(), values(qc)?))).collect();
    (!data.is_empty()).then_some(Value::Object(data))
}

/// A plot with its own section.
fn section(name: &str, title: &str, description: &str, kind: &str, labels: [&str; 2], data: Value) -> Value {
    json!({
        "id": format!("alkaline_qc_{name}"), "section_name": title, "description": description, "plot_type": kind,
        "pconfig": {
            "id": format!("alkaline_qc_{name}_plot"), "title": format!("alkaline: {title}"),
            "xlab": labels[0], "ylab": labels[1],
        },
        "data": data,
    })
}

/// Columns of the general statistics.
fn general(samples: &[SampleQc]) -> Option<Value> {
    let percent = |share: f64| json!(100.0 * share);
    let data = by_sample(samples, |qc| {
        let mut values = json!({"genes_detected": qc.genes_detected});
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                values[name] = value;
            }
        };
        set("assigned", (qc.fragments > 0).then(|| percent(qc.assigned as f64 / qc.fragments as f64)));
        set("insert_size", qc.median_insert_size.map(|bases| json!(bases)));
        set("mitochondrial", qc.mitochondrial_fraction.map(percent));
        set("duplicates", duplicate_fraction(qc).map(percent));
        set("rrna", rrna_fraction(qc).map(percent));
        Some(values)
    })?;
    let column = |title: &str, description: &str, suffix: &str| json!({"title": title, "description": description, "suffix": suffix, "format": "{:,.1f}", "namespace": "alkaline count"});
    let whole = |title: &str, description: &str| json!({"title": title, "description": description, "format": "{:,.0f}", "namespace": "alkaline count"});
    Some(json!({
        "id": "alkaline_qc_general", "plot_type": "generalstats",
        "pconfig": {
            "assigned": column("Assigned", "Fragments (or reads) assigned to a gene", "%"),
            "genes_detected": whole("Genes", "Genes with at least one count"),
            "insert_size": whole("Insert", "Median insert size in bases"),
            "duplicates": column("Dups", "Mapped reads marked as duplicates", "%"),
            "mitochondrial": column("MT", "Assigned fragments on mitochondrial genes", "%"),
            "rrna": column("rRNA", "Assigned fragments on genes of ribosomal RNA", "%"),
        },
        "data": data,
    }))
}

fn strandedness(samples: &[SampleQc]) -> Option<Value> {
    let data = by_sample(samples, |qc| {
        let found = &qc.strandedness;
        Some(json!({"forward (-s 1)": found.forward, "reverse (-s 2)": found.reverse}))
    })?;
    let description = "Fragments that each strand rule would assign: equal shares are unstranded.";
    Some(section("strandedness", "Strandedness", description, "bargraph", ["", "fragments"], data))
}

fn biotypes(samples: &[SampleQc]) -> Option<Value> {
    let data = by_sample(samples, |qc| {
        let (shown, others) = qc.biotypes.split_at(qc.biotypes.len().min(BIOTYPES_SHOWN));
        let mut values: Map<String, Value> =
            shown.iter().map(|(biotype, number)| (biotype.clone(), json!(number))).collect();
        let rest: u64 = others.iter().map(|(_, number)| number).sum();
        if rest > 0 {
            values.insert("other".to_owned(), json!(rest));
        }
        (!values.is_empty()).then_some(Value::Object(values))
    })?;
    let description = "Assigned fragments by biotype of their gene.";
    Some(section("biotypes", "Biotypes", description, "bargraph", ["", "fragments"], data))
}

/// The further table called `name` of a sample.
fn table<'a>(qc: &'a SampleQc, name: &str) -> Option<&'a QcTable> {
    qc.tables.iter().find(|table| table.name == name)
}

/// A table of one row as bars; columns that count reads beside junctions are left out.
fn bars(samples: &[SampleQc], name: &str, title: &str, unit: &str) -> Option<Value> {
    let data = by_sample(samples, |qc| {
        let table = table(qc, name)?;
        let cells = table.columns.iter().zip(table.rows.first()?);
        let cells = cells.filter(|(column, _)| !column.ends_with("_reads"));
        Some(Value::Object(cells.map(|(column, value)| (column.clone(), json!(value))).collect()))
    })?;
    let description = samples.iter().find_map(|qc| table(qc, name))?.description.as_str();
    Some(section(name, title, description, "bargraph", ["", unit], data))
}

/// A table of two columns as lines.
fn lines(samples: &[SampleQc], name: &str, title: &str, labels: [&str; 2]) -> Option<Value> {
    let data = by_sample(samples, |qc| {
        let rows = &table(qc, name)?.rows;
        (!rows.is_empty()).then(|| json!(rows))
    })?;
    let description = samples.iter().find_map(|qc| table(qc, name))?.description.as_str();
    Some(section(name, title, description, "linegraph", labels, data))
}
