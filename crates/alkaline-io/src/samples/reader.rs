//! Reads a sample sheet and reports everything that is wrong with it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::SampleId;
use alkaline_core::samples::{SampleRecord, SampleSheet};

use super::{FILE_COLUMNS, SAMPLE_COLUMNS};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Columns whose misspelling is recognised.
const EXPECTED: [&str; 4] = ["sample", "condition", "bam", "counts"];

/// Reads the sample sheet at `path`; paths in it are relative to the sheet, or to the working directory.
///
/// # Errors
/// [`ReadError`] with every problem: missing or misspelt columns, names that are empty or repeated, empty values.
pub fn read(path: &Path) -> Result<SampleSheet, ReadError> {
    let table = Delimited::open(path)?;
    let layout = Layout::of(&table)?;
    let variables = layout.variables.iter().map(|&column| table.header[column].clone()).collect();
    let mut sheet = SampleSheet { variables, samples: Vec::new() };
    let mut problems = Vec::new();
    let mut first_lines = HashMap::new();
    let (header, file) = (table.header.clone(), table.path.clone());
    for (line, row) in table.rows()? {
        if row.len() != header.len() {
            let message = format!("{} fields, but the header has {}", row.len(), header.len());
            problems.push(Problem::at_line(line, message));
            continue;
        }
        let record = layout.record(&row, &file);
        if record.id.as_str().is_empty() {
            problems.push(Problem::at_line(line, "the sample has no name").in_column(&header[layout.sample]));
        } else if let Some(first) = first_lines.insert(record.id.clone(), line) {
            let message = format!("sample `{}` stands in line {first} already", record.id);
            let hint = "every row is one library: give each its own name";
            problems.push(Problem::at_line(line, message).in_column(&header[layout.sample]).hint(hint));
        }
        sheet.samples.push(record);
    }
    if sheet.samples.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the sheet has a header but no samples"));
    }
    FileProblems::check(path, problems)?;
    Ok(sheet)
}

/// Which column holds what.
struct Layout {
    sample: usize,
    file: Option<usize>,
    variables: Vec<usize>,
}

impl Layout {
    fn of(table: &Delimited) -> Result<Self, ReadError> {
        let mut problems = misspelt_columns(table);
        let is = |column: &String, name: &str| column.eq_ignore_ascii_case(name);
        let place = |names: &[&str]| {
            names.iter().find_map(|name| table.header.iter().position(|column| is(column, name)))
        };
        let (sample, file) = (place(&SAMPLE_COLUMNS), place(&FILE_COLUMNS));
        if sample.is_none() && problems.is_empty() {
            let message = format!("no column `sample`; the columns are: {}", table.header.join(", "));
            let hint = "the first line names the columns: sample,bam,condition[,batch,...]";
            problems.push(Problem::at_line(table.header_line, message).hint(hint));
        }
        for (place, name) in table.header.iter().enumerate() {
            if name.is_empty() {
                let message = format!("column number {} has no name", place + 1);
                problems.push(Problem::at_line(table.header_line, message));
            } else if table.header[..place].contains(name) {
                problems
                    .push(Problem::at_line(table.header_line, format!("two columns are called `{name}`")));
            }
        }
        FileProblems::check(&table.path, problems)?;
        let sample = sample.unwrap_or_default();
        let variables =
            (0..table.header.len()).filter(|&column| column != sample && Some(column) != file).collect();
        Ok(Self { sample, file, variables })
    }

    /// One row as a sample.
    fn record(&self, row: &Record, sheet: &Path) -> SampleRecord {
        let file = self.file.map(|column| row[column].trim()).filter(|text| !text.is_empty());
        SampleRecord {
            id: SampleId::from(row[self.sample].trim()),
            file: file.map(|text| resolve(text, sheet)),
            values: self.variables.iter().map(|&column| row[column].trim().to_owned()).collect(),
        }
    }
}

/// Columns that are nearly, but not quite, one that is wanted.
fn misspelt_columns(table: &Delimited) -> Vec<Problem> {
    let has_sample = |column: &String| SAMPLE_COLUMNS.iter().any(|name| column.eq_ignore_ascii_case(name));
    let is_absent = |name: &&str| match *name {
        "sample" => !table.header.iter().any(has_sample),
        name => table.column(name).is_none(),
    };
    let absent: Vec<&str> = EXPECTED.into_iter().filter(is_absent).collect();
    let known = SAMPLE_COLUMNS.iter().chain(&FILE_COLUMNS);
    table
        .header
        .iter()
        .filter(|name| {
            !known.clone().any(|known| name.eq_ignore_ascii_case(known)) && !EXPECTED.contains(&name.as_str())
        })
        .filter_map(|name| Some((name, nearest(name, absent.iter().copied())?)))
        .map(|(name, meant)| {
            let message = format!("unknown column `{name}`");
            Problem::at_line(table.header_line, message).hint(format!("did you mean `{meant}`?"))
        })
        .collect()
}

/// `text` relative to the sheet's directory if it is there, else as given.
fn resolve(text: &str, sheet: &Path) -> PathBuf {
    let beside = sheet.parent().map(|directory| directory.join(text));
    beside.filter(|path| path.exists()).unwrap_or_else(|| PathBuf::from(text))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_text(text: &str) -> Result<SampleSheet, ReadError> {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path())
    }

    #[test]
    fn extra_columns_become_covariates() {
        let sheet =
            read_text("sample,bam,condition,batch\na,a.bam,parental,1\nb,b.bam,resistant,2\n").unwrap();
        assert_eq!(sheet.variables, ["condition", "batch"]);
        assert_eq!(sheet.values("batch").unwrap(), ["1", "2"]);
        assert_eq!(sheet.samples[0].file.as_deref(), Some(Path::new("a.bam")));
    }

    #[test]
    fn a_misspelt_column_is_named_with_what_was_meant() {
        let message = read_text("sample,conditon\na,x\n").unwrap_err().to_string();
        assert!(
            message.contains("unknown column `conditon`") && message.contains("`condition`?"),
            "{message}"
        );
        let message = read_text("library,treatment\na,x\n").unwrap_err().to_string();
        assert!(message.contains("no column `sample`; the columns are: library, treatment"), "{message}");
    }

    #[test]
    fn other_names_of_the_sample_column_are_known() {
        for header in ["Sample", "SampleName", "sample_id"] {
            let sheet = read_text(&format!("{header},condition\na,x\n")).unwrap();
            assert_eq!(
                (sheet.samples[0].id.as_str(), sheet.variables.as_slice()),
                ("a", &["condition".to_owned()][..])
            );
        }
    }

    #[test]
    fn repeated_and_empty_names_are_reported_together() {
        let message = read_text("sample,condition\na,x\na,y\n,z\n").unwrap_err().to_string();
        assert!(
            message.contains("line 3, column `sample`: sample `a` stands in line 2 already"),
            "{message}"
        );
        assert!(message.contains("line 4, column `sample`: the sample has no name"), "{message}");
    }
}
