//! Files that are missing, damaged or of another genome: one clear error, the same at any thread count.
#![cfg(test)]

use std::io::Read;
use std::path::{Path, PathBuf};

use alkaline_core::Annotation;
use alkaline_count::{
    BamInput, Compat, CountError, CountOptions, CountUnit, FormatProblem, StrandRule, count_reads,
};
use alkaline_io::annotation;
use alkaline_testkit::SamBuilder;
use bgzf::CompressionLevel;
use tempfile::TempDir;

/// Bytes of the end-of-file marker of a BAM file.
const END_MARKER: usize = 28;

fn genes() -> Annotation {
    let text = "chr1\tt\texon\t1\t5000\t.\t+\t.\tgene_id \"A\";\n";
    annotation::read_from(text.as_bytes(), Path::new("genes.gtf"), &Default::default()).unwrap().annotation
}

/// A BAM file of several blocks.
fn good_bam(directory: &TempDir) -> PathBuf {
    let mut builder = SamBuilder::new(&[("chr1", 100_000)]);
    for number in 0..5_000_u32 {
        builder = builder.read(&format!("read:{number}"), "chr1", 1 + number, "30M");
    }
    let path = directory.path().join("good.bam");
    builder.write_bam(&path).unwrap();
    path
}

fn count(path: &Path, threads: usize) -> Result<f64, CountError> {
    let options = CountOptions { threads, strandedness: StrandRule::Unstranded, ..CountOptions::default() };
    count_reads(&[BamInput::new("a", path)], &genes(), &options).map(|counted| counted.table.matrix.row(0)[0])
}

/// The problem of the file with these bytes, which must not depend on threads.
fn problem(directory: &TempDir, bytes: &[u8]) -> FormatProblem {
    let path = directory.path().join("bad.bam");
    std::fs::write(&path, bytes).unwrap();
    let of = |threads| match count(&path, threads).unwrap_err() {
        CountError::Format { problem, .. } => problem,
        other => panic!("{other}"),
    };
    assert_eq!(of(1), of(4));
    of(1)
}

#[test]
fn a_good_file_counts() {
    let directory = tempfile::tempdir().unwrap();
    assert_eq!(count(&good_bam(&directory), 3).unwrap(), 5_000.0);
}

#[test]
fn a_missing_file_is_named() {
    let error = count(Path::new("/nowhere/a.bam"), 1).unwrap_err();
    assert_eq!(error.to_string(), "/nowhere/a.bam: no such file");
    assert!(error.is_bad_input());
}

#[test]
fn truncation_is_found_wherever_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(good_bam(&directory)).unwrap();
    assert_eq!(problem(&directory, &bytes[..bytes.len() - END_MARKER]), FormatProblem::NoEndMarker);
    let cut = problem(&directory, &bytes[..bytes.len() - END_MARKER - 100]);
    assert!(matches!(cut, FormatProblem::TruncatedBlock { .. }), "{cut}");
    for length in [1, 10, 17, 20, 40, 200] {
        problem(&directory, &bytes[..length]);
    }
    assert_eq!(problem(&directory, &[]), FormatProblem::Empty);
}

#[test]
fn a_flipped_bit_is_found_in_any_block() {
    let directory = tempfile::tempdir().unwrap();
    let bytes = std::fs::read(good_bam(&directory)).unwrap();
    for part in 1..10 {
        let mut bad = bytes.clone();
        bad[bytes.len() * part / 10] ^= 0x10;
        let found = problem(&directory, &bad);
        assert!(matches!(found, FormatProblem::CorruptBlock { .. }), "{found}");
    }
}

#[test]
fn other_files_are_no_alignments() {
    let directory = tempfile::tempdir().unwrap();
    for bytes in [&b"\x89PNG\r\n"[..], &[0_u8; 100], &[0xff, 0xfe, 0x00]] {
        let found = problem(&directory, bytes);
        assert!(matches!(found, FormatProblem::NotAlignments { .. }), "{found}");
    }
    let found = problem(&directory, b"some prose\nthat is no SAM file\n");
    assert!(matches!(found, FormatProblem::SamLine { line: 1, .. }), "{found}");
}

