//! SAM text as other programs write it: compressed in blocks, with letters beyond ASCII, with operations of old drafts.
#![cfg(test)]

use std::path::Path;

use alkaline_count::{BamInput, CountError, CountOptions, Counted, FormatProblem, StrandRule, count_reads};
use alkaline_testkit::{SamBuilder, SamRecord};

/// Reads of the file: text of more than one block.
const READS: u32 = 3_000;

fn count(path: &Path, rows: &str) -> Result<Counted, CountError> {
    let genes = alkaline_io::annotation::read_from(rows.as_bytes(), Path::new("a.gtf"), &Default::default());
    let options =
        CountOptions { threads: 2, strandedness: StrandRule::Unstranded, ..CountOptions::default() };
    count_reads(&[BamInput::new("a", path)], &genes.unwrap().annotation, &options)
}

/// A gene row of chr1.
fn gene(name: &str, start: u32, end: u32) -> String {
    format!("chr1\tt\texon\t{start}\t{end}\t.\t+\t.\tgene_id \"{name}\";\n")
}

/// Counts of the first gene of a file of bytes.
fn counts_of(bytes: &[u8], rows: &str) -> Vec<f64> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.sam");
    std::fs::write(&path, bytes).unwrap();
    let counted = count(&path, rows).unwrap();
    counted.table.matrix.rows().map(|row| row[0]).collect()
}

#[test]
fn sam_text_in_blocks_is_read_to_its_end_marker() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.sam.gz");
    let mut builder = SamBuilder::new(&[("chr1", 100_000)]);
    for read in 1..=READS {
        builder = builder.read(&format!("read:{read}"), "chr1", read, "30M");
    }
    builder.write_bgzipped_sam(&path).unwrap();
    let rows = gene("A", 1, READS);
    let counted = count(&path, &rows).unwrap();
    assert_eq!(counted.table.matrix.row(0)[0], f64::from(READS));
    let bytes = std::fs::read(&path).unwrap();
    // Cut inside a block, and cut exactly before the end marker: a part of a file must not give a table.
    for kept in [bytes.len() / 2, bytes.len() - 28] {
        std::fs::write(&path, &bytes[..kept]).unwrap();
        let Err(CountError::Format { problem, .. }) = count(&path, &rows) else {
            panic!("{kept} bytes counted")
        };
        assert_eq!(problem, FormatProblem::TruncatedRecord, "{kept}");
    }
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 3] ^= 0x10;
    std::fs::write(&path, &flipped).unwrap();
    let message = count(&path, &rows).unwrap_err().to_string();
    assert!(message.contains("corrupt"), "{message}");
}

#[test]
fn headers_and_names_may_hold_any_letters() {
    let rows = gene("A", 1, 500);
    let record = "r\u{e9}\t0\tchr1\t10\t60\t5M\t*\t0\t0\tAAAAA\t*\n";
    let header = "@SQ\tSN:chr1\tLN:5000\n";
    for first in
        ["@CO\t\u{e9}t\u{e9}, \u{65e5}\u{672c}\n", "\u{feff}@HD\tVN:1.6\n", "@PG\tID:\u{fc}ber\n", ""]
    {
        assert_eq!(counts_of(format!("{first}{header}{record}").as_bytes(), &rows), [1.0], "{first}");
    }
    // Latin-1 is no UTF-8, but text all the same.
    let latin = [b"@CO\tcaf\xe9\n".as_slice(), header.as_bytes(), record.as_bytes()].concat();
    assert_eq!(counts_of(&latin, &rows), [1.0]);
}

/// featureCounts 2.0.3 passes over the operation in BAM files.
#[test]
fn an_operation_back_moves_nothing_in_sam_and_bam() {
    let rows = gene("inside", 100, 119) + &gene("behind", 120, 130);
    let builder = SamBuilder::new(&[("chr1", 5_000)]).record(SamRecord::new("r", "chr1", 100, "10M5B10M"));
    assert_eq!(counts_of(builder.to_sam().as_bytes(), &rows), [1.0, 0.0]);
    let directory = tempfile::tempdir().unwrap();
    let bam = directory.path().join("a.bam");
    // htslib does not take the operation either: the letter is put into the finished record.
    SamBuilder::new(&[("chr1", 5_000)]).read("r", "chr1", 100, "10M5P10M").write_bam(&bam).unwrap();
    let counted = count(&bam, &rows).unwrap();
    assert_eq!(counted.table.matrix.row(0)[0], 1.0);
}
