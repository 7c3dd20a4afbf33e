//! Runs written down for other engines: what the files hold, on any machine; a Slurm that is made up says what it allows.

#![cfg(unix)]
#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use alkaline_testkit::FakePrograms;
use command_line::{contents, stderr};
use small_run::{command, done, experiment, is_undisturbed, run};

/// A small run that is planned in `out`, and what a local run leaves of it.
fn planned(place: &Path) -> std::collections::BTreeMap<PathBuf, Vec<u8>> {
    experiment(place);
    done(place, &run(&[]));
    let local = contents(&place.join("out"));
    fs::remove_dir_all(place.join("out")).unwrap();
    done(place, &run(&["--plan-only"]));
    local
}

/// A Slurm that allows arrays of two tasks and says what it is asked to `log`.
fn made_up(place: &Path, sbatch: &str) -> FakePrograms {
    let log = place.join("asked.txt").display().to_string();
    FakePrograms::new()
        .with("scontrol", "22", "echo 'MaxArraySize            = 3'; echo 'MaxJobCount = 10000'; echo 'AccountingStorageType = accounting_storage/none'")
        .with("sinfo", "22", "echo '2|00:20:00|lab*'")
        .with("squeue", "22", "exit 0")
        .with("scancel", "22", &format!("echo scancel \"$@\" >> {log}"))
        .with("sbatch", "22", &format!("echo sbatch \"$@\" >> {log}\n{sbatch}"))
}

fn on(fake: &FakePrograms, place: &Path, arguments: &[&str]) -> Output {
    command(place, arguments).env("PATH", fake.search_path()).output().unwrap()
}

#[test]
fn arrays_are_as_large_as_the_cluster_allows_and_ask_for_no_more_than_it_has() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    planned(place);
    let fake = made_up(place, "exit 1");
    let output = on(&fake, place, &["emit", "slurm", "out"]);
    let files = String::from_utf8(output.stdout.clone()).unwrap();
    let names: Vec<&str> = files.lines().filter_map(|line| line.rsplit('/').next()).collect();
    let expected = [
        "samples-1.sbatch",
        "samples-2.sbatch",
        "merge.sbatch",
        "tests.sbatch",
        "enrichment.sbatch",
        "report.sbatch",
        "submit.sh",
    ];
    assert_eq!(names, expected, "{}", stderr(&output));
    let script = fs::read_to_string(place.join("out/.alkaline/slurm/1/samples-2.sbatch")).unwrap();
    for part in [
        "--array=1-2\n",
        "--cpus-per-task=2\n",
        "--time=00:10:00\n",
        "--requeue\n",
        "2) stages=(count:r2) ;;",
    ] {
        assert!(script.contains(part), "`{part}` is not in:\n{script}");
    }
    let by_hand = fs::read_to_string(place.join("out/.alkaline/slurm/1/submit.sh")).unwrap();
    assert!(
        by_hand.contains("submit merge \"--dependency=afterok:$(id samples-1):$(id samples-2)\""),
        "{by_hand}"
    );
}

#[test]
fn of_a_submission_that_is_refused_midway_nothing_stays() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    planned(place);
    let refuse = "case \"$*\" in *merge.sbatch) echo 'sbatch: error: QOSMaxSubmitJobPerUserLimit' >&2; exit 1;; *samples-1*) echo '41;lab';; *) echo 42;; esac";
    let fake = made_up(place, refuse);
    let output = on(&fake, place, &["submit", "slurm", "out"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("QOSMaxSubmitJobPerUserLimit"), "{}", stderr(&output));
    let asked = fs::read_to_string(place.join("asked.txt")).unwrap();
    assert!(asked.contains("--dependency=afterok:41:42 merge.sbatch"), "{asked}");
    assert!(asked.ends_with("scancel 41 42\n"), "{asked}");
    assert!(!place.join("out/.alkaline/slurm/1/jobs.tsv").exists());
}

