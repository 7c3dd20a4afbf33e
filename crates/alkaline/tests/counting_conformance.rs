//! `alkaline count --compat featureCounts` against recorded answers of featureCounts 2.0.8, option by option.
//!
//! The cases are kept outside of the repository; each is a directory with `args.txt`, inputs and expected outputs. Where a
//! version answers differently from 2.0.3 there is an `expected.<kind>.v2.0.8`.

#![expect(clippy::unwrap_used, reason = "a test may stop where something is missing")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// The version whose answers are expected, where it differs.
const VERSION: &str = "v2.0.8";

/// The expected output of that kind.
fn expected(case: &Path, kind: &str) -> Option<String> {
    let newest = fs::read_to_string(case.join(format!("expected.{kind}.{VERSION}")));
    newest.or_else(|_| fs::read_to_string(case.join(format!("expected.{kind}")))).ok()
}

/// Lines with the list in column `column` sorted: its order is that of a hash table upstream.
fn with_sorted_lists(text: &str, column: usize) -> Vec<String> {
    let line = |line: &str| {
        let mut columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        if let Some(list) = columns.get_mut(column) {
            let mut items: Vec<&str> = list.split(',').collect();
            items.sort_unstable();
            *list = items.join(",");
        }
        columns.join("\t")
    };
    text.lines().map(line).collect()
}

/// What is wrong with the answer to one case.
fn problems(case: &Path, threads: usize) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(case).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with("expected") {
            fs::copy(entry.path(), directory.path().join(entry.file_name())).unwrap();
        }
    }
    let arguments = fs::read_to_string(case.join("args.txt")).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .args(["count", "--compat", "featureCounts", "-q", "-T", &threads.to_string()])
        .args(arguments.split_whitespace())
        .args(["-o", "out.tsv"])
        .current_dir(directory.path())
        .output()
        .unwrap()
        .status;
    let read = |name: &str| fs::read_to_string(directory.path().join(name)).ok();
    let table = read("out.tsv").map(|text| text.split_once('\n').unwrap().1.to_owned());
    if expected(case, "exit").unwrap().trim() != "0" {
        let refused = !status.success() && table.is_none();
        return if refused { Vec::new() } else { vec!["not refused".to_owned()] };
    }
    let mut wrong = Vec::new();
    let mut check = |name: &str, right: bool| {
        if !right {
            wrong.push(name.to_owned());
        }
    };
    check("exit code", status.success());
    check("counts", table == expected(case, "tsv"));
    check("summary", read("out.tsv.summary") == expected(case, "summary"));
    if let Some(junctions) = expected(case, "jcounts") {
        let found = read("out.tsv.jcounts").unwrap_or_default();
        check("junctions", with_sorted_lists(&found, 1) == with_sorted_lists(&junctions, 1));
    }
    if let Some(fates) = expected(case, "core") {
        let sorted = |text: &str| {
            let mut lines = with_sorted_lists(text, 3);
            lines.sort_unstable();
            lines
        };
        check("fates", sorted(&read("in.sam.featureCounts").unwrap_or_default()) == sorted(&fates));
    }
    wrong
}

#[test]
fn every_recorded_answer_of_featurecounts_is_given_needs_data() {
    let Some(cases) = alkaline_testkit::external_cases("recorded answers of featureCounts") else { return };
    let mut failures = Vec::new();
    let mut number = 0;
    for entry in fs::read_dir(cases.join("counting")).unwrap() {
        let case = entry.unwrap().path();
        if !case.join("args.txt").exists() {
            continue;
        }
        for threads in [1, 4] {
            number += 1;
            let wrong = problems(&case, threads);
            if !wrong.is_empty() {
                failures.push(format!("{} with {threads} threads: {}", case.display(), wrong.join(", ")));
            }
        }
    }
    assert!(number > 0, "no case in {}", cases.display());
    assert!(failures.is_empty(), "{} of {number} failed:\n{}", failures.len(), failures.join("\n"));
}
