//! What servers, submitters and broken downloads leave in place of data: refused in words with exit code 3, or said aloud.

#![expect(clippy::unwrap_used, reason = "what is made here is right, or the test fails")]

mod command_line;

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use command_line::{alkaline, refuse, stderr, succeed};
use flate2::Compression;
use flate2::write::GzEncoder;

/// A series matrix of four samples with the values of 60 probes.
fn series_matrix(value: impl Fn(usize, usize) -> String) -> String {
    let quoted = |words: [&str; 4]| words.map(|word| format!("\"{word}\"")).join("\t");
    let accessions = ["GSM1", "GSM2", "GSM3", "GSM4"];
    let mut text = format!(
        "!Series_title\t\"t\"\n!Series_geo_accession\t\"GSE1\"\n\n!Sample_title\t{}\n!Sample_geo_accession\t{}\n!Sample_platform_id\t{}\n\
         !Sample_characteristics_ch1\t{}\n!series_matrix_table_begin\n\"ID_REF\"\t{}\n",
        quoted(["a", "b", "c", "d"]),
        quoted(accessions),
        quoted(["GPL5"; 4]),
        quoted(["group: A", "group: A", "group: B", "group: B"]),
        quoted(accessions),
    );
    for probe in 0..60 {
        let values: Vec<String> = (0..4).map(|sample| value(probe, sample)).collect();
        writeln!(text, "\"p{probe}\"\t{}", values.join("\t")).unwrap();
    }
    text + "!series_matrix_table_end\n"
}

fn log(probe: usize, sample: usize) -> String {
    format!("{:.3}", 4.0 + (probe * 7 % 60) as f64 / 8.0 + (probe * 13 + sample * 29) as f64 % 11.0 / 20.0)
}

fn compressed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[track_caller]
fn import_refuses(place: &Path, files: &[&str], says: &[&str]) {
    refuse(place, &[&["import", "geo"], files, &["--out", "in"]].concat(), "in", says);
}

#[test]
fn broken_downloads_and_pages_are_no_data() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let whole = compressed(&series_matrix(log));
    fs::write(here.join("cut_series_matrix.txt.gz"), &whole[..whole.len() / 2]).unwrap();
    import_refuses(here, &["cut_series_matrix.txt.gz"], &["damaged or cut off", "download the file again"]);
    let page = "<!DOCTYPE html><html><title>GEO Accession viewer</title></html>";
    fs::write(here.join("GSE1_series_matrix.txt.gz"), compressed(page)).unwrap();
    import_refuses(here, &["GSE1_series_matrix.txt.gz"], &["a page of the web", "private"]);
    fs::write(here.join("quant.sf"), page).unwrap();
    refuse(here, &["import", "salmon", "quant.sf", "--out", "in"], "in", &["web page (HTML)"]);
    fs::write(here.join("GSE1_family.soft"), "").unwrap();
    import_refuses(here, &["GSE1_family.soft"], &["the file is empty"]);
    fs::write(here.join("no_tables.soft"), "^SERIES = GSE1\n!Series_title = t\n").unwrap();
    import_refuses(here, &["no_tables.soft"], &["none of the files holds values", "supplementary files"]);
}

#[test]
fn an_archive_without_tables_says_what_it_holds_and_writes_nothing_elsewhere() {
    let place = tempfile::tempdir().unwrap();
    let mut archive = tar::Builder::new(Vec::new());
    for (name, content) in [("scan.CEL.gz", "binary"), ("README", "words"), ("a b;c.bed", "chr1 1 2\n")] {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_cksum();
        archive.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    let mut climbing = tar::Header::new_ustar();
    climbing.as_mut_bytes()[..16].copy_from_slice(b"../../climb.txt\0");
    climbing.set_size(4);
    climbing.set_cksum();
    archive.append(&climbing, &b"a\tb\n"[..]).unwrap();
    fs::write(place.path().join("GSE1_RAW.tar"), archive.into_inner().unwrap()).unwrap();
    import_refuses(
        place.path(),
        &["GSE1_RAW.tar"],
        &["none of the files holds values", "scans of an Affymetrix array"],
    );
    assert!(!place.path().join("../../climb.txt").exists());
}

#[test]
fn probes_without_genes_are_tested_by_themselves_and_averages_of_them_refused() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    fs::write(here.join("m.txt"), series_matrix(log)).unwrap();
    fs::write(here.join("GPL5.annot"), "ID\tSEQUENCE\np1\tACGT\np2\tAC\n").unwrap();
    let output = succeed(here, &["import", "geo", "m.txt", "GPL5.annot", "--out", "in"]);
    assert!(stderr(&output).contains("no column of genes"), "{}", stderr(&output));
    let workflow = fs::read_to_string(here.join("in/workflow.toml")).unwrap();
    assert!(!workflow.contains("\nby_symbol = true"), "{workflow}");
    succeed(here, &["run", "in/workflow.toml", "--go", "none", "--out", "out"]);
    let own = ["run", "in/workflow.toml", "--by-symbol", "--go", "none", "--out", "no"];
    refuse(here, &own, "no", &["by symbol"]);
    let named = fs::read_to_string(here.join("in/expression.tsv")).unwrap().replace("\tNA\t", "\tA///B\t");
    fs::write(here.join("in/expression.tsv"), named).unwrap();
    refuse(here, &own, "no", &["none has the symbol of a single gene", "leave --by-symbol"]);
}

