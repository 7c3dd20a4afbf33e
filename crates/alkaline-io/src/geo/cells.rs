//! The cells of a series matrix: separated by tabs, most of them in quotes, within which there may be line ends and, unescaped, quotes.

use std::borrow::Cow;

/// Bytes over which a cell in quotes may run before its quote is taken for text.
const LONGEST_CELL: usize = 1 << 20;

/// A line of cells, and where it begins.
pub(super) struct Row<'a> {
    /// 1-based number of its first line.
    pub line: u64,
    /// The cells, without their quotes.
    pub cells: Vec<Cow<'a, str>>,
}

/// Gives the rows of a text one after the other.
pub(super) struct Rows<'a> {
    rest: &'a str,
    line: u64,
}

impl<'a> Rows<'a> {
    pub fn of(text: &'a str) -> Self {
        Self { rest: text, line: 1 }
    }
}

impl<'a> Iterator for Rows<'a> {
    type Item = Row<'a>;

    fn next(&mut self) -> Option<Row<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let line = self.line;
        let mut cells = Vec::new();
        loop {
            let (cell, end) = cell(self.rest);
            self.line += self.rest.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count() as u64;
            cells.push(cell);
            self.rest = &self.rest[end..];
            if let Some(rest) = self.rest.strip_prefix('\t') {
                self.rest = rest;
                continue;
            }
            self.rest = self.rest.strip_prefix('\r').unwrap_or(self.rest);
            self.rest = self.rest.strip_prefix('\n').unwrap_or(self.rest);
            self.line += 1;
            return Some(Row { line, cells });
        }
    }
}

/// The first cell of `text`, and where it ends: at a tab, a line end, or the end.
fn cell(text: &str) -> (Cow<'_, str>, usize) {
    if let Some(inside) = text.strip_prefix('"')
        && let Some(length) = closing_quote(inside)
    {
        return (tidied(&inside[..length]), length + 2);
    }
    let end = memchr::memchr2(b'\t', b'\n', text.as_bytes()).unwrap_or(text.len());
    let end =
        if text[..end].ends_with('\r') && text.as_bytes().get(end) == Some(&b'\n') { end - 1 } else { end };
    (Cow::Borrowed(text[..end].trim()), end)
}

/// The place of the quote that closes a cell: one with a tab, a line end or nothing behind it.
fn closing_quote(inside: &str) -> Option<usize> {
    let bytes = inside.as_bytes();
    let within = &bytes[..bytes.len().min(LONGEST_CELL)];
    memchr::memchr_iter(b'"', within)
        .find(|&place| matches!(bytes.get(place + 1), None | Some(b'\t' | b'\n' | b'\r')))
}

/// The text of a cell: line ends become blanks, doubled quotes single ones, blanks at both ends fall away.
fn tidied(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if !text.contains(['\n', '\r']) && !text.contains("\"\"") {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text.split(['\n', '\r']).map(str::trim).filter(|part| !part.is_empty()).collect();
    Cow::Owned(words.join(" ").replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        Rows::of(text).map(|row| (row.line, row.cells.iter().map(ToString::to_string).collect())).collect()
    }

    #[test]
    fn cells_in_quotes_hold_line_ends_and_quotes() {
        let text =
            "!a\t\"one\"\t\"two\nlines\r\nmore\"\r\n\n!b\t\"say \"hello\" there\"\t\"\"\"x\"\"\"\tbare \n";
        let expected = [
            (1, vec!["!a", "one", "two lines more"]),
            (4, vec![""]),
            (5, vec!["!b", "say \"hello\" there", "\"x\"", "bare"]),
        ];
        let expected: Vec<(u64, Vec<String>)> = expected
            .into_iter()
            .map(|(line, cells)| (line, cells.into_iter().map(str::to_owned).collect()))
            .collect();
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn a_quote_that_never_closes_is_text() {
        assert_eq!(
            rows("a\t\"5' end\tb\nc\td"),
            [
                (1, vec!["a".to_owned(), "\"5' end".to_owned(), "b".to_owned()]),
                (2, vec!["c".to_owned(), "d".to_owned()])
            ]
        );
    }
}
