//! The R script of a run gives the numbers of the run, whatever its names are and wherever its dispersions come from.
#![cfg(test)]

mod command_line;

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use alkaline_testkit::{Tolerance, assert_close, external_program};
use command_line::succeed;

/// Whether there is edgeR, and one of the releases that are compared with.
fn has_edger() -> bool {
    let third = "suppressMessages(library(edgeR)); stopifnot(packageVersion('edgeR') < '4')";
    external_program("r", "Rscript", &["-e", "suppressMessages(library(edgeR))"], "scripts of runs in edgeR")
        && external_program("edger-3", "Rscript", &["-e", third], "scripts of runs in edgeR 3")
}

/// Names that R, shells and spreadsheets stumble over.
const AWKWARD: [&str; 12] = [
    "g#1",
    "#2",
    "5'UTR",
    "\"quoted\"",
    "a \"b\" c",
    "NA",
    "two words",
    "it''s",
    "\"open",
    "x,y;z",
    "TRUE",
    "a\\b",
];

/// Text as a field of a CSV file.
fn field(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Counts and sheet of two lines, four samples each, with awkward names everywhere.
fn awkward_experiment(place: &Path) {
    let samples = ["s #1", "p'2", "p \"3\"", "#4", "r 5", "r\"6", "'r7'", "\"r8\""].map(field);
    let mut sheet = "sample,condition,batch\n".to_owned();
    for (place, sample) in samples.iter().enumerate() {
        let line = if place < 4 { "the parent's" } else { "line \"A\" #1" };
        sheet +=
            &format!("{sample},{},{}\n", field(line), field(if place % 2 == 0 { "day #1" } else { "day 2" }));
    }
    let mut counts = format!("gene,{}\n", samples.join(","));
    for gene in 0..300_usize {
        let name = AWKWARD.get(gene).map_or_else(|| format!("g{gene}"), |name| (*name).to_owned());
        counts += &field(&name);
        for sample in 0..8_usize {
            let change = if sample >= 4 && gene % 10 == 1 { 3 } else { 1 };
            let noise = (gene * 31 + sample * 53 + gene * sample * 7) % (20 + gene);
            counts += &format!(",{}", (25 + gene + noise) * change);
        }
        counts.push('\n');
    }
    fs::write(place.join("samples.csv"), sheet).unwrap();
    fs::write(place.join("counts.csv"), counts).unwrap();
}

/// Rows of a table by the field in its first column, quotes taken off.
fn rows(path: &Path, has_quotes: bool) -> HashMap<String, HashMap<String, String>> {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let plain = |cell: &str| match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
        Some(inner) if has_quotes => inner.replace("\"\"", "\""),
        _ => cell.to_owned(),
    };
    let mut lines = text.lines().map(|line| line.split('\t').map(plain).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    lines.map(|row| (row[0].clone(), header.iter().cloned().zip(row).collect())).collect()
}

/// Runs the script of the run at `run`, and compares the tables of its contrasts with the run's.
#[track_caller]
fn assert_reproduced(run: &Path, folders: &[&str]) {
    let output = Command::new("Rscript").current_dir(run).arg("reproduce.R").output().expect("R starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for folder in folders {
        let ours = rows(&run.join(folder).join("test.tsv"), true);
        let theirs = rows(&run.join(folder).join("test.R.tsv"), false);
        assert!(ours.len() > 250 && ours.len() == theirs.len(), "{} and {} genes", ours.len(), theirs.len());
        for (gene, theirs) in &theirs {
            let ours = ours.get(gene).unwrap_or_else(|| panic!("{gene} was not tested"));
            let number = |row: &HashMap<String, String>, column: &str| row[column].parse::<f64>().unwrap();
            assert_close(number(theirs, "logFC"), number(ours, "logFC"), Tolerance::Absolute(1e-8));
            assert_close(number(theirs, "PValue"), number(ours, "PValue"), Tolerance::Relative(1e-6));
        }
    }
}

#[test]
fn names_with_hashes_quotes_and_blanks_are_no_obstacle_to_the_script_needs_r() {
    if !has_edger() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    awkward_experiment(place.path());
    let contrasts = format!(
        "id,variable,reference,target,blocking\n{},condition,{},{},\n{},condition,{},{},batch\n",
        field("a #1"),
        field("the parent's"),
        field("line \"A\" #1"),
        field("b 'two'"),
        field("the parent's"),
        field("line \"A\" #1"),
    );
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    let fixed = ["run", "--counts", "counts.csv", "--samples", "samples.csv", "--contrasts", "contrasts.csv"];
    succeed(place.path(), &[&fixed[..], &["--go", "none", "--out", "out"]].concat());
    let run = place.path().join("out");
    let tested = rows(&run.join("contrasts/a #1/test.tsv"), true);
    assert!(AWKWARD.iter().all(|gene| tested.contains_key(*gene)), "all awkward genes are tested");
    assert_reproduced(&run, &["contrasts/a #1", "contrasts/b 'two'"]);
}

#[test]
fn borrowed_dispersions_are_read_from_the_run_itself_needs_r() {
    if !has_edger() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    awkward_experiment(place.path());
    let pair = ["--contrast", "condition,the parent's,line \"A\" #1"];
    let fixed = ["run", "--counts", "counts.csv", "--samples", "samples.csv", "--go", "none"];
    succeed(place.path(), &[&fixed[..], &pair, &["--out", "lender"]].concat());
    // One sample a line, and two contrasts that share no samples.
    let sheet = "sample,condition\ns #1,a\np'2,b\n#4,c\nr 5,d\n";
    fs::write(place.path().join("few.csv"), sheet).unwrap();
    let borrowed = place.path().join("borrowed.tsv");
    fs::copy(place.path().join("lender/expression/dispersions.tsv"), &borrowed).unwrap();
    let few = ["run", "--counts", "counts.csv", "--samples", "few.csv", "--go", "none", "--separate"];
    let contrasts =
        ["--contrast", "condition,a,b", "--contrast", "condition,c,d", "--bcv-from", "borrowed.tsv"];
    succeed(place.path(), &[&few[..], &contrasts, &["--out", "out"]].concat());
    fs::remove_file(&borrowed).unwrap();
    let run = place.path().join("out");
    let script = fs::read_to_string(run.join("reproduce.R")).unwrap();
    assert!(script.contains("dispersions = \"contrasts/b_vs_a/dispersions.tsv\""), "{script}");
    assert_reproduced(&run, &["contrasts/b_vs_a", "contrasts/d_vs_c"]);
}
