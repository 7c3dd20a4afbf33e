//! A run is done once: what has a receipt that holds is not done again, and why something is done again is said.
#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, contents, small_experiment, small_run, stderr, succeed};

/// A run that is small and whole.
fn run<'a>(more: &[&'a str]) -> Vec<&'a str> {
    small_run("out", &[&["--gene-sets", "sets.gmt"], more].concat())
}

fn experiment(place: &Path) {
    small_experiment(place);
    let genes = |range: std::ops::Range<u32>| range.map(|gene| format!("\tGENE{gene}")).collect::<String>();
    let sets = format!("FIRST\tx{}\nMIDDLE\tx{}\nREST\tx{}\n", genes(0..12), genes(20..40), genes(30..60));
    fs::write(place.join("sets.gmt"), sets).unwrap();
    fs::write(place.join("mine.txt"), "GENE1\nGENE2\nGENE40\n").unwrap();
}

/// The stages that a run did, as it says on standard error.
fn done(place: &Path, more: &[&str]) -> Vec<String> {
    let output = succeed(place, &run(more));
    let text = stderr(&output);
    let is_stage = |line: &&str| line.split_whitespace().nth(2) == Some("s");
    text.lines()
        .filter(is_stage)
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect()
}

/// What a dry run says of the stages that are not done.
fn reasons(place: &Path, more: &[&str]) -> Vec<String> {
    let more: Vec<&str> = more.iter().copied().chain(["--dry-run"]).collect();
    let output = succeed(place, &run(&more));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines()
        .filter(|line| !line.ends_with(" is done"))
        .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect()
}

#[test]
fn a_second_run_does_nothing_and_leaves_the_same_bytes() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    assert_eq!(reasons(place.path(), &[]).len(), reasons(place.path(), &[]).len());
    assert!(!place.path().join("out").exists(), "a dry run makes nothing");
    let first = done(place.path(), &[]);
    for task in ["count:p1", "merge", "normalize", "prepare:resistant_vs_parental", "report"] {
        assert!(first.iter().any(|done| done == task), "{task} is not among {first:?}");
    }
    let before = contents(&place.path().join("out"));
    let output = succeed(place.path(), &run(&["-j", "1"]));
    assert!(stderr(&output).contains("everything was done already"), "{}", stderr(&output));
    assert_eq!(contents(&place.path().join("out")), before);
    assert!(reasons(place.path(), &[]).is_empty());
}

#[test]
fn a_changed_option_repeats_only_the_stages_that_read_it() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    done(place.path(), &[]);
    let why = reasons(place.path(), &["--fdr", "0.01"]);
    let expected = "test:resistant_vs_parental runs: `[test] thresholds.fdr` changed from 0.05 to 0.01: calling and what follows; \
                    dispersions stay";
    assert!(why.iter().any(|line| line == expected), "{why:#?}");
    let again = done(place.path(), &["--fdr", "0.01"]);
    assert!(
        again
            .iter()
            .all(|task| !task.starts_with("count") && !task.starts_with("prepare") && task != "normalize"),
        "{again:?}"
    );
    assert!(again.iter().any(|task| task.starts_with("test:")), "{again:?}");
    let more = done(place.path(), &["--fdr", "0.01", "--panels", "mine.txt"]);
    let others: Vec<&String> = more
        .iter()
        .filter(|task| !task.starts_with("panel:") && !["record", "report"].contains(&task.as_str()))
        .collect();
    assert!(others.is_empty() && more.iter().any(|task| task.ends_with("/mine")), "{more:?}");
}

#[test]
fn touched_files_repeat_nothing_and_damaged_results_are_made_again() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    done(place.path(), &[]);
    for file in ["p1.bam", "genes.gtf", "sets.gmt"] {
        let bytes = fs::read(place.path().join(file)).unwrap();
        fs::write(place.path().join(file), bytes).unwrap();
    }
    assert_eq!(done(place.path(), &[]), Vec::<String>::new());
    let out = place.path().join("out");
    let table = out.join("contrasts/resistant_vs_parental/test.tsv");
    let right = fs::read(&table).unwrap();
    fs::write(&table, "edited").unwrap();
    fs::remove_file(out.join("expression/cpm.tsv")).unwrap();
    let why = reasons(place.path(), &[]);
    assert!(
        why.iter().any(|line| line.contains(
            "test:resistant_vs_parental runs: its output contrasts/resistant_vs_parental/test.tsv was changed"
        )),
        "{why:#?}"
    );
    assert!(
        why.iter().any(|line| line.contains("normalize runs: its output expression/cpm.tsv is gone")),
        "{why:#?}"
    );
    let again = done(place.path(), &[]);
    assert_eq!(
        again.iter().filter(|task| !task.starts_with("normalize") && !task.starts_with("test:")).count(),
        0,
        "{again:?}"
    );
    assert_eq!(fs::read(&table).unwrap(), right);
}

#[test]
fn a_run_that_was_moved_is_complete_and_another_sample_counts_one_sample() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    done(place.path(), &[]);
    fs::rename(place.path().join("out"), place.path().join("elsewhere")).unwrap();
    let mut moved = run(&[]);
    let at = moved.iter().position(|word| *word == "out").unwrap();
    moved[at] = "elsewhere";
    let output = succeed(place.path(), &moved);
    assert!(stderr(&output).contains("everything was done already"), "{}", stderr(&output));
    fs::rename(place.path().join("elsewhere"), place.path().join("out")).unwrap();
    fs::copy(place.path().join("p2.bam"), place.path().join("p3.bam")).unwrap();
    command_line::small_bam(&place.path().join("p3.bam"), |gene| 21 + gene);
    let mut more = run(&[]);
    more.insert(4, "p3.bam");
    let text = stderr(&succeed(place.path(), &more));
    let counted: Vec<&str> = text.lines().filter(|line| line.starts_with("count:")).collect();
    assert!(counted.len() == 1 && counted[0].starts_with("count:p3"), "{text}");
}

#[test]
fn the_stages_one_by_one_leave_what_the_run_leaves() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    done(place.path(), &[]);
    let whole = contents(&place.path().join("out"));
    // A plan of its own, of which one stage after the other is done.
    let plan = fs::read(place.path().join("out/.alkaline/plan.json")).unwrap();
    fs::rename(place.path().join("out"), place.path().join("whole")).unwrap();
    fs::create_dir_all(place.path().join("out/.alkaline")).unwrap();
    fs::write(place.path().join("out/.alkaline/plan.json"), plan).unwrap();
    let early = alkaline(place.path(), &["stage", "merge", "--dir", "out"]);
    assert_eq!(early.status.code(), Some(3));
    assert!(stderr(&early).contains("needs `count:p1`, which is not done"), "{}", stderr(&early));
    let status = succeed(place.path(), &["status", "out", "--all"]);
    let text = String::from_utf8(status.stdout).unwrap();
    let tasks: Vec<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("waiting"))
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect();
    assert!(tasks.len() > 10, "{text}");
    for task in &tasks {
        succeed(place.path(), &["stage", task, "--dir", "out", "-q"]);
    }
    assert_eq!(contents(&place.path().join("out")), whole);
    let status = succeed(place.path(), &["status", "out"]);
    assert!(String::from_utf8(status.stdout).unwrap().contains("complete: out/report.html"));
}
