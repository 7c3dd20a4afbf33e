//! An interrupted run leaves nothing behind and says so with exit code 130.

#![cfg(unix)]

mod command_line;

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Names in a directory.
fn names(directory: &std::path::Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect()
}

#[test]
fn an_interrupted_run_leaves_nothing_and_ends_with_130() {
    let place = tempfile::tempdir().unwrap();
    // Enough alignments that the run is still counting when the interrupt comes.
    command_line::small_gtf(&place.path().join("genes.gtf"));
    for name in ["p1", "r1"] {
        command_line::small_bam(&place.path().join(format!("{name}.bam")), |_| 5_000);
    }
    let before = names(place.path()).len();
    let bams = |name: &str| vec![format!("{name}.bam"); 1];
    let mut child = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .current_dir(place.path())
        .args(["run", "--annotation", "genes.gtf", "--bcv", "0.1", "-j", "1", "--out", "out", "--parental"])
        .args(bams("p1"))
        .arg("--resistant")
        .args(bams("r1"))
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let started = Instant::now();
    while names(place.path()).len() == before && started.elapsed() < Duration::from_secs(20) {
        assert!(child.try_wait().expect("a child").is_none(), "the run ended before it could be interrupted");
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill starts");
    assert!(killed.success());
    let status = child.wait().expect("the program ends");
    assert_eq!(status.code(), Some(130));
    assert_eq!(names(place.path()).len(), before, "{:?}", names(place.path()));
}
