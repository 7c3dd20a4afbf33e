//! A GTF or GFF3 row, split into columns.

/// Number of columns before the attributes.
const COLUMNS: usize = 8;

/// A GTF or GFF3 row, borrowed from the line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row<'a> {
    pub contig: &'a [u8],
    pub feature_type: &'a [u8],
    pub start: &'a [u8],
    pub end: &'a [u8],
    pub strand: &'a [u8],
    pub attributes: &'a [u8],
}

impl<'a> Row<'a> {
    /// The row of a line; `None` for comments and lines with too few columns.
    pub fn parse(line: &'a [u8]) -> Option<Self> {
        if line.first() == Some(&b'#') {
            return None;
        }
        let mut columns = line.splitn(COLUMNS + 1, |&byte| byte == b'\t');
        let contig = columns.next()?;
        columns.next()?;
        let feature_type = columns.next()?;
        let start = columns.next()?;
        let end = columns.next()?;
        columns.next()?;
        let strand = columns.next()?;
        columns.next()?;
        let attributes = columns.next()?;
        Some(Self { contig, feature_type, start, end, strand, attributes })
    }

    /// The row of a line whose columns blanks separate: what copying from a terminal or a web page makes of tabs.
    pub fn parse_blanks(line: &'a [u8]) -> Option<Self> {
        if line.first() == Some(&b'#') {
            return None;
        }
        let mut rest = line.trim_ascii();
        let mut columns = [&rest[..0]; COLUMNS];
        for column in &mut columns {
            let end = rest.iter().position(u8::is_ascii_whitespace)?;
            *column = &rest[..end];
            rest = rest[end..].trim_ascii_start();
        }
        let [contig, _, feature_type, start, end, _, strand, _] = columns;
        let is_number = |text: &[u8]| super::position::whole_number(text).is_some();
        let is_row = is_number(start) && is_number(end) && matches!(strand, b"+" | b"-" | b"." | b"?");
        is_row.then_some(Self { contig, feature_type, start, end, strand, attributes: rest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_separate_columns_where_numbers_and_strand_stand_in_their_place() {
        let row = Row::parse_blanks(b"chr1  src exon 10   20 . + . gene_id \"A\"; x 1").unwrap();
        assert_eq!((row.contig, row.feature_type, row.start), (&b"chr1"[..], &b"exon"[..], &b"10"[..]));
        assert_eq!(row.attributes, b"gene_id \"A\"; x 1");
        assert!(Row::parse_blanks(b"a sentence with more than nine words in it, nothing else").is_none());
    }
}
