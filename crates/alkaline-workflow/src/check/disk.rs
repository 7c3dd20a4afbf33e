//! Whether there is room for what a run leaves, as far as the sizes of its inputs tell.

use std::path::{Path, PathBuf};

use alkaline_core::Library;
use alkaline_core::words::bytes;

use crate::error::WorkflowError;
use crate::spec::experiment::CountSource;
use crate::spec::request::RunRequest;

/// What a run leaves beside what grows with its inputs: tables of genes, figures, the report.
const ALWAYS: u64 = 40_000_000;

/// Bytes that tables hold for a sample: counts, expression in four units, QC; of 60,000 genes.
const OF_A_SAMPLE: u64 = 4_000_000;

/// Bytes that a contrast leaves: tests, enrichment, panels, figures.
const OF_A_CONTRAST: u64 = 30_000_000;

/// Cleaned reads and alignments, by the size of the reads: both stand there at once, and each is compressed as the reads are.
const OF_READS: f64 = 2.2;

/// Size of reads that are not compressed, in those that are.
const UNCOMPRESSED: f64 = 0.25;

/// What is known about the room.
#[derive(Debug, PartialEq)]
pub(super) enum Room {
    /// There is enough, in words.
    Enough(String),
    /// It may be too little.
    Scarce(String),
}

/// Holds what `request` will leave at `out` against what is free there.
///
/// # Errors
/// [`WorkflowError::Design`] when less than half of it is free.
pub(super) fn check(request: &RunRequest, out: &Path) -> Result<Option<Room>, WorkflowError> {
    // `out` alone lies in the working directory, which has no name there.
    let place = std::path::absolute(out).unwrap_or_else(|_| out.to_owned());
    let Some(there) = place.ancestors().find(|path| path.is_dir()) else { return Ok(None) };
    let Some(free) = free(there) else { return Ok(None) };
    judge(free, needed(request), out).map(Some)
}

/// What these numbers of bytes mean.
fn judge(free: u64, needed: u64, out: &Path) -> Result<Room, WorkflowError> {
    let said = format!(
        "about {} will be written to {}, where {} are free",
        bytes(needed),
        out.display(),
        bytes(free)
    );
    match () {
        () if free < needed / 2 => {
            Err(WorkflowError::design_with_hint(said, "make room, or choose another place with --out"))
        }
        () if free < needed => Ok(Room::Scarce(said)),
        () => Ok(Room::Enough(said)),
    }
}

/// Bytes that the run will leave, about.
fn needed(request: &RunRequest) -> u64 {
    let experiment = &request.experiment;
    let samples = experiment.sheet.samples.len() as u64;
    let contrasts = experiment.contrasts.len() as u64;
    let reads = match &experiment.source {
        CountSource::Reads(libraries) => libraries.iter().map(of_library).sum(),
        CountSource::Alignments(_) | CountSource::Table(_) | CountSource::Expression(_) => 0.0,
    };
    ALWAYS + OF_A_SAMPLE * samples + OF_A_CONTRAST * contrasts + (OF_READS * reads) as u64
}

/// Compressed size of the reads of a sample.
fn of_library(library: &Library) -> f64 {
    let Library::Reads(reads) = library else { return 0.0 };
    let size = |file: &PathBuf| {
        let size = file.metadata().map_or(0.0, |facts| facts.len() as f64);
        let is_compressed = file.extension().is_some_and(|ending| ending == "gz" || ending == "bz2");
        if is_compressed { size } else { size * UNCOMPRESSED }
    };
    reads.files().map(size).sum()
}

/// Bytes that are free where `place` lies, for people who are not root; `None` where the system does not tell.
fn free(place: &Path) -> Option<u64> {
    let facts = rustix::fs::statvfs(place).ok()?;
    Some(facts.f_bavail.saturating_mul(facts.f_frsize))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_what_is_needed_stops_and_less_than_all_warns() {
        let judged = |free| judge(free, 2_000_000_000, Path::new("out"));
        let error = judged(900_000_000).unwrap_err().to_string();
        assert!(error.contains("about 2.0 GB will be written to out, where 900 MB are free"), "{error}");
        assert!(matches!(judged(1_500_000_000), Ok(Room::Scarce(_))));
        assert!(matches!(judged(5_000_000_000), Ok(Room::Enough(_))));
    }

    #[test]
    fn free_bytes_are_told_where_there_is_a_directory() {
        assert!(free(Path::new("/")).unwrap() > 0);
        assert_eq!(free(Path::new("/no/such/place")), None);
    }
}
