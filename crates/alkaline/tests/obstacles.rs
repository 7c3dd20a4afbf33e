//! What stands in the way of a run: the notes and folders of others, places that cannot be written, receipts that are lost.

#![cfg(unix)]
#![cfg(test)]

mod command_line;
mod small_run;

use std::fs::{self, File, FileTimes, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;
use std::process::{Command, Output};

use command_line::{contents, stderr};
use small_run::{SOURCE_DATE_EPOCH, command, copy, done, experiment, is_undisturbed, reasons, run, stages};

const CONTRASTS: &str = "id,variable,reference,target\nzeta,condition,parental,resistant\nalpha,line,a,b\n";

/// A run with two contrasts, `zeta` and `alpha`.
fn two_contrasts(place: &Path) {
    experiment(place);
    let rows =
        ["p1,p1.bam,parental,a", "p2,p2.bam,parental,b", "r1,r1.bam,resistant,a", "r2,r2.bam,resistant,b"];
    fs::write(place.join("samples.csv"), format!("sample,bam,condition,line\n{}\n", rows.join("\n")))
        .unwrap();
    fs::write(place.join("contrasts.csv"), CONTRASTS).unwrap();
}

fn run_of_two<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["run", "--samples", "samples.csv", "--contrasts", "contrasts.csv", "--annotation"];
    words.extend(["genes.gtf", "--go", "none", "--panels", "mine.txt", "--out", out]);
    words.extend(more);
    words
}

/// Expects that the run in `out` goes on to what a new run leaves with these contrasts.
#[track_caller]
fn becomes(place: &Path, contrasts: &str, more: &[&str]) {
    fs::write(place.join("contrasts.csv"), contrasts).unwrap();
    done(place, &run_of_two("out", more));
    let _ = fs::remove_dir_all(place.join("new"));
    done(place, &run_of_two("new", more));
    is_undisturbed(&place.join("out"), &contents(&place.join("new")), contrasts);
}

#[test]
fn contrasts_that_come_go_or_change_places_leave_what_a_new_run_leaves() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    two_contrasts(place);
    let [head, zeta, alpha] = [0, 1, 2].map(|line| CONTRASTS.lines().nth(line).unwrap());
    // One design for each contrast, and one for all of them.
    for more in [&["--separate"][..], &["--design", "~ condition + line"], &[]] {
        let _ = fs::remove_dir_all(place.join("out"));
        becomes(place, CONTRASTS, more);
        becomes(place, &format!("{head}\n{alpha}\n{zeta}\n"), more);
        becomes(place, &format!("{head}\n{alpha}\n"), more);
        becomes(place, CONTRASTS, more);
        becomes(place, &format!("{head}\n{zeta}\n"), more);
    }
}

#[test]
fn the_files_of_a_contrast_go_with_it_but_not_what_others_wrote_there() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    two_contrasts(place);
    done(place, &run_of_two("out", &[]));
    let of = |name: &str| place.join("out/contrasts").join(name);
    fs::write(of("alpha/note.txt"), "mine").unwrap();
    fs::write(of("zeta/note.txt"), "mine").unwrap();
    fs::write(of("alpha/ranks.rnk"), "edited").unwrap();
    fs::write(place.join("contrasts.csv"), CONTRASTS.lines().take(2).collect::<Vec<_>>().join("\n")).unwrap();
    let output = done(place, &run_of_two("out", &[]));
    let warning =
        "out/contrasts/alpha/ranks.rnk: no longer part of the run, but it was changed by hand, and stays";
    assert!(stderr(&output).contains(warning), "{}", stderr(&output));
    let mut left: Vec<String> = fs::read_dir(of("alpha"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    left.sort();
    assert_eq!(left, ["note.txt", "ranks.rnk"]);
    done(place, &run_of_two("out", &["--fdr", "0.01"]));
    for (name, text) in [("alpha/note.txt", "mine"), ("zeta/note.txt", "mine"), ("alpha/ranks.rnk", "edited")]
    {
        assert_eq!(fs::read_to_string(of(name)).unwrap(), text);
    }
}

#[test]
fn a_folder_in_the_place_of_a_result_is_nobody_s_to_remove() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&[]));
    let out = place.join("out");
    fs::remove_file(out.join("methods.md")).unwrap();
    fs::create_dir(out.join("methods.md")).unwrap();
    fs::write(out.join("methods.md/precious.txt"), "mine").unwrap();
    let output = command(place, &run(&[])).output().unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    assert!(stderr(&output).contains("out/methods.md") && stderr(&output).contains("were not touched"));
    assert_eq!(fs::read_to_string(out.join("methods.md/precious.txt")).unwrap(), "mine");
    fs::rename(out.join("methods.md"), place.join("aside")).unwrap();
    done(place, &run(&[]));
    assert!(out.join("methods.md").is_file() && !out.join(".alkaline/previous").exists());
}

/// Somebody who is not root: what he may not write, he cannot.
const NOBODY: u32 = 65_534;

