//! The machine: exit codes, closed pipes, little memory, full disks, vanished files, errors for programs.

#![cfg(unix)]
#![cfg(test)]

mod command_line;

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use command_line::{alkaline, small_bam, small_experiment, small_gtf, stderr, succeed};

const PROGRAM: &str = env!("CARGO_BIN_EXE_alkaline");

fn shell(directory: &Path, script: &str) -> Output {
    Command::new("bash")
        .current_dir(directory)
        .args(["-c", script])
        .env("ALKALINE", PROGRAM)
        .output()
        .unwrap()
}

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Every line of standard error as JSON.
fn events(output: &Output) -> Vec<serde_json::Value> {
    let text = stderr(output);
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no JSON: {line}\n{text}")))
        .collect()
}

#[test]
fn every_error_is_json_where_that_was_asked_for() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let cases: [(&[&str], i32, &str); 5] = [
        (&["count", "--log", "json", "--nonsense"], 2, "usage"),
        (&["test", "--log=json"], 2, "usage"),
        (&["count", "--log", "json", "-a", "genes.gtf", "-o", "o.tsv", "absent.bam"], 3, "input"),
        (&["count", "--log", "json", "-a", "genes.gtf", "-o", "/proc/none/o.tsv", "p1.bam"], 4, "machine"),
        (&["run", "--log", "json", "--samples", "none.csv", "--out", "out"], 3, "input"),
    ];
    for (arguments, code, kind) in cases {
        let output = alkaline(place.path(), arguments);
        assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{}", stderr(&output));
        let events = events(&output);
        let error = events.iter().find(|event| event["level"] == "error").expect("an error");
        assert_eq!(error["kind"], kind, "{error}");
        assert!(!error["message"].as_str().unwrap().contains("hint:"), "{error}");
    }
    assert_eq!(alkaline(place.path(), &["run", "--log", "json", "--help"]).status.code(), Some(0));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let place = tempfile::tempdir().unwrap();
    let output = shell(
        place.path(),
        "\"$ALKALINE\" reference show hg38 | head -n 2 >/dev/null; echo ${PIPESTATUS[0]}; \
         \"$ALKALINE\" run --help | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}; \
         \"$ALKALINE\" reference show hg38 -o /dev/stdout | head -n 2 >/dev/null; echo ${PIPESTATUS[0]}",
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout), "0\n0\n0\n");
    assert_eq!(stderr(&output), "");
}

#[test]
fn memory_that_cannot_be_had_is_told_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    small_bam(&place.path().join("p1.bam"), |_| 20_000);
    let before = names(place.path());
    let mut told = 0;
    // From too little for the reference to nearly enough.
    for kilobytes in [60_000, 90_000, 120_000, 160_000, 200_000, 250_000, 300_000, 400_000] {
        let script = format!(
            "ulimit -v {kilobytes}; \"$ALKALINE\" --version >/dev/null 2>&1 || exit 99; timeout 120 \"$ALKALINE\" run -j 2 --parental p1.bam p2.bam --resistant r1.bam r2.bam \
             --annotation genes.gtf --out out"
        );
        let output = shell(place.path(), &script);
        let (code, message) = (output.status.code(), stderr(&output));
        if code == Some(0) {
            fs::remove_dir_all(place.path().join("out")).unwrap();
            continue;
        }
        // Too little for the system to start the program.
        if code == Some(99) {
            continue;
        }
        assert_eq!(code, Some(4), "{kilobytes} kB: {message}");
        let is_told = message.contains("out of memory") || message.contains("cannot start the threads");
        assert!(is_told, "{kilobytes} kB: {message}");
        assert!(!message.contains("panicked"), "{message}");
        told += 1;
        let _ = fs::remove_dir_all(place.path().join("out"));
        assert_eq!(names(place.path()), before, "{kilobytes} kB");
    }
    assert!(told > 0, "memory never ran out");
}

