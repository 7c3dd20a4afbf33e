//! One row of a delimited file.

/// What stands between the fields of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// One byte: a tab, a comma, a semicolon.
    Byte(u8),
    /// Any run of blanks, as R's `write.table` and people leave them.
    Blanks,
}

impl Separator {
    /// In words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Byte(b'\t') => "tabs",
            Self::Byte(b',') => "commas",
            Self::Byte(b';') => "semicolons",
            Self::Byte(_) => "marks",
            Self::Blanks => "blanks",
        }
    }

    /// Whether a field may end at `byte`.
    const fn is(self, byte: u8) -> bool {
        match self {
            Self::Byte(separator) => byte == separator,
            Self::Blanks => byte == b' ' || byte == b'\t',
        }
    }
}

/// One row, as a text in which the places are known where its fields end.
///
/// Count tables hold millions of fields: none of them is copied.
#[derive(Clone, Debug, Default)]
pub struct Record {
    pub(super) text: String,
    /// The end of each field; the next one begins a byte later.
    ends: Vec<usize>,
}

impl Record {
    /// The fields of a line of text.
    pub fn of(text: &str, separator: Separator) -> Self {
        let mut record = Self { text: text.to_owned(), ends: Vec::new() };
        record.split(separator);
        record
    }

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

    /// The bytes of the field at `place`, which must exist.
    pub(crate) fn bytes(&self, place: usize) -> &[u8] {
        let start = if place == 0 { 0 } else { self.ends[place - 1] + 1 };
        &self.text.as_bytes()[start..self.ends[place]]
    }

    /// The fields in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|place| self.get(place))
    }

    /// Whether every field is empty, as in the rows that spreadsheets leave behind.
    pub fn is_blank(&self) -> bool {
        self.iter().all(|field| field.trim().is_empty())
    }

    /// Number of fields up to the last that is not empty.
    pub fn filled(&self) -> usize {
        (0..self.len()).rev().find(|&place| !self[place].trim().is_empty()).map_or(0, |place| place + 1)
    }

    /// Forgets the fields from `length` on.
    pub fn truncate(&mut self, length: usize) {
        self.ends.truncate(length);
    }

    /// Finds the fields of the line that `text` holds, honouring quotes where there are any.
    fn split(&mut self, separator: Separator) {
        if self.split_at_separators(separator) {
            self.unquote(separator);
        }
    }

    /// Ends a field at each separator of the line. Gives whether that does not do, because there are quotes or runs of blanks.
    pub(super) fn split_at_separators(&mut self, separator: Separator) -> bool {
        self.ends.clear();
        let Separator::Byte(byte) = separator else { return true };
        let mut quoted = false;
        for (place, found) in self.text.bytes().enumerate() {
            if found == byte {
                self.ends.push(place);
            }
            quoted |= found == b'"';
        }
        self.ends.push(self.text.len());
        quoted
    }

    /// Whether a quoted field is open at the end of the line: its text goes on in the next one, or the quote is none.
    pub(super) fn is_open(text: &str, separator: Separator) -> bool {
        let mut fields = Fields { text: text.as_bytes(), place: 0, separator };
        while let Some(field) = fields.next() {
            if field.open {
                return true;
            }
        }
        false
    }

    /// Takes the fields from their quotes. A field whose quote is never closed is taken as it stands.
    pub(super) fn unquote(&mut self, separator: Separator) {
        self.ends.clear();
        let line = std::mem::take(&mut self.text);
        let mut fields = Fields { text: line.as_bytes(), place: 0, separator };
        self.text.reserve(line.len());
        while let Some(field) = fields.next() {
            if field.open {
                fields.place = field.start;
                let whole = fields.unquoted();
                self.add(&line[whole.start..whole.end]);
            } else if field.quoted {
                let inner = line[field.start + 1..field.end].replace("\"\"", "\"").replace("\\\"", "\"");
                self.add(&inner);
            } else {
                self.add(&line[field.start..field.end]);
            }
        }
    }

    fn add(&mut self, field: &str) {
        if !self.ends.is_empty() {
            self.text.push('\t');
        }
        self.text.push_str(field);
        self.ends.push(self.text.len());
    }
}

