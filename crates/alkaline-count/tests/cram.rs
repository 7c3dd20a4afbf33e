//! CRAM files as samtools writes them, packed in every way.

#![cfg(test)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use alkaline_count::{BamInput, CountError, CountOptions, StrandRule, count_reads};
use alkaline_testkit::SamBuilder;

/// Reads of the file: enough for samtools to choose the method that packs best.
const READS: u32 = 5_000;

#[test]
fn cram_blocks_of_every_method_are_read_needs_samtools() {
    let directory = tempfile::tempdir().unwrap();
    let (sam, cram) = (directory.path().join("a.sam"), directory.path().join("a.cram"));
    let (bases, qualities) = ("A".repeat(30), "I".repeat(30));
    let mut text = "@SQ\tSN:chr1\tLN:100000\n".to_owned();
    for read in 1..=READS {
        writeln!(text, "read:{read}\t0\tchr1\t{read}\t60\t30M\t*\t0\t0\t{bases}\t{qualities}\tNH:i:1")
            .unwrap();
    }
    std::fs::write(&sam, text).unwrap();
    let genes = format!("chr1\tt\texon\t1\t{READS}\t.\t+\t.\tgene_id \"A\";\n");
    let genes = alkaline_io::annotation::read_from(genes.as_bytes(), Path::new("a.gtf"), &Default::default())
        .unwrap();
    for method in ["use_lzma=0", "use_bzip2=1", "use_lzma=1"] {
        let mut samtools = Command::new("samtools");
        samtools.args(["view", "-C", "--output-fmt-option", "no_ref=1", "--output-fmt-option", "level=9"]);
        samtools.args(["--output-fmt-option", method, "-o"]).arg(&cram).arg(&sam);
        let Ok(status) = samtools.status() else {
            alkaline_testkit::skip("samtools", "samtools is not installed");
            return;
        };
        assert!(status.success());
        let options = CountOptions { strandedness: StrandRule::Unstranded, ..CountOptions::default() };
        let counted = count_reads(&[BamInput::new("a", &cram)], &genes.annotation, &options).unwrap();
        assert_eq!(counted.table.matrix.row(0), [f64::from(READS)], "{method}");
    }
}

/// Many reads on chr1, and a genome of As that they were read from.
fn reads(directory: &Path) -> (SamBuilder, PathBuf) {
    let genome = directory.join("genome.fa");
    std::fs::write(&genome, format!(">chr1\n{}\n", "A".repeat(60_000))).unwrap();
    let mut builder = SamBuilder::new(&[("chr1", 60_000)]);
    for read in 1..=40_000 {
        builder = builder.read(&format!("read:{read}"), "chr1", read, "30M");
    }
    (builder, genome)
}

/// A CRAM file of many reads on chr1, with the genome it was made with.
fn good_cram(directory: &Path) -> (PathBuf, PathBuf) {
    let (cram, (builder, genome)) = (directory.join("good.cram"), reads(directory));
    builder.write_cram(&cram, &genome).unwrap();
    (cram, genome)
}

fn count(cram: &Path, genome: Option<&Path>, threads: usize) -> Result<f64, CountError> {
    let rows = "chr1\tt\texon\t1\t60000\t.\t+\t.\tgene_id \"A\";\n";
    let genes = alkaline_io::annotation::read_from(rows.as_bytes(), Path::new("a.gtf"), &Default::default());
    let options = CountOptions {
        threads,
        strandedness: StrandRule::Unstranded,
        reference: genome.map(Path::to_owned),
        ..CountOptions::default()
    };
    let counted = count_reads(&[BamInput::new("a", cram)], &genes.unwrap().annotation, &options)?;
    Ok(counted.table.matrix.row(0)[0])
}

#[test]
fn a_cut_cram_is_truncated_whatever_the_genome_and_the_threads() {
    let directory = tempfile::tempdir().unwrap();
    let (cram, genome) = good_cram(directory.path());
    assert_eq!(count(&cram, Some(&genome), 3).unwrap(), 40_000.0);
    let bytes = std::fs::read(&cram).unwrap();
    for kept in [10, bytes.len() / 3, bytes.len() - 38, bytes.len() - 1] {
        std::fs::write(&cram, &bytes[..kept]).unwrap();
        for threads in [1, 2, 16] {
            let error = count(&cram, Some(&genome), threads).unwrap_err();
            assert!(error.to_string().contains("truncated"), "{kept}: {error}");
            assert!(!error.hint().unwrap_or_default().contains("--reference"), "{kept}");
        }
    }
}

#[test]
fn only_who_gave_no_genome_is_told_to_give_one_needs_samtools() {
    let directory = tempfile::tempdir().unwrap();
    let (builder, genome) = reads(directory.path());
    let (sam, cram) = (directory.path().join("a.sam"), directory.path().join("a.cram"));
    builder.write_sam(&sam).unwrap();
    // htslib alone would put the genome into the file; samtools is told not to.
    let mut samtools = Command::new("samtools");
    samtools.args(["view", "-C", "--output-fmt-option", "embed_ref=0", "-T"]).arg(&genome);
    let Ok(status) = samtools.arg("-o").arg(&cram).arg(&sam).status() else {
        alkaline_testkit::skip("samtools", "samtools is not installed");
        return;
    };
    assert!(status.success());
    std::fs::write(&genome, format!(">chr1\n{}\n", "C".repeat(60_000))).unwrap();
    for threads in [1, 2, 16] {
        let error = count(&cram, Some(&genome), threads).unwrap_err();
        assert!(error.is_bad_input() && error.hint().unwrap().contains("M5:"), "{error}");
    }
    // The header of the file says where the genome lay.
    std::fs::remove_file(&genome).unwrap();
    std::fs::remove_file(genome.with_extension("fa.fai")).unwrap();
    for threads in [1, 2, 16] {
        let error = count(&cram, None, threads).unwrap_err();
        assert!(error.hint().unwrap().contains("--reference"), "{error}");
    }
}

#[test]
fn damaged_crams_are_refused_or_read_alike_at_any_number_of_threads() {
    let directory = tempfile::tempdir().unwrap();
    let (cram, genome) = good_cram(directory.path());
    let good = std::fs::read(&cram).unwrap();
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    let mut refused = 0;
    for round in 0..60 {
        let mut bad = good.clone();
        for _ in 0..=random(4) {
            let place = 26 + random(bad.len() - 26 - 38);
            bad[place] = random(256) as u8;
        }
        std::fs::write(&cram, &bad).unwrap();
        let outcomes = [1, 3, 16].map(|threads| match count(&cram, Some(&genome), threads) {
            Ok(counted) => Ok(counted),
            Err(error) => {
                assert!(error.is_bad_input(), "{error}");
                Err(error.to_string())
            }
        });
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]), "round {round}: {outcomes:?}");
        refused += usize::from(outcomes[0].is_err());
    }
    assert!(refused > 20, "{refused} of 60 files refused");
}
