//! Tables as the sheets of an Excel workbook.
//!
//! Names are text and stay what they are, `MARCHF1` and `1E6` too; nothing that begins like a formula becomes one, not even when a cell is
//! edited. The header stays in sight and has filters. What is missing is an empty cell.

use std::collections::HashSet;
use std::io::{self, Write};

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use crate::{Table, Values};

/// Rows and columns that a sheet holds.
const LARGEST: (usize, usize) = (1_048_576, 16_384);

/// Letters, as UTF-16 counts them, that a cell holds.
const LONGEST_TEXT: usize = 32_767;

/// Letters that the name of a sheet has at most.
const LONGEST_NAME: usize = 31;

/// A sheet.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    /// What it is called; shortened, and told apart from others, where Excel wants that.
    pub name: String,
    /// What stands in it.
    pub table: Table,
}

/// Writes a workbook of these sheets.
///
/// # Errors
/// Those of `out`; [`io::ErrorKind::InvalidInput`] for tables that are larger than a sheet.
pub fn write(out: &mut dyn Write, sheets: &[Sheet]) -> io::Result<()> {
    let mut workbook = Workbook::new();
    let names = names(sheets.iter().map(|sheet| sheet.name.as_str()));
    for (sheet, name) in sheets.iter().zip(names) {
        refuse_too_large(sheet)?;
        let place = workbook.add_worksheet();
        place.set_name(name).and_then(|place| fill(place, &sheet.table)).map_err(io::Error::other)?;
    }
    out.write_all(&workbook.save_to_buffer().map_err(io::Error::other)?)
}

/// Names that Excel takes: short, without signs that mean something to it, distinct whatever the case.
pub fn names<'s>(wanted: impl Iterator<Item = &'s str>) -> Vec<String> {
    let mut taken = HashSet::new();
    wanted.map(|name| distinct(name, &mut taken)).collect()
}

fn distinct(wanted: &str, taken: &mut HashSet<String>) -> String {
    let allowed = wanted.replace(['[', ']', ':', '*', '?', '/', '\\'], "_");
    let allowed = allowed.trim_matches('\'');
    let candidates = std::iter::once(String::new()).chain((2..).map(|number| format!(" ({number})")));
    for ending in candidates {
        let room = LONGEST_NAME - ending.len();
        let name = format!("{}{ending}", cut(allowed, room));
        // Excel keeps `History` for itself.
        let folded = name.to_lowercase();
        if !name.trim().is_empty() && folded != "history" && taken.insert(folded) {
            return name;
        }
    }
    String::new()
}

/// The beginning of `text` in so many UTF-16 letters.
fn cut(text: &str, letters: usize) -> String {
    let mut used = 0;
    text.chars()
        .take_while(|letter| {
            used += letter.len_utf16();
            used <= letters
        })
        .collect()
}

fn refuse_too_large(sheet: &Sheet) -> io::Result<()> {
    let (rows, columns) = (sheet.table.rows() + 1, sheet.table.columns().len());
    if rows <= LARGEST.0 && columns <= LARGEST.1 {
        return Ok(());
    }
    let message = format!(
        "`{}` has {rows} rows and {columns} columns, and a sheet of Excel holds {} by {}\nhint: --parquet takes it",
        sheet.name, LARGEST.0, LARGEST.1
    );
    Err(io::Error::new(io::ErrorKind::InvalidInput, message))
}

fn fill(sheet: &mut Worksheet, table: &Table) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    let columns = table.columns();
    for (place, column) in (0..).zip(columns) {
        sheet.write_string_with_format(0, place, cut(&column.name, LONGEST_TEXT), &bold)?;
        match &column.values {
            Values::Text(values) => texts(sheet, place, values)?,
            Values::Real(values) => reals(sheet, place, values)?,
            Values::Whole(values) => {
                for (row, value) in (1..).zip(values) {
                    sheet.write_number(row, place, *value as f64)?;
                }
            }
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    if let Some(last) = columns.len().checked_sub(1) {
        sheet.autofilter(0, 0, table.rows() as u32, last as u16)?;
    }
    Ok(())
}

fn texts(sheet: &mut Worksheet, column: u16, values: &[Option<String>]) -> Result<(), XlsxError> {
    let plain = Format::new().set_num_format("@");
    let quoted = Format::new().set_num_format("@").set_quote_prefix();
    for (row, value) in (1..).zip(values) {
        let Some(text) = value else { continue };
        let format = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { &quoted } else { &plain };
        sheet.write_string_with_format(row, column, fitting(text), format)?;
    }
    Ok(())
}

/// A text that fits into a cell; one that does not says so at its end.
fn fitting(text: &str) -> String {
    let letters = text.encode_utf16().count();
    if letters <= LONGEST_TEXT {
        return text.to_owned();
    }
    let note = format!(" ... ({letters} letters, cut: see the table of the run)");
    cut(text, LONGEST_TEXT - note.len()) + &note
}

fn reals(sheet: &mut Worksheet, column: u16, values: &[f64]) -> Result<(), XlsxError> {
    for (row, value) in (1..).zip(values) {
        match value {
            value if value.is_finite() => sheet.write_number(row, column, *value)?,
            value if value.is_nan() => continue,
            value => sheet.write_string(row, column, if *value > 0.0 { "Inf" } else { "-Inf" })?,
        };
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_sheets_are_short_distinct_and_without_signs() {
        let long = "a_contrast_with_a_name_that_is_long test";
        let wanted = ["1/2 test", "1:2 TEST", long, long, "''", "history"];
        let names = names(wanted.into_iter());
        assert_eq!(names[..2], ["1_2 test", "1_2 TEST (2)"]);
        assert_eq!(names[2], "a_contrast_with_a_name_that_is_");
        assert_eq!(names[3], "a_contrast_with_a_name_that (2)");
        assert!(names.iter().all(|name| !name.is_empty() && name.encode_utf16().count() <= 31), "{names:?}");
        assert_ne!(names[5].to_lowercase(), "history");
    }

    #[test]
    fn a_text_that_no_cell_holds_is_cut_and_says_so() {
        let text = fitting(&"x".repeat(40_000));
        assert_eq!(text.len(), LONGEST_TEXT);
        assert!(text.ends_with("(40000 letters, cut: see the table of the run)"));
        assert_eq!(fitting("CCL20/CXCL8"), "CCL20/CXCL8");
    }

    #[test]
    fn a_table_that_no_sheet_holds_is_refused_with_the_way_out() {
        let table = Table::new(vec![crate::Column::new("x", Values::Whole(vec![0; LARGEST.0]))]);
        let error = write(&mut Vec::new(), &[Sheet { name: "test".into(), table }]).unwrap_err();
        assert!(
            error.to_string().contains("1048577 rows") && error.to_string().contains("--parquet"),
            "{error}"
        );
    }
}
