//! What the name of a FASTQ file tells: the sample, the lane, and whether it holds read 1 or read 2.

use std::path::{Path, PathBuf};

/// Endings of FASTQ files.
const ENDINGS: [&str; 4] = [".fastq.gz", ".fq.gz", ".fastq", ".fq"];

/// What a name tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The file.
    pub path: PathBuf,
    /// What is left of the name when lane and mate are taken away.
    pub sample: String,
    /// The lane, where one is named.
    pub lane: String,
    /// 1 or 2 where the name says so, 0 where it does not.
    pub mate: u8,
    /// Whether the mate is told by a bare number, which may be that of a replicate.
    pub is_doubtful: bool,
}

/// Whether a file of this name holds reads.
pub(super) fn is_fastq(name: &str) -> bool {
    ENDINGS.iter().any(|ending| name.to_lowercase().ends_with(ending))
}

/// Whether a file of this name holds the reads of an index, which belong to no sample.
pub(super) fn is_index(path: &Path) -> bool {
    let stem = stem(path);
    let stem = without_chunk(&stem);
    let last = stem.rsplit(['_', '.', '-']).next().unwrap_or_default().to_ascii_uppercase();
    matches!(last.as_str(), "I1" | "I2" | "UMI")
}

/// What the name of `path` tells.
pub(super) fn read(path: &Path) -> Named {
    let stem = stem(path);
    let (rest, mate, is_doubtful) = mate(without_chunk(&stem));
    let (rest, lane) = lane(rest);
    let sample = without_sheet_number(rest, &lane);
    let named =
        |sample: &str| Named { path: path.to_owned(), sample: sample.to_owned(), lane, mate, is_doubtful };
    named(if sample.is_empty() { &stem } else { sample })
}

/// The same file when the bare number at its end is no mate but part of the sample's name.
pub(super) fn as_single(named: &Named) -> Named {
    let sample = stem(&named.path);
    Named { sample, mate: 0, is_doubtful: false, lane: String::new(), path: named.path.clone() }
}

fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let lower = name.to_lowercase();
    let ending = ENDINGS.iter().find(|ending| lower.ends_with(**ending)).map_or(0, |ending| ending.len());
    name[..name.len() - ending].to_owned()
}

/// Without Illumina's `_001`.
fn without_chunk(stem: &str) -> &str {
    let Some(rest) = stem.strip_suffix("_001") else { return stem };
    let last = rest.rsplit('_').next().unwrap_or_default();
    if matches!(last, "R1" | "R2" | "I1" | "I2") { rest } else { stem }
}

/// The rest of the name, the mate, and whether that is in doubt.
fn mate(stem: &str) -> (&str, u8, bool) {
    for (number, ends) in [(1, ["R1", "r1", "read1", "1"]), (2, ["R2", "r2", "read2", "2"])] {
        for end in ends {
            let Some(rest) = stem.strip_suffix(end) else { continue };
            if let Some(rest) = rest.strip_suffix(['_', '.', '-']) {
                return (rest, number, end.len() == 1);
            }
        }
    }
    (stem, 0, false)
}

/// The rest of the name, and the lane.
fn lane(stem: &str) -> (&str, String) {
    let (rest, last) = match stem.rfind(['_', '.', '-']) {
        Some(at) => (&stem[..at], &stem[at + 1..]),
        None => return (stem, String::new()),
    };
    let digits = last.strip_prefix('L').or_else(|| last.strip_prefix("lane")).unwrap_or_default();
    let is_lane = !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_lane { (rest, last.to_owned()) } else { (stem, String::new()) }
}

/// Without the `_S1` by which Illumina numbers the samples of a run; it stands before a lane.
fn without_sheet_number<'a>(stem: &'a str, lane: &str) -> &'a str {
    let Some((rest, last)) = stem.rsplit_once('_').filter(|_| !lane.is_empty()) else { return stem };
    let digits = last.strip_prefix('S').unwrap_or_default();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) { rest } else { stem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str) -> (String, String, u8, bool) {
        let named = read(Path::new(name));
        (named.sample, named.lane, named.mate, named.is_doubtful)
    }

    #[test]
    fn names_of_sequencers_and_archives_tell_sample_lane_and_mate() {
        for (name, sample, lane, mate, is_doubtful) in [
            ("run/P1_S3_L002_R1_001.fastq.gz", "P1", "L002", 1, false),
            ("P1_S3_L002_R2_001.fastq.gz", "P1", "L002", 2, false),
            ("H3122_CR_R2.fq.gz", "H3122_CR", "", 2, false),
            ("ctrl-rep1.R1.fastq", "ctrl-rep1", "", 1, false),
            ("SRR5236988_1.fastq.gz", "SRR5236988", "", 1, true),
            ("SRR5236988.fastq.gz", "SRR5236988", "", 0, false),
            ("a_lane1_2.fq", "a", "lane1", 2, true),
            ("sample_S2.fastq.gz", "sample_S2", "", 0, false),
            ("x_read2.fq", "x", "", 2, false),
        ] {
            assert_eq!(told(name), (sample.to_owned(), lane.to_owned(), mate, is_doubtful), "{name}");
        }
        assert!(is_index(Path::new("P1_S3_L002_I1_001.fastq.gz")) && !is_index(Path::new("I1_R1.fq")));
    }
}
