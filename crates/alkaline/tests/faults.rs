//! A file operation fails, the n-th for every n: the run says so with exit code 4, and the same command finishes it.

#![cfg(target_os = "linux")]
#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use command_line::{contents, stderr};
use small_run::{command, copy, done, experiment, is_undisturbed, run};

/// Input/output error, no space left, no locks available: their numbers on Linux.
const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const ENOLCK: i32 = 37;

/// How many places of a pass are tried; all of them where `ALKALINE_EVERY_FAULT` is set, which takes many minutes.
const TRIED: usize = 16;

/// The library that makes operations fail, compiled; `None` (said aloud) where there is no C compiler.
fn shim(place: &Path) -> Option<PathBuf> {
    if !alkaline_testkit::external_program("cc", "cc", &["--version"], "a library that makes writing fail") {
        return None;
    }
    let (source, library) = (place.join("fault.c"), place.join("fault.so"));
    fs::write(&source, include_str!("faults/fault.c")).unwrap();
    let arguments = ["-shared", "-fPIC", "-O1", "-o"];
    let compiled = Command::new("cc").args(arguments).args([&library, &source]).arg("-ldl").output().unwrap();
    assert!(compiled.status.success(), "{}", stderr(&compiled));
    Some(library)
}

/// What fails.
#[derive(Clone, Copy)]
struct Fault {
    errno: i32,
    /// Whether everything that needs space fails from then on.
    stays: bool,
}

/// Runs with the operation number `at` failing (none for 0); gives how many operations there were, too.
fn with_fault(place: &Path, library: &Path, arguments: &[&str], fault: Fault, at: usize) -> (Output, usize) {
    let count = place.join("count");
    let _ = fs::remove_file(&count);
    let mut command = command(place, arguments);
    command.env("LD_PRELOAD", library).env("FAULT_BELOW", place.join("out")).env("FAULT_COUNT", &count);
    command.env("FAULT_AT", at.to_string()).env("FAULT_ERRNO", fault.errno.to_string());
    if fault.stays {
        command.env("FAULT_STAYS", "1");
    }
    let output = command.output().unwrap();
    let calls = fs::read_to_string(&count).unwrap_or_default().trim().parse().unwrap_or(0);
    (output, calls)
}

/// Which of `calls` operations are tried: the first and last ones, where a run begins and ends, and others between.
fn tried(calls: usize) -> Vec<usize> {
    let stride = if std::env::var_os("ALKALINE_EVERY_FAULT").is_some() { 1 } else { calls.div_ceil(TRIED) };
    (1..=calls).filter(|at| *at <= 3 || *at + 3 > calls || at % stride == 0).collect()
}

/// Lets every operation fail that is tried, each in a directory that `prepare` makes; expects exit code 4, and that the same
/// command without a fault leaves what it leaves undisturbed.
fn every_fault(arguments: &[&str], fault: Fault, prepare: impl Fn(&Path)) {
    let place = tempfile::tempdir().unwrap();
    let place = place.path().canonicalize().unwrap();
    let Some(library) = shim(&place) else { return };
    experiment(&place);
    prepare(&place);
    let (whole, calls) = with_fault(&place, &library, arguments, fault, 0);
    assert_eq!(whole.status.code(), Some(0), "{}", stderr(&whole));
    assert!(calls > 100, "only {calls} operations were seen");
    let out = place.join("out");
    let undisturbed = contents(&out);
    let mut failed = 0;
    for at in tried(calls) {
        let _ = fs::remove_dir_all(&out);
        prepare(&place);
        let (output, _) = with_fault(&place, &library, arguments, fault, at);
        let message = stderr(&output);
        assert!(!message.contains("panicked"), "operation {at}: {message}");
        match output.status.code() {
            // What could not be removed, or noted down, is no loss.
            Some(0) => {}
            code => {
                assert_eq!(code, Some(4), "operation {at} of {calls}: {message}");
                failed += 1;
            }
        }
        let is_whole = output.status.code() == Some(0);
        assert!(!is_whole || contents(&out) == undisturbed, "operation {at}: something is missing");
        done(&place, arguments);
        is_undisturbed(&out, &undisturbed, &format!("operation {at} of {calls}: {message}"));
    }
    assert!(failed * 2 > tried(calls).len(), "only {failed} of {} failed", tried(calls).len());
    eprintln!("{calls} operations, {} tried, {failed} ended the run", tried(calls).len());
}

#[test]
fn any_operation_of_a_new_run_may_fail_needs_cc() {
    let arguments = run(&["-j", "1", "-q"]);
    every_fault(&arguments, Fault { errno: EIO, stays: false }, |_| {});
}

#[test]
fn the_disk_may_be_full_from_any_moment_while_a_run_replaces_another_needs_cc() {
    let arguments = run(&["-j", "1", "-q", "--fdr", "0.01", "--min-cpm", "12000", "--bcv", "0.2"]);
    every_fault(&arguments, Fault { errno: ENOSPC, stays: true }, |place| {
        let old = place.join("old");
        if !old.exists() {
            done(place, &run(&["-q"]));
            fs::rename(place.join("out"), &old).unwrap();
        }
        copy(&old, &place.join("out"));
    });
}

#[test]
fn a_file_system_without_locks_is_told_in_words_needs_cc() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path().canonicalize().unwrap();
    let Some(library) = shim(&place) else { return };
    experiment(&place);
    let output = command(&place, &run(&["-q"]))
        .env("LD_PRELOAD", &library)
        .env("FAULT_BELOW", place.join("out"))
        .env("FAULT_LOCKS", ENOLCK.to_string())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    for part in
        ["out: the file system does not let this directory be locked", "hint: ", "another file system"]
    {
        assert!(stderr(&output).contains(part), "`{part}` is not in:\n{}", stderr(&output));
    }
    done(&place, &run(&["-q"]));
}