#[test]
fn another_genome_is_an_error_that_shows_both_name_sets() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.bam");
    SamBuilder::new(&[("19", 59_128_983), ("lambda", 5_000)]).write_bam(&path).unwrap();
    let error = count(&path, 1).unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("none of the 2 contigs") && text.contains("`19`") && text.contains("`chr1`"),
        "{text}"
    );
    assert!(error.hint().unwrap().contains("hg19"));
    let options = CountOptions {
        compat: Compat::FeatureCounts,
        unit: CountUnit::SingleEnd,
        strandedness: StrandRule::Unstranded,
        ..CountOptions::default()
    };
    assert!(count_reads(&[BamInput::new("a", path)], &genes(), &options).is_ok());
}

#[test]
fn an_empty_bam_gives_zeros() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.bam");
    SamBuilder::new(&[("chr1", 5_000)]).write_bam(&path).unwrap();
    assert_eq!(count(&path, 2).unwrap(), 0.0);
}

#[test]
fn sam_lines_that_make_no_sense_are_named() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.sam");
    let header = "@SQ\tSN:chr1\tLN:5000\n";
    for (line, expected) in [
        ("r\t0\tchr1\t10\t60\t5M", "6 columns"),
        ("r\tx\tchr1\t10\t60\t5M\t*\t0\t0\tAAAAA\t*", "FLAG is `x`"),
        ("r\t0\tchr1\t10\t60\t5Q\t*\t0\t0\tAAAAA\t*", "CIGAR is `5Q`"),
        ("r\t0\tchr1\t10\t60\tM5\t*\t0\t0\tAAAAA\t*", "CIGAR is `M5`"),
    ] {
        std::fs::write(&path, format!("{header}{line}\n")).unwrap();
        let text = count(&path, 1).unwrap_err().to_string();
        assert!(text.contains("line 2") && text.contains(expected), "{text}");
    }
}

#[test]
fn sam_without_header_and_with_odd_header_lines_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.sam");
    let record = "r\t0\tchr1\t10\t60\t5M\t*\t0\t0\tAAAAA\t*\n";
    for header in ["", "@PG\n@SQ\tLN:5\n@SQ\tSN:chr1\tLN:x\n"] {
        std::fs::write(&path, format!("{header}{record}")).unwrap();
        assert_eq!(count(&path, 1).unwrap(), 1.0, "{header}");
    }
    let long = "n".repeat(300);
    std::fs::write(&path, format!("{long}\t0\tchr1\t10\t60\t5M\t*\t0\t0\tAAAAA\t*\n")).unwrap();
    assert_eq!(count(&path, 1).unwrap(), 1.0);
}

/// Wraps bytes as a BAM file of one block after the other, with right checksums.
fn wrap(inflated: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let level = CompressionLevel::new(1).unwrap();
    let mut writer = bgzf::Writer::with_capacity(&mut out, level, 40_000);
    std::io::Write::write_all(&mut writer, inflated).unwrap();
    writer.finish().unwrap();
    out
}

#[test]
fn nonsense_inside_records_never_panics() {
    let directory = tempfile::tempdir().unwrap();
    let builder = SamBuilder::new(&[("chr1", 100_000)])
        .pair("p", "chr1", (100, "20M50N10M2I5M"), (300, "10M3D20M"))
        .pair("q", "chr1", (100, "5S30M"), (90, "30M5S"))
        .read("s", "chr1", 7, "3I20M1D4M");
    let path = directory.path().join("a.bam");
    builder.write_bam(&path).unwrap();
    let mut good = Vec::new();
    let file = std::fs::File::open(&path).unwrap();
    flate2::read::MultiGzDecoder::new(file).read_to_end(&mut good).unwrap();
    let mut state = 0x9e37_79b9_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    let mut outcomes = [0, 0];
    for round in 0..1_000 {
        let mut bad = good.clone();
        for _ in 0..=random(3) {
            let place = random(bad.len());
            bad[place] = [0, 1, 0x7f, 0x80, 0xff, random(256) as u8][random(6)];
        }
        std::fs::write(&path, wrap(&bad)).unwrap();
        let mut options = CountOptions {
            strandedness: StrandRule::Unstranded,
            threads: 1 + round % 2,
            ..CountOptions::default()
        };
        options.junctions = round % 3 == 0;
        options.filter.multi_mapping = true;
        options.overlap.min_fraction = if round % 3 == 1 { 0.5 } else { 0.0 };
        options.shape.extend_3 = if round % 5 == 0 { 50 } else { 0 };
        let outcome = count_reads(&[BamInput::new("a", &path)], &genes(), &options);
        outcomes[usize::from(outcome.is_ok())] += 1;
    }
    assert!(outcomes[0] > 50 && outcomes[1] > 50, "{outcomes:?}");
}
