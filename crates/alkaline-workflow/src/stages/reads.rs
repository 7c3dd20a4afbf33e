//! The reads of a sample as they come from the sequencer: one or two FASTQ files a lane.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_core::samples::{Lane, Reads};
use alkaline_core::words::count;

use crate::error::{Problems, WorkflowError};

/// The reads in files of first reads and, of pairs, of second reads, in the same order.
///
/// # Errors
/// [`WorkflowError::Design`] when there are not as many of both.
pub fn of_files(first: &[PathBuf], second: &[PathBuf]) -> Result<Reads, WorkflowError> {
    if !second.is_empty() && first.len() != second.len() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "{} of first reads, but {} of second reads",
                count(first.len(), "file"),
                count(second.len(), "file")
            ),
            "name both files of every lane, in the same order",
        ));
    }
    let lane =
        |(place, first): (usize, &PathBuf)| Lane { first: first.clone(), second: second.get(place).cloned() };
    Ok(Reads { lanes: first.iter().enumerate().map(lane).collect() })
}

/// The same reads, with their files below `root`.
#[must_use]
pub fn below(reads: &Reads, root: &Path) -> Reads {
    let mut reads = reads.clone();
    reads.files_mut().for_each(|file| *file = root.join(&*file));
    reads
}

/// Refuses what no sample can have: no lane, lanes of both layouts, a file that stands twice.
///
/// # Errors
/// [`WorkflowError::Design`] with all of them.
pub fn check(reads: &Reads, sample: &str) -> Result<(), WorkflowError> {
    let mut problems = Problems::default();
    if reads.lanes.is_empty() {
        problems.add(format!("sample {sample} has no FASTQ file"));
    }
    if let Some(other) = reads.lanes.iter().find(|lane| lane.second.is_some() != reads.is_paired()) {
        problems.add_with_hint(
            format!(
                "sample {sample} has pairs in some lanes and single reads in others ({})",
                other.first.display()
            ),
            Some("make two samples of them, or leave the second reads out".to_owned()),
        );
    }
    let mut seen = HashSet::new();
    for file in reads.files() {
        let real = file.canonicalize().unwrap_or_else(|_| file.clone());
        if !seen.insert(real) {
            problems.add(format!("sample {sample}: {} stands twice among its files", file.display()));
        }
    }
    problems.check()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_of_one_sample_are_alike_and_different_files() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        let good = of_files(&paths(&["l1_1.fq", "l2_1.fq"]), &paths(&["l1_2.fq", "l2_2.fq"])).unwrap();
        check(&good, "S").unwrap();
        assert!(good.is_paired());
        let refusal = |reads: Result<Reads, WorkflowError>| {
            reads.and_then(|reads| check(&reads, "S")).unwrap_err().to_string()
        };
        assert!(
            refusal(of_files(&paths(&["a"]), &paths(&["b", "c"]))).contains("1 file of first reads, but 2")
        );
        assert!(refusal(of_files(&[], &[])).contains("no FASTQ"));
        assert!(refusal(of_files(&paths(&["a"]), &paths(&["a"]))).contains("a stands twice"));
        assert_eq!(below(&good, Path::new("/r")).lanes[1].second, Some("/r/l2_2.fq".into()));
        let mut mixed = good;
        mixed.lanes[1].second = None;
        assert!(refusal(Ok(mixed)).contains("single reads in others (l2_1.fq)"));
    }
}
