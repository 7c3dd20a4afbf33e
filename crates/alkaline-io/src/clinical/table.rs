//! Reads a table about patients.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::cohort::{ClinicalColumn, ClinicalTable};
use alkaline_core::words::count;

use super::layout::identity;
use super::words::cell;
use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError};

/// A table about patients, and what its reader decided.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClinicalFile {
    /// The table.
    pub table: ClinicalTable,
    /// What was decided while reading.
    pub notices: Vec<String>,
}

/// Reads the table at `path`; a row a patient (or a sample).
///
/// # Errors
/// [`ReadError`] when rows are longer than the header, or rows have the same identifier.
pub fn read_table(path: &Path) -> Result<ClinicalFile, ReadError> {
    let columns = read_columns(path)?;
    let Columns { mut columns, lines, mut notices } = columns;
    notices.extend(columns.iter_mut().filter_map(split_key));
    let ids = match identity(&columns) {
        Some(place) => {
            notices.push(format!("patients are told by column `{}`", columns[place].name));
            columns[place].cells.clone()
        }
        None => {
            notices.push("no column tells the rows apart by name; they are numbered".to_owned());
            (1..=lines.len()).map(|row| row.to_string()).collect()
        }
    };
    let mut problems = Vec::new();
    let mut first: HashMap<&str, u64> = HashMap::new();
    for (id, &line) in ids.iter().zip(&lines) {
        if id.is_empty() {
            problems.push(Problem::at_line(line, "the row has no identifier"));
        } else if let Some(earlier) = first.insert(id, line) {
            let message = format!("`{id}` stands in line {earlier} already");
            problems.push(
                Problem::at_line(line, message)
                    .hint("leave one row a patient, or give the samples by --samples"),
            );
        }
    }
    FileProblems::check(path, problems)?;
    Ok(ClinicalFile { table: ClinicalTable { ids, lines, columns }, notices })
}

/// The columns of a file.
pub struct Columns {
    pub columns: Vec<ClinicalColumn>,
    pub lines: Vec<u64>,
    pub notices: Vec<String>,
}

/// Reads all cells of the file at `path`.
pub fn read_columns(path: &Path) -> Result<Columns, ReadError> {
    let table = Delimited::open(path)?;
    let notices = table.notices.clone();
    let header = table.header.clone();
    let mut columns: Vec<ClinicalColumn> = header
        .iter()
        .map(|name| ClinicalColumn { name: name.trim().to_owned(), cells: Vec::new() })
        .collect();
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    for (line, row) in table.rows()? {
        if row.len() > columns.len() {
            let message =
                format!("{} in a table of {}", count(row.len(), "field"), count(columns.len(), "column"));
            problems.push(Problem::at_line(line, message));
            continue;
        }
        for (place, column) in columns.iter_mut().enumerate() {
            column.cells.push(cell(row.get(place).unwrap_or_default()));
        }
        lines.push(line);
    }
    if lines.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the table has a header and no rows"));
    }
    FileProblems::check(path, problems)?;
    Ok(Columns { columns, lines, notices })
}

/// Takes a key that stands in every cell (`dfs evt: 1`) as the name of the column, and says so.
fn split_key(column: &mut ClinicalColumn) -> Option<String> {
    let mut told = column.cells.iter().filter(|cell| !cell.is_empty());
    let key = told.next()?.split_once(": ")?.0.to_owned();
    let value = |cell: &str| Some(cell.strip_prefix(key.as_str())?.strip_prefix(':')?.trim().to_owned());
    if !told.all(|cell| value(cell).is_some()) {
        return None;
    }
    for text in &mut column.cells {
        *text = value(text).map(|value| cell(&value)).unwrap_or_default();
    }
    let old = std::mem::replace(&mut column.name, key);
    Some(format!("column `{old}` is called `{}`, as each of its cells says", column.name))
}

#[cfg(test)]
mod tests;
