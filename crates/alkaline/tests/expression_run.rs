//! Runs that begin with expression values instead of counts: arrays, panels, logarithms of FPKM or TPM.

#![expect(clippy::unwrap_used, reason = "what is made here is right, or the test fails")]

mod command_line;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, stderr, succeed};

/// Genes that the Gene Ontology and the panels know.
const GENES: [&str; 12] =
    ["ALK", "EML4", "EGFR", "MET", "JAK1", "JAK2", "STAT3", "CCL20", "CX3CL1", "VEGFA", "KDR", "SOCS3"];

/// A number between 0 and 1 that looks random.
fn noise(row: usize, column: usize) -> f64 {
    ((row * 7919 + column * 104_729 + 17) as f64 * 0.618_033_988_75).fract()
}

/// A table of probes: two a gene, some of several genes or of none; the first genes are higher in the last three samples.
fn table(place: &Path, name: &str, value: impl Fn(usize, usize) -> f64) {
    let mut text = "ID_REF\tGene Symbol\ta1\ta2\ta3\tb1\tb2\tb3\n".to_owned();
    for row in 0..400 {
        let symbol = match row {
            row if row % 25 == 24 => "---".to_owned(),
            row if row % 25 == 23 => "ALK///EML4".to_owned(),
            row if row < 24 => GENES[row / 2].to_owned(),
            row => format!("ORF{}", row / 2),
        };
        let values: Vec<String> = (0..6).map(|column| format!("{:.4}", value(row, column))).collect();
        writeln!(text, "{row}_at\t{symbol}\t{}", values.join("\t")).unwrap();
    }
    fs::write(place.join(name), text).unwrap();
}

/// Logarithms as arrays have them.
fn log(row: usize, column: usize) -> f64 {
    let change = if row < 12 && column > 2 { 2.0 } else { 0.0 };
    5.0 + 6.0 * noise(row, 99) + 0.3 * noise(row, column) + change
}

fn arrays() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    table(place.path(), "values.tsv", log);
    let rows = "sample,condition\na1,A\na2,A\na3,A\nb1,B\nb2,B\nb3,B\n";
    fs::write(place.path().join("samples.csv"), rows).unwrap();
    fs::write(place.path().join("contrasts.csv"), "id,variable,reference,target\nB_vs_A,condition,A,B\n")
        .unwrap();
    place
}

const ASKED: [&str; 7] =
    ["run", "--expression", "values.tsv", "--samples", "samples.csv", "--contrasts", "contrasts.csv"];

