//! Which column says who a row is about.

use std::collections::HashSet;

use alkaline_core::cohort::ClinicalColumn;

use super::words::number;

/// Names of such columns without what is no letter, the likeliest first.
const NAMES: [&str; 20] = [
    "patientid",
    "patient",
    "bcrpatientbarcode",
    "submitterid",
    "caseid",
    "case",
    "subjectid",
    "subject",
    "participant",
    "participantid",
    "sampleid",
    "sample",
    "samplename",
    "geoaccession",
    "id",
    "pid",
    "name",
    "barcode",
    "specimenid",
    "uid",
];

/// The column that tells the rows apart: by its name, else the first where all its cells differ and are no measurements.
///
/// A column with a fitting name is taken even where cells repeat, if none is better: then the repeats are the problem.
#[must_use]
pub fn identity(columns: &[ClinicalColumn]) -> Option<usize> {
    let letters =
        |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let named: Vec<usize> = NAMES
        .iter()
        .filter_map(|wanted| columns.iter().position(|column| letters(&column.name) == *wanted))
        .collect();
    let told_apart = named.iter().copied().find(|&place| all_differ(&columns[place]));
    let first = columns.first().filter(|column| all_differ(column) && !is_measured(column)).map(|_| 0);
    told_apart.or(named.first().copied()).or(first)
}

fn all_differ(column: &ClinicalColumn) -> bool {
    let distinct: HashSet<&String> = column.cells.iter().collect();
    distinct.len() == column.cells.len() && !distinct.iter().any(|cell| cell.is_empty())
}

/// Whether cells are numbers with fractions.
fn is_measured(column: &ClinicalColumn) -> bool {
    column.cells.iter().any(|cell| number(cell).is_some_and(|value| value.fract() != 0.0))
}
