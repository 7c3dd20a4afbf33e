//! The `.summary` beside a count table: what became of every read, in featureCounts' rows.

use std::path::{Path, PathBuf};

use alkaline_core::results::{Assignment, CountSummary};
use alkaline_core::{SampleId, SampleIndex};

use super::writer::write_header;
use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError, WriteError};
use crate::file::write_atomically;

/// First field of the header.
const STATUS: &str = "Status";

/// Where the summary of the count table at `counts` lies.
pub fn summary_path(counts: &Path) -> PathBuf {
    let mut name = counts.as_os_str().to_owned();
    name.push(".summary");
    name.into()
}

/// Writes `summary` as featureCounts does (and MultiQC reads).
///
/// # Errors
/// [`WriteError`].
pub fn write_summary(path: &Path, summary: &CountSummary) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        write_header(out, &[STATUS], summary.samples.ids())?;
        for category in Assignment::ALL {
            write!(out, "{}", summary.status(category))?;
            for reads in &summary.reads {
                write!(out, "\t{}", reads[category as usize])?;
            }
            writeln!(out)?;
        }
        Ok(())
    })
}

/// Reads a `.summary` file of alkaline or featureCounts.
///
/// # Errors
/// [`ReadError`] when it is none.
pub fn read_summary(path: &Path) -> Result<CountSummary, ReadError> {
    let table = Delimited::open(path)?;
    if table.header.first().map(String::as_str) != Some(STATUS) {
        let problem = Problem::at_line(table.header_line, "the header does not start with `Status`");
        return Err(FileProblems::one(path, problem).into());
    }
    let samples = table.header[1..].iter().map(SampleId::from).collect();
    let samples = SampleIndex::new(samples)
        .map_err(|error| FileProblems::one(path, Problem::at_line(table.header_line, error.to_string())))?;
    let mut summary =
        CountSummary { reads: vec![[0; Assignment::COUNT]; samples.len()], samples, non_split_only: false };
    let mut problems = Vec::new();
    for (line, row) in table.rows()? {
        let status = row.get(0).unwrap_or_default();
        summary.non_split_only |= status == "Unassigned_Split";
        let category = Assignment::ALL.into_iter().find(|category| summary.status(*category) == status);
        let Some(category) = category else {
            problems.push(Problem::at_line(line, format!("unknown status `{status}`")));
            continue;
        };
        for (sample, reads) in summary.reads.iter_mut().enumerate() {
            match row.get(sample + 1).and_then(|text| text.trim().parse().ok()) {
                Some(number) => reads[category as usize] = number,
                None => problems.push(Problem::at_line(line, "a number of reads is missing")),
            }
        }
    }
    FileProblems::check(path, problems)?;
    Ok(summary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let samples = SampleIndex::new(vec!["\"a\"".into(), "\"b #1".into()]).unwrap();
        let mut reads = vec![[0; Assignment::COUNT]; 2];
        reads[0][Assignment::Assigned as usize] = 7;
        reads[1][Assignment::Ambiguity as usize] = 3;
        let summary = CountSummary { samples, reads, non_split_only: false };
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("counts.tsv.summary");
        write_summary(&path, &summary).unwrap();
        assert_eq!(read_summary(&path).unwrap(), summary);
    }
}
