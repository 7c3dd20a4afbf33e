//! Reads a sample sheet and reports everything that is wrong with it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::SampleId;
use alkaline_core::samples::{SampleRecord, SampleSheet};

use super::{FILE_COLUMNS, SAMPLE_COLUMNS};
use crate::column_names::plain;
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Endings of the files that a sheet may name.
const FILE_ENDINGS: [&str; 7] = [".bam", ".sam", ".cram", ".tsv", ".txt", ".csv", ".gz"];

/// A sample sheet, and what its reader decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetFile {
    /// The samples.
    pub sheet: SampleSheet,
    /// What was decided while reading, for the user's eyes.
    pub notices: Vec<String>,
}

/// Reads the sample sheet at `path`; paths in it are relative to the sheet, or to the working directory.
///
/// # Errors
/// [`ReadError`] with every problem: missing or misspelt columns, names that are empty or repeated.
pub fn read(path: &Path) -> Result<SampleSheet, ReadError> {
    Ok(read_for(path, &[])?.sheet)
}

/// As [`read`]; of several columns that could name the samples the one is taken whose values are all among `names`, the columns of the
/// count table.
///
/// # Errors
/// As [`read`].
pub fn read_for(path: &Path, names: &[String]) -> Result<SheetFile, ReadError> {
    let table = Delimited::open(path)?;
    let layout = Layout::of(&table, names)?;
    let variables = layout.variables.iter().map(|&column| table.header[column].clone()).collect();
    let mut sheet = SampleSheet { variables, samples: Vec::new() };
    let mut problems = Vec::new();
    let mut first_lines = HashMap::new();
    let (header, file) = (table.header.clone(), table.path.clone());
    let said = table.notices.iter().chain(&layout.notices);
    let notices = said.map(|notice| format!("{}: {notice}", path.display())).collect();
    for (line, row) in table.rows()? {
        if row.len() != header.len() {
            let message = format!("{} fields, but the header has {}", row.len(), header.len());
            problems.push(Problem::at_line(line, message));
            continue;
        }
        let record = layout.record(&row, &file);
        if record.id.as_str().is_empty() {
            problems.push(Problem::at_line(line, "the sample has no name").in_column(&layout.sample_name));
        } else if let Some(first) = first_lines.insert(record.id.clone(), line) {
            let message = format!("sample `{}` stands in line {first} already", record.id);
            let hint = "every row is one library: give each its own name";
            problems.push(Problem::at_line(line, message).in_column(&layout.sample_name).hint(hint));
        }
        sheet.samples.push(record);
    }
    if sheet.samples.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the sheet has a header but no samples"));
    }
    FileProblems::check(path, problems)?;
    Ok(SheetFile { sheet, notices })
}

/// Whether every file is there that the sheet at `path` names.
///
/// # Errors
/// [`ReadError`] with line and column of every one that is not.
pub fn check_files(path: &Path) -> Result<(), ReadError> {
    let table = Delimited::open(path)?;
    let layout = Layout::of(&table, &[])?;
    let Some(column) = layout.file else { return Ok(()) };
    let (name, file) = (table.header[column].clone(), table.path.clone());
    let mut problems = Vec::new();
    for (line, row) in table.rows()? {
        let text = row.get(column).unwrap_or_default().trim();
        if !text.is_empty() && !resolve(text, &file).exists() {
            problems.push(Problem::at_line(line, format!("{text}: no such file")).in_column(&name));
        }
    }
    FileProblems::check(path, problems)?;
    Ok(())
}

/// Which column holds what.
struct Layout {
    sample: usize,
    /// What the column of samples is called in messages.
    sample_name: String,
    file: Option<usize>,
    variables: Vec<usize>,
    notices: Vec<String>,
}

