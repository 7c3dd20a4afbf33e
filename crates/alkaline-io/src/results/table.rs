//! What all result tables share: rows of fields by column name, and a JSON companion for what a table cannot say.

use std::collections::HashMap;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use alkaline_core::words::{listed, quoted};
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::line::Line;
use super::workbook;
use crate::delimited::{Delimited, Record, read_text};
use crate::error::{FileProblems, Problem, ReadError, WriteError};
use crate::file::write_atomically;
use crate::number;
use crate::table_format::TableFormat;

/// Where the JSON companion of the table at `path` lies: its name with `.json` behind it.
pub fn companion_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".json");
    name.into()
}

/// Writes `value` as indented JSON.
///
/// # Errors
/// [`WriteError`].
pub fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        serde_json::to_writer_pretty(&mut *out, value)?;
        writeln!(out)
    })
}

/// Reads JSON.
///
/// # Errors
/// [`ReadError`] with the place of the first thing that is not as it should be.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, ReadError> {
    let text = read_text(path)?;
    serde_json::from_str(&text).map_err(|error| {
        FileProblems::one(path, Problem::at_line(error.line() as u64, error.to_string())).into()
    })
}

/// Fields that are made into text by one thread at a time.
const FIELDS_PER_BLOCK: usize = 1 << 14;

/// Blocks that are in memory as text at a time, for each thread.
const BLOCKS_PER_THREAD: usize = 2;

/// Writes a header and rows in the format that the name of the file asks for; `fields` appends the fields of a row to a line.
///
/// Rows become text on all threads, a bounded number of them at a time, and are written in their order.
///
/// # Errors
/// [`WriteError`].
pub fn write_rows<R: Send + Sync>(
    path: &Path,
    header: &[String],
    rows: impl IntoIterator<Item = R>,
    fields: impl Fn(&mut Line, &R) + Sync,
) -> Result<(), WriteError> {
    let refused = |error| WriteError { path: path.to_owned(), source: io::Error::other(error) };
    let new_line = match TableFormat::of(path).map_err(refused)? {
        TableFormat::Tabs => Line::of_tabs,
        TableFormat::Commas => Line::of_commas,
        TableFormat::Workbook => {
            return write_atomically(path, |out| out.write_all(&workbook::bytes(header, rows, fields)?));
        }
    };
    write_atomically(path, |out| {
        let mut names = new_line();
        header.iter().for_each(|name| {
            names.text(name);
        });
        names.end();
        out.write_all(names.as_bytes())?;
        write_lines(out, new_line, header.len(), rows, fields)
    })
}

/// Writes the lines of rows of so many fields.
pub(crate) fn write_lines<R: Send + Sync>(
    out: &mut dyn Write,
    new_line: fn() -> Line,
    width: usize,
    rows: impl IntoIterator<Item = R>,
    fields: impl Fn(&mut Line, &R) + Sync,
) -> io::Result<()> {
    let per_block = (FIELDS_PER_BLOCK / width.max(1)).max(1);
    let mut blocks: Vec<Line> = Vec::new();
    blocks.resize_with(BLOCKS_PER_THREAD * rayon::current_num_threads(), new_line);
    let mut rows = rows.into_iter();
    loop {
        let batch: Vec<R> = rows.by_ref().take(per_block * blocks.len()).collect();
        if batch.is_empty() {
            return Ok(());
        }
        let filled = batch.len().div_ceil(per_block);
        batch.par_chunks(per_block).zip(&mut blocks).for_each(|(rows, block)| fill(block, rows, &fields));
        blocks[..filled].iter().try_for_each(|block| out.write_all(block.as_bytes()))?;
    }
}

/// Makes a block hold the lines of some rows, and no others: its memory serves again.
fn fill<R>(block: &mut Line, rows: &[R], fields: &impl Fn(&mut Line, &R)) {
    block.clear();
    for row in rows {
        fields(block, row);
        block.end();
    }
}

/// Rows of a table, read by column name, with every problem collected.
pub struct Rows {
    path: PathBuf,
    header: Vec<String>,
    /// The place of each column: tables of many samples have thousands.
    places: HashMap<String, usize>,
    rows: Vec<(u64, Record)>,
    problems: Vec<Problem>,
}

impl Rows {
    /// Reads the table at `path`, which must have the `required` columns.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read, or lacks one of them.
    pub fn read(path: &Path, required: &[&str]) -> Result<Self, ReadError> {
        let table = Delimited::open(path)?;
        let missing: Vec<&str> =
            required.iter().copied().filter(|name| table.column(name).is_none()).collect();
        if !missing.is_empty() {
            let message =
                format!("no column {}; the columns are: {}", quoted(missing), listed(&table.header));
            return Err(FileProblems::one(path, Problem::at_line(table.header_line, message)).into());
        }
        let header = table.header.clone();
        // of two columns of one name the first counts
        let places = header.iter().cloned().enumerate().rev().map(|(place, name)| (name, place)).collect();
        Ok(Self { path: path.to_owned(), header, places, rows: table.rows()?, problems: Vec::new() })
    }

