//! CRAM files as samtools writes them, packed in every way.

#![allow(clippy::unwrap_used, reason = "a test may stop where something is missing")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use alkaline_count::{BamInput, CountOptions, StrandRule, count_reads};

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
            alkaline_testkit::say_skipped("samtools is not installed");
            return;
        };
        assert!(status.success());
        let options = CountOptions { strandedness: StrandRule::Unstranded, ..CountOptions::default() };
        let counted = count_reads(&[BamInput::new("a", &cram)], &genes.annotation, &options).unwrap();
        assert_eq!(counted.table.matrix.row(0), [f64::from(READS)], "{method}");
    }
}