/// Runs as [`NOBODY`]; `None` (said aloud) where that is not possible.
fn as_nobody(place: &Path, arguments: &[&str]) -> Option<Output> {
    let mut command = Command::new("setpriv");
    command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
    command.arg(env!("CARGO_BIN_EXE_alkaline")).args(arguments).current_dir(place);
    let output = command.env("SOURCE_DATE_EPOCH", SOURCE_DATE_EPOCH).output();
    match output {
        Ok(output) if !stderr(&output).contains("setpriv: ") => Some(output),
        _ => {
            alkaline_testkit::skip("setpriv", "nobody else can be asked to run the program");
            None
        }
    }
}

/// Gives a directory with all that is in it to [`NOBODY`].
fn give_away(folder: &Path) {
    let given = Command::new("chown").args(["-R", "65534:65534"]).arg(folder).status().unwrap();
    assert!(given.success());
}

#[test]
fn a_colleague_s_folder_ends_the_run_and_loses_nothing_needs_setpriv() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
    let Some(output) = as_nobody(place, &["--version"]) else { return };
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let changed = run(&["--fdr", "0.01"]);
    done(place, &changed);
    let undisturbed = contents(&place.join("out"));
    fs::remove_dir_all(place.join("out")).unwrap();
    done(place, &run(&[]));
    give_away(place);
    let locked = place.join("out/contrasts/resistant_vs_parental");
    chown(&locked, Some(0), Some(0)).unwrap();
    let before = contents(&place.join("out"));
    for _ in 0..2 {
        let output = as_nobody(place, &changed).unwrap();
        assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
        assert!(stderr(&output).contains("resistant_vs_parental"), "{}", stderr(&output));
        let after = contents(&place.join("out"));
        let is_kept = |(name, bytes): (&std::path::PathBuf, &Vec<u8>)| {
            name.ends_with("run.json") || after.get(name) == Some(bytes)
        };
        assert!(before.iter().all(is_kept), "something of the old run is gone");
    }
    chown(&locked, Some(NOBODY), Some(NOBODY)).unwrap();
    let output = as_nobody(place, &changed).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    is_undisturbed(&place.join("out"), &undisturbed, "once the folder was given back");
}

#[test]
fn a_place_that_cannot_be_written_is_the_machine_s_fault_needs_setpriv() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    fs::set_permissions(place, fs::Permissions::from_mode(0o755)).unwrap();
    let Some(output) = as_nobody(place, &run(&[])) else { return };
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(!place.join("out").exists());
    done(place, &run(&[]));
    let before = contents(&place.join("out"));
    for arguments in [run(&["--fdr", "0.01"]), run(&[])] {
        let output = as_nobody(place, &arguments).unwrap();
        assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
        assert!(contents(&place.join("out")) == before);
    }
    // Whoever may read it may ask how far it is.
    let output = as_nobody(place, &["status", "out"]).unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

/// Makes a file one that nobody changes, not even root; says aloud when the file system knows nothing of the kind.
fn is_immutable(path: &Path) -> bool {
    let chattr = Command::new("chattr").arg("+i").arg(path).output();
    let is = chattr.is_ok_and(|output| output.status.success());
    if !is {
        alkaline_testkit::skip("chattr", "no file can be made immutable here");
    }
    is
}

#[test]
fn an_immutable_file_ends_the_run_and_loses_nothing_needs_chattr() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    let changed = run(&["--fdr", "0.01"]);
    done(place, &changed);
    let undisturbed = contents(&place.join("out"));
    fs::remove_dir_all(place.join("out")).unwrap();
    done(place, &run(&[]));
    let before = contents(&place.join("out"));
    let fixed = place.join("out/contrasts/resistant_vs_parental/test.tsv");
    if !is_immutable(&fixed) {
        return;
    }
    let output = command(place, &changed).output().unwrap();
    let is_kept = |(name, bytes): (&std::path::PathBuf, &Vec<u8>)| {
        let places = [place.join("out").join(name), place.join("out/.alkaline/previous").join(name)];
        places.iter().any(|path| fs::read(path).is_ok_and(|found| found == *bytes))
    };
    let lost: Vec<_> = before.iter().filter(|entry| !is_kept(*entry)).map(|(name, _)| name).collect();
    // Before anything is asserted: an immutable file outlives its directory.
    assert!(Command::new("chattr").arg("-i").arg(&fixed).status().unwrap().success());
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    assert!(stderr(&output).contains("test.tsv"), "{}", stderr(&output));
    assert_eq!(lost, Vec::<&std::path::PathBuf>::new(), "gone of the old run");
    done(place, &changed);
    is_undisturbed(&place.join("out"), &undisturbed, "once the file could be moved");
}

