//! Spreadsheets as text: the first sheet of a workbook (.xlsx, .xls, .xlsb, .ods), row by row.

use std::io::{BufRead, Cursor, Read};
use std::path::Path;

use alkaline_core::words::count_of;
use calamine::{Data, Reader, open_workbook_auto_from_rs};

use crate::error::{FileProblems, Problem, ReadError};
use crate::number::Decimal;

/// How workbooks begin: as a zip archive, or as the older compound document.
const MAGIC: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];

/// `input` itself, or the text of its first sheet when it is a workbook; with what was decided.
pub(super) fn as_text(
    path: &Path,
    mut input: Box<dyn BufRead + Send>,
) -> Result<(Box<dyn BufRead + Send>, Vec<String>), ReadError> {
    let in_context = |source| ReadError::from_io(path, source);
    let start = input.fill_buf().map_err(in_context)?;
    if !MAGIC.iter().any(|magic| start.starts_with(magic)) {
        return Ok((input, Vec::new()));
    }
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(in_context)?;
    let (text, notice) = first_sheet(&bytes).map_err(|problem| FileProblems::one(path, problem))?;
    Ok((Box::new(Cursor::new(text)), vec![notice]))
}

/// The first sheet as tab-separated text; its rows keep their numbers.
fn first_sheet(bytes: &[u8]) -> Result<(String, String), Problem> {
    let hint = "save the sheet as tab- or comma-separated text; a zip archive must be unpacked first";
    let no_workbook = |error: &dyn std::fmt::Display| {
        Problem::of_file(format!("this looks like an Excel workbook, but cannot be read as one ({error})"))
            .hint(hint)
    };
    let mut workbook = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(|error| no_workbook(&error))?;
    let names = workbook.sheet_names();
    let Some(name) = names.first().cloned() else {
        return Err(Problem::of_file("the workbook has no sheet"));
    };
    let sheet = workbook.worksheet_range(&name).map_err(|error| no_workbook(&error))?;
    let (top, left) = sheet.start().unwrap_or((0, 0));
    let mut text = "\n".repeat(top as usize);
    for row in sheet.rows() {
        text.push_str(&"\t".repeat(left as usize));
        let fields: Vec<String> = row.iter().map(field).collect();
        text.push_str(&fields.join("\t"));
        text.push('\n');
    }
    let others = match names.len() - 1 {
        0 => String::new(),
        others => format!("; {} not read", count_of(others, "other sheet was", "other sheets were")),
    };
    Ok((text, format!("this is an Excel workbook; its first sheet, `{name}`, was read{others}")))
}

/// The text of a cell; dates as the spreadsheet would export them, so that names which it made dates of are recognised.
fn field(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::Float(number) => Decimal(*number).to_string(),
        Data::DateTime(date) => {
            let (year, month, day, ..) = date.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        other => quoted(&other.to_string()),
    }
}

/// Text in quotes where a field of tab-separated text needs them.
pub(super) fn quoted(text: &str) -> String {
    if text.contains(['\t', '\n', '\r']) || text.starts_with('"') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::write::{SimpleFileOptions, ZipWriter};

    use crate::delimited::Delimited;

    use super::*;

    /// A workbook as Excel writes it, with sheets of these names, each holding `rows` (XML of the rows).
    fn workbook(sheets: &[&str], rows: &str) -> Vec<u8> {
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>";
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let each = |text: &dyn Fn(usize, &str) -> String| -> String {
            sheets.iter().enumerate().map(|(place, name)| text(place + 1, name)).collect()
        };
        let names = each(&|n, name| format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"/>"));
        let targets = each(&|n, _| {
            format!(
                "<Relationship Id=\"rId{n}\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>"
            )
        });
        let mut files = vec![
            (
                "xl/workbook.xml".to_owned(),
                format!(
                    "<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets>{names}</sheets></workbook>"
                ),
            ),
            (
                "xl/_rels/workbook.xml.rels".to_owned(),
                format!("<Relationships xmlns=\"{package}\">{targets}</Relationships>"),
            ),
        ];
        let book = format!(
            "<Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/>"
        );
        let book = format!("<Relationships xmlns=\"{package}\">{book}</Relationships>");
        files.push(("_rels/.rels".to_owned(), book));
        for number in 1..=sheets.len() {
            let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
            files.push((format!("xl/worksheets/sheet{number}.xml"), sheet));
        }
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        for (name, text) in files {
            zip.start_file(name, stored).unwrap();
            zip.write_all(format!("{head}{text}").as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn cell(place: &str, text: &str) -> String {
        format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    }

    #[test]
    fn the_first_sheet_of_a_workbook_is_a_table() {
        let rows = format!(
            "<row r=\"3\">{}{}{}</row><row r=\"4\">{}<c r=\"B4\"><v>67</v></c><c r=\"C4\"><v>1234567</v></c></row>",
            cell("A3", "gene"),
            cell("B3", "a1"),
            cell("C3", "a\t2"),
            cell("A4", "TP53"),
        );
        let bytes = workbook(&["counts", "notes"], &rows);
        let table = Delimited::new(Path::new("t.xlsx"), Box::new(Cursor::new(bytes))).unwrap();
        assert_eq!((table.header.join("|"), table.header_line), ("gene|a1|a\t2".to_owned(), 3));
        assert!(
            table.notices[0].contains("its first sheet, `counts`, was read; 1 other sheet"),
            "{:?}",
            table.notices
        );
        let rows = table.rows().unwrap();
        assert_eq!(
            (rows[0].0, rows[0].1.iter().collect::<Vec<_>>().join("|")),
            (4, "TP53|67|1234567".to_owned())
        );
    }

    #[test]
    fn an_archive_that_is_no_workbook_is_named() {
        let bytes = b"PK\x03\x04 and nothing else".to_vec();
        let error =
            Delimited::new(Path::new("t.zip"), Box::new(Cursor::new(bytes))).err().unwrap().to_string();
        assert!(error.contains("cannot be read as one") && error.contains("unpacked first"), "{error}");
    }
}
