//! Where results go: what is already there and is not alkaline's is never touched, and what was finished is not lost.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, contents, small_experiment, small_gtf, small_run, stderr, succeed};

/// Expects exit code 3, a message with `says`, and not a byte changed in `place`.
#[track_caller]
fn refused_and_untouched(place: &Path, arguments: &[&str], says: &str) {
    let before = contents(place);
    let output = alkaline(place, arguments);
    assert_eq!(output.status.code(), Some(3), "{arguments:?}\n{}", stderr(&output));
    assert!(stderr(&output).contains(says), "{}", stderr(&output));
    assert!(contents(place) == before, "something was touched");
}

/// A run of the small experiment that says nothing.
fn quiet_run() -> Vec<&'static str> {
    small_run("out", &["-q"])
}

#[test]
fn a_directory_with_somebody_s_run_json_is_no_run() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let out = place.path().join("out");
    fs::create_dir(&out).unwrap();
    fs::write(out.join("run.json"), r#"{"jobs": [1, 2]}"#).unwrap();
    fs::create_dir(out.join("counts")).unwrap();
    fs::write(out.join("counts/precious.tsv"), "years of work").unwrap();
    refused_and_untouched(place.path(), &quiet_run(), "a run.json that is not alkaline's");
    let report = alkaline(place.path(), &["report", "out"]);
    assert_eq!(report.status.code(), Some(3), "{}", stderr(&report));
}

#[test]
fn demo_and_simulate_refuse_a_foreign_place_before_they_write() {
    let place = tempfile::tempdir().unwrap();
    small_gtf(&place.path().join("genes.gtf"));
    fs::create_dir_all(place.path().join("out/data")).unwrap();
    fs::write(place.path().join("out/data/parental_1.bam"), "my own").unwrap();
    fs::write(place.path().join("out/samples.csv"), "my own").unwrap();
    refused_and_untouched(place.path(), &["demo", "--out", "out"], "holds no run of alkaline");
    fs::remove_file(place.path().join("out/samples.csv")).unwrap();
    refused_and_untouched(place.path(), &["demo", "--out", "out"], "out/data/parental_1.bam");
    let simulate = ["simulate", "--annotation", "genes.gtf", "--library-size", "3000", "--out", "out/data"];
    refused_and_untouched(place.path(), &simulate, "out/data/parental_1.bam");
    let counts = ["simulate", "--annotation", "genes.gtf", "--counts-only", "--out", "sim"];
    succeed(place.path(), &counts);
    succeed(place.path(), &counts);
    fs::write(place.path().join("sim/counts.tsv"), "changed by hand").unwrap();
    refused_and_untouched(place.path(), &counts, "sim/counts.tsv");
}

#[test]
fn a_foreign_file_inside_a_run_stays_when_the_run_is_repeated() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    succeed(place.path(), &quiet_run());
    for file in ["notes.txt", "counts/mine.tsv", "figures/mine.svg"] {
        fs::write(place.path().join("out").join(file), file).unwrap();
    }
    succeed(place.path(), &quiet_run());
    for file in ["notes.txt", "counts/mine.tsv", "figures/mine.svg"] {
        assert_eq!(fs::read_to_string(place.path().join("out").join(file)).unwrap(), file);
    }
}

/// Both lines are the same: every P is 1, and GSEA has no ranking to go by.
fn without_ranking(place: &Path) {
    small_experiment(place);
    for (from, to) in [("p1.bam", "r1.bam"), ("p2.bam", "r2.bam")] {
        fs::copy(place.join(from), place.join(to)).unwrap();
    }
    let genes: String = (0..60).map(|gene| format!("\tGENE{gene}")).collect();
    fs::write(place.join("sets.gmt"), format!("SET\tx{genes}\n")).unwrap();
}

fn enriched() -> Vec<&'static str> {
    small_run("out", &["--gene-sets", "sets.gmt"])
}

#[test]
fn an_enrichment_that_cannot_be_done_is_a_note_in_the_report_and_not_the_end() {
    let place = tempfile::tempdir().unwrap();
    without_ranking(place.path());
    let message = stderr(&succeed(place.path(), &enriched()));
    for part in ["`gsea:resistant_vs_parental` was left out, because all", "the same score"] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    let out = place.path().join("out");
    let page = fs::read_to_string(out.join("report.html")).unwrap();
    assert!(page.contains("was left out, because all"));
    assert!(!out.join("contrasts/resistant_vs_parental/gsea.tsv").exists());
    assert!(stderr(&succeed(place.path(), &enriched())).contains("everything was done already"));
}

#[test]
fn a_foreign_file_in_the_way_of_a_result_is_not_touched() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    succeed(place.path(), &quiet_run());
    fs::remove_dir_all(place.path().join("out/expression")).unwrap();
    fs::remove_file(place.path().join("out/.alkaline/receipts/normalize.json")).unwrap();
    fs::create_dir(place.path().join("out/expression")).unwrap();
    fs::write(place.path().join("out/expression/cpm.tsv"), "mine").unwrap();
    let output = alkaline(place.path(), &quiet_run());
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("expression/cpm.tsv") && stderr(&output).contains("were not touched"));
    assert_eq!(fs::read_to_string(place.path().join("out/expression/cpm.tsv")).unwrap(), "mine");
    fs::remove_file(place.path().join("out/expression/cpm.tsv")).unwrap();
    succeed(place.path(), &quiet_run());
}

#[test]
fn a_failure_never_takes_a_foreign_place() {
    let place = tempfile::tempdir().unwrap();
    without_ranking(place.path());
    fs::create_dir(place.path().join("out")).unwrap();
    fs::write(place.path().join("out/thesis.doc"), "precious").unwrap();
    refused_and_untouched(place.path(), &enriched(), "is not empty and holds no run");
}