impl Layout {
    fn of(table: &Delimited, names: &[String]) -> Result<Self, ReadError> {
        let header = &table.header;
        let mut problems = Vec::new();
        let mut notices = Vec::new();
        let sample = sample_column(table, names, &mut notices);
        if sample.is_none() {
            problems.push(no_sample_column(table));
        }
        let sample = sample.unwrap_or_default();
        let file = FILE_COLUMNS
            .iter()
            .find_map(|name| header.iter().position(|column| plain(column) == plain(name)));
        let file = file.filter(|column| *column != sample);
        let unused = |column: usize| header[column].is_empty() && column != sample && is_empty(table, column);
        for (place, name) in
            header.iter().enumerate().filter(|(place, _)| *place != sample && !unused(*place))
        {
            if name.is_empty() {
                let message = format!("column number {} has no name", place + 1);
                problems.push(Problem::at_line(table.header_line, message));
            } else if header[..place].contains(name) {
                problems
                    .push(Problem::at_line(table.header_line, format!("two columns are called `{name}`")));
            }
        }
        problems.extend(misspelt_files(table, file));
        FileProblems::check(&table.path, problems)?;
        let sample_name = if header[sample].is_empty() { "1".to_owned() } else { header[sample].clone() };
        let variables = (0..header.len())
            .filter(|&column| column != sample && Some(column) != file && !unused(column))
            .collect();
        Ok(Self { sample, sample_name, file, variables, notices })
    }

    /// One row as a sample.
    fn record(&self, row: &Record, sheet: &Path) -> SampleRecord {
        let file = self.file.map(|column| row[column].trim()).filter(|text| !text.is_empty());
        SampleRecord {
            id: SampleId::from(row[self.sample].trim()),
            file: file.map(|text| resolve(text, sheet)),
            reads: None,
            values: self.variables.iter().map(|&column| row[column].trim().to_owned()).collect(),
        }
    }
}

/// The fields of the first rows in one column.
fn values(table: &Delimited, column: usize) -> impl Iterator<Item = &str> {
    table.first_rows().iter().filter_map(move |row| row.get(column)).map(str::trim)
}

fn is_empty(table: &Delimited, column: usize) -> bool {
    values(table, column).all(str::is_empty)
}

/// The column that names the samples: of those called so the one whose values are columns of the count table, else the first in the order
/// of [`SAMPLE_COLUMNS`]; else a first column without a name, where R writes the names of rows.
fn sample_column(table: &Delimited, names: &[String], notices: &mut Vec<String>) -> Option<usize> {
    let place = |name: &&str| table.header.iter().position(|column| plain(column) == **name);
    let mut candidates: Vec<usize> = SAMPLE_COLUMNS.iter().filter_map(place).collect();
    if table.header[0].is_empty() && !is_empty(table, 0) {
        candidates.push(0);
    }
    let fits = |column: &&usize| {
        !names.is_empty() && values(table, **column).all(|value| names.iter().any(|name| name == value))
    };
    let called = |column: usize| match table.header[column].as_str() {
        "" => "the first column, which has no name,".to_owned(),
        name => format!("the column `{name}`"),
    };
    let chosen = candidates.iter().find(fits).or(candidates.first()).copied();
    // A column of another name that holds what the count table calls its samples is it.
    let other =
        || (0..table.header.len()).find(|column| !values(table, *column).all(str::is_empty) && fits(&column));
    let chosen = match chosen {
        Some(column) if fits(&&column) || names.is_empty() => Some(column),
        Some(column) => other().or(Some(column)),
        None => other(),
    };
    if let Some(column) = chosen
        && (candidates.len() > 1 || !SAMPLE_COLUMNS[..4].contains(&plain(&table.header[column]).as_str()))
    {
        notices.push(format!("{} names the samples", called(column)));
    }
    chosen
}

/// The problem of a sheet without a column of samples.
fn no_sample_column(table: &Delimited) -> Problem {
    let message = format!("no column `sample`; the columns are: {}", table.header.join(", "));
    let near = table.header.iter().find(|name| nearest(name, ["sample"]).is_some());
    let hint = match near {
        Some(name) => format!("call the column `{name}` sample"),
        None => "the first line names the columns: sample,condition[,batch,...]; call the column of the samples' names sample"
            .to_owned(),
    };
    Problem::at_line(table.header_line, message).hint(hint)
}

