//! What a delimited file looks like, told from its first lines: what separates its fields, which line is the header.

use super::record::{Record, Separator};

/// Lines that are looked at before anything is decided.
pub(super) const LINES_LOOKED_AT: usize = 25;

/// Lines of a title that may stand above the header.
const MAX_TITLE_LINES: usize = 6;

/// Fields of a table below which one line is not told from another: a title needs a wider table below it.
const TITLED_WIDTH: usize = 3;

/// What was found out.
#[derive(Debug)]
pub(super) struct Layout {
    pub separator: Separator,
    /// Place of the header among the lines; those above it are a title, or what GCT writes there.
    pub header: usize,
    /// Place among the comments of the one that is the header, where a comment is.
    pub commented_header: Option<usize>,
    /// Lines below the header that describe columns (GCT 1.3).
    pub column_metadata: usize,
    /// Columns behind the first that describe genes (GCT).
    pub row_metadata: usize,
    pub notices: Vec<String>,
}

/// Decides by the comments above, and the first lines of, a file.
pub(super) fn sniff(comments: &[String], lines: &[String]) -> Layout {
    let mut layout = Layout {
        separator: Separator::Byte(b'\t'),
        header: 0,
        commented_header: None,
        column_metadata: 0,
        row_metadata: 0,
        notices: Vec::new(),
    };
    if gct(comments, lines, &mut layout) || excel_hint(lines, &mut layout) {
        return layout;
    }
    (layout.separator, layout.header) = separator_and_header(lines);
    if layout.separator == Separator::Blanks {
        layout.notices.push("its fields are separated by blanks".to_owned());
    }
    if layout.header > 0 {
        let title = lines[0].trim_matches(|c: char| c.is_whitespace() || ",;\"".contains(c));
        let title: String = title.chars().take(60).collect();
        layout.notices.push(format!("a title stands above the header and was left out (`{title}`)"));
    } else {
        layout.commented_header = commented_header(comments, lines, layout.separator);
        if layout.commented_header.is_some() {
            layout.notices.push("the header begins with `#`; it was read as the header".to_owned());
        }
    }
    layout
}

/// The Broad Institute's GCT: `#1.2`, a line of dimensions, then the header with `Name` and `Description`.
fn gct(comments: &[String], lines: &[String], layout: &mut Layout) -> bool {
    let Some(version) = comments.iter().map(|line| line.trim()).find(|line| matches!(*line, "#1.2" | "#1.3"))
    else {
        return false;
    };
    let dimensions = lines.first().map(|line| Record::of(line, layout.separator));
    let dimension = |place: usize| dimensions.as_ref()?.get(place)?.trim().parse::<usize>().ok();
    if dimension(0).is_none() || lines.len() < 2 {
        return false;
    }
    layout.header = 1;
    layout.row_metadata = if version == "#1.3" { dimension(2).unwrap_or(0) } else { 1 };
    layout.column_metadata = if version == "#1.3" { dimension(3).unwrap_or(0) } else { 0 };
    layout.notices.push(format!("it was read as GCT {}", &version[1..]));
    true
}

/// The line `sep=;` that tells Excel what separates the fields.
fn excel_hint(lines: &[String], layout: &mut Layout) -> bool {
    let hint = lines.first().and_then(|line| line.trim().strip_prefix("sep=")).map(str::as_bytes);
    let Some(&[separator]) = hint else { return false };
    layout.separator = Separator::Byte(separator);
    layout.header = 1;
    lines.len() > 1
}

/// The separator and the header under which most of the lines below are rows.
fn separator_and_header(lines: &[String]) -> (Separator, usize) {
    let tab = Separator::Byte(b'\t');
    let mut best = (tab, 0);
    let mut best_score = (0, 0);
    // Of separators that serve alike the first wins, so the most reliable one stands first.
    for separator in [tab, Separator::Byte(b','), Separator::Byte(b';')] {
        let rows: Vec<Record> = lines.iter().map(|line| Record::of(line, separator)).collect();
        for header in 0..lines.len().min(MAX_TITLE_LINES) {
            if header > 0 && !is_title(&rows[header - 1], &rows[header..]) {
                break;
            }
            let score = (agreement(&rows[header..]), rows[header].filled());
            if score > best_score {
                (best, best_score) = ((separator, header), score);
            }
        }
    }
    let header_is_one = Record::of(&lines[best.1], best.0).len() == 1;
    let may_be_blanks = best_score.0 == 0 || (header_is_one && lines.iter().all(|line| !line.contains('\t')));
    if may_be_blanks && separated_by_blanks(lines) { (Separator::Blanks, 0) } else { best }
}

