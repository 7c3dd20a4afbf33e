//! Estimated counts with average lengths: tests make offsets of them, as tximport's vignette does for edgeR and DESeq2.

#![expect(clippy::unwrap_used, reason = "what is made here is right, or the test fails")]

mod command_line;

use std::fs;
use std::path::{Path, PathBuf};

use command_line::agreement::agree;
use command_line::{refuse, stderr, succeed};

/// What R 4.2 with tximport 1.26.1, edgeR 3.40.2 and DESeq2 1.38.3 said.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/tximport/offsets")
}

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for name in ["counts.tsv", "lengths.tsv"] {
        fs::copy(golden().join("input").join(name), place.path().join(name)).unwrap();
    }
    let rows = "sample,condition,batch\na1,A,x\na2,A,y\na3,A,x\nb1,B,y\nb2,B,x\nb3,B,y\n";
    fs::write(place.path().join("samples.csv"), rows).unwrap();
    place
}

#[test]
fn edger_takes_average_lengths_as_offsets_as_the_vignette_of_tximport_has_it() {
    let place = place();
    let own = ["test", "--counts", "counts.tsv", "--offsets", "lengths.tsv", "--samples", "samples.csv"];
    for (model, design) in [("group", "~ condition"), ("batch", "~ batch + condition")] {
        for (method, statistic) in [("lrt", "LR"), ("ql", "F")] {
            let more =
                ["--contrast", "condition,A,B", "--design", design, "--filter", "none", "--method", method];
            let whole = [&own[..], &more, &["-o", "test.tsv"]].concat();
            succeed(place.path(), &whole);
            let expected = golden().join(format!("expected/{model}.{method}.tsv"));
            let names = ["logFC", "logCPM", statistic, "PValue"];
            agree(&place.path().join("test.tsv"), &names, &expected, &names, 1e-6);
        }
        let more =
            ["--contrast", "condition,A,B", "--design", design, "--filter", "none", "--method", "treat"];
        succeed(place.path(), &[&own[..], &more, &["--lfc", "0.5", "-o", "test.tsv"]].concat());
        let expected = golden().join(format!("expected/{model}.treat.tsv"));
        agree(&place.path().join("test.tsv"), &["logFC", "PValue"], &expected, &["logFC", "PValue"], 1e-6);
    }
}

#[test]
fn deseq2_takes_them_as_normalization_factors_of_rounded_counts() {
    let place = place();
    let own = ["test", "--counts", "counts.tsv", "--offsets", "lengths.tsv", "--samples", "samples.csv"];
    for (model, design) in [("group", "~ condition"), ("batch", "~ batch + condition")] {
        let more =
            ["--contrast", "condition,A,B", "--design", design, "--filter", "none", "--method", "deseq2"];
        succeed(place.path(), &[&own[..], &more, &["--alpha", "0.1", "-o", "test.tsv"]].concat());
        let expected = golden().join(format!("expected/{model}.deseq2.tsv"));
        let ours = ["baseMean", "logFC", "lfcSE", "stat", "PValue", "FDR"];
        let theirs = ["baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj"];
        agree(&place.path().join("test.tsv"), &ours, &expected, &theirs, 1e-6);
    }
}

#[test]
fn a_run_with_offsets_is_that_of_test_and_says_so() {
    let place = place();
    let own = ["--counts", "counts.tsv", "--offsets", "lengths.tsv", "--samples", "samples.csv"];
    let asked = ["--contrast", "condition,A,B", "--method", "ql,deseq2"];
    succeed(place.path(), &[&["run"], &own[..], &asked, &["--go", "none", "--out", "out"]].concat());
    succeed(place.path(), &[&["test"], &own[..], &asked, &["-o", "alone.tsv"]].concat());
    let folder = fs::read_dir(place.path().join("out/contrasts")).unwrap().next().unwrap().unwrap().path();
    let read = |path: PathBuf| fs::read_to_string(path).unwrap();
    // the factors of a run are its own table, so that digits may differ at their end
    agree(
        &folder.join("test.tsv"),
        &["logFC", "PValue"],
        &place.path().join("alone.tsv"),
        &["logFC", "PValue"],
        1e-9,
    );
    let deseq2 = place.path().join("alone.deseq2.tsv");
    agree(&folder.join("tests/deseq2.tsv"), &["logFC", "FDR"], &deseq2, &["logFC", "FDR"], 1e-9);
    assert!(read(place.path().join("out/methods.md")).contains("the tests allow for it by offsets"));
}

#[test]
fn tests_without_offsets_and_lengths_that_lack_genes_are_refused() {
    let place = place();
    let own = ["test", "--counts", "counts.tsv", "--offsets", "lengths.tsv", "--samples", "samples.csv"];
    let own = [&own[..], &["--contrast", "condition,A,B", "-o", "no.tsv"]].concat();
    for method in ["exact", "voom", "ql,limma-trend"] {
        let whole = [&own[..], &["--method", method]].concat();
        refuse(place.path(), &whole, "no.tsv", &["no offsets", "lengthScaledTPM"]);
    }
    let text = fs::read_to_string(place.path().join("lengths.tsv")).unwrap();
    let cut: String = text.lines().take(200).map(|line| format!("{line}\n")).collect();
    fs::write(place.path().join("lengths.tsv"), cut).unwrap();
    refuse(place.path(), &own, "no.tsv", &["there are no average lengths of 101 genes", "one import"]);
    fs::write(place.path().join("lengths.tsv"), &text).unwrap();
    let output = succeed(place.path(), &own);
    assert!(!stderr(&output).contains("equally long"));
    // RSEM writes 0 for genes shorter than its fragments
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    lines[5] =
        lines[5].split('\t').take(1).chain(["0", "0", "12", "0", "0", "0"]).collect::<Vec<_>>().join("\t");
    fs::write(place.path().join("lengths.tsv"), lines.join("\n") + "\n").unwrap();
    let output = succeed(place.path(), &[&own[..9], &["-o", "zero.tsv"]].concat());
    assert!(
        stderr(&output).contains("1 gene with counts without a length above zero"),
        "{}",
        stderr(&output)
    );
}
