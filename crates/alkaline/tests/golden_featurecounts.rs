//! `alkaline count --compat featureCounts` gives what featureCounts gave: every case in `tests/golden/featurecounts`.
//!
//! The cases are of our own making and lie in the repository, so that a clone proves the counts without anything else. Where
//! featureCounts is installed it is asked again, and must say what was recorded.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use alkaline_testkit::external_program;

/// The cases.
const CASES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/featurecounts");

/// Fewest cases: a suite that lost its cases must not pass.
const FEWEST: usize = 90;

/// The version whose answers stand in files without a version, and the newer one whose answers hold where they differ.
const RECORDED: &str = "2.0.3";
const NEWEST: &str = "2.0.6";

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(CASES).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> = entries.filter(|path| path.join("case.toml").exists()).collect();
    found.sort();
    assert!(found.len() >= FEWEST, "{} cases", found.len());
    found
}

/// The arguments of a case, but for the output.
fn arguments(case: &Path) -> Vec<String> {
    let table: toml::Table = fs::read_to_string(case.join("case.toml")).unwrap().parse().unwrap();
    let words = table["arguments"].as_array().unwrap();
    words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// What a program left: exit code as 0 or 1, and every file that it wrote, by name.
type Answer = Vec<(String, String)>;

/// Runs `program` on a copy of the inputs.
fn ask(case: &Path, program: &mut Command) -> Answer {
    let place = tempfile::tempdir().unwrap();
    let inputs: Vec<PathBuf> =
        fs::read_dir(case.join("input")).unwrap().map(|entry| entry.unwrap().path()).collect();
    for input in &inputs {
        fs::copy(input, place.path().join(input.file_name().unwrap())).unwrap();
    }
    let words = arguments(case);
    let output = program.args(words).args(["-o", "out.tsv"]).current_dir(place.path()).output().unwrap();
    let mut answer = vec![("exit".to_owned(), format!("{}\n", u8::from(!output.status.success())))];
    if !output.status.success() {
        return answer;
    }
    for entry in fs::read_dir(place.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if inputs.iter().any(|input| input.file_name().unwrap().to_str() == Some(name.as_str())) {
            continue;
        }
        let text = fs::read_to_string(place.path().join(&name)).unwrap();
        answer.push((name.clone(), comparable(&name, &text)));
    }
    answer.sort();
    answer
}

/// A file without what differs for no reason: the command line on top, the order of lists (a hash table's upstream) and, in
/// lists of fates, of lines.
fn comparable(name: &str, text: &str) -> String {
    let text = match text.split_once('\n') {
        Some((first, rest)) if name == "out.tsv" && first.starts_with("# Program:") => rest,
        _ => text,
    };
    let list = match name {
        _ if name.ends_with(".jcounts") => 1,
        _ if name.ends_with(".featureCounts") => 3,
        _ => return text.to_owned(),
    };
    let line = |line: &str| {
        let mut columns: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let mut items: Vec<&str> = columns[list].split(',').collect();
        items.sort_unstable();
        let items = items.join(",");
        columns[list] = items;
        columns.join("\t") + "\n"
    };
    let mut lines: Vec<String> = text.lines().map(line).collect();
    if name.ends_with(".featureCounts") {
        lines.sort_unstable();
    }
    lines.concat()
}

/// The recorded answer: of the newest version where `newest`, else of the first.
fn recorded(case: &Path, newest: bool) -> Answer {
    let directory = case.join("expected");
    let mut answer = Vec::new();
    for entry in fs::read_dir(&directory).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name.ends_with(&format!(".{NEWEST}")) {
            continue;
        }
        let newer = directory.join(format!("{name}.{NEWEST}"));
        let path = if newest && newer.exists() { newer } else { directory.join(&name) };
        answer.push((name.clone(), comparable(&name, &fs::read_to_string(path).unwrap())));
    }
    answer.sort();
    answer
}

/// The names of the files that differ, with both texts of the first.
fn difference(expected: &Answer, found: &Answer) -> Option<String> {
    let names = |answer: &Answer| answer.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    if names(expected) != names(found) {
        return Some(format!("files {:?} instead of {:?}", names(found), names(expected)));
    }
    let differing = expected.iter().zip(found).find(|(expected, found)| expected != found);
    differing.map(|((name, expected), (_, found))| format!("{name}: expected\n{expected}found\n{found}"))
}

#[test]
fn every_golden_case_is_answered_as_featurecounts_did() {
    let mut failures = Vec::new();
    for case in cases() {
        let expected = recorded(&case, true);
        for (rules, threads) in [("featureCounts", "1"), ("featureCounts-2.0", "3")] {
            let mut own = Command::new(env!("CARGO_BIN_EXE_alkaline"));
            own.args(["count", "-q", "--compat", rules, "-T", threads]);
            if let Some(difference) = difference(&expected, &ask(&case, &mut own)) {
                failures.push(format!("{} with {threads} threads: {difference}", case.display()));
            }
        }
    }
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn the_comparison_notices_other_counts() {
    let case = Path::new(CASES).join("se_default");
    let mut other = Command::new(env!("CARGO_BIN_EXE_alkaline"));
    other.args(["count", "-q", "--compat", "featureCounts", "--minOverlap", "20"]);
    let found = ask(&case, &mut other);
    assert!(difference(&recorded(&case, true), &found).is_some());
    assert!(difference(&recorded(&case, true), &Vec::new()).is_some());
}

#[test]
fn the_featurecounts_that_is_installed_says_what_was_recorded_needs_featurecounts() {
    if !external_program("featurecounts", "featureCounts", &["-v"], "the recorded answers anew") {
        return;
    }
    let version = Command::new("featureCounts").arg("-v").output().unwrap();
    let version = String::from_utf8_lossy(&version.stderr).into_owned();
    let newest = match version.trim() {
        text if text.ends_with(RECORDED) => false,
        text if text.ends_with(NEWEST) => true,
        other => {
            let problem = format!("the answers are those of {RECORDED} and {NEWEST}, not of {other}");
            alkaline_testkit::skip("featurecounts-recorded", &problem);
            return;
        }
    };
    for case in cases() {
        let found = ask(&case, &mut Command::new("featureCounts"));
        let difference = difference(&recorded(&case, newest), &found);
        assert!(difference.is_none(), "{}: {}", case.display(), difference.unwrap());
    }
}
