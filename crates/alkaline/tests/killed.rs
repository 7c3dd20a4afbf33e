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

/// How often it is tried to meet a run, at most.
const TRIES: u32 = 10 * MOMENTS;

/// Moments within a run, from a sequence of numbers that is the same in every test (a linear congruential generator; constants of
/// Numerical Recipes).
struct Moments {
    number: u32,
    /// How long the run takes; less once it was over sooner.
    whole: Duration,
    tries: u32,
    /// How often it was still running.
    met: u32,
}

impl Moments {
    fn within(whole: Duration, seed: u32) -> Self {
        Self { number: seed, whole, tries: 0, met: 0 }
    }

    /// The next moment, until the run was met often enough.
    fn next(&mut self) -> Option<Duration> {
        if self.met == MOMENTS {
            return None;
        }
        self.tries += 1;
        assert!(self.tries <= TRIES, "only {} of {TRIES} were still running", self.met);
        self.number = self.number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(self.whole.mul_f64(f64::from(self.number) / f64::from(u32::MAX)))
    }

    /// Notes whether the run was still running at `moment`.
    fn note(&mut self, moment: Duration, was_running: bool) {
        if was_running {
            self.met += 1;
        } else {
            self.whole = self.whole.min(moment);
        }
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
    let mut moments = Moments::within(whole, 1);
    while let Some(moment) = moments.next() {
        std::fs::remove_dir_all(&out).unwrap();
        moments.note(moment, killed(place.path(), &arguments, moment));
        done(place.path(), &arguments);
        is_undisturbed(&out, &undisturbed, &format!("{moment:?} of {whole:?}"));
    }
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
    let mut moments = Moments::within(whole, 2);
    while let Some(moment) = moments.next() {
        copy(&old, &out);
        moments.note(moment, killed(place.path(), &second, moment));
        // Whoever thinks better of it has his old run again.
        let (last, expected) =
            if moments.tries.is_multiple_of(3) { (&first, &before) } else { (&second, &undisturbed) };
        done(place.path(), last);
        is_undisturbed(&out, expected, &format!("{moment:?} of {whole:?}"));
    }
}
