//! A run that is killed, at whatever moment, is finished by the same command, and leaves the bytes of one that was not.

#![cfg(unix)]
#![cfg(test)]

mod command_line;
mod small_run;

use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use command_line::contents;
use small_run::{command, copy, done, experiment, is_undisturbed, run};

/// Moments at which each of the two runs is killed.
const MOMENTS: u32 = 25;

/// Numbers from 0 to 1 that are the same in every test (a linear congruential generator; constants of Numerical Recipes).
struct Moments(u32);

impl Moments {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / f64::from(u32::MAX)
    }
}

/// How long `arguments` take.
fn duration(place: &Path, arguments: &[&str]) -> Duration {
    let started = Instant::now();
    done(place, arguments);
    started.elapsed()
}

/// Starts it, and kills it after `moment`; says whether it was still running.
fn killed(place: &Path, arguments: &[&str], moment: Duration) -> bool {
    let mut child =
        command(place, arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
    std::thread::sleep(moment);
    let was_running = child.try_wait().unwrap().is_none();
    child.kill().unwrap();
    child.wait().unwrap();
    was_running
}

#[test]
fn a_run_killed_at_any_moment_is_finished_by_the_same_command() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    let out = place.path().join("out");
    let arguments = run(&["-j", "2"]);
    let whole = duration(place.path(), &arguments);
    let undisturbed = contents(&out);
    let mut moments = Moments(1);
    let mut met = 0;
    for number in 0..MOMENTS {
        std::fs::remove_dir_all(&out).unwrap();
        let moment = whole.mul_f64(moments.next());
        met += u32::from(killed(place.path(), &arguments, moment));
        done(place.path(), &arguments);
        is_undisturbed(&out, &undisturbed, &format!("moment {number}, {moment:?} of {whole:?}"));
    }
    assert!(met > MOMENTS / 2, "only {met} of {MOMENTS} were still running");
}

#[test]
fn a_run_killed_while_it_replaces_another_loses_nothing_and_is_finished_by_the_same_command() {
    let place = tempfile::tempdir().unwrap();
    experiment(place.path());
    let (out, old) = (place.path().join("out"), place.path().join("old"));
    let first = run(&["-j", "2"]);
    // Other calls, another filter, another panel: some files are replaced, some go, some come.
    let mut second =
        run(&["-j", "2", "--fdr", "0.01", "--min-cpm", "12000", "--keep-filtered", "--bcv", "0.2"]);
    let panel = second.iter().position(|word| *word == "mine.txt").unwrap();
    std::fs::write(place.path().join("other.txt"), "GENE3\nGENE50\n").unwrap();
    second[panel] = "other.txt";
    done(place.path(), &first);
    let before = contents(&out);
    copy(&out, &old);
    let whole = duration(place.path(), &second);
    let undisturbed = contents(&out);
    assert!(before.keys().any(|name| !undisturbed.contains_key(name)), "nothing goes");
    let mut moments = Moments(2);
    let mut met = 0;
    for number in 0..MOMENTS {
        copy(&old, &out);
        let moment = whole.mul_f64(moments.next());
        met += u32::from(killed(place.path(), &second, moment));
        // Whoever thinks better of it has his old run again.
        let (last, expected) = if number % 3 == 0 { (&first, &before) } else { (&second, &undisturbed) };
        done(place.path(), last);
        is_undisturbed(&out, expected, &format!("moment {number}, {moment:?} of {whole:?}"));
    }
    assert!(met > MOMENTS / 2, "only {met} of {MOMENTS} were still running");
}
