//! An interrupted command leaves nothing unfinished behind and says so with exit code 130, whichever way it is told to end.

#![cfg(unix)]
#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// Starts alkaline in `place`, sends `signal` as soon as `is_time`, and expects 130 and nothing new in `place`.
#[track_caller]
fn interrupted(place: &Path, arguments: &[&str], signal: &str, is_time: impl Fn(Duration) -> bool) {
    let before = names(place);
    let mut child = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .current_dir(place)
        .args(arguments)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let started = Instant::now();
    while !is_time(started.elapsed()) && started.elapsed() < Duration::from_secs(60) {
        assert!(child.try_wait().unwrap().is_none(), "{arguments:?} ended before it could be interrupted");
        std::thread::sleep(Duration::from_millis(2));
    }
    let killed = Command::new("kill").args([signal, &child.id().to_string()]).status().expect("kill starts");
    assert!(killed.success());
    let status = child.wait().expect("the program ends");
    assert_eq!(status.code(), Some(130), "{arguments:?} {signal}");
    assert_eq!(names(place), before, "{arguments:?} {signal}");
}

/// Enough alignments that a command is still busy when the signal comes.
fn busy() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    command_line::small_gtf(&place.path().join("genes.gtf"));
    for name in ["p1", "r1"] {
        command_line::small_bam(&place.path().join(format!("{name}.bam")), |_| 10_000);
    }
    place
}

#[test]
fn an_interrupted_run_ends_with_130_and_the_same_command_goes_on() {
    let place = busy();
    let run = [
        "run",
        "--annotation",
        "genes.gtf",
        "--bcv",
        "0.1",
        "-j",
        "1",
        "--go",
        "none",
        "--out",
        "out",
        "--parental",
        "p1.bam",
        "--resistant",
        "r1.bam",
    ];
    command_line::succeed(place.path(), &run);
    let undisturbed = command_line::contents(&place.path().join("out"));
    for signal in ["-INT", "-TERM", "-HUP"] {
        fs::remove_dir_all(place.path().join("out")).unwrap();
        fs::create_dir(place.path().join("out")).unwrap();
        // While the second file is being counted.
        let is_counted = || place.path().join("out/.alkaline/parts").is_dir();
        interrupted(place.path(), &run, signal, |_| is_counted());
        assert!(!place.path().join("out/run.json").exists());
        let parts = fs::read_dir(place.path().join("out/.alkaline/parts")).unwrap().count();
        assert_eq!(parts, 1, "the first sample is counted");
        let text = command_line::stderr(&command_line::succeed(place.path(), &run));
        assert_eq!(text.lines().filter(|line| line.starts_with("count:")).count(), 1, "{text}");
        assert_eq!(command_line::contents(&place.path().join("out")), undisturbed, "{signal}");
    }
}

#[test]
fn every_command_can_be_interrupted() {
    let place = busy();
    let count = ["count", "-a", "genes.gtf", "-R", "BAM", "-T", "1", "-o", "new/o.tsv", "p1.bam", "r1.bam"];
    let is_writing =
        || names(place.path()).iter().any(|name| name.contains(".part")) || place.path().join("new").exists();
    fs::create_dir(place.path().join("new")).unwrap();
    let writes_details = || !names(&place.path().join("new")).is_empty();
    interrupted(place.path(), &count, "-TERM", |_| writes_details());
    assert_eq!(names(&place.path().join("new")), Vec::<String>::new());
    fs::remove_dir(place.path().join("new")).unwrap();
    let simulate =
        ["simulate", "--annotation", "genes.gtf", "--library-size", "3000000", "-j", "1", "--out", "new"];
    interrupted(place.path(), &simulate, "-INT", |_| is_writing());
    let demo = ["demo", "--out", "new"];
    interrupted(place.path(), &demo, "-HUP", |_| is_writing());
    // Busy with numbers rather than files.
    let power = ["power", "--replicates", "20", "--simulations", "200", "-o", "new/p.tsv"];
    interrupted(place.path(), &power, "-TERM", |elapsed| elapsed > Duration::from_millis(300));
    // Waiting for an input that does not come.
    assert!(Command::new("mkfifo").arg(place.path().join("pipe")).status().unwrap().success());
    let waiting = ["count", "-a", "pipe", "-o", "new/o.tsv", "p1.bam"];
    interrupted(place.path(), &waiting, "-INT", |elapsed| elapsed > Duration::from_millis(300));
}

#[test]
fn nohup_is_respected() {
    let place = busy();
    let script =
        "trap '' HUP; \"$0\" count -a genes.gtf -o o.tsv p1.bam -q & sleep 0.05; kill -HUP $!; wait $!";
    let status = Command::new("bash")
        .current_dir(place.path())
        .args(["-c", script, env!("CARGO_BIN_EXE_alkaline")])
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(0));
    assert!(place.path().join("o.tsv").exists());
}
