//! Delimited text as people save it: tabs, commas or semicolons, quotes, a byte-order mark, Windows line ends,
//! comment lines above the header, and R's habit of leaving the first header field out.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

use csv::{ReaderBuilder, StringRecord};

use crate::error::{FileProblems, Problem, ReadError};
use crate::file;

/// UTF-8 byte-order mark, as spreadsheets write it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

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
    input: Box<dyn BufRead + Send>,
    delimiter: u8,
    line: u64,
    pending: Option<Record>,
}

/// One row, as a text in which the places are known where its fields end.
///
/// Count tables hold millions of fields: none of them is copied.
#[derive(Clone, Debug, Default)]
pub struct Record {
    text: String,
    /// The end of each field; the next one begins a byte later.
    ends: Vec<usize>,
}

impl Record {
    /// Number of fields.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no field at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The field at `place`.
    pub fn get(&self, place: usize) -> Option<&str> {
        let end = *self.ends.get(place)?;
        let start = if place == 0 { 0 } else { self.ends[place - 1] + 1 };
        Some(&self.text[start..end])
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Finds the fields of the line that `text` holds, honouring quotes where there are any.
    fn split(&mut self, delimiter: u8) {
        self.ends.clear();
        let mut quoted = false;
        for (place, byte) in self.text.bytes().enumerate() {
            if byte == delimiter {
                self.ends.push(place);
            }
            quoted |= byte == b'"';
        }
        self.ends.push(self.text.len());
        if quoted {
            self.unquote(delimiter);
        }
    }

    /// Takes the fields from the quotes; a line whose quotes make no sense is one field.
    fn unquote(&mut self, delimiter: u8) {
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).has_headers(false).from_reader(self.text.as_bytes());
        let mut fields = StringRecord::new();
        self.ends.clear();
        if !reader.read_record(&mut fields).unwrap_or(false) {
            self.ends.push(self.text.len());
            return;
        }
        self.text.clear();
        for field in &fields {
            self.text.push_str(if self.ends.is_empty() { "" } else { "\t" });
            self.text.push_str(field);
            self.ends.push(self.text.len());
        }
    }
}

impl std::ops::Index<usize> for Record {
    type Output = str;

    /// The field at `place`, which must exist.
    fn index(&self, place: usize) -> &str {
        self.get(place).expect("no field with this number")
    }
}

impl Delimited {
    /// Opens `path` and reads its header.
    ///
    /// # Errors
    /// [`ReadError`] when the file cannot be read or holds no header.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        Self::new(path, file::open(path)?)
    }

    /// As [`Delimited::open`], from text that is already at hand; `path` names it in messages.
    ///
    /// # Errors
    /// [`ReadError`] when the text holds no header.
    pub fn new(path: &Path, mut input: Box<dyn BufRead + Send>) -> Result<Self, ReadError> {
        let in_context = |source| ReadError::from_io(path, source);
        skip_byte_order_mark(&mut input).map_err(in_context)?;
        let (comments, header_text) = read_preamble(&mut input).map_err(in_context)?;
        let header_line = comments.len() as u64 + 1;
        if header_text.trim().is_empty() {
            return Err(FileProblems::one(path, Problem::of_file("the file is empty")).into());
        }
        let delimiter = sniff_delimiter(&header_text);
        let mut header = Record { text: header_text, ends: Vec::new() };
        header.split(delimiter);
        let mut table = Self {
            path: path.to_owned(),
            header: header.iter().map(|name| name.trim().to_owned()).collect(),
            header_line,
            comments,
            input,
            delimiter,
            line: header_line,
            pending: None,
        };
        let mut first = Record::default();
        if table.next_row(&mut first)?.is_some() {
            // R leaves the name of the row names out.
            if first.len() == table.header.len() + 1 {
                table.header.insert(0, String::new());
            }
            table.pending = Some(first);
        }
        Ok(table)
    }

    /// The place of the column called `name`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Reads the next row into `row` and gives its 1-based line; `None` at the end. Blank lines are passed over.
    ///
    /// # Errors
    /// [`ReadError`] when the text is not UTF-8 or the file cannot be read.
    pub fn next_row(&mut self, row: &mut Record) -> Result<Option<u64>, ReadError> {
        if let Some(first) = self.pending.take() {
            *row = first;
            return Ok(Some(self.line));
        }
        loop {
            let mut bytes = std::mem::take(&mut row.text).into_bytes();
            bytes.clear();
            let length = self.input.read_until(b'\n', &mut bytes);
            if length.map_err(|source| ReadError::from_io(&self.path, source))? == 0 {
                return Ok(None);
            }
            self.line += 1;
            row.text = String::from_utf8(bytes).map_err(|_| {
                let problem = Problem::at_line(self.line, "the text is not UTF-8");
                FileProblems::one(&self.path, problem.hint("save the file as UTF-8 text"))
            })?;
            row.text.truncate(row.text.trim_end_matches(['\n', '\r']).len());
            if !row.text.trim().is_empty() {
                row.split(self.delimiter);
                return Ok(Some(self.line));
            }
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
            // Spreadsheets leave rows of nothing but delimiters behind.
            if row.iter().any(|field| !field.trim().is_empty()) {
                rows.push((line, row.clone()));
            }
        }
        Ok(rows)
    }
}

/// Passes over a byte-order mark.
fn skip_byte_order_mark(input: &mut dyn BufRead) -> std::io::Result<()> {
    if input.fill_buf()?.starts_with(BYTE_ORDER_MARK) {
        input.consume(BYTE_ORDER_MARK.len());
    }
    Ok(())
}

/// Reads comment and blank lines, then the header line.
fn read_preamble(input: &mut dyn BufRead) -> std::io::Result<(Vec<String>, String)> {
    let mut comments = Vec::new();
    loop {
        let mut bytes = Vec::new();
        let length = input.read_until(b'\n', &mut bytes)?;
        let line = String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']).to_owned();
        if length > 0 && (line.starts_with('#') || line.trim().is_empty()) {
            comments.push(line);
        } else {
            return Ok((comments, line));
        }
    }
}

/// The delimiter that the header holds most often; a tab when there is none.
fn sniff_delimiter(header: &str) -> u8 {
    let count = |delimiter: u8| header.bytes().filter(|byte| *byte == delimiter).count();
    // Later candidates win ties, so the most reliable one stands last.
    [b';', b',', b'\t'].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b'\t')
}

/// Reads a whole text file into memory, gunzipped, without a byte-order mark.
///
/// # Errors
/// [`ReadError`] when the file cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String, ReadError> {
    let mut input = file::open(path)?;
    let in_context = |source| ReadError::from_io(path, source);
    skip_byte_order_mark(&mut input).map_err(in_context)?;
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes).map_err(in_context)?;
    String::from_utf8(bytes)
        .map_err(|_| FileProblems::one(path, Problem::of_file("the text is not UTF-8")).into())
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
