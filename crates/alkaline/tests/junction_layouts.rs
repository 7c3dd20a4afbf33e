//! The junction tables of `count -J`: the layout of featureCounts 2.0, and that of 2.1 where it is asked for.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

/// Two reads over the intron of transcripts T1 and T2, one over the first exon's end to within the last exon.
const SAM: &str = "@SQ\tSN:chr1\tLN:1000\n\
    a\t0\tchr1\t191\t60\t10M100N10M\t*\t0\t0\t*\t*\tNH:i:1\n\
    b\t0\tchr1\t196\t60\t5M100N15M\t*\t0\t0\t*\t*\tNH:i:1\n\
    c\t0\tchr1\t191\t60\t10M150N10M\t*\t0\t0\t*\t*\tNH:i:1\n";

const GTF: &str = "chr1\tt\texon\t101\t200\t.\t+\t.\tgene_id \"G\"; transcript_id \"T1\"; note \"x\";\n\
    chr1\tt\texon\t301\t400\t.\t+\t.\tgene_id \"G\"; transcript_id \"T1\"; note \"y\";\n\
    chr1\tt\texon\t151\t200\t.\t+\t.\tgene_id \"G\"; transcript_id \"T2\"; note \"z\";\n\
    chr1\tt\texon\t301\t380\t.\t+\t.\tgene_id \"G\"; transcript_id \"T2\"; note \"z\";\n";

const GFF3: &str = "##gff-version 3\n\
    chr1\tt\texon\t101\t200\t.\t+\t.\tParent=T1;gene=G\n\
    chr1\tt\texon\t301\t400\t.\t+\t.\tParent=T1;gene=G\n\
    chr1\tt\texon\t151\t200\t.\t+\t.\tParent=T2;gene=G\n\
    chr1\tt\texon\t301\t380\t.\t+\t.\tParent=T2;gene=G\n";

const SAF: &str = "GeneID\tChr\tStart\tEnd\tStrand\nG\tchr1\t101\t200\t+\nG\tchr1\t301\t400\t+\n";

const HEADER: &str = "Gene_SP1\tGene_SP2\tTranscript\tStatus\tDonor\tAcceptor\tChr_SP1\tLocation_SP1\tStrand_SP1\tChr_SP2\t\
    Location_SP2\tStrand_SP2\tNearestExonBoundary_SP1\tNearestExonBoundary_SP2\tin.sam\n";

const NOVEL: &str = "G\tG\tNA\tNOVEL\tNA\tNA\tchr1\t200\tNA\tchr1\t351\tNA\tchr1:200,G,0\t";

fn alkaline(directory: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_alkaline")).args(words).current_dir(directory).output().unwrap()
}

/// The files of a call on the annotation `text`.
fn counted(text: &str, words: &[&str]) -> (tempfile::TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("in.sam"), SAM).unwrap();
    fs::write(directory.path().join("genes"), text).unwrap();
    let call = ["count", "-J", "-a", "genes", "-o", "out.tsv", "in.sam"];
    let output = alkaline(directory.path(), &[&call, words].concat());
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    (directory, told)
}

fn junctions(directory: &Path) -> String {
    fs::read_to_string(directory.join("out.tsv.jcounts")).unwrap()
}

#[test]
fn transcripts_of_gtf_and_gff3_tell_which_junctions_are_known() {
    let known = "G\tG\tT1,T2\tKNOWN\tNA\tNA\tchr1\t200\tNA\tchr1\t301\tNA\tchr1:200,G,0\tchr1:301,G,0\t2\n";
    let right = format!("{HEADER}{known}{NOVEL}chr1:380,G,29,right\t1\n");
    for (text, words) in [(GTF, &[][..]), (GFF3, &["-g", "gene"])] {
        let (directory, _) = counted(text, &[&["--compat", "featureCounts-2.1"], words].concat());
        assert_eq!(junctions(directory.path()), right);
    }
}

#[test]
fn attributes_read_for_the_junctions_are_no_columns_of_the_counts() {
    let words = ["--compat", "featureCounts-2.1", "--extraAttributes", "note"];
    let (directory, _) = counted(GTF, &words);
    let table = fs::read_to_string(directory.path().join("out.tsv")).unwrap();
    let header = table.lines().nth(1).unwrap();
    assert_eq!(header, "Geneid\tChr\tStart\tEnd\tStrand\tLength\tnote\tin.sam");
}

#[test]
fn without_transcripts_every_junction_is_novel_and_a_warning_says_so() {
    let (directory, told) = counted(SAF, &["-F", "SAF", "--compat", "featureCounts-2.1"]);
    assert!(told.contains("names no transcripts"), "{told}");
    let table = junctions(directory.path());
    assert!(table.lines().skip(1).all(|row| row.starts_with("G\tG\tNA\tNOVEL\t")), "{table}");
    // 351 lies 50 bases behind the first base of the exon, and 49 before its last.
    assert!(table.contains("\tchr1:400,G,49,right\t"), "{table}");
}

#[test]
fn the_layout_of_2_0_stays_and_only_it_can_be_merged() {
    let header = "PrimaryGene\tSecondaryGenes\tSite1_chr\tSite1_location\tSite1_strand\tSite2_chr\tSite2_location\t\
        Site2_strand\tin.sam\n";
    let rows = "G\tNA\tchr1\t200\tNA\tchr1\t301\tNA\t2\nG\tNA\tchr1\t200\tNA\tchr1\t351\tNA\t1\n";
    for words in [&["--compat", "featureCounts"][..], &["--compat", "featureCounts-2.0"], &[]] {
        let (directory, _) = counted(GTF, words);
        assert_eq!(junctions(directory.path()), format!("{header}{rows}"));
    }
    let (directory, _) = counted(GTF, &["--compat", "featureCounts-2.1"]);
    let output = alkaline(directory.path(), &["merge", "out.tsv", "-o", "all.tsv"]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(told.contains("featureCounts 2.1, which cannot be joined"), "{told}");
}
