//! Lines of an annotation file, with their number kept for messages.

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};

use alkaline_core::genome::{Span, Strand};
use alkaline_core::words::count;

use super::position::{leading_digits, whole_number};
use super::strand;
use crate::error::{FileProblems, Problem, ReadError};

/// UTF-8 byte-order mark.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How many lines are looked at to recognise the format.
const LINES_TO_RECOGNISE: usize = 2000;

/// After so many problems reading stops.
const MAX_PROBLEMS: usize = 100;

/// Reads lines, remembers their number, and can look ahead to recognise the format.
pub(super) struct LineReader<R> {
    reader: R,
    path: PathBuf,
    /// Whether featureCounts' reading is asked for: bytes as they stand, positions by their leading digits.
    strict: bool,
    /// What ends a line: a line feed or, in files of old Macintosh programs, a carriage return.
    line_end: u8,
    /// Lines read ahead, with the place of the next one to hand out.
    ahead: Vec<Vec<u8>>,
    next_ahead: usize,
    number: u64,
    problems: Vec<Problem>,
    /// Rows whose positions are not plain digits, with the first of them.
    odd_positions: Remarkable,
    /// Rows whose strand is not understood.
    odd_strands: Remarkable,
    /// Lines that are no rows.
    no_rows: Remarkable,
}

/// How often something was met, and where first.
#[derive(Debug, Default)]
struct Remarkable {
    number: usize,
    line: u64,
    example: String,
}

impl Remarkable {
    fn add(&mut self, line: u64, example: impl FnOnce() -> String) {
        if self.number == 0 {
            (self.line, self.example) = (line, example());
        }
        self.number += 1;
    }
}

impl<R: BufRead> LineReader<R> {
    /// A reader of `path`, at its first line.
    pub fn new(mut reader: R, path: &Path, strict: bool) -> Result<Self, ReadError> {
        let in_context = |source| ReadError::from_io(path, source);
        let start = reader.fill_buf().map_err(in_context)?;
        let has_mark = !strict && start.starts_with(BYTE_ORDER_MARK);
        let first_end = start.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let is_old_macintosh = !strict
            && first_end.is_some_and(|place| {
                start[place] == b'\r' && start.get(place + 1).is_some_and(|&next| next != b'\n')
            });
        if has_mark {
            reader.consume(BYTE_ORDER_MARK.len());
        }
        Ok(Self {
            reader,
            path: path.to_owned(),
            strict,
            line_end: if is_old_macintosh { b'\r' } else { b'\n' },
            ahead: Vec::new(),
            next_ahead: 0,
            number: 0,
            problems: Vec::new(),
            odd_positions: Remarkable::default(),
            odd_strands: Remarkable::default(),
            no_rows: Remarkable::default(),
        })
    }

    /// Reads the next line, without its end, into `line`; `false` at the end of the file.
    ///
    /// # Errors
    /// [`ReadError`], also when many problems were noted.
    pub fn advance(&mut self, line: &mut Vec<u8>) -> Result<bool, ReadError> {
        if self.problems.len() >= MAX_PROBLEMS {
            return Err(self.take_problems());
        }
        self.number += 1;
        if self.next_ahead < self.ahead.len() {
            *line = std::mem::take(&mut self.ahead[self.next_ahead]);
            self.next_ahead += 1;
            return Ok(true);
        }
        read_line(&mut self.reader, self.line_end, line)
            .map_err(|error| ReadError::from_io(&self.path, error))
    }

    /// Checks, when all rows are read, that none was wrong.
    ///
    /// # Errors
    /// [`ReadError`] with all problems that were noted.
    pub fn check(&mut self) -> Result<(), ReadError> {
        if self.problems.is_empty() { Ok(()) } else { Err(self.take_problems()) }
    }

    fn take_problems(&mut self) -> ReadError {
        FileProblems { path: self.path.clone(), problems: std::mem::take(&mut self.problems) }.into()
    }

