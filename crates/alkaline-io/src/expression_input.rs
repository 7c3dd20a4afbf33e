//! Reads a table of expression values of whatever origin: arrays, panels, logs of counts. What is not a sample is passed over, and said.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::words::{count, listed};
use alkaline_core::{GeneId, SampleId};

use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};

/// Names of columns that hold symbols; without case, blanks and punctuation.
const SYMBOLS: [&str; 5] = ["genename", "genesymbol", "symbol", "genesymbols", "externalgenename"];
/// Values that are missing, whatever their case.
const MISSING: [&str; 5] = ["", "na", "nan", "null", "n/a"];
/// Problems that are told at once.
const MAX_PROBLEMS: usize = 20;

/// Expression values as a table has them.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpressionFile {
    /// Identifier of each row: a probe or a gene; one may stand twice.
    pub ids: Vec<GeneId>,
    /// Symbols of the rows, where a column has them.
    pub symbols: Option<Vec<Option<Arc<str>>>>,
    /// The samples that were wanted, in their order.
    pub samples: Vec<SampleId>,
    /// The values, row after row; NaN where one is missing.
    pub values: Vec<f64>,
    /// What was passed over.
    pub notices: Vec<String>,
}

/// Reads the columns of `samples` from the table at `path`.
///
/// # Errors
/// [`ReadError`] with every sample that has no column, and every value that is no finite number.
pub fn read(path: &Path, samples: &[SampleId]) -> Result<ExpressionFile, ReadError> {
    let mut table = Delimited::open(path)?;
    let columns = columns_of(&table, samples)?;
    let symbol = table.header.iter().position(|name| SYMBOLS.contains(&plain(name).as_str()));
    let symbol = symbol.filter(|place| *place > 0 && !columns.contains(place));
    let (mut ids, mut names, mut values, mut problems) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut row = Record::default();
    while let Some(line) = table.next_row(&mut row)? {
        let id = row.get(0).unwrap_or_default().trim();
        // the end of a table of GEO is no row
        if id.starts_with('!') {
            continue;
        }
        if id.is_empty() {
            problems.push(Problem::at_line(line, "the row has no identifier"));
        }
        ids.push(GeneId::from(id));
        names.push(
            symbol
                .and_then(|place| row.get(place))
                .map(str::trim)
                .filter(|name| is_name(name))
                .map(Arc::from),
        );
        for (&column, sample) in columns.iter().zip(samples) {
            values.push(value(row.get(column)).unwrap_or_else(|message| {
                problems.push(Problem::at_line(line, message).in_column(sample.as_str()));
                f64::NAN
            }));
        }
        if problems.len() >= MAX_PROBLEMS {
            break;
        }
    }
    if ids.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the table has a header but no values").hint(
            "a series matrix of an RNA-seq series is empty: its counts are in another file (alkaline import geo)",
        ));
    }
    FileProblems::check(path, problems)?;
    let mut notices = table.notices.clone();
    notices.extend(passed_over(&table.header, &columns, symbol));
    let notices = notices.into_iter().map(|notice| format!("{}: {notice}", path.display())).collect();
    let symbols = symbol.is_some().then_some(names);
    Ok(ExpressionFile { ids, symbols, samples: samples.to_vec(), values, notices })
}

/// A value: a finite number, or none.
fn value(text: Option<&str>) -> Result<f64, String> {
    let text = text.unwrap_or_default().trim();
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        _ if MISSING.contains(&text.to_ascii_lowercase().as_str()) => Ok(f64::NAN),
        Ok(_) => Err(format!(
            "`{text}` is not finite: the logarithm of zero? Leave the value empty where there is none"
        )),
        Err(_) => Err(format!("`{text}` is not a number")),
    }
}

fn is_name(name: &str) -> bool {
    !matches!(name, "" | "NA" | "---" | "-")
}

/// A name without case, blanks and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The columns of the samples.
fn columns_of(table: &Delimited, samples: &[SampleId]) -> Result<Vec<usize>, ReadError> {
    let place =
        |sample: &SampleId| table.header.iter().skip(1).position(|name| name.trim() == sample.as_str());
    let absent: Vec<&str> =
        samples.iter().filter(|sample| place(sample).is_none()).map(SampleId::as_str).collect();
    if absent.is_empty() {
        return Ok(samples.iter().filter_map(place).map(|place| place + 1).collect());
    }
    let message = format!("no column for {}; the columns are: {}", listed(&absent), listed(&table.header));
    let problem = Problem::at_line(table.header_line, message)
        .hint("the sample sheet and the table name samples alike: GSM accessions, or titles");
    Err(FileProblems::one(&table.path, problem).into())
}

/// Columns that are neither identifiers, symbols nor samples that were asked for.
fn passed_over(header: &[String], columns: &[usize], symbol: Option<usize>) -> Option<String> {
    let others: Vec<&str> = (1..header.len())
        .filter(|place| !columns.contains(place) && Some(*place) != symbol)
        .map(|place| header[place].as_str())
        .collect();
    let words = format!("{} passed over: {}", count(others.len(), "column"), listed(&others));
    (!others.is_empty()).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str, samples: &[&str]) -> Result<ExpressionFile, ReadError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("values.tsv");
        std::fs::write(&path, text).unwrap();
        read(&path, &samples.iter().map(|sample| SampleId::from(*sample)).collect::<Vec<_>>())
    }

    #[test]
    fn samples_are_found_by_name_and_gaps_are_missing() {
        let text =
            "ID_REF\tGene Symbol\tGSM2\tGSM1\tp\n1007_s_at\tDDR1\t5.5\t4\t0.1\nX\t---\tnull\t-2\t0.2\n";
        let file = read_text(text, &["GSM1", "GSM2"]).unwrap();
        assert_eq!(file.values[..3], [4.0, 5.5, -2.0]);
        assert!(file.values[3].is_nan());
        assert_eq!(file.symbols, Some(vec![Some(Arc::from("DDR1")), None]));
        assert!(
            file.notices[0].contains("1 column passed over: `p`") || file.notices[0].contains("p"),
            "{:?}",
            file.notices
        );
    }

    #[test]
    fn what_is_no_value_is_named_with_line_and_sample() {
        let error = read_text("id\ta\tb\ng\t1\tx\nh\t-Inf\t2\n", &["a", "b"]).unwrap_err().to_string();
        assert!(error.contains("line 2, column `b`: `x` is not a number"), "{error}");
        assert!(error.contains("line 3, column `a`: `-Inf` is not finite"), "{error}");
        let error = read_text("id\ta\ng\t1\n", &["a", "GSM9"]).unwrap_err().to_string();
        assert!(error.contains("GSM9"), "{error}");
        let error = read_text("id\ta\n", &["a"]).unwrap_err().to_string();
        assert!(error.contains("no values"), "{error}");
    }
}
