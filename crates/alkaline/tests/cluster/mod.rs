//! A Slurm to test with, and a run on it whose jobs misbehave as asked.

#![allow(dead_code, reason = "every test file uses its own part")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use alkaline_testkit::{external_program, skip};

use crate::command_line::{contents, small_bam, stderr};
use crate::small_run::{SOURCE_DATE_EPOCH, command, done, experiment, is_undisturbed};

/// Tests that stop parts of the cluster are alone on it.
static LAB: RwLock<()> = RwLock::new(());

/// How long a job may take to become what it is expected to be.
const PATIENCE: Duration = Duration::from_secs(150);

/// The cluster, for a test that leaves it alone; `None` (said aloud) where there is none.
pub fn shared(reason: &str) -> Option<RwLockReadGuard<'static, ()>> {
    external_program("slurm", "sinfo", &["--noheader"], reason)
        .then(|| LAB.read().unwrap_or_else(PoisonError::into_inner))
}

/// A cluster of tests/slurm-lab that is ours alone.
pub struct Lab {
    folder: PathBuf,
    _alone: RwLockWriteGuard<'static, ()>,
}

/// The cluster of tests/slurm-lab, for a test that stops parts of it.
pub fn exclusive(reason: &str) -> Option<Lab> {
    if !external_program("slurm", "sinfo", &["--noheader"], reason) {
        return None;
    }
    let _alone = LAB.write().unwrap_or_else(PoisonError::into_inner);
    let folder = std::env::var_os("SLURM_CONF").map(PathBuf::from);
    let folder =
        folder.and_then(|path| Some(path.parent()?.to_owned())).filter(|path| path.join("pid").is_dir());
    if folder.is_none() {
        skip("slurm", &format!("this Slurm is not that of tests/slurm-lab ({reason})"));
    }
    Some(Lab { folder: folder?, _alone })
}

impl Lab {
    fn number(&self, program: &str) -> String {
        fs::read_to_string(self.folder.join("pid").join(program)).unwrap().trim().to_owned()
    }

    pub fn stop_controller(&self) {
        let number = self.number("slurmctld");
        assert!(Command::new("kill").arg(&number).status().unwrap().success());
        wait_until("the controller is gone", || !Path::new("/proc").join(&number).exists());
    }

    pub fn start_controller(&self) {
        let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap());
        assert!(Command::new("slurmctld").env("PATH", path).status().unwrap().success());
        let answers = || Command::new("squeue").output().is_ok_and(|output| output.status.success());
        wait_until("the controller answers", answers);
    }

    fn node() -> String {
        String::from_utf8(slurm("sinfo", &["-h", "-N", "-o", "%N"]).stdout).unwrap().trim().to_owned()
    }

    pub fn fail_node(&self) {
        let node = format!("nodename={}", Self::node());
        slurm("scontrol", &["update", &node, "state=down", "reason=test"]);
    }

    pub fn mend_node(&self) {
        let node = format!("nodename={}", Self::node());
        // A node that has come back by itself refuses.
        let _ = Command::new("scontrol").args(["update", &node, "state=resume"]).output();
        let is_up = || {
            let said = String::from_utf8(slurm("sinfo", &["-h", "-N", "-o", "%T"]).stdout).unwrap();
            ["idle", "mixed", "allocated"].contains(&said.trim())
        };
        wait_until("the node is up", is_up);
    }
}

/// Whatever a test leaves behind, the next one finds the cluster at work.
impl Drop for Lab {
    fn drop(&mut self) {
        let answers = Command::new("squeue").output().is_ok_and(|output| output.status.success());
        if std::thread::panicking() && !answers {
            let path = format!("{}:/usr/sbin:/sbin", std::env::var("PATH").unwrap_or_default());
            let _ = Command::new("slurmctld").env("PATH", path).status();
        }
    }
}

/// Runs one of Slurm's programs and expects success.
#[track_caller]
pub fn slurm(program: &str, arguments: &[&str]) -> Output {
    let output = Command::new(program).args(arguments).output().expect("Slurm's programs start");
    assert!(output.status.success(), "{program} {arguments:?}: {}", stderr(&output));
    output
}

/// What Slurm calls the job `name` of submission `number` of the run at `run`.
pub fn job(run: &Path, number: usize, name: &str) -> String {
    let record = fs::read_to_string(run.join(format!(".alkaline/slurm/{number}/jobs.tsv"))).unwrap();
    let id = record.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('\t'));
    id.unwrap_or_else(|| panic!("no job {name} in\n{record}")).to_owned()
}