/// Columns of files whose name is nearly, but not quite, `bam` or `counts`. A covariate may be called `dam`: the values tell.
fn misspelt_files(table: &Delimited, file: Option<usize>) -> Vec<Problem> {
    if file.is_some() {
        return Vec::new();
    }
    let holds_files = |column: usize| {
        let is_file = |value: &str| FILE_ENDINGS.iter().any(|ending| value.to_lowercase().ends_with(ending));
        values(table, column).any(|value| !value.is_empty()) && values(table, column).all(is_file)
    };
    let columns = table.header.iter().enumerate().filter(|(column, _)| holds_files(*column));
    columns
        .filter_map(|(_, name)| Some((name, nearest(name, FILE_COLUMNS)?)))
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

    fn written(text: &str) -> tempfile::NamedTempFile {
        let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        file
    }

    fn read_text(text: &str) -> Result<SampleSheet, ReadError> {
        read(written(text).path())
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
        let message = read_text("sampel,condition\na,x\n").unwrap_err().to_string();
        assert!(
            message.contains("no column `sample`") && message.contains("call the column `sampel` sample"),
            "{message}"
        );
        let message = read_text("sample,bamm,condition\na,a.bam,x\n").unwrap_err().to_string();
        assert!(message.contains("unknown column `bamm`") && message.contains("`bam`?"), "{message}");
        let message = read_text("treatment,dose\na,x\n").unwrap_err().to_string();
        assert!(message.contains("no column `sample`; the columns are: treatment, dose"), "{message}");
    }

    #[test]
    fn a_covariate_may_be_called_nearly_as_a_file_column() {
        for name in ["dam", "ram", "bar", "count", "addition", "conditions"] {
            let sheet = read_text(&format!("sample,condition,{name}\na,x,12\nb,y,14\n")).unwrap();
            assert_eq!(sheet.variables, ["condition", name]);
        }
    }

    #[test]
    fn other_names_of_the_sample_column_are_known() {
        for header in [
            "Sample",
            "SampleName",
            "sample_id",
            "SampleID",
            "samples",
            "Sample ID",
            "Sample Name",
            "Run",
            "\"\"",
        ] {
            let sheet = read_text(&format!("{header},condition\na,x\n")).unwrap();
            assert_eq!(
                (sheet.samples[0].id.as_str(), sheet.variables.as_slice()),
                ("a", &["condition".to_owned()][..])
            );
        }
    }

    #[test]
    fn sheets_as_r_writes_them_are_read() {
        for text in [
            "\"\",\"condition\"\n\"a1\",\"A\"\n",
            "\"condition\"\n\"a1\" \"A\"\n\"a2\" \"B\"\n",
            "condition\na1\tA\n",
        ] {
            let sheet = read_text(text).unwrap();
            assert_eq!(
                (sheet.samples[0].id.as_str(), sheet.variables.join(",")),
                ("a1", "condition".to_owned())
            );
        }
        let with_names_beside = read_text("\"\",\"sample\",\"condition\"\n\"1\",\"a1\",\"A\"\n");
        let message = with_names_beside.map(|sheet| sheet.samples[0].id.to_string());
        assert!(message.is_err_and(|error| error.to_string().contains("column number 1 has no name")));
    }

    #[test]
    fn the_count_table_tells_which_column_names_the_samples() {
        let file = written("Run,Sample Name,condition\nSRR1,GSM1,A\nSRR2,GSM2,B\n");
        let first = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            read_for(file.path(), &names).unwrap().sheet.samples[0].id.to_string()
        };
        assert_eq!(
            (first(&["SRR1", "SRR2"]), first(&["GSM2", "GSM1"])),
            ("SRR1".to_owned(), "GSM1".to_owned())
        );
        let file = written("library,condition\nL1,A\nL2,B\n");
        let read = read_for(file.path(), &["gene".into(), "L1".into(), "L2".into()]).unwrap();
        assert_eq!(read.sheet.samples[1].id.as_str(), "L2");
        assert!(read.notices[0].contains("the column `library` names the samples"), "{:?}", read.notices);
    }

    #[test]
    fn a_missing_file_is_told_with_sheet_and_line() {
        let file = written("sample,bam,condition\na,nowhere/a.bam,x\nb,,y\n");
        let message = check_files(file.path()).unwrap_err().to_string();
        assert!(message.ends_with(", line 2, column `bam`: nowhere/a.bam: no such file"), "{message}");
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
