//! A run that is small and whole, and what tests of its directory ask of it.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::command_line::{contents, small_experiment, stderr};

/// The second that stands for today, so that runs on two days leave the same bytes.
pub const SOURCE_DATE_EPOCH: &str = "1764547200";

/// The experiment of [`run`]: two parental and two resistant samples, gene models, gene sets and a panel.
pub fn experiment(place: &Path) {
    small_experiment(place);
    let genes = |range: std::ops::Range<u32>| range.map(|gene| format!("\tg{gene}")).collect::<String>();
    let sets = format!("FIRST\tx{}\nMIDDLE\tx{}\nREST\tx{}\n", genes(0..12), genes(20..40), genes(30..60));
    fs::write(place.join("sets.gmt"), sets).unwrap();
    fs::write(place.join("mine.txt"), "GENE1\nGENE2\nGENE40\n").unwrap();
}

/// The command of a run that is small and whole, which leaves its results in `out`.
pub fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["run", "--parental", "p1.bam", "p2.bam", "--resistant", "r1.bam", "r2.bam"];
    words.extend(["--annotation", "genes.gtf", "--go", "none", "--gene-sets", "sets.gmt", "--out", "out"]);
    words.extend(["--panels", "mine.txt"]);
    words.extend(more);
    words
}

/// alkaline with these arguments in `place`, on the day of [`SOURCE_DATE_EPOCH`].
pub fn command(place: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_alkaline"));
    command.current_dir(place).args(arguments).env("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH);
    command
}

/// Runs it and expects success.
#[track_caller]
pub fn done(place: &Path, arguments: &[&str]) -> Output {
    let output = command(place, arguments).output().expect("the program starts");
    assert_eq!(output.status.code(), Some(0), "{arguments:?}\n{}", stderr(&output));
    output
}

/// What a killed or failed run could have left behind that a complete one does not have.
pub fn litter(out: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in ["staged", "previous", "failed"] {
        found.extend(Some(out.join(".alkaline").join(name)).filter(|path| path.exists()));
    }
    let mut folders = vec![out.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a directory") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let is_own = path == out.join(".alkaline");
            if name.ends_with(".part") || name.starts_with('.') && !is_own {
                found.push(path.clone());
            }
            folders.extend(path.is_dir().then_some(path));
        }
    }
    found
}

/// Expects the run at `out` to be complete, with these contents and nothing else.
#[track_caller]
pub fn is_undisturbed(out: &Path, expected: &std::collections::BTreeMap<PathBuf, Vec<u8>>, when: &str) {
    let found = contents(out);
    let names = |of: &std::collections::BTreeMap<PathBuf, Vec<u8>>| of.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected), "{when}");
    for (name, bytes) in expected {
        assert!(found[name] == *bytes, "{}: other bytes, {when}", name.display());
    }
    assert_eq!(litter(out), Vec::<PathBuf>::new(), "{when}");
}

/// Copies a directory with its times.
pub fn copy(from: &Path, to: &Path) {
    let _ = fs::remove_dir_all(to);
    let copied = Command::new("cp").arg("-a").args([from, to]).status().expect("cp starts");
    assert!(copied.success());
}

/// What a dry run says of the stages that are not done.
pub fn reasons(place: &Path, arguments: &[&str]) -> Vec<String> {
    let arguments: Vec<&str> = arguments.iter().copied().chain(["--dry-run"]).collect();
    let output = done(place, &arguments);
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !line.ends_with(" is done"))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

/// The stages that a run did, as it says on standard error.
pub fn stages(output: &Output) -> Vec<String> {
    let text = stderr(output);
    let is_stage = |line: &&str| line.split_whitespace().nth(2) == Some("s");
    let names = text.lines().filter(is_stage).filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}
