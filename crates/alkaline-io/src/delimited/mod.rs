//! Delimited text as people save it: tabs, commas, semicolons or blanks, quotes, a byte-order mark, any line ends, UTF-16,
//! comment lines and titles above the header, R's habit of leaving the first header field out, and what spreadsheets add: empty
//! columns at the right, empty rows at the end, workbooks.
//!
//! What is decided is decided by the first lines, and said ([`Delimited::notices`]).

mod lines;
mod record;
mod sniff;
mod workbook;
mod yaml;

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use lines::{Lines, NumberedLine, not_utf8};
pub use record::{Record, Separator};

use crate::column_names::is_identifier;
use crate::error::{FileProblems, Problem, ReadError};
use crate::file;
use crate::plain_text::{PlainText, plain_text};

/// Lines over which a field in quotes may run.
const MAX_LINES_OF_A_FIELD: usize = 50;

/// A delimited file with its header read, ready to give its rows.
pub struct Delimited {
    /// The file.
    pub path: PathBuf,
    /// Names of the columns.
    pub header: Vec<String>,
    /// 1-based line of the header.
    pub header_line: u64,
    /// Text of the comment lines above the header, without their newline.
    pub comments: Vec<String>,
    /// What separates the fields.
    pub separator: Separator,
    /// What was decided about the layout, in words.
    pub notices: Vec<String>,
    /// Columns behind the first that describe rows rather than hold values, where the format says so (GCT).
    pub row_metadata: usize,
    first_rows: Vec<Record>,
    lines: Lines,
    /// The header as it stands in the file.
    header_text: String,
}

impl Delimited {
    /// Opens `path` and reads its header.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read or holds no header.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        if yaml::is_yaml(path) {
            return Ok(Self::of_records(path, yaml::read(path, &read_text(path)?)?));
        }
        Self::new(path, file::open(path)?)
    }

    /// Records of another format, as the rows of a table.
    fn of_records(path: &Path, records: yaml::Records) -> Self {
        let yaml::Records { header, rows } = records;
        let mut lines = Lines::of(path, Box::new(std::io::empty()));
        let header_line = rows.first().map_or(1, |(line, _)| *line);
        lines.ahead.extend(rows);
        let separator = Separator::Byte(b'\t');
        Self {
            path: path.to_owned(),
            header_text: header.join("\t"),
            header,
            header_line,
            comments: Vec::new(),
            separator,
            notices: Vec::new(),
            row_metadata: 0,
            first_rows: lines.ahead.iter().map(|(_, text)| Record::of(text, separator)).collect(),
            lines,
        }
    }

    /// As [`Delimited::open`], from text that is already at hand; `path` names it in messages.
    ///
    /// # Errors
    /// [`ReadError`] when the text holds no header.
    pub fn new(path: &Path, input: Box<dyn BufRead + Send>) -> Result<Self, ReadError> {
        let in_context = |source| ReadError::from_io(path, source);
        let (input, mut notices) = workbook::as_text(path, input)?;
        let PlainText { input, notices: of_text } = plain_text(input).map_err(in_context)?;
        notices.extend(of_text);
        let mut lines = Lines::of(path, input);
        let (comments, head) = lines.preamble()?;
        if head.is_empty() {
            return Err(FileProblems::one(path, Problem::of_file("the file is empty")).into());
        }
        let head = with_quotes_closed(head);
        let texts: Vec<String> = head.iter().map(|(_, text)| text.clone()).collect();
        let comment_texts: Vec<String> = comments.iter().map(|(_, text)| text.clone()).collect();
        let layout = sniff::sniff(&comment_texts, &texts);
        notices.extend(layout.notices);
        let (header_line, header) = match layout.commented_header {
            Some(place) => {
                let (line, text) = &comments[place];
                lines.ahead.extend(head);
                (*line, text.trim_start_matches('#').trim_start().to_owned())
            }
            None => {
                let mut rest = head.into_iter().skip(layout.header);
                let header = rest.next().unwrap_or_default();
                lines.ahead.extend(rest.skip(layout.column_metadata));
                header
            }
        };
        let header_text = header;
        let header = Record::of(&header_text, layout.separator);
        let mut table = Self {
            path: path.to_owned(),
            header: header.iter().map(|name| name.trim().to_owned()).collect(),
            header_line,
            comments: comment_texts,
            separator: layout.separator,
            notices,
            row_metadata: layout.row_metadata,
            first_rows: lines.ahead.iter().map(|(_, text)| Record::of(text, layout.separator)).collect(),
            lines,
            header_text,
        };
        table.first_rows.retain(|row| !row.is_blank());
        table.mend_header();
        Ok(table)
    }

    /// The place of the column called `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// The first rows, which are still to be given.
    pub fn first_rows(&self) -> &[Record] {
        &self.first_rows
    }

    /// Reads the next row into `row` and gives its 1-based line; `None` at the end. Blank rows are passed over; empty fields
    /// beyond the header are dropped.
    ///
    /// # Errors
    /// [`ReadError`] when the text is not UTF-8 or the file cannot be read.
    pub fn next_row(&mut self, row: &mut Record) -> Result<Option<u64>, ReadError> {
        loop {
            let Some(line) = self.lines.next(&mut row.text)? else { return Ok(None) };
            if row.split_at_separators(self.separator) {
                if Record::is_open(&row.text, self.separator) {
                    self.close_quote(row)?;
                }
                row.unquote(self.separator);
            }
            if row[0].is_empty() && row.is_blank() {
                continue;
            }
            if row.len() > self.header.len() && row.filled() <= self.header.len() {
                row.truncate(self.header.len());
            }
            return Ok(Some(line));
        }
    }

    /// The remaining rows, each with its line, for tables that are small.
    ///
    /// # Errors
    /// As [`Delimited::next_row`].
    pub fn rows(mut self) -> Result<Vec<(u64, Record)>, ReadError> {
        let mut rows = Vec::new();
        let mut row = Record::default();
        while let Some(line) = self.next_row(&mut row)? {
            rows.push((line, row.clone()));
        }
        Ok(rows)
    }

    /// Makes the header a row, the first, and calls the columns `names`: the file has no header.
    pub fn header_is_a_row(&mut self, names: Vec<String>) {
        self.first_rows.insert(0, Record::of(&self.header_text, self.separator));
        self.lines.ahead.push_front((self.header_line, std::mem::take(&mut self.header_text)));
        self.header = names;
    }

    /// Takes the lines over which a quoted field of `row` runs into it, a blank in place of each newline, where that makes it a
    /// row as long as the header; else the quote is part of the text.
    fn close_quote(&mut self, row: &mut Record) -> Result<(), ReadError> {
        let mut text = row.text.clone();
        let mut taken = Vec::new();
        while taken.len() < MAX_LINES_OF_A_FIELD && Record::is_open(&text, self.separator) {
            let mut next = String::new();
            let Some(line) = self.lines.next(&mut next)? else { break };
            text = format!("{text} {}", next.trim_start());
            taken.push((line, next));
        }
        let is_row = !Record::is_open(&text, self.separator)
            && Record::of(&text, self.separator).len() == self.header.len();
        if is_row {
            row.text = text;
        } else {
            taken.into_iter().rev().for_each(|line| self.lines.ahead.push_front(line));
        }
        Ok(())
    }

    /// Drops empty columns at the right, and adds the name that R leaves out of the header.
    fn mend_header(&mut self) {
        let filled = self.first_rows.iter().map(Record::filled).max().unwrap_or(0);
        while self.header.len() > 1
            && self.header.len() > filled
            && self.header.last().is_some_and(String::is_empty)
        {
            self.header.pop();
        }
        // A last field that is empty in every row is a separator too many, not a column without a name.
        let width = self.header.len();
        let longer = self.first_rows.iter().filter(|row| row.len() > width).count();
        if filled != width + 1 || 2 * longer <= self.first_rows.len() {
            return;
        }
        let is_number = |row: &Record| row.get(1).is_some_and(|field| field.trim().parse::<f64>().is_ok());
        if is_identifier(&self.header[0]) && self.first_rows.iter().any(is_number) {
            // The first column is named: it is the last one that is not.
            return;
        }
        self.header.insert(0, String::new());
    }
}

