//! Reads a table of values, laid out as count tables are, whatever the values mean.

use std::io::BufRead;
use std::path::Path;

use super::table::ValueTable;
use crate::counts::{ValueLayout, is_no_gene};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};
use crate::number;

/// Problems collected before reading stops.
const MAX_PROBLEMS: usize = 200;

/// A table of values, and what its reader decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueFile {
    /// The values.
    pub table: ValueTable,
    /// What was decided while reading, in words.
    pub notices: Vec<String>,
}

/// Reads the table of values at `path`: text of any separator, gzip, or a workbook.
///
/// # Errors
/// [`ReadError`], listing every field that is no number at once.
pub fn read(path: &Path) -> Result<ValueFile, ReadError> {
    read_table(Delimited::open(path)?)
}

/// As [`read`], from a file that is at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn read_from(path: &Path, input: Box<dyn BufRead + Send>) -> Result<ValueFile, ReadError> {
    read_table(Delimited::new(path, input)?)
}

fn read_table(mut source: Delimited) -> Result<ValueFile, ReadError> {
    let layout = ValueLayout::of(&mut source)?;
    let mut table = ValueTable {
        samples: layout.samples.iter().map(|(name, _)| name.clone()).collect(),
        ..ValueTable::default()
    };
    let (mut problems, mut left_out) = (Vec::new(), Vec::new());
    let mut row = Record::default();
    while let Some(line) = source.next_row(&mut row)? {
        let id = row.get(layout.id).unwrap_or_default().trim();
        if is_no_gene(id) {
            left_out.push(id.to_owned());
            continue;
        }
        if id.is_empty() {
            problems.push(Problem::at_line(line, "the identifier is empty"));
        } else {
            take(&row, line, &layout, &mut table, &mut problems);
        }
        if problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    if table.rows.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the table has a header but no rows"));
    }
    FileProblems::check(&source.path, problems)?;
    let mut notices = source.notices;
    notices.extend(layout.notices);
    if !left_out.is_empty() {
        notices.push(format!("rows that are no genes were left out: {}", left_out.join(", ")));
    }
    Ok(ValueFile { table, notices })
}

/// Takes one row, or says what is wrong with it.
fn take(row: &Record, line: u64, layout: &ValueLayout, table: &mut ValueTable, problems: &mut Vec<Problem>) {
    for (name, column) in &layout.samples {
        let text = row.get(*column).unwrap_or_default();
        table.values.push(field_value(text).unwrap_or_else(|| {
            problems
                .push(Problem::at_line(line, format!("`{text}` is not a number")).in_column(name.as_str()));
            f64::NAN
        }));
    }
    let text = |column: usize| row.get(column).unwrap_or_default().trim();
    table.rows.push(text(layout.id).to_owned());
    if let Some(column) = layout.symbol {
        table.symbols.push(
            Some(text(column)).filter(|name| !matches!(*name, "" | "NA" | "-" | "---")).map(str::to_owned),
        );
    }
    if let Some(column) = layout.length {
        table.lengths.push(
            number::parse(text(column))
                .filter(|length| *length > 0.0)
                .map_or(0, |length| length.round() as u64),
        );
    }
}

/// The value in a field; NaN where it is missing.
pub fn field_value(text: &str) -> Option<f64> {
    number::parse(text).or_else(|| {
        matches!(
            text.trim(),
            "null" | "NULL" | "N/A" | "#N/A" | "#VALUE!" | "#DIV/0!" | "-" | "na" | "." | "---"
        )
        .then_some(f64::NAN)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &'static str) -> Result<ValueFile, ReadError> {
        read_from(Path::new("t.tsv"), Box::new(text.as_bytes()))
    }

    #[test]
    fn negative_and_missing_values_are_values() {
        let file = text("gene\tsymbol\ta\tb\ng1\tTP53\t-0.5\tnull\ng2\t---\t\t1e3\n").unwrap();
        assert_eq!(file.table.samples, ["a", "b"]);
        assert_eq!(file.table.symbols, [Some("TP53".to_owned()), None]);
        let values: Vec<String> = file.table.values.iter().map(f64::to_string).collect();
        assert_eq!(values, ["-0.5", "NaN", "NaN", "1000"]);
    }

    #[test]
    fn a_word_among_values_is_told_with_its_place() {
        let error = text("gene\ta\ng1\t1\ng2\tx\ng3\t2\ng4\t3\n").unwrap_err().to_string();
        assert!(error.contains("line 3, column `a`: `x` is not a number"), "{error}");
    }

    #[test]
    fn identifiers_may_repeat() {
        assert_eq!(text("symbol\ta\n1-Mar\t1.5\n1-Mar\t2\n").unwrap().table.rows, ["1-Mar", "1-Mar"]);
    }
}
