//! The lines of a text file. They are taken in large pieces, which are looked at whether they are text: a table has a line for
//! each of tens of thousands of genes.

use std::collections::VecDeque;
use std::io::{BufRead, ErrorKind};
use std::path::{Path, PathBuf};

use memchr::{memchr, memrchr};

use super::sniff::LINES_LOOKED_AT;
use crate::error::{FileProblems, Problem, ReadError};

/// Bytes that are read at a time.
const PIECE: usize = 1 << 17;

/// A line and its 1-based number.
pub(super) type NumberedLine = (u64, String);

/// The text of a file line by line, with lines that were read ahead.
pub(super) struct Lines {
    path: PathBuf,
    input: Box<dyn BufRead + Send>,
    /// 1-based number of the line that was taken from the input last.
    line: u64,
    /// Lines that are given before those of the input.
    pub(super) ahead: VecDeque<NumberedLine>,
    /// Whole lines of text.
    text: String,
    /// How much of the text was given.
    given: usize,
    /// In its first bytes what was read behind the text: the beginning of a line, or lines of which the first is no text.
    buffer: Vec<u8>,
    /// The number of these bytes.
    filled: usize,
}

/// What comes next in a file.
enum Next {
    /// A line with this number.
    Line(u64),
    /// A line that is no UTF-8.
    NoText,
    End,
}

impl Lines {
    pub(super) fn of(path: &Path, input: Box<dyn BufRead + Send>) -> Self {
        Self {
            path: path.to_owned(),
            input,
            line: 0,
            ahead: VecDeque::new(),
            text: String::new(),
            given: 0,
            buffer: Vec::new(),
            filled: 0,
        }
    }

    /// Reads the next line into `text`, without its end; gives its number.
    pub(super) fn next(&mut self, text: &mut String) -> Result<Option<u64>, ReadError> {
        if let Some((line, ahead)) = self.ahead.pop_front() {
            *text = ahead;
            return Ok(Some(line));
        }
        match self.next_of_input(text)? {
            Next::Line(line) => Ok(Some(line)),
            Next::NoText => Err(not_utf8(&self.path, Some(self.line + 1))),
            Next::End => Ok(None),
        }
    }

    fn next_of_input(&mut self, text: &mut String) -> Result<Next, ReadError> {
        if self.given == self.text.len() && !self.fill()? {
            return Ok(if self.filled == 0 { Next::End } else { Next::NoText });
        }
        let left = &self.text[self.given..];
        let end = memchr(b'\n', left.as_bytes()).unwrap_or(left.len());
        text.clear();
        text.push_str(without_returns(&left[..end]));
        self.given = self.text.len().min(self.given + end + 1);
        self.line += 1;
        Ok(Next::Line(self.line))
    }

    /// Takes whole lines of text from the input; gives whether there were any.
    fn fill(&mut self) -> Result<bool, ReadError> {
        self.text.clear();
        self.given = 0;
        let mut is_whole = memchr(b'\n', &self.buffer[..self.filled]).is_some();
        while !is_whole {
            let start = self.filled;
            self.buffer.resize(self.buffer.len().max(start + PIECE), 0);
            let length = match self.input.read(&mut self.buffer[start..]) {
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                length => length.map_err(|source| ReadError::from_io(&self.path, source))?,
            };
            self.filled += length;
            if length == 0 {
                self.take_lines(self.filled);
                return Ok(!self.text.is_empty());
            }
            is_whole = memchr(b'\n', &self.buffer[start..self.filled]).is_some();
        }
        self.take_lines(memrchr(b'\n', &self.buffer[..self.filled]).map_or(0, |last| last + 1));
        Ok(!self.text.is_empty())
    }

    /// Makes so many bytes of the buffer text, or those before the line that is none.
    fn take_lines(&mut self, length: usize) {
        let lines = &self.buffer[..length];
        let (text, taken) = match std::str::from_utf8(lines) {
            Ok(text) => (text, length),
            Err(error) => {
                let valid = &lines[..error.valid_up_to()];
                let taken = memrchr(b'\n', valid).map_or(0, |last| last + 1);
                (std::str::from_utf8(&valid[..taken]).unwrap_or_default(), taken)
            }
        };
        self.text.push_str(text);
        self.buffer.copy_within(taken..self.filled, 0);
        self.filled -= taken;
    }

