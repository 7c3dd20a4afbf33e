//! What GEO2R's scripts do, repeated: `import geo --compat geo2r` and the workflow that it writes, and `test --compat geo2r`.

mod command_line;

use std::fs;
use std::path::{Path, PathBuf};

use command_line::agreement::agree;
use command_line::{stderr, succeed};

/// What R said that did as the scripts do.
fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/limma/geo2r")
}

fn input(name: &str) -> String {
    golden().join("input").join(name).display().to_string()
}

const ARRAYS: [&str; 5] = ["logFC", "AveExpr", "t", "PValue", "B"];

#[test]
fn arrays_of_a_script_are_tested_as_geo2r_tests_them() {
    let place = tempfile::tempdir().unwrap();
    let files = [input("arrays_series_matrix.txt"), input("arrays.R")];
    let own = ["import", "geo", &files[0], &files[1], "--compat", "geo2r", "--out", "in"];
    let output = succeed(place.path(), &own);
    assert!(stderr(&output).contains("repeats GEO2R's analysis of arrays"), "{}", stderr(&output));
    let file = fs::read_to_string(place.path().join("in/workflow.toml")).unwrap();
    for line in
        ["normalise_quantiles = true", "complete_rows = true", "log2 = \"auto\"", "method = \"limma\""]
    {
        assert!(file.contains(&format!("\n{line}")), "{line}");
    }
    succeed(place.path(), &["run", "in/workflow.toml", "--go", "none", "--out", "out"]);
    let folder = fs::read_dir(place.path().join("out/contrasts")).unwrap().next().unwrap().unwrap().path();
    let theirs = ["logFC", "AveExpr", "t", "P.Value", "B"];
    agree(&folder.join("test.tsv"), &ARRAYS, &golden().join("expected/arrays.tsv"), &theirs, 1e-8);
    let own =
        ["test", "--expression", "in/expression.tsv", "--samples", "in/samples.csv", "--compat", "geo2r"];
    let more = ["--contrast", "condition,high dose,low dose", "--normalise-quantiles", "-o", "alone.tsv"];
    succeed(place.path(), &[&own[..], &more].concat());
    let expected = golden().join("expected/arrays.tsv");
    agree(&place.path().join("alone.tsv"), &ARRAYS, &expected, &theirs, 1e-8);
}

#[test]
fn counts_of_a_script_are_tested_as_geo2r_tests_them_and_the_first_group_is_the_numerator() {
    let place = tempfile::tempdir().unwrap();
    let names = [
        "counts_series_matrix.txt",
        "counts.R",
        "GSE2_raw_counts_GRCh38.p13_NCBI.tsv",
        "Human.GRCh38.p13.annot.tsv",
    ];
    let files = names.map(input);
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let output = succeed(
        place.path(),
        &[&["import", "geo"], &files[..], &["--compat", "geo2r", "--out", "in"]].concat(),
    );
    let said = stderr(&output);
    assert!(
        said.contains("repeats GEO2R's analysis of counts") && said.contains("GSM16 is left out"),
        "{said}"
    );
    let contrasts = fs::read_to_string(place.path().join("in/contrasts.csv")).unwrap();
    assert!(contrasts.contains("condition,drug,control,"), "{contrasts}");
    succeed(place.path(), &["run", "in/workflow.toml", "--go", "none", "--out", "out"]);
    let folder = fs::read_dir(place.path().join("out/contrasts")).unwrap().next().unwrap().unwrap().path();
    let ours = ["baseMean", "logFC", "lfcSE", "stat", "PValue", "FDR"];
    let theirs = ["baseMean", "log2FoldChange", "lfcSE", "stat", "pvalue", "padj"];
    agree(&folder.join("test.tsv"), &ours, &golden().join("expected/counts.tsv"), &theirs, 1e-8);
    let methods = fs::read_to_string(place.path().join("out/methods.md")).unwrap();
    for words in ["poscounts", "ten reads or more", "rate of 0.05"] {
        assert!(methods.contains(words), "{words} in {methods}");
    }
    let own = ["test", "--counts", "in/counts.tsv", "--samples", "in/samples.csv", "--compat", "geo2r"];
    succeed(place.path(), &[&own[..], &["--contrast", "condition,drug,control", "-o", "alone.tsv"]].concat());
    agree(&place.path().join("alone.tsv"), &ours, &golden().join("expected/counts.tsv"), &theirs, 1e-8);
}

#[test]
fn a_table_of_geo2r_is_compared_with_ours() {
    let place = tempfile::tempdir().unwrap();
    let files = [input("arrays_series_matrix.txt"), input("arrays.R")];
    succeed(place.path(), &["import", "geo", &files[0], &files[1], "--compat", "geo2r", "--out", "in"]);
    succeed(place.path(), &["run", "in/workflow.toml", "--go", "none", "--out", "out"]);
    let theirs = golden().join("expected/arrays.tsv").display().to_string();
    let output = succeed(place.path(), &["compare", "out", &theirs, "--out", "compared"]);
    let said = stderr(&output) + &String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("log2 fold changes from `logFC`, P from `P.Value`"), "{said}");
}
