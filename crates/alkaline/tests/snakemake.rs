//! Runs by Snakemake 9, here and through its executor for Slurm, where these are installed.

#![cfg(unix)]
#![cfg(test)]

mod cluster;
mod command_line;
mod small_run;

use std::fs;
use std::path::Path;
use std::process::Command;

use alkaline_testkit::external_program;
use cluster::shared;
use command_line::{contents, stderr};
use small_run::{done, experiment, is_undisturbed, run};

const SNAKEFILE: &str = ".alkaline/snakemake/Snakefile";

/// Snakemake's own words, once it has done the run at `out`.
#[track_caller]
fn snakemake(place: &Path, out: &str, more: &[&str]) -> String {
    let file = format!("{out}/{SNAKEFILE}");
    let output =
        Command::new("snakemake").current_dir(place).args(["-s", &file]).args(more).output().unwrap();
    let said = stderr(&output);
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn snakemake_leaves_the_bytes_of_a_local_run_and_does_nothing_twice() {
    if !external_program("snakemake", "snakemake", &["--version"], "a run by Snakemake") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&[]));
    let local = contents(&place.join("out"));
    fs::remove_dir_all(place.join("out")).unwrap();
    done(place, &run(&["--plan-only"]));
    done(place, &["stage", "count:p1", "--dir", "out"]);
    done(place, &["emit", "snakemake", "out"]);
    snakemake(place, "out", &["--cores", "2"]);
    is_undisturbed(&place.join("out"), &local, "after Snakemake");
    assert!(snakemake(place, "out", &["--cores", "2"]).contains("Nothing to be done"));
    // Without its receipt a stage is not done, whatever Snakemake remembers.
    let receipts = fs::read_dir(place.join("out/.alkaline/receipts")).unwrap().flatten();
    let receipt = receipts.map(|entry| entry.path()).find(|path| path.to_string_lossy().contains("count_p2"));
    fs::remove_file(receipt.unwrap()).unwrap();
    let again = snakemake(place, "out", &["--cores", "2"]);
    assert!(again.contains("rule samples:") && !again.contains("Nothing to be done"), "{again}");
    is_undisturbed(&place.join("out"), &local, "after the second Snakemake");
}

#[test]
fn snakemake_leaves_the_bytes_of_the_demonstration_through_slurm() {
    if !external_program("snakemake", "snakemake", &["--version"], "a run by Snakemake through Slurm") {
        return;
    }
    let Some(_lab) = shared("a run by Snakemake through Slurm") else { return };
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    done(place, &["demo", "--out", "run"]);
    let local = contents(&place.join("run"));
    fs::remove_dir_all(place.join("run")).unwrap();
    done(place, &["demo", "--out", "run", "--plan-only"]);
    done(place, &["emit", "snakemake", "run"]);
    let slurm = ["--slurm-no-account", "--slurm-status-command", "squeue"];
    let patience = ["--slurm-init-seconds-before-status-checks", "2", "--seconds-between-status-checks", "2"];
    snakemake(place, "run", &[&["--executor", "slurm", "--jobs", "8"][..], &slurm, &patience].concat());
    is_undisturbed(&place.join("run"), &local, "after Snakemake");
}

#[test]
fn snakemake_is_stopped_by_another_plan() {
    if !external_program("snakemake", "snakemake", &["--version"], "a Snakefile of another plan") {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&["--plan-only"]));
    done(place, &["emit", "snakemake", "out"]);
    done(place, &run(&["--plan-only", "--fdr", "0.01"]));
    let file = format!("out/{SNAKEFILE}");
    let output =
        Command::new("snakemake").current_dir(place).args(["-s", &file, "--cores", "2"]).output().unwrap();
    assert!(!output.status.success());
    // Whichever job came first says so; Snakemake stops then.
    let logs = fs::read_dir(place.join("out/.alkaline/snakemake/logs")).unwrap().flatten();
    let said: Vec<String> = logs.map(|log| fs::read_to_string(log.path()).unwrap()).collect();
    assert!(!said.is_empty(), "no job began");
    assert!(said.iter().all(|said| said.contains("the plan of this run is")), "{said:?}");
}

/// What nobody's cluster has, but quotes, braces and long names do.
const AWKWARD: &str = r#"
partition = "long"
account = "lab"
qos = "high"
setup = ["module load alkaline/{0.1}", "export GREETING=\"it's fine\"", "export NAME=\"b\""]
options = ["--constraint=fast", "--comment='a long comment that goes on and on until nobody would want it in one line any more'"]
"#;

#[test]
fn the_snakefile_is_formatted_and_its_linter_finds_nothing() {
    if !external_program("snakemake", "snakemake", &["--version"], "the linter of Snakefiles")
        || !external_program("snakefmt", "snakefmt", &["--version"], "the formatter of Snakefiles")
    {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    fs::write(place.join("awkward.toml"), AWKWARD).unwrap();
    done(place, &run(&["--plan-only"]));
    for profile in [&[][..], &["--profile", "awkward.toml"]] {
        done(place, &[&["emit", "snakemake", "out"], profile].concat());
        let file = format!("out/{SNAKEFILE}");
        let said = snakemake(place, "out", &["--lint"]);
        assert!(said.contains("in a good condition"), "{said}");
        let output =
            Command::new("snakefmt").current_dir(place).args(["--check", "--diff", &file]).output().unwrap();
        let difference = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success(), "{difference}{}", stderr(&output));
    }
}