#[test]
fn a_number_of_threads_without_sense_is_told() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let none = alkaline(place.path(), &["reference", "list", "-j", "0"]);
    assert_eq!(none.status.code(), Some(2), "{}", stderr(&none));
    assert!(stderr(&none).contains("at least one"), "{}", stderr(&none));
    let counting = ["count", "-a", "genes.gtf", "-o", "o.tsv", "p1.bam", "-T", "100000"];
    for arguments in [&["reference", "list", "-j", "100000"][..], &counting] {
        let many = succeed(place.path(), arguments);
        assert!(stderr(&many).contains("100000 threads make no sense on"), "{}", stderr(&many));
    }
}

#[test]
fn an_input_that_vanished_is_the_machine_s_fault() {
    let place = tempfile::tempdir().unwrap();
    small_gtf(&place.path().join("genes.gtf"));
    small_bam(&place.path().join("p1.bam"), |_| 20_000);
    small_bam(&place.path().join("r1.bam"), |_| 10);
    let mut child = Command::new(PROGRAM)
        .current_dir(place.path())
        .args([
            "run",
            "--parental",
            "p1.bam",
            "--resistant",
            "r1.bam",
            "--annotation",
            "genes.gtf",
            "--bcv",
            "0.1",
        ])
        .args(["--go", "none", "-j", "1", "--out", "out"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first file is being counted when the second goes.
    while !place.path().join("out/.alkaline/staged").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended too early");
        std::thread::sleep(Duration::from_millis(1));
    }
    fs::remove_file(place.path().join("r1.bam")).unwrap();
    let code = child.wait().unwrap().code();
    let mut message = String::new();
    child.stderr.take().unwrap().read_to_string(&mut message).unwrap();
    // Gone before it was looked at, it is missing; gone afterwards, it vanished.
    match message.contains("is gone") {
        true => assert_eq!(code, Some(4), "{message}"),
        false => assert_eq!(code, Some(3), "{message}"),
    }
}

/// A small file system of its own, taken away again when this is dropped.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn new(size: &str) -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let option = format!("size={size}");
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", &option, "tmpfs"]).arg(place.path()).output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(place)),
            _ => {
                alkaline_testkit::skip("mount", "no file system can be mounted here");
                None
            }
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn a_full_disk_leaves_no_table_without_its_companion_needs_mount() {
    let source = tempfile::tempdir().unwrap();
    small_experiment(source.path());
    let at = |name: &str| source.path().join(name).display().to_string();
    succeed(
        source.path(),
        &[
            "count",
            "-a",
            "genes.gtf",
            "--names",
            "p1,p2,r1,r2",
            "-o",
            "c.tsv",
            "p1.bam",
            "p2.bam",
            "r1.bam",
            "r2.bam",
        ],
    );
    fs::write(source.path().join("s.csv"), "sample,condition\np1,p\np2,p\nr1,r\nr2,r\n").unwrap();
    let commands: [Vec<String>; 3] = [
        ["count", "-a", &at("genes.gtf"), "-o", "o.tsv", &at("p1.bam"), &at("p2.bam")]
            .map(str::to_owned)
            .to_vec(),
        [
            "test",
            "--counts",
            &at("c.tsv"),
            "--samples",
            &at("s.csv"),
            "--contrast",
            "condition,p,r",
            "--details",
            "-o",
            "o.tsv",
        ]
        .map(str::to_owned)
        .to_vec(),
        ["run", "--counts", &at("c.tsv"), "--samples", &at("s.csv"), "--go", "none", "--out", "out"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for arguments in &commands {
        let mut failed = 0;
        for kilobytes in [4, 8, 12, 16, 24, 32, 48, 64, 96, 160, 400] {
            let Some(disk) = SmallDisk::new(&format!("{kilobytes}k")) else { return };
            let output = Command::new(PROGRAM).current_dir(disk.0.path()).args(arguments).output().unwrap();
            let left = names(disk.0.path());
            match output.status.code() {
                Some(0) => {}
                code => {
                    assert_eq!(code, Some(4), "{arguments:?} on {kilobytes}k: {}", stderr(&output));
                    failed += 1;
                    let is_kept = left == ["out"] && !disk.0.path().join("out/run.json").exists();
                    assert!(left.is_empty() || is_kept, "{arguments:?} on {kilobytes}k left {left:?}");
                }
            }
        }
        assert!(failed > 0, "the disk was never full for {arguments:?}");
    }
}
