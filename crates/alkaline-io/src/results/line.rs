//! Lines of a table on their way to a file: fields are appended as text, without a copy or an allocation of their own, or as the
//! cells of a sheet.

use std::ops::Range;

use crate::number::{self, push_decimal};

/// The characters that would end a field or a line too early.
const SEPARATORS: [char; 3] = ['\t', '\n', '\r'];

/// A line being made, field after field, behind those that are done.
pub struct Line {
    text: String,
    cells: Vec<Cell>,
    medium: Medium,
    /// The real numbers of the line above, in their order: in sorted tables many stand in the next line again.
    above: Vec<Printed>,
    /// Real numbers of this line so far.
    reals: usize,
}

/// A real number that stands in the text.
struct Printed {
    bits: u64,
    place: Range<usize>,
}

/// What the fields are made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Medium {
    Tabs,
    Commas,
    Cells,
}

/// A field of a sheet.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Text(String),
    Number(f64),
    Missing,
}

impl Line {
    fn of(medium: Medium) -> Self {
        Self { text: String::new(), cells: Vec::new(), medium, above: Vec::new(), reals: 0 }
    }

    /// Lines whose fields are separated by tabs.
    pub(crate) fn of_tabs() -> Self {
        Self::of(Medium::Tabs)
    }

    /// Lines whose fields are separated by commas.
    pub(super) fn of_commas() -> Self {
        Self::of(Medium::Commas)
    }

    /// A line of cells.
    pub(super) fn of_cells() -> Self {
        Self::of(Medium::Cells)
    }

    /// Appends text; tabs and line ends in it become blanks. It stands in quotes where it would be misread otherwise.
    pub fn text(&mut self, text: &str) -> &mut Self {
        match self.medium {
            Medium::Cells => {
                self.cells.push(Cell::Text(text.to_owned()));
                return self;
            }
            Medium::Tabs if !has_any(text, b"\t\n\r") && !text.starts_with('"') => self.text.push_str(text),
            Medium::Commas if !has_any(text, b"\t\n\r,\"") => self.text.push_str(text),
            Medium::Tabs | Medium::Commas => self.plain_or_quoted(text),
        }
        self.end_field()
    }

    /// Appends text that holds a separator or a quote.
    fn plain_or_quoted(&mut self, text: &str) {
        let plain: String = text.chars().map(|c| if SEPARATORS.contains(&c) { ' ' } else { c }).collect();
        let needs_quotes =
            plain.starts_with('"') || (self.medium == Medium::Commas && plain.contains([',', '"']));
        if needs_quotes {
            self.text.push('"');
            self.text.push_str(&plain.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(&plain);
        }
    }

    /// Appends text, or `NA`.
    pub fn optional(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            None if self.medium == Medium::Cells => self.cell(Cell::Missing),
            text => self.text(text.unwrap_or(number::MISSING)),
        }
    }

    /// Appends a whole number.
    pub fn whole(&mut self, number: u64) -> &mut Self {
        if self.medium == Medium::Cells {
            return self.cell(Cell::Number(number as f64));
        }
        self.text.push_str(itoa::Buffer::new().format(number));
        self.end_field()
    }

    /// Appends a real number, `NA` where NaN.
    pub fn real(&mut self, value: f64) -> &mut Self {
        if self.medium == Medium::Cells {
            return self.cell(if value.is_nan() { Cell::Missing } else { Cell::Number(value) });
        }
        self.push_real(value);
        self.end_field()
    }

    /// Appends the text of a real number; that of the line above, where it is the same number.
    fn push_real(&mut self, value: f64) {
        let (bits, start) = (value.to_bits(), self.text.len());
        match self.above.get(self.reals) {
            Some(above) if above.bits == bits => self.text.extend_from_within(above.place.clone()),
            _ => push_decimal(&mut self.text, value),
        }
        let printed = Printed { bits, place: start..self.text.len() };
        match self.above.get_mut(self.reals) {
            Some(above) => *above = printed,
            None => self.above.push(printed),
        }
        self.reals += 1;
    }

    /// Appends a real number, or `NA`.
    pub fn optional_real(&mut self, value: Option<f64>) -> &mut Self {
        self.real(value.unwrap_or(f64::NAN))
    }

    /// Appends many real numbers.
    pub fn reals(&mut self, values: impl IntoIterator<Item = f64>) -> &mut Self {
        values.into_iter().fold(self, |line, value| line.real(value))
    }

    fn cell(&mut self, cell: Cell) -> &mut Self {
        self.cells.push(cell);
        self
    }

    fn end_field(&mut self) -> &mut Self {
        self.text.push(if self.medium == Medium::Commas { ',' } else { '\t' });
        self
    }

    /// Ends the line; what is appended next begins another.
    pub(crate) fn end(&mut self) {
        self.text.pop();
        self.text.push('\n');
        self.reals = 0;
    }

    /// Forgets all lines.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.above.clear();
    }

    /// The lines so far.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The cells of the line, which is then empty.
    pub(super) fn take_cells(&mut self) -> Vec<Cell> {
        std::mem::take(&mut self.cells)
    }
}

/// Whether one of these ASCII characters is in a text.
#[inline]
fn has_any(text: &str, characters: &[u8]) -> bool {
    text.bytes().any(|byte| characters.contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_stand_in_the_line_above_are_written_again() {
        let mut line = Line::of_commas();
        for numbers in
            [&[0.1, 0.2, 0.0][..], &[0.1, 0.3, -0.0], &[f64::NAN, 0.3], &[f64::NAN, 0.3, -0.0, 7.0]]
        {
            line.reals(numbers.iter().copied()).end();
        }
        assert_eq!(line.as_bytes(), b"0.1,0.2,0\n0.1,0.3,0\nNA,0.3\nNA,0.3,0,7\n");
    }

    #[test]
    fn fields_stand_between_tabs_and_hold_none() {
        let mut line = Line::of_tabs();
        line.text("a\tb\r\nc").optional(None).whole(12).real(0.5).reals([1.0, f64::NAN]);
        line.end();
        line.text("next").end();
        assert_eq!(line.as_bytes(), b"a b  c\tNA\t12\t0.5\t1\tNA\nnext\n");
    }

    #[test]
    fn a_name_that_begins_with_a_quote_stands_in_quotes() {
        let mut line = Line::of_tabs();
        line.text("\"odd").text("5\" end").end();
        assert_eq!(line.as_bytes(), b"\"\"\"odd\"\t5\" end\n");
    }

    #[test]
    fn commas_and_quotes_within_a_field_are_no_separators() {
        let mut line = Line::of_commas();
        line.text("GO:1").text("a, \"b\"\nc").optional(None).real(0.5).end();
        assert_eq!(line.as_bytes(), b"GO:1,\"a, \"\"b\"\" c\",NA,0.5\n");
    }

    #[test]
    fn cells_keep_their_types() {
        let mut line = Line::of_cells();
        line.text("1E6").optional(None).whole(3).reals([0.5, f64::NAN]);
        let text = Cell::Text("1E6".to_owned());
        let expected = [text, Cell::Missing, Cell::Number(3.0), Cell::Number(0.5), Cell::Missing];
        assert_eq!(line.take_cells(), expected);
    }
}
