//! Lines of a table on their way to a file: fields are appended as text, without a copy or an allocation of their own.

use crate::number::{self, push_decimal};

/// The characters that would end a field or a line too early.
const SEPARATORS: [char; 3] = ['\t', '\n', '\r'];

/// A line being made, field after field, behind those that are done.
#[derive(Default)]
pub struct Line {
    text: String,
}

impl Line {
    /// Appends text; tabs and line ends in it become blanks.
    pub fn text(&mut self, text: &str) -> &mut Self {
        if text.contains(SEPARATORS) {
            self.text.extend(text.chars().map(|c| if SEPARATORS.contains(&c) { ' ' } else { c }));
        } else {
            self.text.push_str(text);
        }
        self.end_field()
    }

    /// Appends text, or `NA`.
    pub fn optional(&mut self, text: Option<&str>) -> &mut Self {
        self.text(text.unwrap_or(number::MISSING))
    }

    /// Appends a whole number.
    pub fn whole(&mut self, number: u64) -> &mut Self {
        self.text.push_str(itoa::Buffer::new().format(number));
        self.end_field()
    }

    /// Appends a real number, `NA` where NaN.
    pub fn real(&mut self, value: f64) -> &mut Self {
        push_decimal(&mut self.text, value);
        self.end_field()
    }

    /// Appends a real number, or `NA`.
    pub fn optional_real(&mut self, value: Option<f64>) -> &mut Self {
        self.real(value.unwrap_or(f64::NAN))
    }

    /// Appends many real numbers.
    pub fn reals(&mut self, values: impl IntoIterator<Item = f64>) -> &mut Self {
        values.into_iter().fold(self, |line, value| line.real(value))
    }

    fn end_field(&mut self) -> &mut Self {
        self.text.push('\t');
        self
    }

    /// Ends the line; what is appended next begins another.
    pub(super) fn end(&mut self) {
        self.text.pop();
        self.text.push('\n');
    }

    /// The lines so far.
    pub(super) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_stand_between_tabs_and_hold_none() {
        let mut line = Line::default();
        line.text("a\tb\r\nc").optional(None).whole(12).real(0.5).reals([1.0, f64::NAN]);
        line.end();
        line.text("next").end();
        assert_eq!(line.as_bytes(), b"a b  c\tNA\t12\t0.5\t1\tNA\nnext\n");
    }
}
