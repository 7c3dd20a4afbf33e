//! The tutorial of a public series, on the real files: its commands run, and print what the page shows.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::Command;

use alkaline_testkit::external_data;
use alkaline_testkit::pages::blocks;

const PAGE: &str = "docs/tutorial/a-public-series.md";

/// Runs a line as a shell does, with our program on the path: all that it says.
fn said(directory: &Path, line: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_alkaline")).parent().unwrap();
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let output =
        Command::new("bash").current_dir(directory).env("PATH", path).args(["-c", line]).output().unwrap();
    let said = String::from_utf8_lossy(&[output.stderr, output.stdout].concat()).into_owned();
    assert!(output.status.success(), "{line}\n{said}");
    said
}

#[test]
fn the_tutorial_of_a_public_series_prints_what_it_shows_needs_data() {
    let Some(data) = external_data("the tutorial of a public series") else { return };
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    for file in ["GSE63966_raw_counts_GRCh38.p13_NCBI.tsv.gz", "GSE63966_family.soft.gz"] {
        fs::copy(data.join("geo").join(file), here.join(file)).unwrap();
    }
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(PAGE)).unwrap();
    let (mut last, mut shown) = (String::new(), 0);
    for block in blocks(&page) {
        if let Some(file) = block.mark("file") {
            fs::write(here.join(file), &block.text).unwrap();
        } else if block.mark("not run").is_some_and(|reason| !reason.contains("network")) {
            last = block.commands().iter().map(|typed| said(here, &typed.command)).collect();
        } else if block.mark("not run").is_none() {
            for line in block.text.lines().filter(|line| !line.is_empty()) {
                shown += 1;
                assert!(last.contains(line), "{PAGE}:{}: `{line}` is not in\n{last}", block.line);
            }
        }
    }
    assert_eq!(shown, 8, "lines that the page shows");
    rows_of_the_table(&page, &fs::read_to_string(here.join("results/contrasts/asbestos/test.tsv")).unwrap());
    let terms = fs::read_to_string(here.join("results/contrasts/asbestos/ora.tsv")).unwrap();
    let names: Vec<&str> = terms.lines().skip(1).take(3).filter_map(|line| line.split('\t').nth(2)).collect();
    assert_eq!(names, ["blood vessel development", "angiogenesis", "blood vessel morphogenesis"]);
}

/// The page's table of genes is the beginning of the test table.
fn rows_of_the_table(page: &str, table: &str) {
    let shown = page.lines().filter(|line| line.starts_with("| ") && !line.contains("logFC"));
    let rows = table.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        let number = |place: usize| fields[place].parse::<f64>().unwrap();
        format!("| {} | {:.2} | {:.1e} |", fields[1], number(2), number(5))
    });
    let rows: Vec<String> = rows.take(3).collect();
    assert_eq!(shown.collect::<Vec<_>>(), rows);
}
