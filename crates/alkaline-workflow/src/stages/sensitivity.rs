//! `sensitivity.tsv`: how many genes are called when another dispersion is assumed.

use std::path::Path;

use alkaline_io::results::table::{Field, Rows, header, write_rows};
use alkaline_io::{ReadError, WriteError};
use alkaline_report::{SensitivityRow, SensitivityTable};

/// The columns, in order.
const COLUMNS: [&str; 3] = ["BCV", "up", "down"];

/// Writes `table` to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &SensitivityTable) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), &table.rows, |row| {
        vec![Field::Real(row.bcv), Field::Whole(row.up as u64), Field::Whole(row.down as u64)]
    })
}

/// Reads a table that [`write`] made.
///
/// # Errors
/// [`ReadError`].
pub fn read(path: &Path) -> Result<SensitivityTable, ReadError> {
    let rows = Rows::read(path, &COLUMNS)?;
    let rows = rows.collect(|row| SensitivityRow {
        bcv: row.real("BCV"),
        up: row.whole("up"),
        down: row.whole("down"),
    })?;
    Ok(SensitivityTable { rows })
}
