//! `alkaline count --compat featureCounts` against recorded answers of featureCounts 2.0.8, option by option.
//!
//! The cases are kept outside of the repository; each is a directory with `args.txt`, inputs and expected outputs. Where a
//! version answers differently from 2.0.3 there is an `expected.<kind>.v2.0.8`.

#![cfg(test)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use alkaline_testkit::external_program;

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

/// What makes every rule featureCounts' own.
const COMPAT: &[&str] = &["--compat", "featureCounts"];

/// What differs from the recorded answer of featureCounts to one case.
fn problems(case: &Path, rules: &[&str], threads: usize) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(case).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_name().to_string_lossy().starts_with("expected") {
            fs::copy(entry.path(), directory.path().join(entry.file_name())).unwrap();
        }
    }
    let arguments = fs::read_to_string(case.join("args.txt")).unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .args(["count", "-q", "-T", &threads.to_string()])
        .args(rules)
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

/// The directories of all recorded cases.
fn recorded(cases: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(cases.join("counting")).unwrap();
    let found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    let found: Vec<PathBuf> = found.into_iter().filter(|case| case.join("args.txt").exists()).collect();
    assert!(!found.is_empty(), "no case in {}", cases.display());
    found
}

#[test]
fn every_recorded_answer_of_featurecounts_is_given_needs_data() {
    let Some(cases) = alkaline_testkit::external_cases("recorded answers of featureCounts") else { return };
    let mut failures = Vec::new();
    for case in recorded(&cases) {
        for threads in [1, 4] {
            let wrong = problems(&case, COMPAT, threads);
            if !wrong.is_empty() {
                failures.push(format!("{} with {threads} threads: {}", case.display(), wrong.join(", ")));
            }
        }
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// The junction tables that featureCounts 2.1 (in Rsubread 2.26) wrote, with the cases they belong to.
fn recorded_newer_junctions(cases: &Path) -> Vec<(PathBuf, String)> {
    let answer = |case: PathBuf| {
        let text = fs::read_to_string(case.join("expected.jcounts.rsub2.26")).ok()?;
        Some((case, text))
    };
    recorded(cases).into_iter().filter_map(answer).collect()
}

#[test]
fn junction_tables_of_featurecounts_2_1_are_equal_byte_for_byte_needs_data() {
    let Some(cases) = alkaline_testkit::external_cases("recorded answers of featureCounts") else { return };
    let answers = recorded_newer_junctions(&cases);
    assert!(answers.len() >= 3, "{} recorded tables", answers.len());
    for (case, right) in answers {
        let directory = tempfile::tempdir().unwrap();
        let arguments = fs::read_to_string(case.join("args.txt")).unwrap();
        // Columns are named by the inputs: these are copied to where the call is made.
        for entry in fs::read_dir(&case).unwrap().map(Result::unwrap) {
            fs::copy(entry.path(), directory.path().join(entry.file_name())).unwrap();
        }
        let output = Command::new(env!("CARGO_BIN_EXE_alkaline"))
            .args(["count", "-q", "--compat", "featureCounts-2.1"])
            .args(arguments.split_whitespace())
            .args(["-o", "out.tsv"])
            .current_dir(directory.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let found = fs::read_to_string(directory.path().join("out.tsv.jcounts")).unwrap();
        assert_eq!(found, right, "{}", case.display());
        // The count table has no column of what was read for the junctions' sake.
        let table = fs::read_to_string(directory.path().join("out.tsv")).unwrap();
        let counts = table.split_once('\n').unwrap().1;
        assert_eq!(Some(counts), expected(&case, "tsv").as_deref(), "{}", case.display());
    }
}

/// The cases that the page of deviations says differ without `--compat featureCounts`.
fn deviating_cases() -> BTreeSet<String> {
    let page =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/explanation/deviations.md"));
    let page = page.unwrap();
    let lists = page.split("Cases that differ:").skip(1).map(|rest| rest.split('.').next().unwrap());
    lists.flat_map(|list| list.split('`').skip(1).step_by(2)).map(str::to_owned).collect()
}

#[test]
fn without_compat_exactly_the_listed_cases_differ_needs_data() {
    let Some(cases) = alkaline_testkit::external_cases("recorded answers of featureCounts") else { return };
    let listed = deviating_cases();
    assert!(!listed.is_empty());
    for threads in [1, 4] {
        let differing: BTreeSet<String> = recorded(&cases)
            .iter()
            .filter(|case| !problems(case, &[], threads).is_empty())
            .map(|case| case.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(differing, listed, "{threads} threads");
    }
}

/// Random calls compared with the real program.
const RANDOM_CALLS: &str = "200";

/// Runs the program of a wrapped command without what versions of featureCounts before 2.0.8 do differently (C-11), and
/// without what no version defines (C-10).
const SAME_IN_ALL_VERSIONS: &str = r#"#!/usr/bin/env python3
import os, sys
program, words, kept, place = PROGRAM, sys.argv[1:], [], 0
changed = {"--fracOverlap", "--fracOverlapFeature"}
# A --minOverlap below 1 extends reads too.
shaped = {"--readExtension5", "--readExtension3", "--minOverlap"} if "--read2pos" in words else set()
while place < len(words):
    if words[place] in changed | shaped:
        place += 2
        continue
    if words[place] not in {"--largestOverlap", "-J"}:
        kept.append(words[place])
    place += 1
os.execvp(program[0], program + kept)
"#;

/// Writes the wrapper of `program` to `path`.
#[cfg(unix)]
fn wrap(path: &Path, program: &[&str]) -> String {
    use std::os::unix::fs::PermissionsExt;
    fs::write(path, SAME_IN_ALL_VERSIONS.replace("PROGRAM", &format!("{program:?}"))).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

/// What the comparison of `calls` random calls printed at its end.
#[cfg(unix)]
fn compare(cases: &Path, reference: &str, candidate: &str, calls: &str, seed: &str) -> String {
    let output = Command::new("python3")
        .arg(cases.join("fuzz_compare.py"))
        .args([reference, candidate, calls, seed])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    printed
}

#[test]
#[cfg(unix)]
fn random_calls_agree_with_featurecounts_needs_featurecounts_needs_data() {
    let Some(cases) = alkaline_testkit::external_cases("random calls of featureCounts") else { return };
    if !external_program("featurecounts", "featureCounts", &["-v"], "the peer of random calls")
        || !external_program("python3", "python3", &["--version"], "the script that compares")
    {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let own = [env!("CARGO_BIN_EXE_alkaline"), "count", "--compat", "featureCounts", "-q"];
    let reference = wrap(&directory.path().join("reference"), &["featureCounts"]);
    let candidate = wrap(&directory.path().join("candidate"), &own);
    // A new seed each time; a failure names it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let seed = (now.as_secs() % 1_000_000_007).to_string();
    let printed = compare(&cases, &reference, &candidate, RANDOM_CALLS, &seed);
    let verdict = printed.lines().last().unwrap_or_default();
    assert!(verdict.starts_with("same ") && verdict.ends_with("different 0"), "seed {seed}: {printed}");
    // The comparison notices a program that counts differently.
    let other = wrap(&directory.path().join("other"), &[own.as_slice(), &["--minOverlap", "9"]].concat());
    assert!(!compare(&cases, &reference, &other, "20", &seed).trim_end().ends_with("different 0"));
}

#[test]
fn the_suite_passes_in_every_order_and_format_needs_data() {
    let Some(cases) = alkaline_testkit::external_cases("recorded answers of featureCounts") else { return };
    if !external_program("samtools", "samtools", &["--version"], "other orders and formats")
        || !external_program("python3", "python3", &["--version"], "the script that runs the suite")
    {
        return;
    }
    let own = format!("{} count --compat featureCounts", env!("CARGO_BIN_EXE_alkaline"));
    // Records taken two by two are others in another order; featureCounts fails that case too.
    for (variant, failing) in [("sam", ""), ("bam", ""), ("coord", "pe_donotsort"), ("name", "pe_donotsort")]
    {
        let output = Command::new("python3")
            .arg(cases.join("run_suite.py"))
            .args(["--bin", &own, "--expect", VERSION, "--variant", variant, "--threads", "2"])
            .output()
            .unwrap();
        let printed = String::from_utf8_lossy(&output.stdout);
        let failed: Vec<&str> = printed
            .lines()
            .filter_map(|line| line.strip_prefix("FAIL "))
            .filter_map(|line| line.split(' ').next())
            .filter(|case| *case != failing)
            .collect();
        let last = printed.lines().last().unwrap_or_default();
        assert!(failed.is_empty() && last.contains(" passed, "), "{variant}: {printed}");
        assert!(!last.starts_with("0 passed"), "{variant}: {printed}");
    }
}