    /// The number of the current line.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The error that the current line is wrong.
    pub fn error(&self, problem: impl Into<String>, hint: Option<&str>) -> ReadError {
        let mut problem = Problem::at_line(self.number, problem);
        problem.hint = hint.map(str::to_owned);
        FileProblems::one(&self.path, problem).into()
    }

    /// The interval of a row of line `number`; `None` when it is none, which [`LineReader::check`] tells.
    pub fn span(&mut self, number: u64, start: &[u8], end: &[u8]) -> Option<Span> {
        let span = if self.strict {
            leading_digits(start).zip(leading_digits(end)).and_then(|(first, last)| Span::new(first, last))
        } else {
            let found = whole_number(start).zip(whole_number(end));
            if let Some((first, last)) = found
                && !(first.plain && last.plain)
            {
                let (text, value) = if first.plain { (end, last.value) } else { (start, first.value) };
                let example = || format!("`{}` is read as {value}", String::from_utf8_lossy(text));
                self.odd_positions.add(number, example);
            }
            found.and_then(|(first, last)| Span::new(first.value, last.value))
        };
        if span.is_none() {
            let (start, end) = (String::from_utf8_lossy(start), String::from_utf8_lossy(end));
            let message = format!("`{start}` to `{end}` is not an interval");
            let hint = "positions are whole numbers from 1 to 2147483647, the start not after the end";
            self.problems.push(Problem::at_line(number, message).hint(hint));
        }
        span
    }

    /// The strand of a row of line `number`.
    pub fn strand(&mut self, number: u64, text: &[u8]) -> Strand {
        if self.strict {
            return strand::strict(text);
        }
        strand::parse(text).unwrap_or_else(|| {
            self.odd_strands.add(number, || String::from_utf8_lossy(text).into_owned());
            Strand::Unknown
        })
    }

    /// Takes note that the current line is no row, unless it is empty or says something about the file.
    pub fn no_row(&mut self, line: &[u8]) {
        let line = line.trim_ascii();
        if line.is_empty() || line[0] == b'#' || line.starts_with(b"track") || line.starts_with(b"browser") {
            return;
        }
        let number = self.number;
        self.no_rows.add(number, String::new);
    }

    /// What was remarkable about the rows, for the user.
    pub fn remarks(&self) -> Vec<String> {
        let Remarkable { number, line, example } = &self.odd_positions;
        let positions = (*number > 0).then(|| {
            let rows = count(*number, "row");
            format!("positions of {rows} are not written in digits alone: in line {line}, {example}")
        });
        let Remarkable { number, line, example } = &self.odd_strands;
        let strands = (*number > 0).then(|| {
            format!(
                "the strand of {} is not understood (`{example}` in line {line}): it is taken as unknown, which fits both",
                count(*number, "row")
            )
        });
        let Remarkable { number, line, .. } = &self.no_rows;
        let lines = match number {
            0 => None,
            1 => Some(format!("left out 1 line that is no row of an annotation (line {line})")),
            _ => Some(format!(
                "left out {number} lines that are no rows of an annotation (the first is line {line})"
            )),
        };
        [positions, strands, lines].into_iter().flatten().collect()
    }

    /// The first lines of the file, without moving on.
    pub fn look_ahead(&mut self) -> Result<&[Vec<u8>], ReadError> {
        while self.ahead.len() < LINES_TO_RECOGNISE {
            let mut line = Vec::new();
            let more = read_line(&mut self.reader, self.line_end, &mut line)
                .map_err(|error| ReadError::from_io(&self.path, error))?;
            if !more {
                break;
            }
            self.ahead.push(line);
        }
        Ok(&self.ahead)
    }
}

/// Reads a line without its end; `false` at the end of the file.
fn read_line(reader: &mut impl BufRead, end: u8, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    if reader.read_until(end, line)? == 0 {
        return Ok(false);
    }
    while matches!(line.last(), Some(b'\n' | b'\r')) {
        line.pop();
    }
    Ok(true)
}