/// The lines, with those made one over which a quoted field runs: the line that comes out has as many fields as the next.
fn with_quotes_closed(lines: Vec<NumberedLine>) -> Vec<NumberedLine> {
    let mut closed: Vec<NumberedLine> = Vec::with_capacity(lines.len());
    let mut place = 0;
    while place < lines.len() {
        let joined =
            [b'\t', b',', b';'].into_iter().find_map(|byte| join_at(&lines[place..], Separator::Byte(byte)));
        let (text, taken) = joined.unwrap_or_else(|| (lines[place].1.clone(), 1));
        closed.push((lines[place].0, text));
        place += taken;
    }
    closed
}

/// The first line with those behind it that its quoted field takes, and how many these are; `None` when it takes none.
fn join_at(lines: &[NumberedLine], separator: Separator) -> Option<(String, usize)> {
    let mut text = lines[0].1.clone();
    if !text.contains('"') || !Record::is_open(&text, separator) {
        return None;
    }
    for (taken, (_, next)) in lines.iter().enumerate().skip(1) {
        text = format!("{text} {}", next.trim_start());
        if !Record::is_open(&text, separator) {
            let width = Record::of(&text, separator).len();
            let following = lines.get(taken + 1).map(|(_, line)| Record::of(line, separator).len());
            return (width > 1 && following.is_none_or(|next| next == width)).then_some((text, taken + 1));
        }
    }
    None
}

/// Reads a whole text file into memory, gunzipped, as UTF-8 with newlines.
///
/// # Errors
/// [`ReadError`] when the file cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    let in_context = |source| ReadError::from_io(path, source);
    let mut input = plain_text(file::open(path)?).map_err(in_context)?.input;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(in_context)?;
    String::from_utf8(bytes).map_err(|_| not_utf8(path, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str) -> Delimited {
        Delimited::new(Path::new("t.csv"), Box::new(text.as_bytes())).unwrap()
    }

    #[test]
    fn byte_order_mark_comments_and_windows_ends_are_passed_over() {
        let table = read("\u{feff}# made by hand\r\nsample,condition\r\na,\"x, y\"\r\n\r\nb,z\r\n");
        assert_eq!(table.header, ["sample", "condition"]);
        let rows = table.rows().unwrap();
        assert_eq!(rows.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 5]);
        assert_eq!(rows[0].1.get(1), Some("x, y"));
    }

    #[test]
    fn the_header_that_r_shortens_is_made_whole() {
        assert_eq!(read("a\tb\ng1\t1\t2\n").header, ["", "a", "b"]);
        assert_eq!(read("\"\",\"a\"\n\"g1\",1\n").header, ["", "a"]);
    }

    #[test]
    fn an_empty_file_says_so() {
        let Err(error) = Delimited::new(Path::new("t.csv"), Box::new(&b""[..])) else {
            panic!("read nothing")
        };
        assert_eq!(error.to_string(), "t.csv: the file is empty");
    }
}