    /// The comments above the header, which may be no UTF-8, and the first lines that are none.
    pub(super) fn preamble(&mut self) -> Result<(Vec<NumberedLine>, Vec<NumberedLine>), ReadError> {
        let (mut comments, mut head) = (Vec::new(), Vec::new());
        let mut text = String::new();
        while head.len() < LINES_LOOKED_AT {
            let line = match self.next_of_input(&mut text)? {
                Next::Line(line) => line,
                Next::NoText if head.is_empty() && self.buffer[0] == b'#' => self.odd_comment(&mut text),
                Next::NoText => return Err(not_utf8(&self.path, Some(self.line + 1))),
                Next::End => break,
            };
            if head.is_empty() && text.starts_with('#') {
                comments.push((line, text.clone()));
            } else if !text.trim().is_empty() {
                head.push((line, text.clone()));
            }
        }
        Ok((comments, head))
    }

    /// Takes the line at the beginning of the buffer, which is no UTF-8, as well as it can be read.
    fn odd_comment(&mut self, text: &mut String) -> u64 {
        let end = memchr(b'\n', &self.buffer[..self.filled]).unwrap_or(self.filled);
        *text = without_returns(&String::from_utf8_lossy(&self.buffer[..end])).to_owned();
        let taken = self.filled.min(end + 1);
        self.buffer.copy_within(taken..self.filled, 0);
        self.filled -= taken;
        self.line += 1;
        self.line
    }
}

/// The line without the carriage returns at its end.
fn without_returns(line: &str) -> &str {
    let returns = line.bytes().rev().take_while(|byte| *byte == b'\r').count();
    &line[..line.len() - returns]
}

/// The error for text that is not UTF-8.
pub(super) fn not_utf8(path: &Path, line: Option<u64>) -> ReadError {
    let problem = Problem { line, ..Problem::of_file("the text is not UTF-8") };
    FileProblems::one(path, problem.hint("save the file as UTF-8 text")).into()
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    /// Gives a text by so many bytes at a time.
    struct Drops(Vec<u8>, usize);

    impl Read for Drops {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0.drain(..length);
            Ok(length)
        }
    }

    fn lines_of(text: &[u8], at_a_time: usize) -> Lines {
        Lines::of(Path::new("t.tsv"), Box::new(BufReader::new(Drops(text.to_vec(), at_a_time))))
    }

    /// All lines, and the error that ended them.
    fn all(lines: &mut Lines) -> (Vec<NumberedLine>, Option<String>) {
        let (mut found, mut text) = (Vec::new(), String::new());
        loop {
            match lines.next(&mut text) {
                Ok(Some(line)) => found.push((line, text.clone())),
                Ok(None) => return (found, None),
                Err(error) => return (found, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn lines_are_the_same_in_whatever_pieces_a_file_comes() {
        let long = "é".repeat(PIECE);
        let text = format!("a\tä\r\n\n{long}\nlast");
        let expected = ["a\tä", "", &long, "last"].map(str::to_owned);
        for at_a_time in [1, 3, 1000, usize::MAX] {
            let (found, error) = all(&mut lines_of(text.as_bytes(), at_a_time));
            assert_eq!(error, None);
            assert!(found.iter().map(|(line, _)| *line).eq(1..=4));
            assert!(found.into_iter().map(|(_, text)| text).eq(expected.clone()), "{at_a_time}");
        }
        assert_eq!(all(&mut lines_of(b"", 1)), (Vec::new(), None));
    }

    #[test]
    fn a_line_that_is_no_text_is_named_after_those_before_it() {
        for at_a_time in [1, usize::MAX] {
            for text in [&b"a\nb\n\xff\nc\n"[..], b"a\nb\nc\xff"] {
                let (found, error) = all(&mut lines_of(text, at_a_time));
                assert_eq!(found, [(1, "a".to_owned()), (2, "b".to_owned())]);
                assert!(error.unwrap().contains("line 3: the text is not UTF-8"));
            }
        }
    }

    #[test]
    fn comments_need_not_be_utf8() {
        for at_a_time in [1, usize::MAX] {
            let mut lines = lines_of(b"# a\n#\xe9\r\n#\xe9\nx\ty\n# no comment\n", at_a_time);
            let (comments, head) = lines.preamble().unwrap();
            assert_eq!(
                comments.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(),
                ["# a", "#\u{fffd}", "#\u{fffd}"]
            );
            assert_eq!(head, [(4, "x\ty".to_owned()), (5, "# no comment".to_owned())]);
            let mut odd = lines_of(b"#\xe9", at_a_time);
            assert_eq!(odd.preamble().unwrap().0, [(1, "#\u{fffd}".to_owned())]);
            assert!(lines_of(b"a\tb\n#\xe9\n", at_a_time).preamble().is_err());
        }
    }
}
