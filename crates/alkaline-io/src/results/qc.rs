//! Read QC: `qc.json` with everything, and one small table per question for people and MultiQC.

use std::path::Path;

use alkaline_core::results::SampleQc;

use super::table::{Field, header, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};
use crate::number::Decimal;

/// Columns of `strandedness.tsv`.
const STRANDEDNESS: [&str; 7] =
    ["sample", "unstranded", "forward", "reverse", "forward_fraction", "verdict", "used"];

/// Columns of `overview.tsv`.
const OVERVIEW: [&str; 9] = [
    "sample",
    "layout",
    "alignments",
    "mapped",
    "fragments",
    "assigned",
    "assigned_fraction",
    "genes_detected",
    "median_insert_size",
];

/// Writes everything about the samples to `directory`: `qc.json`, `overview.tsv`, `strandedness.tsv`, `biotypes.tsv`,
/// and each further table of the counting pass as `<name>.tsv`.
///
/// # Errors
/// [`WriteError`].
pub fn write(directory: &Path, samples: &[SampleQc]) -> Result<(), WriteError> {
    write_json(&directory.join("qc.json"), &samples)?;
    write_rows(&directory.join("overview.tsv"), &header(&OVERVIEW), samples, |qc| overview(qc))?;
    write_rows(&directory.join("strandedness.tsv"), &header(&STRANDEDNESS), samples, |qc| strandedness(qc))?;
    write_biotypes(&directory.join("biotypes.tsv"), samples)?;
    write_named_tables(directory, samples)
}

/// One sample in figures.
fn overview(qc: &SampleQc) -> Vec<Field> {
    vec![
        Field::Text(qc.sample.clone()),
        Field::Text(kebab(&qc.layout)),
        Field::Whole(qc.flags.total),
        Field::Whole(qc.flags.mapped),
        Field::Whole(qc.fragments),
        Field::Whole(qc.assigned),
        Field::Real(qc.assigned as f64 / qc.fragments as f64),
        Field::Whole(qc.genes_detected),
        qc.median_insert_size.map_or(Field::Real(f64::NAN), |bases| Field::Whole(bases.into())),
    ]
}

/// The strand rules compared, for one sample.
fn strandedness(qc: &SampleQc) -> Vec<Field> {
    let evidence = &qc.strandedness;
    vec![
        Field::Text(qc.sample.clone()),
        Field::Whole(evidence.unstranded),
        Field::Whole(evidence.forward),
        Field::Whole(evidence.reverse),
        Field::Real(evidence.forward_fraction),
        Field::Text(evidence.verdict.map_or_else(|| "ambiguous".to_owned(), |verdict| kebab(&verdict))),
        Field::Text(kebab(&evidence.used)),
    ]
}

/// The word that an enum is written as.
fn kebab<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// Assigned fragments per biotype and sample, in long form; no file without biotypes.
fn write_biotypes(path: &Path, samples: &[SampleQc]) -> Result<(), WriteError> {
    let rows: Vec<(&str, &str, u64)> = samples
        .iter()
        .flat_map(|qc| {
            qc.biotypes.iter().map(|(biotype, number)| (qc.sample.as_str(), biotype.as_str(), *number))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    write_rows(path, &header(&["sample", "biotype", "fragments"]), rows, |(sample, biotype, number)| {
        vec![Field::Text((*sample).to_owned()), Field::Text((*biotype).to_owned()), Field::Whole(*number)]
    })
}

/// Each further table, the samples below each other.
fn write_named_tables(directory: &Path, samples: &[SampleQc]) -> Result<(), WriteError> {
    let Some(first) = samples.first() else { return Ok(()) };
    for table in &first.tables {
        let mut columns = vec!["sample".to_owned()];
        columns.extend(table.columns.iter().cloned());
        let rows = samples.iter().flat_map(|qc| {
            let same = qc.tables.iter().filter(|other| other.name == table.name);
            same.flat_map(|other| other.rows.iter().map(|row| (qc.sample.as_str(), row)))
        });
        write_rows(&directory.join(format!("{}.tsv", table.name)), &columns, rows, |(sample, row)| {
            let values = row.iter().map(|value| Field::Text(Decimal(*value).to_string()));
            std::iter::once(Field::Text((*sample).to_owned())).chain(values).collect()
        })?;
    }
    Ok(())
}

/// Reads `qc.json`.
///
/// # Errors
/// [`ReadError`].
pub fn read(path: &Path) -> Result<Vec<SampleQc>, ReadError> {
    read_json(path)
}