impl std::ops::Index<usize> for Record {
    type Output = str;

    /// The field at `place`, which must exist.
    fn index(&self, place: usize) -> &str {
        self.get(place).expect("no field with this number")
    }
}

/// Where a field stands in its line.
struct Field {
    start: usize,
    /// Its end; of a quoted field the place of the closing quote.
    end: usize,
    quoted: bool,
    open: bool,
}

/// A walk along a line, field by field.
struct Fields<'a> {
    text: &'a [u8],
    /// Where the next field begins; beyond the end when there is none.
    place: usize,
    separator: Separator,
}

impl Fields<'_> {
    fn next(&mut self) -> Option<Field> {
        if self.separator == Separator::Blanks {
            while self.text.get(self.place).is_some_and(|byte| self.separator.is(*byte)) {
                self.place += 1;
            }
            if self.place >= self.text.len() {
                return None;
            }
        }
        if self.place > self.text.len() {
            return None;
        }
        Some(if self.text.get(self.place) == Some(&b'"') { self.quoted() } else { self.unquoted() })
    }

    /// A field up to the next separator.
    fn unquoted(&mut self) -> Field {
        let start = self.place;
        let end = self.end_from(start);
        self.place = end + 1;
        Field { start, end, quoted: false, open: false }
    }

    /// A field in quotes: up to a quote that a separator or the end of the line follows. Two quotes, or a quote behind a backslash,
    /// stand for one that belongs to the text. A quote with something else behind it belongs to a field that is no quoted one.
    fn quoted(&mut self) -> Field {
        let start = self.place;
        let mut place = start + 1;
        while place < self.text.len() {
            if self.text[place] != b'"' {
                place += 1;
                continue;
            }
            match self.text.get(place + 1) {
                Some(b'"') => place += 2,
                None => return self.close(start, place),
                Some(next) if self.separator.is(*next) => return self.close(start, place),
                Some(_) if self.text[place - 1] == b'\\' => place += 1,
                Some(_) => return self.unquoted(),
            }
        }
        self.place = self.text.len() + 1;
        Field { start, end: self.text.len(), quoted: true, open: true }
    }

    fn close(&mut self, start: usize, end: usize) -> Field {
        self.place = end + 2;
        Field { start, end, quoted: true, open: false }
    }

    fn end_from(&self, start: usize) -> usize {
        let length = self.text[start..].iter().position(|byte| self.separator.is(*byte));
        length.map_or(self.text.len(), |length| start + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str, separator: Separator) -> Vec<String> {
        Record::of(text, separator).iter().map(str::to_owned).collect()
    }

    #[test]
    fn quotes_are_taken_off_where_they_enclose_a_field() {
        let comma = Separator::Byte(b',');
        assert_eq!(fields(r#""a","b, c",d,"#, comma), ["a", "b, c", "d", ""]);
        assert_eq!(fields(r#""say ""x""",2"#, comma), [r#"say "x""#, "2"]);
        assert_eq!(fields(r#""RP\"L21",2"#, comma), [r#"RP"L21"#, "2"]);
        assert_eq!(fields("", comma), [""]);
    }

    #[test]
    fn a_quote_that_encloses_nothing_belongs_to_the_name() {
        let tab = Separator::Byte(b'\t');
        assert_eq!(fields("\"gene\t1\t2", tab), ["\"gene", "1", "2"]);
        assert_eq!(fields("RP\"L21\t1", tab), ["RP\"L21", "1"]);
        assert_eq!(fields("\"x\"y\t1", tab), ["\"x\"y", "1"]);
    }

    #[test]
    fn runs_of_blanks_are_one_separator() {
        assert_eq!(fields("\"a b\"  3 \t 4 ", Separator::Blanks), ["a b", "3", "4"]);
    }
}
