//! Reads markers: a panel, whose rows are samples, or expression, whose columns are samples.
//!
//! Which of the two it is, the names of the patients tell.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::cohort::{ClinicalColumn, Marker, MarkerTable};
use alkaline_core::words::{count, listed};
use serde::{Deserialize, Serialize};

use super::layout::identity;
use super::matching::Names;
use super::measurement::{Measurement, measurement};
use super::table::{Columns, read_columns};
use super::words::{has, words};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};

/// What a value below detection becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BelowDetection {
    /// Half the limit: the one that the cell tells, else the marker's smallest value.
    #[default]
    Half,
    /// The limit itself.
    Limit,
    /// Missing.
    Missing,
}

/// What is read as a marker.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkerOptions {
    /// What a value below detection becomes.
    pub below: BelowDetection,
    /// Columns that are no markers, by name.
    pub exclude: Vec<String>,
    /// Markers to read; empty for all.
    pub only: Vec<String>,
    /// Whether the file is the table of the patients itself: its rows are the patients.
    pub rows_are_patients: bool,
}

/// Markers, and what was decided while reading them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MarkerFile {
    /// The markers.
    pub table: MarkerTable,
    /// Whether columns were samples.
    pub is_expression: bool,
    /// What was decided.
    pub notices: Vec<String>,
}

/// Words of columns that describe a sample and measure nothing.
const NO_MARKER: [&str; 32] = [
    "plate",
    "well",
    "batch",
    "age",
    "visit",
    "time",
    "timepoint",
    "day",
    "week",
    "month",
    "dilution",
    "sex",
    "gender",
    "group",
    "id",
    "stage",
    "grade",
    "replicate",
    "cv",
    "count",
    "beads",
    "site",
    "project",
    "year",
    "weight",
    "qc",
    "status",
    "event",
    "row",
    "index",
    "bmi",
    "subject",
];

/// Reads the markers at `path` of the patients (or samples) called `ids`.
///
/// # Errors
/// [`ReadError`] when the file holds no marker, or lacks one that was asked for.
pub fn read_markers(path: &Path, ids: &[String], options: &MarkerOptions) -> Result<MarkerFile, ReadError> {
    let names = Names::new(ids);
    let table = Delimited::open(path)?;
    let samples = table.header.iter().filter(|name| names.find(name).is_some()).count();
    let file = if samples >= 2 && samples * 2 > table.header.len().min(ids.len()) {
        expression(path, table, &names, options)?
    } else {
        panel(path, read_columns(path)?, (&names, ids), options)?
    };
    let known: Vec<&str> = file.table.markers.iter().map(|marker| marker.name.as_str()).collect();
    let lacking: Vec<&str> =
        options.only.iter().map(String::as_str).filter(|name| !known.contains(name)).collect();
    if !lacking.is_empty() {
        let message = format!("there is no marker {}; there are {}", listed(&lacking), listed(&known));
        return Err(FileProblems::one(path, Problem::of_file(message)).into());
    }
    if file.table.markers.is_empty() {
        let problem = Problem::of_file("no column holds measurements").hint(
            "give a table with a row a patient and a column a marker, or one with a row a gene and a column a sample",
        );
        return Err(FileProblems::one(path, problem).into());
    }
    Ok(file)
}

/// A table whose columns are samples, row by row.
fn expression(
    path: &Path,
    mut table: Delimited,
    names: &Names,
    options: &MarkerOptions,
) -> Result<MarkerFile, ReadError> {
    let is_sample: Vec<bool> = table.header.iter().map(|name| names.find(name).is_some()).collect();
    let Some(gene) = is_sample.iter().position(|is| !is) else {
        return Err(FileProblems::one(path, Problem::of_file("no column names the genes")).into());
    };
    let ignored: Vec<&str> = table
        .header
        .iter()
        .zip(&is_sample)
        .filter(|(_, is)| !**is)
        .map(|(name, _)| name.as_str())
        .skip(1)
        .collect();
    let mut notices = table.notices.clone();
    notices.push(format!(
        "rows are genes (`{}`), {} are samples of the patients; other columns are left aside: {}",
        table.header[gene],
        count(is_sample.iter().filter(|is| **is).count(), "column"),
        if ignored.is_empty() { "none".to_owned() } else { listed(&ignored) }
    ));
    let samples =
        table.header.iter().zip(&is_sample).filter(|(_, is)| **is).map(|(name, _)| name.clone()).collect();
    let mut taken: HashMap<String, usize> = HashMap::new();
    let (mut markers, mut row, mut nameless) = (Vec::new(), Record::default(), 0);
    while table.next_row(&mut row)?.is_some() {
        let name = row.get(gene).unwrap_or_default().trim().to_owned();
        if name.is_empty() {
            nameless += 1;
            continue;
        }
        if !options.only.is_empty() && !options.only.contains(&name) {
            continue;
        }
        let times = taken.entry(name.clone()).and_modify(|n| *n += 1).or_insert(1);
        let name = if *times > 1 { format!("{name}.{times}") } else { name };
        let cells = is_sample.iter().enumerate().filter(|(_, is)| **is);
        let cells = cells
            .map(|(place, _)| measurement(super::words::cell(row.get(place).unwrap_or_default()).as_str()));
        markers.push(marker(name, &cells.collect::<Vec<_>>(), options.below));
    }
    let repeated: usize = taken.values().map(|n| n - 1).sum();
    if repeated > 0 {
        notices.push(format!(
            "{} of genes that stand there already got a number behind the name",
            count(repeated, "row")
        ));
    }
    if nameless > 0 {
        notices.push(format!("{} without a gene were left out", count(nameless, "row")));
    }
    Ok(MarkerFile {
        table: MarkerTable { samples, markers, beside: Vec::new() },
        is_expression: true,
        notices,
    })
}