fn read(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn a_run_of_arrays_has_tests_panels_maps_and_a_report_that_speaks_of_no_reads() {
    let place = arrays();
    let own = [&ASKED[..], &["--by-symbol", "--go", "none", "--out", "out"]].concat();
    succeed(place.path(), &own);
    let out = place.path().join("out");
    let own = ["test", "--expression", "values.tsv", "--samples", "samples.csv", "--by-symbol"];
    let alone = [&own[..], &["--contrast", "condition,A,B", "-o", "alone.tsv"]].concat();
    succeed(place.path(), &alone);
    assert_eq!(read(&out, "contrasts/B_vs_A/test.tsv"), read(place.path(), "alone.tsv"));
    let called = read(place.path(), "alone.tsv").lines().filter(|line| line.contains("\tup\t")).count();
    assert_eq!(called, 6, "six genes of two probes each");
    for file in ["expression/expression.tsv", "expression/mds.tsv", "contrasts/B_vs_A/panels/jak-stat.tsv"] {
        assert!(out.join(file).exists(), "{file}");
    }
    for absent in ["counts", "expression/library_sizes.tsv", "expression/cpm.tsv", "expression/fpkm.tsv"] {
        assert!(!out.join(absent).exists(), "{absent}");
    }
    let panel = read(&out, "contrasts/B_vs_A/panels/jak-stat.tsv");
    assert!(panel.lines().any(|line| line.starts_with("JAK1\t")), "{panel}");
    let methods = read(&out, "methods.md");
    assert!(methods.contains("Expression values were analysed on a log2 scale"), "{methods}");
    assert!(methods.contains("16 probes without a symbol and 16 of several genes left out"), "{methods}");
    for word in ["reads", "CPM", "FPKM", "TMM", "RNA-seq"] {
        assert!(!methods.replace("RNA-sequencing", "").contains(word), "{word} in {methods}");
    }
    let report = read(&out, "report.html");
    assert!(report.contains("log2 expression") && report.contains("\"abundance\":\"log2 expression\""));
    assert!(!report.contains("library size</th>"));
    let again =
        succeed(place.path(), &[&ASKED[..], &["--by-symbol", "--go", "none", "--out", "out"]].concat());
    assert!(stderr(&again).contains("everything was done already"), "{}", stderr(&again));
    let why = succeed(place.path(), &["why", "JAK1", "out"]);
    let said = String::from_utf8_lossy(&why.stdout).into_owned();
    assert!(said.contains("log2 expression: a1 ") && said.contains("tested, "), "{said}");
}

#[test]
fn a_run_without_averaging_says_that_gene_sets_know_no_probes() {
    let place = arrays();
    succeed(place.path(), &[&ASKED[..], &["--go", "bp", "--panels", "jak-stat", "--out", "out"]].concat());
    let record = read(place.path(), "out/run.json");
    assert!(record.contains("gene sets know them by symbol only if probes are averaged"), "{record}");
}

#[test]
fn tests_of_counts_are_refused_before_anything_is_done() {
    let place = arrays();
    for method in ["ql", "deseq2", "limma,exact"] {
        let own = [&ASKED[..], &["--method", method, "--out", "out"]].concat();
        refuse(place.path(), &own, "out", &["counts, and these are expression values", "limma-trend"]);
    }
    let own = [&ASKED[..], &["--bcv", "0.1", "--out", "out"]].concat();
    refuse(place.path(), &own, "out", &["expression values have none"]);
    let own = [&ASKED[..], &["--length-bias", "--out", "out"]].concat();
    refuse(place.path(), &own, "out", &["expression values are no reads"]);
    fs::write(place.path().join("samples.csv"), "sample,condition\na1,A\nb1,B\n").unwrap();
    refuse(place.path(), &[&ASKED[..], &["--out", "out"]].concat(), "out", &["no replicates"]);
}

#[test]
fn what_the_values_are_is_told_and_counts_are_sent_to_their_tests() {
    let place = arrays();
    let said = |name: &str| {
        let output = succeed(
            place.path(),
            &[&["check"], &ASKED[1..2], &[name], &ASKED[3..], &["--go", "none"]].concat(),
        );
        stderr(&output) + &String::from_utf8_lossy(&output.stdout)
    };
    assert!(said("values.tsv").contains("logarithms (nothing above 30"), "{}", said("values.tsv"));
    table(place.path(), "counts.tsv", |row, column| (log(row, column).exp2()).floor());
    assert!(said("counts.tsv").contains("these look like counts"), "{}", said("counts.tsv"));
    let sums: Vec<f64> =
        (0..6).map(|column| (0..400).map(|row| log(row, column).exp2()).sum::<f64>()).collect();
    table(place.path(), "tpm.tsv", |row, column| log(row, column).exp2() / sums[column] * 1e6);
    assert!(said("tpm.tsv").contains("limma-trend allows for"), "{}", said("tpm.tsv"));
}

#[test]
fn two_tests_of_values_answer_side_by_side() {
    let place = arrays();
    let own = [&ASKED[..], &["--go", "none", "--method", "limma,limma-trend", "--out", "out"]].concat();
    succeed(place.path(), &own);
    let consensus = read(place.path(), "out/contrasts/B_vs_A/consensus.tsv");
    assert!(consensus.lines().next().unwrap().contains("limma-trend.logFC"), "{consensus}");
    assert!(place.path().join("out/contrasts/B_vs_A/tests/limma-trend.tsv").exists());
}

#[test]
fn init_writes_a_workflow_for_expression_values_that_runs() {
    let place = tempfile::tempdir().unwrap();
    table(place.path(), "values.tsv", log);
    let output = succeed(place.path(), &["init", "values.tsv"]);
    assert!(stderr(&output).contains("no counts, tested by limma"), "{}", stderr(&output));
    let file = read(place.path(), "workflow.toml");
    assert!(file.contains("\nexpression = \"values.tsv\"") && !file.contains("\ncounts = "), "{file}");
    assert!(file.contains("\nmethod = \"limma\"") && file.contains("\nlog2 = \"no\""), "{file}");
    succeed(place.path(), &["run", "workflow.toml", "--go", "none", "--out", "out"]);
    let both = file.replace("expression = ", "counts = \"values.tsv\"\nexpression = ");
    fs::write(place.path().join("workflow.toml"), both).unwrap();
    let output = alkaline(place.path(), &["check", "workflow.toml"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("`expression` stands beside `counts`"), "{}", stderr(&output));
}
