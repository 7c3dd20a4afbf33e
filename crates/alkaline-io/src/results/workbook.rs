//! Tables as Excel workbooks: numbers are numbers, names are text (so that MARCHF1 and 1E6 stay what they are), and what is missing
//! is an empty cell.

use std::io;

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::line::{Cell, Line};

/// Rows and columns that a sheet holds.
const LARGEST: (usize, usize) = (1_048_576, 16_384);

/// A header and rows as the bytes of a workbook with one sheet.
///
/// # Errors
/// Tables that are larger than a sheet, texts that are longer than a cell.
pub(super) fn bytes<R>(
    header: &[String],
    rows: impl IntoIterator<Item = R>,
    fields: impl Fn(&mut Line, &R),
) -> io::Result<Vec<u8>> {
    if header.len() > LARGEST.1 {
        return Err(too_large(format!("{} columns", header.len()), "16,384 columns"));
    }
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write_header(sheet, header).map_err(no_workbook)?;
    let mut line = Line::of_cells();
    for (place, row) in rows.into_iter().enumerate() {
        fields(&mut line, &row);
        let number = u32::try_from(place + 1).ok().filter(|number| (*number as usize) < LARGEST.0);
        let number = number.ok_or_else(|| too_large(format!("more than {place} rows"), "1,048,576 rows"))?;
        write_row(sheet, number, line.take_cells()).map_err(no_workbook)?;
    }
    workbook.save_to_buffer().map_err(no_workbook)
}

fn too_large(what: String, limit: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("the table has {what}, and a sheet of Excel holds {limit}\nhint: name it .tsv or .csv"),
    )
}

fn no_workbook(error: XlsxError) -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("{error}\nhint: a table of text takes it: name it .tsv or .csv"),
    )
}

/// Names of the columns, which stay in sight.
fn write_header(sheet: &mut Worksheet, header: &[String]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    for (column, name) in (0..).zip(header) {
        sheet.write_string_with_format(0, column, name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_row(sheet: &mut Worksheet, row: u32, cells: Vec<Cell>) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Text(text) => sheet.write_string(row, column, text)?,
            Cell::Number(number) if number.is_finite() => sheet.write_number(row, column, number)?,
            Cell::Number(number) => {
                sheet.write_string(row, column, if number > 0.0 { "Inf" } else { "-Inf" })?
            }
            Cell::Missing => continue,
        };
    }
    Ok(())
}