/// A table whose rows are samples.
fn panel(
    path: &Path,
    columns: Columns,
    (names, ids): (&Names, &[String]),
    options: &MarkerOptions,
) -> Result<MarkerFile, ReadError> {
    let Columns { columns, lines, mut notices } = columns;
    let own = if options.rows_are_patients { None } else { told_by(&columns, names) };
    let samples: Vec<String> = match own {
        Some(place) => columns[place].cells.clone(),
        None if options.rows_are_patients && ids.len() == lines.len() => ids.to_vec(),
        None => (1..=lines.len()).map(|row| row.to_string()).collect(),
    };
    if let Some(place) = own {
        notices.push(format!("samples are told by column `{}`", columns[place].name));
    }
    let mut table = MarkerTable { samples, ..MarkerTable::default() };
    for (place, column) in columns.into_iter().enumerate() {
        let cells: Vec<Measurement> = column.cells.iter().map(|cell| measurement(cell)).collect();
        let wanted = options.only.is_empty() || options.only.contains(&column.name);
        let excluded = options.exclude.contains(&column.name) || Some(place) == own;
        let named = options.only.contains(&column.name);
        if !excluded && is_measured(&cells) && (named || !has(&words(&column.name), &NO_MARKER)) {
            if wanted {
                table.markers.push(marker(column.name, &cells, options.below));
            }
        } else {
            table.beside.push(column);
        }
    }
    let aside: Vec<&str> = table.beside.iter().map(|column| column.name.as_str()).collect();
    notices.push(format!(
        "rows are samples, {} are markers; no markers: {}",
        count(table.markers.len(), "column"),
        if aside.is_empty() { "none".to_owned() } else { listed(&aside) }
    ));
    let below: usize = table.markers.iter().map(|marker| marker.below_detection).sum();
    let above: usize = table.markers.iter().map(|marker| marker.above_range).sum();
    if below + above > 0 {
        notices.push(format!(
            "{} below detection and {above} above the range were replaced",
            count(below, "value")
        ));
    }
    if table.markers.iter().all(|marker| marker.values.iter().all(|value| value.is_nan()))
        && !table.markers.is_empty()
    {
        return Err(FileProblems::one(
            path,
            Problem::of_file("all markers are missing or below detection in all samples"),
        )
        .into());
    }
    Ok(MarkerFile { table, is_expression: false, notices })
}

/// The column with the names of the samples: by its own name, or most of its cells are patients.
fn told_by(columns: &[ClinicalColumn], names: &Names) -> Option<usize> {
    let matched =
        |place: usize| columns[place].cells.iter().filter(|cell| names.find(cell).is_some()).count();
    let named = identity(columns);
    let best = (0..columns.len()).max_by_key(|&place| (matched(place), columns.len() - place))?;
    let convincing = matched(best) * 2 > columns[best].cells.len();
    let better = named.is_none_or(|named| matched(best) > matched(named));
    if convincing && better { Some(best) } else { named }
}

/// Whether most cells that tell anything are measurements.
fn is_measured(cells: &[Measurement]) -> bool {
    let told = cells.iter().filter(|cell| **cell != Measurement::Missing).count();
    let text = cells.iter().filter(|cell| **cell == Measurement::Text).count();
    told > 0 && text * 5 <= told
}

/// A marker of its cells.
fn marker(name: String, cells: &[Measurement], below: BelowDetection) -> Marker {
    let measured = |cell: &Measurement| match cell {
        Measurement::Value(value) => Some(*value),
        _ => None,
    };
    let smallest = cells.iter().filter_map(measured).fold(f64::INFINITY, f64::min);
    let largest = cells.iter().filter_map(measured).fold(f64::NEG_INFINITY, f64::max);
    let or_none = |value: f64| if value.is_finite() { value } else { f64::NAN };
    let mut marker = Marker { name: name.trim().to_owned(), ..Marker::default() };
    for cell in cells {
        let value = match cell {
            Measurement::Value(value) => *value,
            Measurement::Below(limit) => {
                marker.below_detection += 1;
                let limit = limit.unwrap_or(or_none(smallest));
                match below {
                    BelowDetection::Half => limit / 2.0,
                    BelowDetection::Limit => limit,
                    BelowDetection::Missing => f64::NAN,
                }
            }
            Measurement::Above(limit) => {
                marker.above_range += 1;
                limit.unwrap_or(or_none(largest))
            }
            Measurement::Missing | Measurement::Text => f64::NAN,
        };
        marker.values.push(value);
    }
    marker
}

#[cfg(test)]
mod tests;
