//! Several programs at one run: one at a time changes it, the others are told who it is, or wait; jobs of single stages share it.

#![cfg(unix)]
#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use command_line::{contents, small_bam, stderr};
use small_run::{command, copy, done, experiment, is_undisturbed, run};

/// An experiment of which the first sample takes a while.
fn slow_experiment(place: &Path) {
    experiment(place);
    small_bam(&place.join("p1.bam"), |gene| 5_000 + gene);
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([name, &child.id().to_string()]).status().unwrap();
    assert!(sent.success(), "{name}");
}

/// Whether a node whose files are called so is being done.
fn is_at_node(place: &Path, name: &str) -> bool {
    let Ok(entries) = fs::read_dir(place.join("out/.alkaline/staged")) else { return false };
    entries.flatten().any(|entry| entry.file_name().to_string_lossy().starts_with(name))
}

/// Starts it and stops it (as Ctrl-Z does) as soon as it is at a node.
fn stopped(place: &Path, arguments: &[&str]) -> Child {
    let mut command = command(place, arguments);
    command.env("SLURM_JOB_ID", "4711").stderr(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let started = Instant::now();
    while !is_at_node(place, "count_p1") {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be stopped");
        assert!(started.elapsed() < Duration::from_secs(60), "it never began");
        std::thread::sleep(Duration::from_millis(1));
    }
    signal(&child, "-STOP");
    child
}

/// Expects exit code 4, and the words that tell of `other`.
#[track_caller]
fn is_told_of(other: &Child, output: &Output) {
    let message = stderr(output);
    assert_eq!(output.status.code(), Some(4), "{message}");
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let who =
        format!("out is being worked on by process {} on {} (job 4711), since 20", other.id(), host.trim());
    for part in [who.as_str(), "hint: ", "--wait"] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
}

#[test]
fn the_second_run_is_told_who_works_and_waits_when_it_is_asked_to() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    slow_experiment(place);
    let arguments = run(&["-j", "1"]);
    done(place, &arguments);
    let undisturbed = contents(&place.join("out"));
    fs::remove_dir_all(place.join("out")).unwrap();
    let first = stopped(place, &arguments);
    is_told_of(&first, &command(place, &arguments).output().unwrap());
    is_told_of(&first, &command(place, &["stage", "count:p2", "--dir", "out"]).output().unwrap());
    is_told_of(&first, &command(place, &["report", "out"]).output().unwrap());
    let status = done(place, &["status", "out"]);
    assert!(String::from_utf8_lossy(&status.stdout).contains(&format!("process {}", first.id())));
    let patient = run(&["-j", "1", "--wait"]);
    let mut second = command(place, &patient).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(second.try_wait().unwrap().is_none(), "it did not wait");
    signal(&first, "-CONT");
    let first = first.wait_with_output().unwrap();
    assert_eq!(first.status.code(), Some(0), "{}", stderr(&first));
    let second = second.wait_with_output().unwrap();
    assert_eq!(second.status.code(), Some(0), "{}", stderr(&second));
    assert!(stderr(&second).contains("waiting for process "), "{}", stderr(&second));
    assert!(stderr(&second).contains("everything was done already"), "{}", stderr(&second));
    is_undisturbed(&place.join("out"), &undisturbed, "after both");
}

#[test]
fn a_run_whose_program_was_killed_is_taken_over_without_ado() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    slow_experiment(place);
    let arguments = run(&["-j", "1"]);
    let mut first = stopped(place, &arguments);
    first.kill().unwrap();
    first.wait().unwrap();
    done(place, &arguments);
}

#[test]
fn results_of_an_input_that_changed_while_it_was_read_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    slow_experiment(place);
    let arguments = run(&["-j", "1"]);
    let first = stopped(place, &arguments);
    let genes = place.join("genes.gtf");
    let mut text = fs::read_to_string(&genes).unwrap();
    text.push_str("# one line more\n");
    fs::write(&genes, text).unwrap();
    signal(&first, "-CONT");
    let output = first.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    for part in ["genes.gtf: the file changed while it was read", "hint: ", "run the same command again"] {
        assert!(stderr(&output).contains(part), "`{part}` is not in:\n{}", stderr(&output));
    }
    done(place, &arguments);
    let finished = contents(&place.join("out"));
    fs::remove_dir_all(place.join("out")).unwrap();
    done(place, &arguments);
    is_undisturbed(&place.join("out"), &finished, "new");
}

#[test]
fn the_number_of_threads_changes_no_byte_of_a_run() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&["-j", "1"]));
    let alone = contents(&place.join("out"));
    for threads in ["2", "3", "8"] {
        fs::remove_dir_all(place.join("out")).unwrap();
        done(place, &run(&["-j", threads]));
        is_undisturbed(&place.join("out"), &alone, threads);
    }
}

/// A directory in which a run is planned and nothing is done.
fn planned(place: &Path) {
    done(place, &run(&["-j", "1"]));
    copy(&place.join("out"), &place.join("whole"));
    let plan = fs::read(place.join("out/.alkaline/plan.json")).unwrap();
    fs::remove_dir_all(place.join("out")).unwrap();
    fs::create_dir_all(place.join("out/.alkaline")).unwrap();
    fs::write(place.join("out/.alkaline/plan.json"), plan).unwrap();
}

#[test]
fn jobs_of_single_stages_work_side_by_side_and_one_at_a_time_on_each() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    slow_experiment(place);
    planned(place);
    let stage = |task: &'static str| ["stage", task, "--dir", "out", "-j", "1"];
    let first = stopped(place, &stage("count:p1"));
    // Others go on with other stages.
    let jobs: Vec<Child> = ["count:p2", "count:r1", "count:r2"]
        .map(|task| command(place, &stage(task)).stderr(Stdio::piped()).spawn().unwrap())
        .into();
    for job in jobs {
        let job = job.wait_with_output().unwrap();
        assert_eq!(job.status.code(), Some(0), "{}", stderr(&job));
    }
    is_told_of(&first, &command(place, &stage("count:p1")).output().unwrap());
    is_told_of(&first, &command(place, &run(&["-j", "1"])).output().unwrap());
    let status = String::from_utf8(done(place, &["status", "out"]).stdout).unwrap();
    assert!(status.contains("running   count:p1"), "{status}");
    let mut patient = stage("count:p1").to_vec();
    patient.push("--wait");
    let second = command(place, &patient).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    signal(&first, "-CONT");
    for job in [first, second] {
        let job = job.wait_with_output().unwrap();
        assert_eq!(job.status.code(), Some(0), "{}", stderr(&job));
    }
    done(place, &run(&["-j", "1"]));
    is_undisturbed(&place.join("out"), &contents(&place.join("whole")), "after the jobs");
}

#[test]
fn the_last_stage_completes_no_run_of_which_something_is_out_of_date() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&[]));
    small_bam(&place.join("p1.bam"), |gene| 50 + gene);
    let output = command(place, &["stage", "report", "--dir", "out"]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("`report` needs `count:p1`, which is not done"), "{}", stderr(&output));
}
