//! Read QC: `qc.json` with everything, one small table per question for people, and what MultiQC shows by itself.

mod multiqc;
mod shares;

use std::path::Path;

use alkaline_core::results::{AlignmentFlags, SampleQc};

use self::shares::{duplicate_fraction, rrna_fraction};
use super::line::Line;
use super::table::{header, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};

/// Columns of `strandedness.tsv`.
const STRANDEDNESS: [&str; 7] =
    ["sample", "unstranded", "forward", "reverse", "forward_fraction", "verdict", "used"];

/// Columns of `overview.tsv`.
const OVERVIEW: [&str; 13] = [
    "sample",
    "layout",
    "alignments",
    "mapped",
    "fragments",
    "assigned",
    "assigned_fraction",
    "genes_detected",
    "median_insert_size",
    "duplicate_fraction",
    "mitochondrial_fraction",
    "rrna_fraction",
    "warnings",
];

/// The file that holds everything, from which [`read`] reads.
pub const FILE_NAME: &str = "qc.json";

/// Writes everything about the samples to `directory`: `qc.json`, `overview.tsv`, `flagstat.tsv`, `strandedness.tsv`,
/// `biotypes.tsv`, each further table of the counting pass as `<name>.tsv`, and `*_mqc.json` for MultiQC.
///
/// # Errors
/// [`WriteError`].
pub fn write(directory: &Path, samples: &[SampleQc]) -> Result<(), WriteError> {
    write_json(&directory.join(FILE_NAME), &samples)?;
    write_rows(&directory.join("overview.tsv"), &header(&OVERVIEW), samples, |line, qc| {
        add_overview(line, qc)
    })?;
    write_flags(&directory.join("flagstat.tsv"), samples)?;
    multiqc::write(directory, samples)?;
    write_rows(&directory.join("strandedness.tsv"), &header(&STRANDEDNESS), samples, |line, qc| {
        add_strandedness(line, qc)
    })?;
    write_biotypes(&directory.join("biotypes.tsv"), samples)?;
    write_named_tables(directory, samples)
}

/// One sample in figures.
fn add_overview(line: &mut Line, qc: &SampleQc) {
    line.text(&qc.sample)
        .text(&kebab(&qc.layout))
        .whole(qc.flags.total)
        .whole(qc.flags.mapped)
        .whole(qc.fragments)
        .whole(qc.assigned)
        .real(qc.assigned as f64 / qc.fragments as f64)
        .whole(qc.genes_detected)
        .optional_real(qc.median_insert_size.map(f64::from))
        .optional_real(duplicate_fraction(qc))
        .optional_real(qc.mitochondrial_fraction)
        .optional_real(rrna_fraction(qc))
        .text(&qc.warnings.join("; "));
}

/// The numbers of `samtools flagstat`, one column each.
fn write_flags(path: &Path, samples: &[SampleQc]) -> Result<(), WriteError> {
    let columns = flag_numbers(&AlignmentFlags::default()).map(|(name, _)| name);
    let mut names = vec!["sample"];
    names.extend(columns);
    write_rows(path, &header(&names), samples, |line, qc| {
        let numbers = flag_numbers(&qc.flags);
        numbers.iter().fold(line.text(&qc.sample), |line, (_, number)| line.whole(*number));
    })
}

/// The numbers with their names, in flagstat's order.
fn flag_numbers(flags: &AlignmentFlags) -> [(&'static str, u64); 17] {
    [
        ("total", flags.total),
        ("primary", flags.primary),
        ("secondary", flags.secondary),
        ("supplementary", flags.supplementary),
        ("duplicates", flags.duplicates),
        ("primary_duplicates", flags.primary_duplicates),
        ("mapped", flags.mapped),
        ("primary_mapped", flags.primary_mapped),
        ("paired", flags.paired),
        ("read1", flags.read1),
        ("read2", flags.read2),
        ("properly_paired", flags.properly_paired),
        ("with_mate_mapped", flags.with_mate_mapped),
        ("singletons", flags.singletons),
        ("mate_on_other_contig", flags.mate_on_other_contig),
        ("mate_on_other_contig_q5", flags.mate_on_other_contig_q5),
        ("qc_failed", flags.qc_failed),
    ]
}

/// The strand rules compared, for one sample.
fn add_strandedness(line: &mut Line, qc: &SampleQc) {
    let evidence = &qc.strandedness;
    line.text(&qc.sample)
        .whole(evidence.unstranded)
        .whole(evidence.forward)
        .whole(evidence.reverse)
        .real(evidence.forward_fraction)
        .text(&evidence.verdict.map_or_else(|| "ambiguous".to_owned(), |verdict| kebab(&verdict)))
        .text(&kebab(&evidence.used));
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
    write_rows(path, &header(&["sample", "biotype", "fragments"]), rows, |line, (sample, biotype, number)| {
        line.text(sample).text(biotype).whole(*number);
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
        write_rows(&directory.join(format!("{}.tsv", table.name)), &columns, rows, |line, (sample, row)| {
            line.text(sample).reals(row.iter().copied());
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