#[test]
fn lost_receipts_are_work_to_do_again_and_no_strangers() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&[]));
    let (out, whole) = (place.join("out"), place.join("whole"));
    copy(&out, &whole);
    let undisturbed = contents(&out);
    let mut receipts = fs::read_dir(out.join(".alkaline/receipts")).unwrap().map(|entry| entry.unwrap());
    let is_of_test = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().starts_with("test_");
    let of_test = receipts.find(is_of_test).unwrap().path();
    let text = fs::read_to_string(&of_test).unwrap();
    let damages: [(&str, Vec<u8>); 4] = [
        ("cut off", text.as_bytes()[..text.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("no text", vec![0xff; 100]),
        ("of another layout", text.replacen("\"schema\": 1", "\"schema\": 99", 1).into_bytes()),
    ];
    for (what, bytes) in damages {
        copy(&whole, &out);
        fs::write(&of_test, bytes).unwrap();
        let why = reasons(place, &run(&[]));
        assert!(
            why.iter().any(|line| line.starts_with("test:resistant_vs_parental runs: ")),
            "{what}: {why:?}"
        );
        let done = done(place, &run(&[]));
        assert_eq!(stages(&done), ["test:resistant_vs_parental"], "{what}");
        is_undisturbed(&out, &undisturbed, what);
    }
    // With other options the files are others, but a run's all the same: its record tells.
    copy(&whole, &out);
    fs::remove_dir_all(out.join(".alkaline/receipts")).unwrap();
    done(place, &run(&["--fdr", "0.01", "-q"]));
    done(place, &run(&["-q"]));
    is_undisturbed(&out, &undisturbed, "all receipts were lost");
    // Of another version, a receipt is read, and the stage is done again.
    let text = fs::read_to_string(&of_test).unwrap();
    let version = text.lines().find(|line| line.starts_with("  \"version\": ")).unwrap();
    let other =
        text.replacen(version, "  \"version\": \"0.0.1\",", 1).replacen("\"key\": \"", "\"key\": \"x", 1);
    fs::write(&of_test, other).unwrap();
    let why = reasons(place, &run(&[]));
    let sentence = "test:resistant_vs_parental runs: it was done by alkaline 0.0.1, this is ";
    assert!(why.iter().any(|line| line.starts_with(sentence)), "{why:?}");
}

#[test]
fn a_result_edited_behind_its_time_and_size_is_found_by_those_who_look() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&[]));
    let table = place.join("out/contrasts/resistant_vs_parental/test.tsv");
    let right = fs::read(&table).unwrap();
    let time = fs::metadata(&table).unwrap().modified().unwrap();
    let mut file: File = OpenOptions::new().write(true).open(&table).unwrap();
    file.write_all(b"X").unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
    drop(file);
    assert_eq!(reasons(place, &run(&[])), Vec::<String>::new(), "by the signs nothing changed");
    let why = reasons(place, &run(&["--paranoid"]));
    let sentence =
        "test:resistant_vs_parental runs: its output contrasts/resistant_vs_parental/test.tsv was changed";
    assert!(why.iter().any(|line| line == sentence), "{why:?}");
    done(place, &run(&["--paranoid"]));
    assert_eq!(fs::read(&table).unwrap(), right);
}

#[test]
fn a_copy_of_a_run_and_its_inputs_elsewhere_is_complete() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path().join("here");
    fs::create_dir(&here).unwrap();
    experiment(&here);
    done(&here, &run(&[]));
    let there = place.path().join("there");
    let copied = Command::new("cp").arg("-r").args([&here, &there]).status().unwrap();
    assert!(copied.success());
    fs::remove_dir_all(&here).unwrap();
    let output = done(&there, &run(&[]));
    // The tables tell where the inputs lie, and are made again; nothing is counted again.
    let again = stages(&output);
    assert!(again.iter().all(|stage| !stage.starts_with("count:")), "{again:?}");
    assert!(stderr(&done(&there, &run(&[]))).contains("everything was done already"));
}

#[test]
fn a_run_of_another_layout_is_refused_in_words() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    let out = place.join("out");
    fs::create_dir(&out).unwrap();
    let former = r#"{"version": "0.1.0", "command": [], "options": {}, "outputs": [], "threads": 8}"#;
    fs::write(out.join("run.json"), former).unwrap();
    let refused = |says: &str| {
        let before = contents(&out);
        for arguments in
            [run(&[]), vec!["report", "out"], vec!["status", "out"], vec!["stage", "merge", "--dir", "out"]]
        {
            let output = command(place, &arguments).output().unwrap();
            assert_eq!(output.status.code(), Some(3), "{arguments:?}: {}", stderr(&output));
            assert!(stderr(&output).contains(says), "{arguments:?}: {}", stderr(&output));
        }
        assert!(contents(&out) == before);
    };
    refused("holds a run of an older alkaline, which this version cannot go on with");
    fs::remove_file(out.join("run.json")).unwrap();
    fs::create_dir(out.join(".alkaline")).unwrap();
    fs::write(
        out.join(".alkaline/plan.json"),
        r#"{"schema": 99, "version": "9.0.0", "date": "", "spec": {}}"#,
    )
    .unwrap();
    refused("holds a run of alkaline 9.0.0 (layout 99), which this version (layout 1) cannot go on with");
    fs::write(out.join(".alkaline/plan.json"), "{").unwrap();
    refused("this plan cannot be read");
}