    /// The texts of column `name`, row by row.
    pub fn values<'a>(&'a self, name: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        let place = self.header.iter().position(|column| column == name);
        self.rows.iter().map(move |(_, record)| place.and_then(|place| record.get(place)).unwrap_or_default())
    }

    /// Names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Turns every row into a `T`; a row that cannot be read gives a problem instead.
    ///
    /// # Errors
    /// [`ReadError`] with all problems.
    pub fn collect<T>(mut self, convert: impl Fn(&mut Row<'_>) -> T) -> Result<Vec<T>, ReadError> {
        let mut values = Vec::with_capacity(self.rows.len());
        for (line, record) in &self.rows {
            let mut row = Row { places: &self.places, record, line: *line, problems: &mut self.problems };
            values.push(convert(&mut row));
        }
        FileProblems::check(&self.path, self.problems)?;
        Ok(values)
    }
}

/// One row being read.
pub struct Row<'a> {
    places: &'a HashMap<String, usize>,
    record: &'a Record,
    line: u64,
    problems: &'a mut Vec<Problem>,
}

impl<'a> Row<'a> {
    /// The text of column `name`; empty when there is no such column.
    pub fn text(&self, name: &str) -> &'a str {
        self.places.get(name).and_then(|place| self.record.get(*place)).unwrap_or_default()
    }

    /// The text of column `name`, unless missing.
    pub fn optional_text(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !matches!(*text, "" | number::MISSING)).map(str::to_owned)
    }

    /// The number in column `name`; NaN when missing.
    pub fn real(&mut self, name: &str) -> f64 {
        let text = self.text(name);
        number::parse(text).unwrap_or_else(|| {
            let message = format!("`{text}` is not a number");
            self.problems.push(Problem::at_line(self.line, message).in_column(name));
            f64::NAN
        })
    }

    /// The number in column `name`, unless missing.
    pub fn optional_real(&mut self, name: &str) -> Option<f64> {
        Some(self.real(name)).filter(|value| !value.is_nan())
    }

    /// The whole number in column `name`.
    pub fn whole(&mut self, name: &str) -> usize {
        let text = self.text(name);
        text.parse().unwrap_or_else(|_| {
            let message = format!("`{text}` is not a whole number");
            self.problems.push(Problem::at_line(self.line, message).in_column(name));
            0
        })
    }

    /// Reports `message` about column `name` of this row.
    pub fn problem(&mut self, name: &str, message: String) {
        self.problems.push(Problem::at_line(self.line, message).in_column(name));
    }

    /// As [`problem`](Self::problem), with what to do about it.
    pub fn problem_with_hint(&mut self, name: &str, message: String, hint: &str) {
        self.problems.push(Problem::at_line(self.line, message).in_column(name).hint(hint));
    }
}

/// The header as owned text.
pub fn header(columns: &[&str]) -> Vec<String> {
    columns.iter().map(|column| (*column).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names that commas, quotes and spreadsheets like to spoil, with a number each.
    const ROWS: [(&str, f64); 5] =
        [("\"odd", 0.1), ("SEPT2, old", 1e-300), ("1E6", -2.5), ("=SUM(A1)", f64::NAN), ("5\" end", 3.0)];

    fn written(name: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        write_rows(&path, &header(&["gene", "\"p, q\""]), ROWS, |line, (gene, p)| {
            line.text(gene).real(*p);
        })
        .unwrap();
        (folder, path)
    }

    #[test]
    fn text_tables_read_back_as_they_were_whatever_the_names() {
        for name in ["t.tsv", "t.csv", "t.csv.gz", "t.tsv.gz"] {
            let (_folder, path) = written(name);
            let rows = Rows::read(&path, &["gene", "\"p, q\""]).unwrap();
            let read = rows.collect(|row| (row.text("gene").to_owned(), row.real("\"p, q\""))).unwrap();
            assert_eq!(read.len(), ROWS.len(), "{name}");
            for ((gene, p), (expected, value)) in read.iter().zip(ROWS) {
                assert_eq!(gene, expected, "{name}");
                assert!(*p == value || p.is_nan() && value.is_nan(), "{name}: {p} {value}");
            }
        }
        let (_folder, path) = written("t.csv");
        let text = std::fs::read_to_string(path).unwrap();
        assert!(
            text.starts_with("gene,\"\"\"p, q\"\"\"\n\"\"\"odd\",0.1\n\"SEPT2, old\",1e-300\n"),
            "{text}"
        );
    }

    #[test]
    fn a_format_that_is_not_written_is_refused() {
        let error = write_rows(Path::new("t.parquet"), &[], [1], |_, _| {}).unwrap_err();
        assert!(error.to_string().contains("not written as `.parquet`"), "{error}");
        assert!(!Path::new("t.parquet").exists());
    }
}