/// Whether a line is a title rather than the header of the rows below it: it has hardly any field, and they have many.
fn is_title(line: &Record, rows: &[Record]) -> bool {
    let width = rows.iter().map(Record::filled).max().unwrap_or(0);
    width >= TITLED_WIDTH && line.filled() <= (width / 2).max(1)
}

/// Number of lines that can be rows below the first: no wider than it, but for a name that R leaves out.
fn agreement(rows: &[Record]) -> usize {
    let width = rows[0].filled();
    rows[1..].iter().filter(|row| row.len() > 1 && (1..=width + 1).contains(&row.filled())).count()
}

/// Whether every line has the same number of fields between blanks, but for a name that R leaves out of the first.
fn separated_by_blanks(lines: &[String]) -> bool {
    let widths: Vec<usize> = lines.iter().map(|line| Record::of(line, Separator::Blanks).len()).collect();
    let Some((&header, rows)) = widths.split_first() else { return false };
    let Some(&width) = rows.first() else { return false };
    // R puts names in quotes; a header of one bare word is a list's
    (header > 1 || lines[0].starts_with('"'))
        && rows.iter().all(|row| *row == width)
        && (header == width || header + 1 == width)
}

/// The comment that names the columns, where the first line that is none is a row of numbers.
fn commented_header(comments: &[String], lines: &[String], separator: Separator) -> Option<usize> {
    let first = Record::of(lines.first()?, separator);
    let is_number = |field: &str| field.trim().parse::<f64>().is_ok();
    let numbers: Vec<usize> = (1..first.len()).filter(|&place| is_number(&first[place])).collect();
    if numbers.is_empty() {
        return labelled_header(comments, &first, separator);
    }
    let names_them = |comment: &String| {
        let names = Record::of(comment.trim_start_matches('#').trim_start(), separator);
        names.len() > 1
            && (names.len() == first.len() || names.filled() == first.filled())
            && numbers.iter().all(|&place| {
                names.get(place).is_some_and(|name| !name.trim().is_empty() && !is_number(name))
            })
    };
    comments.iter().position(names_them)
}

/// The header `#NAME` of tables whose next lines give classes.
fn labelled_header(comments: &[String], first: &Record, separator: Separator) -> Option<usize> {
    let is_header = |comment: &String| {
        let names = Record::of(comment, separator);
        names.len() == first.len() && names.len() > 1 && names[0].eq_ignore_ascii_case("#name")
    };
    comments.iter().position(is_header)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (Separator, usize) {
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let layout = sniff(&[], &lines);
        (layout.separator, layout.header)
    }

    #[test]
    fn the_separator_is_the_one_under_which_header_and_rows_agree() {
        let byte = Separator::Byte;
        assert_eq!(of("gene;a;b\nx;1,5;2,5\ny;3,0;4,0\n"), (byte(b';'), 0));
        assert_eq!(of("gene\ta\tdescription\nx\t1\tone, two; three\ny\t2\tfour, five\n"), (byte(b'\t'), 0));
        assert_eq!(of("id,variable,reference,target,blocking\nx,c,A,B,batch;sex;age;x\n"), (byte(b','), 0));
        assert_eq!(of("\"a\" \"b\"\n\"x\" 1 2\n\"y\" 3 4\n"), (Separator::Blanks, 0));
        assert_eq!(of("a\ng1\t5\n"), (byte(b'\t'), 0));
        assert_eq!(of("sample\na b\n"), (byte(b'\t'), 0));
    }

    #[test]
    fn a_title_is_told_from_a_header() {
        let comma = Separator::Byte(b',');
        assert_eq!(of("Table 1,,,,\ngene,a,b,c,d\nx,1,2,3,4\n"), (comma, 1));
        assert_eq!(of("Table 1\n\"raw, of all\",,,,\ngene,a,b,c,d\nx,1,2,3,4\ny,1,2,3,4\n"), (comma, 2));
        assert_eq!(of("sample,condition\na,x\nb,y\n"), (comma, 0));
        assert_eq!(of("gene,a,b,c\nx,1,2,3\n"), (comma, 0));
    }
}