#[track_caller]
fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "{what}: not within {} s", PATIENCE.as_secs());
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// A planned run of six samples in `run`, what a local run leaves of it, and a program for its jobs that can be made to fail.
pub struct Cluster {
    place: tempfile::TempDir,
    local: BTreeMap<PathBuf, Vec<u8>>,
    /// All that status ever said.
    told: RefCell<String>,
}

const ARGUMENTS: [&str; 17] = [
    "run",
    "--parental",
    "p1.bam",
    "p2.bam",
    "p3.bam",
    "--resistant",
    "r1.bam",
    "r2.bam",
    "r3.bam",
    "--annotation",
    "genes.gtf",
    "--go",
    "none",
    "--gene-sets",
    "sets.gmt",
    "--out",
    "run",
];

impl Cluster {
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        experiment(place.path());
        small_bam(&place.path().join("p3.bam"), |gene| 22 + gene + gene * 3 % 7);
        small_bam(&place.path().join("r3.bam"), |gene| (21 + gene) * if gene < 6 { 4 } else { 1 } + gene % 5);
        done(place.path(), &ARGUMENTS);
        let local = contents(&place.path().join("run"));
        fs::remove_dir_all(place.path().join("run")).unwrap();
        fs::create_dir(place.path().join("faults")).unwrap();
        let cluster = Self { place, local, told: RefCell::default() };
        cluster.program();
        cluster.plan();
        cluster
    }

    pub fn place(&self) -> &Path {
        self.place.path()
    }

    pub fn run(&self) -> &'static Path {
        Box::leak(self.place().join("run").into_boxed_path())
    }

    pub fn local(&self) -> Output {
        command(self.place(), &ARGUMENTS).output().unwrap()
    }

    pub fn plan(&self) {
        done(self.place(), &[&ARGUMENTS[..], &["--plan-only"]].concat());
    }

    /// alkaline, which does as `faults/STAGE` says where that is.
    fn program(&self) {
        let text = format!(
            "#!/bin/bash\nexport SOURCE_DATE_EPOCH={SOURCE_DATE_EPOCH}\nfault={}/faults/${{2//[:\\/]/_}}\n\
             case \"$(cat \"$fault\" 2>/dev/null)\" in\n  kill) kill -9 $$ ;;\n  \
             memory) x=$(head -c 300000000 /dev/zero | tr '\\0' x); sleep 600 ;;\n  \
             sleep) exec sleep 600 ;;\n  quiet) exit 0 ;;\n  fail) exit 7 ;;\nesac\nexec {} \"$@\"\n",
            self.place().display(),
            env!("CARGO_BIN_EXE_alkaline")
        );
        let (source, program) = (self.place().join("faulty.source"), self.place().join("faulty"));
        fs::write(&source, text).unwrap();
        let made = Command::new("install").arg("-m755").args([&source, &program]).status();
        assert!(made.unwrap().success());
    }

    /// From now on jobs are submitted with these options, and `samples` is asked for samples.
    pub fn profile(&self, options: &[&str], samples: &str) {
        let program = self.place().join("faulty");
        let text = format!("alkaline = {program:?}\noptions = {options:?}\n[steps.samples]\n{samples}");
        fs::write(self.place().join("cluster.toml"), text).unwrap();
    }

    /// The stage of this name misbehaves from now on.
    pub fn fault(&self, stage: &str, fault: &str) {
        fs::write(self.place().join("faults").join(stage), fault).unwrap();
    }

    pub fn mend(&self) {
        fs::remove_dir_all(self.place().join("faults")).unwrap();
    }

    pub fn submit(&self) {
        done(self.place(), &["submit", "slurm", "run", "--profile", "cluster.toml"]);
    }

    pub fn status(&self) -> String {
        let status = String::from_utf8(done(self.place(), &["status", "run"]).stdout).unwrap();
        self.told.borrow_mut().push_str(&status);
        status
    }

    /// Waits until status has once said `words`: what it cancels it tells once.
    #[track_caller]
    pub fn until_told(&self, words: &str) {
        if !self.told.borrow().contains(words) {
            self.until(words);
        }
    }

    /// What status says once it says `words`.
    #[track_caller]
    pub fn until(&self, words: &str) -> String {
        let begun = Instant::now();
        loop {
            let status = self.status();
            if status.contains(words) {
                return status;
            }
            assert!(begun.elapsed() < PATIENCE, "`{words}` is not in:\n{status}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// Expects the bytes of the local run.
    #[track_caller]
    pub fn is_whole(&self) {
        is_undisturbed(&self.place().join("run"), &self.local, "after the jobs");
    }
}
