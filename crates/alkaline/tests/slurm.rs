//! Runs as jobs of Slurm: on a real one where there is one (tests/slurm-lab/up.sh makes one), its faults included.

#![cfg(unix)]
#![cfg(test)]

mod cluster;
mod command_line;
mod small_run;

use std::fs;

use cluster::{Cluster, exclusive, job, shared, slurm};
use command_line::{contents, stderr};
use small_run::{command, done};

#[test]
fn slurm_leaves_the_bytes_that_a_local_run_leaves_of_the_demonstration() {
    let Some(_lab) = shared("the demonstration as jobs of Slurm") else { return };
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    done(place, &["demo", "--out", "run"]);
    let local = contents(&place.join("run"));
    fs::remove_dir_all(place.join("run")).unwrap();
    done(place, &["demo", "--out", "run", "--plan-only"]);
    let output = done(place, &["submit", "slurm", "run", "--wait"]);
    assert!(stderr(&output).contains("samples      job "), "{}", stderr(&output));
    small_run::is_undisturbed(&place.join("run"), &local, "after the jobs");
    let again = done(place, &["submit", "slurm", "run"]);
    assert!(stderr(&again).contains("everything is done already"), "{}", stderr(&again));
}

#[test]
fn slurm_jobs_that_end_in_every_way_are_told_and_made_good() {
    let Some(_lab) = shared("jobs that end in every way") else { return };
    let cluster = Cluster::new();
    for (sample, fault) in
        [("p1", "kill"), ("p2", "memory"), ("p3", "sleep"), ("r1", "quiet"), ("r2", "fail")]
    {
        cluster.fault(&format!("count_{sample}"), fault);
    }
    let samples = "cpus = 1\nmemory = \"100M\"\ntime = \"00:01:00\"\n";
    cluster.profile(&["--kill-on-invalid-dep=no"], samples);
    cluster.submit();
    let id = job(cluster.run(), 1, "samples");
    cluster.until("running   count:p3");
    // The end of its time is now rather than in a minute.
    slurm("scontrol", &["update", &format!("JobId={id}_3"), "EndTime=now"]);
    let status = cluster.until("ran out of time: 00:01:00 was asked for");
    for (sample, words) in [
        ("p1", "was killed, by somebody or for lack of memory"),
        ("p2", "ran out of memory: 100 MB were asked for"),
        ("r1", "ended with success and left no receipt"),
        ("r2", "failed (job "),
    ] {
        let line = status.lines().find(|line| line.starts_with(&format!("failed    count:{sample} ")));
        assert!(line.is_some_and(|line| line.contains(words)), "{sample}: {words}\n{status}");
    }
    assert!(status.contains("done      count:r3"), "{status}");
    // What waits for them would wait for ever: it is told, and cancelled.
    cluster.until_told("cancelled: job ");
    let status = cluster.until("can never begin: a job that it waits for failed");
    assert!(status.contains("alkaline resume run"), "{status}");
    cluster.mend();
    let resumed = done(cluster.place(), &["resume", "run", "--profile", "cluster.toml", "--wait"]);
    assert!(stderr(&resumed).contains("5 x 1 CPUs, 200 MB, 2 min"), "{}", stderr(&resumed));
    cluster.is_whole();
}

#[test]
fn slurm_goes_on_where_a_local_run_stopped_and_back() {
    let Some(_lab) = shared("from a local run to Slurm and back") else { return };
    let cluster = Cluster::new();
    let whole = fs::read(cluster.place().join("p2.bam")).unwrap();
    let damage = || fs::write(cluster.place().join("p2.bam"), &whole[..whole.len() / 2]).unwrap();
    let mend = || fs::write(cluster.place().join("p2.bam"), &whole).unwrap();
    damage();
    let local = cluster.local();
    assert_eq!(local.status.code(), Some(3), "{}", stderr(&local));
    mend();
    // On Slurm only what is left: one sample of six.
    cluster.profile(&[], "");
    let output = done(cluster.place(), &["submit", "slurm", "run", "--profile", "cluster.toml", "--wait"]);
    assert!(stderr(&output).contains("1 x "), "{}", stderr(&output));
    cluster.is_whole();
    // The other way: a stage says itself why it fails on the cluster, and the run goes on here.
    fs::remove_dir_all(cluster.run()).unwrap();
    cluster.plan();
    damage();
    let output =
        command(cluster.place(), &["submit", "slurm", "run", "--profile", "cluster.toml", "--wait"]).output();
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(4), "{}", stderr(&output));
    let status = cluster.status();
    assert!(status.contains("failed    count:p2") && status.contains("p2.bam"), "{status}");
    mend();
    done(cluster.place(), &["resume", "run", "--on", "local"]);
    cluster.is_whole();
}

#[test]
fn slurm_whose_controller_is_restarted_and_whose_node_fails_loses_nothing() {
    let Some(lab) = exclusive("a controller that is restarted") else { return };
    let cluster = Cluster::new();
    // Held jobs stay in the queue until they are let go.
    cluster.profile(&["--hold", "--no-requeue"], "cpus = 1\n");
    cluster.submit();
    let id = job(cluster.run(), 1, "samples");
    assert!(cluster.status().contains("waits: JobHeldUser"), "{}", cluster.status());
    lab.stop_controller();
    let status = cluster.status();
    assert!(status.contains("the scheduler does not answer"), "{status}");
    let refused = command(cluster.place(), &["resume", "run"]).output().unwrap();
    assert_eq!(refused.status.code(), Some(4), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("nothing was submitted"), "{}", stderr(&refused));
    lab.start_controller();
    cluster.until("waits: JobHeldUser");
    slurm("scancel", &[&format!("{id}_1")]);
    cluster.until("before it began");
    // A node fails under a job.
    cluster.fault("count_p2", "sleep");
    slurm("scontrol", &["release", &format!("{id}_2")]);
    cluster.until("running   count:p2");
    lab.fail_node();
    let status = cluster.until("its node failed");
    assert!(status.contains("failed    count:p1"), "{status}");
    lab.mend_node();
    cluster.mend();
    cluster.profile(&[], "");
    // The four that are still held are let go; the two that failed are made anew.
    let resumed = done(cluster.place(), &["resume", "run", "--profile", "cluster.toml"]);
    assert!(
        stderr(&resumed).contains("samples      job ") && stderr(&resumed).contains(": 2 x "),
        "{}",
        stderr(&resumed)
    );
    for task in 3..=6 {
        slurm("scontrol", &["release", &format!("{id}_{task}")]);
    }
    cluster.until("complete: ");
    cluster.is_whole();
}