#[test]
fn every_file_names_the_plan_and_another_plan_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    planned(place);
    let fake = made_up(place, "exit 1");
    let mut files = Vec::new();
    for engine in ["slurm", "snakemake", "nextflow"] {
        let output = on(&fake, place, &["emit", engine, "out"]);
        let text = String::from_utf8(output.stdout).unwrap();
        files.extend(text.lines().map(|line| place.join(line)));
    }
    assert!(files.len() > 8, "{files:?}");
    let script = fs::read_to_string(&files[0]).unwrap();
    let plan = script.lines().find_map(|line| line.strip_prefix("plan=")).unwrap().to_owned();
    for file in &files {
        assert!(fs::read_to_string(file).unwrap().contains(&plan), "{}", file.display());
    }
    done(place, &["stage", "count:p1", "count:p2", "--dir", "out", "--plan", &plan]);
    // The same run with another threshold is another plan.
    done(place, &run(&["--plan-only", "--fdr", "0.01"]));
    let output = command(place, &["stage", "count:r1", "--dir", "out", "--plan", &plan]).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("the plan of this run is"), "{}", stderr(&output));
    assert!(!place.join("out/.alkaline/receipts/count_r1").exists());
}

#[test]
fn emit_and_submit_plan_as_run_does() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    planned(place);
    let plan = fs::read(place.join("out/.alkaline/plan.json")).unwrap();
    fs::remove_dir_all(place.join("out")).unwrap();
    let words = run(&[]);
    done(place, &[&["emit", "snakemake"], &words[1..]].concat());
    assert_eq!(fs::read(place.join("out/.alkaline/plan.json")).unwrap(), plan);
}

/// The script block of the module as Nextflow would hand it to bash.
fn script_of(module: &str, stages: &str, config: &str) -> String {
    let block = module.split("script:").nth(1).unwrap().split("\"\"\"").nth(1).unwrap();
    let param = |name: &str| {
        let line = config.lines().find(|line| line.trim_start().starts_with(name)).unwrap();
        line.split_once("= ").unwrap().1.trim_matches('\'').to_owned()
    };
    let indent = block.lines().nth(1).unwrap().chars().take_while(|letter| *letter == ' ').count();
    let lines: Vec<&str> = block.lines().map(|line| line.get(indent..).unwrap_or_default()).collect();
    let mut text = lines.join("\n");
    for name in ["alkaline", "run", "plan"] {
        text = text.replace(&format!("${{params.{name}}}"), &param(name));
    }
    for (name, value) in
        [("${stages}", stages), ("${task.cpus}", "2"), ("${args}", ""), ("${task.process}", "X")]
    {
        text = text.replace(name, value);
    }
    let text = text.replace("\\$", "$");
    assert!(!text.contains("${"), "something is left to fill in:\n{text}");
    format!("set -euo pipefail\n{text}")
}

#[test]
fn nextflow_scripts_taken_out_of_the_module_leave_the_bytes_of_a_local_run() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let local = planned(place);
    done(place, &["emit", "nextflow", "out"]);
    let folder = place.join("out/.alkaline/nextflow");
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    let (module, config, main) =
        (read("modules/local/alkaline/stages/main.nf"), read("nextflow.config"), read("main.nf"));
    // `[[id: 'p1'], 'count:p1'],`
    let tuples: Vec<&str> = main.lines().filter_map(|line| line.trim().strip_prefix("[[id: ")).collect();
    assert_eq!(tuples.len(), 4 + 1 + 1 + 1 + 1, "{main}");
    for tuple in tuples {
        let stages = tuple.split_once("], '").unwrap().1.trim_end_matches("'],");
        let work = tempfile::tempdir().unwrap();
        let script = script_of(&module, stages, &config);
        let output = std::process::Command::new("bash")
            .args(["-c", &script])
            .current_dir(work.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{script}\n{}", stderr(&output));
        assert!(work.path().join("stages.done").is_file());
        let versions = fs::read_to_string(work.path().join("versions.yml")).unwrap();
        assert!(versions.starts_with("\"X\":\n    alkaline: "), "{versions}");
    }
    is_undisturbed(&place.join("out"), &local, "after the scripts");
}