#[test]
fn values_below_zero_and_on_two_scales_are_said_or_refused() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    let subtracted = |probe: usize, sample: usize| {
        format!("{:.1}", (probe * probe) as f64 * 3.0 + sample as f64 * 7.3 - 40.0)
    };
    fs::write(here.join("m.txt"), series_matrix(subtracted)).unwrap();
    let output = succeed(here, &["import", "geo", "m.txt", "--out", "in"]);
    assert!(stderr(&output).contains("background was subtracted"), "{}", stderr(&output));
    let output = succeed(here, &["run", "in/workflow.toml", "--go", "none", "--out", "out"]);
    assert!(stderr(&output).contains("of zero and below became missing"), "{}", stderr(&output));
    let mixed = |probe: usize, sample: usize| match sample {
        0 => log(probe, sample),
        _ => format!("{:.1}", 50.0 + (probe * probe) as f64),
    };
    fs::write(here.join("m.txt"), series_matrix(mixed)).unwrap();
    let own = ["import", "geo", "m.txt", "--out", "other"];
    refuse(here, &own, "other", &["the samples are on different scales"]);
}

#[test]
fn single_samples_and_fractions_are_refused_where_a_test_cannot_take_them() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    fs::write(here.join("m.txt"), series_matrix(log)).unwrap();
    succeed(here, &["import", "geo", "m.txt", "--out", "in"]);
    fs::write(here.join("in/samples.csv"), "sample,condition\nGSM1,A\nGSM3,B\n").unwrap();
    refuse(here, &["run", "in/workflow.toml", "--out", "no"], "no", &["no replicates", "rank genes"]);
    let mut counts = "gene\ta1\ta2\tb1\tb2\n".to_owned();
    for gene in 1..40 {
        writeln!(counts, "g{gene}\t{gene}.5\t{}\t{}\t{}.25", gene * 4, gene * 5, gene * 9).unwrap();
    }
    fs::write(here.join("c.tsv"), counts).unwrap();
    fs::write(here.join("s.csv"), "sample,condition\na1,A\na2,A\nb1,B\nb2,B\n").unwrap();
    let own = [
        "test",
        "--counts",
        "c.tsv",
        "--allow-fractional",
        "--samples",
        "s.csv",
        "--contrast",
        "condition,A,B",
    ];
    let whole = [&own[..], &["--method", "deseq2", "-o", "no.tsv"]].concat();
    refuse(here, &whole, "no.tsv", &["DESeq2 tests whole counts", "voom, ql or lrt"]);
    let output = alkaline(here, &[&own[..], &["--method", "voom", "-o", "yes.tsv"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn estimates_that_are_no_numbers_are_named_with_their_transcripts() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    fs::write(here.join("t2g.tsv"), "transcript_id\tgene_id\nT1\tG1\nT2\tG1\n").unwrap();
    let head = "Name\tLength\tEffectiveLength\tTPM\tNumReads\n";
    fs::write(here.join("quant.sf"), format!("{head}T1\t100\t80\tnan\t4\nT2\t100\t-3\t5\t-4\n")).unwrap();
    let own = ["import", "salmon", "quant.sf", "--annotation", "t2g.tsv", "--out", "in"];
    refuse(here, &own, "in", &["line 2, column `TPM`: `T1`: `nan`", "line 3, column `NumReads`: `T2`: `-4`"]);
    fs::write(here.join("quant.sf"), head).unwrap();
    refuse(here, &own, "in", &["a header but no rows"]);
}
