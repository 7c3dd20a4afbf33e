//! Which column of a sample sheet holds what.

use super::{FILE_COLUMNS, SAMPLE_COLUMNS};
use crate::column_names::plain;
use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError, nearest};

/// Endings of the files that a sheet may name.
const FILE_ENDINGS: [&str; 7] = [".bam", ".sam", ".cram", ".tsv", ".txt", ".csv", ".gz"];

/// What stands behind the name of a compressed file.
const COMPRESSED: [&str; 2] = [".gz", ".bz2"];

/// Names of the columns of FASTQ files, as [`plain`] has them: nf-core's, Snakemake's, and what people write.
const MATE_COLUMNS: [[&str; 6]; 2] = [
    ["fastq1", "fq1", "fastqr1", "fastq", "read1", "r1"],
    ["fastq2", "fq2", "fastqr2", "reads2", "read2", "r2"],
];

/// How many of [`MATE_COLUMNS`] mean nothing else.
const TELLING_NAMES: usize = 3;

/// Name of the alignments in a sheet that nf-core/rnaseq wrote, as [`plain`] has it.
const GENOME_BAM: &str = "genomebam";

/// What nf-core/rnaseq writes into its sheets beside that.
const PIPELINE_COLUMNS: [&str; 2] = ["transcriptomebam", "percentmapped"];

/// Which column holds what.
pub(super) struct Layout {
    /// The samples' names.
    pub sample: usize,
    /// What the column of samples is called in messages.
    pub sample_name: String,
    /// Alignments or counts.
    pub file: Option<usize>,
    /// FASTQ files: of read 1, and of read 2.
    pub mates: [Option<usize>; 2],
    /// What is known about the samples.
    pub variables: Vec<usize>,
    /// What was decided, for the user's eyes.
    pub notices: Vec<String>,
}

impl Layout {
    /// Finds the columns of `table`; `names` are what the count table calls its samples.
    ///
    /// # Errors
    /// [`ReadError`] with every problem of the header.
    pub fn of(table: &Delimited, names: &[String]) -> Result<Self, ReadError> {
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
        let mates = MATE_COLUMNS.map(|names| mate_column(table, names));
        // what the pipeline itself wrote beside the files says nothing about the sample
        let is_of_pipeline = |column: usize| {
            let from_pipeline =
                mates[0].is_some() || file.is_some_and(|file| plain(&header[file]) == GENOME_BAM);
            from_pipeline && PIPELINE_COLUMNS.contains(&plain(&header[column]).as_str())
        };
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
        problems.extend(misspelt_files(table, file, mates));
        FileProblems::check(&table.path, problems)?;
        let sample_name = if header[sample].is_empty() { "1".to_owned() } else { header[sample].clone() };
        let is_file = |column: usize| Some(column) == file || mates.contains(&Some(column));
        let variables = (0..header.len()).filter(|&column| {
            column != sample && !is_file(column) && !unused(column) && !is_of_pipeline(column)
        });
        let variables = variables.collect();
        let left_out = (0..header.len()).filter(|&column| is_of_pipeline(column));
        let left_out: Vec<String> = left_out.map(|column| format!("`{}`", header[column])).collect();
        if !left_out.is_empty() {
            notices.push(format!(
                "not used, since they tell of the pipeline that wrote the sheet: {}",
                left_out.join(", ")
            ));
        }
        Ok(Self { sample, sample_name, file, mates, variables, notices })
    }
}

/// The first column that is called by one of `names`; the less telling of these must hold FASTQ files.
fn mate_column(table: &Delimited, names: [&str; 6]) -> Option<usize> {
    names.iter().enumerate().find_map(|(place, name)| {
        let column = table.header.iter().position(|column| plain(column) == *name)?;
        (place < TELLING_NAMES || holds_reads(table, column)).then_some(column)
    })
}

/// Whether all that a column holds are FASTQ files.
fn holds_reads(table: &Delimited, column: usize) -> bool {
    let mut filled = values(table, column).filter(|value| !value.is_empty()).peekable();
    filled.peek().is_some() && filled.all(is_fastq)
}

/// Whether a file of this name holds reads.
pub(super) fn is_fastq(name: &str) -> bool {
    let name = name.to_lowercase();
    let plain = COMPRESSED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(&name);
    plain.ends_with(".fastq") || plain.ends_with(".fq")
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

/// Columns of files whose name is nearly, but not quite, that of one. A covariate may be called `dam`: the values tell.
fn misspelt_files(table: &Delimited, file: Option<usize>, mates: [Option<usize>; 2]) -> Vec<Problem> {
    let is_known = |column: usize| Some(column) == file || mates.contains(&Some(column));
    let holds_files = |column: usize| {
        let is_file = |value: &str| FILE_ENDINGS.iter().any(|ending| value.to_lowercase().ends_with(ending));
        values(table, column).any(|value| !value.is_empty()) && values(table, column).all(is_file)
    };
    let columns = table.header.iter().enumerate().filter(|(column, _)| !is_known(*column));
    columns
        .filter_map(|(column, name)| {
            let known: &[&str] = match () {
                () if holds_reads(table, column) => &["fastq_1", "fastq_2"],
                () if file.is_none() && holds_files(column) => &FILE_COLUMNS,
                () => return None,
            };
            Some((name, nearest(name, known.iter().copied())?))
        })
        .map(|(name, meant)| {
            let message = format!("unknown column `{name}`");
            Problem::at_line(table.header_line, message).hint(format!("did you mean `{meant}`?"))
        })
        .collect()
}
