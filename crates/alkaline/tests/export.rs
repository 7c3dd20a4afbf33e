//! A run as Python, R, readers of Parquet and spreadsheets see it, opened by the real packages.

#![cfg(unix)]
#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::Path;
use std::process::Command;

use alkaline_testkit::external_program;
use command_line::{refuse, stderr, succeed};
use small_run::{done, experiment, run};

/// A finished run in `out`.
fn finished() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    done(place.path(), &run(&[]));
    place
}

/// Runs a script in Python and expects its assertions to hold; says aloud where the packages are missing.
#[track_caller]
fn python(place: &Path, script: &str) {
    let packages = "import anndata, h5py, openpyxl, pandas, pyarrow";
    if !external_program("python-friends", "python-friends", &["-c", packages], "exports for Python") {
        return;
    }
    let output = Command::new("python-friends").current_dir(place).args(["-c", script]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
}

#[test]
fn anndata_holds_counts_expression_samples_genes_and_contrasts() {
    let place = finished();
    succeed(place.path(), &["export", "--anndata", "out"]);
    python(
        place.path(),
        r##"
import anndata, numpy, pandas, json
a = anndata.read_h5ad("out.h5ad")
counts = pandas.read_csv("out/counts/counts.tsv", sep="\t", float_precision="round_trip", comment="#", dtype={"Geneid": str})
samples = ["p1", "p2", "r1", "r2"]
assert a.obs_names.tolist() == samples and a.var_names.tolist() == counts["Geneid"].tolist()
assert (a.X == counts[samples].to_numpy().T).all() and a.X.sum() > 1000
assert sorted(a.layers) == ["cpm", "fpkm", "log_cpm", "tpm"]
for unit in a.layers:
    table = pandas.read_csv(f"out/expression/{unit}.tsv", sep="\t", float_precision="round_trip")
    assert (a.layers[unit] == table[samples].to_numpy().T).all(), unit
assert a.obs["condition"].tolist() == ["parental", "parental", "resistant", "resistant"]
assert (a.obs["lib.size"] > 1000).all() and abs(numpy.prod(a.obs["norm.factors"]) - 1) < 1e-9
assert a.var.loc["g7", "gene_name"] == "GENE7" and a.var["length"].tolist() == counts["Length"].tolist()
test = pandas.read_csv("out/contrasts/resistant_vs_parental/test.tsv", sep="\t", float_precision="round_trip").set_index("gene_id")
found = a.varm["resistant_vs_parental"].loc[test.index]
for column in ["logFC", "PValue", "FDR"]:
    assert (found[column] == test[column]).all(), column
assert found["direction"].tolist() == test["direction"].tolist() and (found["direction"] == "up").sum() == 6
assert a.uns["alkaline"]["alkaline"] == json.load(open("out/run.json"))["version"]
assert a.uns["contrasts"].loc["resistant_vs_parental", "reference"] == "parental"
"##,
    );
}

#[test]
fn parquet_has_a_file_for_every_table_of_the_run() {
    let place = finished();
    succeed(place.path(), &["export", "--parquet", "out", "-o", "tables"]);
    for table in ["samples", "genes", "counts", "fpkm", "contrasts"] {
        assert!(place.path().join(format!("tables/{table}.parquet")).is_file(), "{table}");
    }
    python(
        place.path(),
        r##"
import pandas, pathlib
contrast = "contrasts/resistant_vs_parental"
tables = [p.relative_to("out").with_suffix("") for p in pathlib.Path("out", contrast).rglob("*.tsv")]
kept = {"test", "ora", "ora_up", "ora_down", "gsea", "mine"}
tables = [t for t in tables if t.name in kept]
assert len(tables) >= 5, tables
for table in tables:
    text = pandas.read_csv(f"out/{table}.tsv", sep="\t", float_precision="round_trip")
    found = pandas.read_parquet(f"tables/{table}.parquet")
    assert found.columns.tolist() == text.columns.tolist() and len(found) == len(text), table
    for column in text:
        if found[column].dtype.kind in "fi":
            assert ((found[column] == text[column]) | text[column].isna()).all(), (table, column)
counts = pandas.read_parquet("tables/counts.parquet")
assert counts["p1"].dtype == "int64" and counts.columns.tolist()[:2] == ["gene_id", "gene_name"]
"##,
    );
}

#[test]
fn a_workbook_has_a_sheet_for_every_table_and_the_methods() {
    let place = finished();
    succeed(place.path(), &["export", "--xlsx", "out"]);
    python(
        place.path(),
        r##"
import openpyxl
book = openpyxl.load_workbook("out.xlsx")
assert book.sheetnames[:3] == ["contents", "methods", "test"] and "mine" in book.sheetnames and "gsea" in book.sheetnames
test = book["test"]
lines = open("out/contrasts/resistant_vs_parental/test.tsv").read().splitlines()
assert [c.value for c in test[1]] == lines[0].split("\t") and test.max_row == len(lines)
assert test.freeze_panes == "A2" and test.auto_filter.ref.startswith("A1:")
first = lines[1].split("\t")
assert test.cell(2, 1).value == first[0] and test.cell(2, 3).value == float(first[2])
assert book["methods"].cell(2, 1).value == "# Methods"
contents = [row for row in book["contents"].iter_rows(min_row=2, values_only=True)]
assert [row[0] for row in contents] == book.sheetnames[2:]
"##,
    );
}

#[test]
fn r_builds_the_summarized_experiment() {
    let packages = "suppressMessages(library(SummarizedExperiment))";
    let place = finished();
    succeed(place.path(), &["export", "--summarized-experiment", "out"]);
    if !external_program("r-summarized-experiment", "Rscript", &["-e", packages], "a SummarizedExperiment") {
        return;
    }
    let script = r##"
source("out.summarized_experiment/summarized_experiment.R", chdir = TRUE)
counts <- read.delim("out/counts/counts.tsv", comment.char = "#", row.names = 1)
samples <- c("p1", "p2", "r1", "r2")
stopifnot(
  identical(colnames(se), samples), identical(rownames(se), rownames(counts)),
  all(assay(se, "counts") == as.matrix(counts[samples])), sum(assay(se, "counts")) > 1000,
  identical(assayNames(se), c("counts", "cpm", "log_cpm", "fpkm", "tpm")),
  identical(levels(se$condition), c("parental", "resistant")),
  rowData(se)["g7", "gene_name"] == "GENE7",
  sum(rowData(se)$resistant_vs_parental.direction == "up", na.rm = TRUE) == 6,
  metadata(se)$values == "counts"
)
"##;
    let output = Command::new("Rscript").current_dir(place.path()).args(["-e", script]).output().unwrap();
    assert!(output.status.success(), "{}", stderr(&output));
    assert!(!stderr(&output).contains("Warning"), "{}", stderr(&output));
}

#[test]
fn what_is_no_finished_run_is_refused_and_so_is_a_folder_with_other_tables() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    refuse(place.path(), &["export", "--anndata", "nowhere"], "nowhere.h5ad", &["holds no run of alkaline"]);
    done(place.path(), &run(&["--plan-only"]));
    let incomplete = ["the run at out is not complete", "alkaline resume"];
    refuse(place.path(), &["export", "--parquet", "out"], "out.parquet.d", &incomplete);
    done(place.path(), &run(&[]));
    fs::create_dir_all(place.path().join("tables/contrasts/old")).unwrap();
    fs::write(place.path().join("tables/contrasts/old/test.parquet"), "old").unwrap();
    let says = ["tables/contrasts/old/test.parquet", "not of this run", "--output"];
    let export = ["export", "--parquet", "out", "-o", "tables"];
    refuse(place.path(), &export, "tables/counts.parquet", &says);
    fs::remove_dir_all(place.path().join("tables/contrasts/old")).unwrap();
    // The same again replaces what it left.
    succeed(place.path(), &export);
    succeed(place.path(), &export);
    let several = command_line::alkaline(place.path(), &["export", "--xlsx", "--anndata", "out", "-o", "x"]);
    assert_eq!(several.status.code(), Some(2), "{}", stderr(&several));
}
