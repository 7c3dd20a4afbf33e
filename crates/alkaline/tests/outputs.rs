//! No command writes over what it reads, nor over alignments that were there before.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, small_experiment, stderr, succeed};

/// A fresh directory with the small experiment in it.
fn experiment() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    small_experiment(directory.path());
    directory
}

/// Runs alkaline, expects exit code 2 and a message that names `file` and says `what`, and that the file stays as it was.
#[track_caller]
fn refuses(place: &Path, arguments: &[&str], file: &str, what: &str) {
    let before = fs::read(place.join(file)).unwrap();
    let output = alkaline(place, arguments);
    let message = stderr(&output);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{message}");
    assert!(message.contains(file) && message.contains(what), "{arguments:?}\n{message}");
    assert_eq!(fs::read(place.join(file)).unwrap(), before, "{file} was changed");
}

#[test]
fn a_forgotten_name_of_the_table_costs_no_alignments() {
    let place = experiment();
    let place = place.path();
    // What the shell makes of `-o p*.bam`.
    refuses(place, &["count", "-a", "genes.gtf", "-o", "p1.bam", "p2.bam"], "p1.bam", "is an alignment file");
    refuses(place, &["count", "-a", "genes.gtf", "-o", "p2.bam", "p2.bam"], "p2.bam", "is an input");
    refuses(place, &["count", "-a", "genes.gtf", "-o", "genes.gtf", "p2.bam"], "genes.gtf", "is an input");
    for (name, text) in [
        ("x.sam", "@HD\tVN:1.6\n@SQ\tSN:a\tLN:9\n"),
        ("x.cram", "CRAM\x03\0"),
        ("x.fastq", "@read1\nACGT\n+\nIIII\n"),
    ] {
        fs::write(place.join(name), text).unwrap();
        refuses(place, &["count", "-a", "genes.gtf", "-o", name, "p1.bam"], name, "not overwritten");
    }
    // Through another name, a link, and as a file beside the table.
    fs::hard_link(place.join("genes.gtf"), place.join("link.tsv")).unwrap();
    refuses(place, &["count", "-a", "genes.gtf", "-o", "link.tsv", "p1.bam"], "link.tsv", "is an input");
    fs::copy(place.join("genes.gtf"), place.join("t.tsv.jcounts")).unwrap();
    let arguments = ["count", "-a", "t.tsv.jcounts", "-J", "-o", "t.tsv", "p1.bam"];
    refuses(place, &arguments, "t.tsv.jcounts", "is an input");
}

#[test]
fn lists_of_fates_replace_no_input() {
    let place = experiment();
    let place = place.path();
    fs::copy(place.join("p1.bam"), place.join("p1.bam.featureCounts.bam")).unwrap();
    let inputs = ["p1.bam", "p1.bam.featureCounts.bam"];
    let arguments =
        [&["count", "-a", "genes.gtf", "-R", "BAM", "-s", "0", "-o", "t.tsv"][..], &inputs].concat();
    refuses(place, &arguments, "p1.bam.featureCounts.bam", "over an input");
}

#[test]
fn what_alkaline_wrote_itself_is_replaced() {
    let place = experiment();
    let place = place.path();
    for _ in 0..2 {
        for table in ["t.tsv", "t.tsv.gz"] {
            succeed(
                place,
                &["count", "-q", "-a", "genes.gtf", "-s", "0", "-R", "BAM", "-o", table, "p1.bam"],
            );
        }
    }
    fs::copy(place.join("t.tsv.gz"), place.join("t.txt")).unwrap();
    refuses(place, &["count", "-a", "genes.gtf", "-o", "t.txt", "p1.bam"], "t.txt", "is a compressed file");
}

#[test]
fn every_command_keeps_its_inputs() {
    let place = experiment();
    let place = place.path();
    for bam in ["p1", "p2", "r1", "r2"] {
        let (table, bam) = (format!("{bam}.tsv"), format!("{bam}.bam"));
        succeed(place, &["count", "-q", "-a", "genes.gtf", "-s", "0", "-o", &table, &bam]);
    }
    refuses(place, &["merge", "-o", "p1.tsv", "p1.tsv", "p2.tsv"], "p1.tsv", "is an input");
    succeed(place, &["merge", "-q", "-o", "all.tsv", "p1.tsv", "p2.tsv", "r1.tsv", "r2.tsv"]);
    fs::write(place.join("samples.csv"), "sample,condition\np1.bam,P\np2.bam,P\nr1.bam,R\nr2.bam,R\n")
        .unwrap();
    fs::write(place.join("list.txt"), "G1\n").unwrap();
    let unit = ["normalize", "--counts", "all.tsv", "--unit", "cpm", "-o", "all.tsv"];
    refuses(place, &unit, "all.tsv", "is an input");
    let test = ["test", "--counts", "all.tsv", "--samples", "samples.csv", "--contrast", "condition,P,R"];
    for output in ["all.tsv", "samples.csv"] {
        refuses(place, &[&test[..], &["-o", output]].concat(), output, "is an input");
    }
    let enrich = ["enrich", "ora", "--genes", "list.txt", "-o", "list.txt"];
    refuses(place, &enrich, "list.txt", "is an input");
}

#[test]
fn options_given_twice_mean_the_last() {
    let place = experiment();
    let place = place.path();
    let count = |more: &[&str]| {
        let base = ["count", "--compat", "featureCounts", "-q", "-p", "--countReadPairs", "-a", "genes.gtf"];
        let paired = alkaline(place, &[&base[..], &["-o", "t.tsv"], more].concat());
        let single = ["count", "--compat", "featureCounts", "-q", "-a", "genes.gtf", "-o", "t.tsv"];
        let output =
            if paired.status.success() { paired } else { alkaline(place, &[&single[..], more].concat()) };
        assert_eq!(output.status.code(), Some(0), "{more:?}\n{}", stderr(&output));
        let text = fs::read_to_string(place.join("t.tsv")).unwrap();
        text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };
    let plain = count(&["p1.bam"]);
    assert!(plain.len() > 10 && plain[0].ends_with("\tp1.bam"));
    assert_eq!(
        count(&["-T", "2", "-T", "1", "-s", "2", "-s", "0", "-O", "-M", "-t", "CDS", "-t", "exon", "p1.bam"]),
        count(&["-O", "-M", "p1.bam"])
    );
    let twice = count(&["p1.bam", "-T", "2", "p1.bam"]);
    assert!(twice[0].ends_with("\tp1.bam\tp1.bam"), "{}", twice[0]);
    assert!(twice[1..].iter().all(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        fields[6] == fields[7]
    }));
    let summary = fs::read_to_string(place.join("t.tsv.summary")).unwrap();
    assert!(summary.starts_with("Status\tp1.bam\tp1.bam\n"), "{summary}");
    // -d above -D leaves nothing, and is no error there.
    assert_eq!(count(&["-B", "-P", "-d", "120", "-D", "50", "p1.bam"]).len(), plain.len());
    let output = alkaline(
        place,
        &["count", "-q", "-P", "-B", "-d", "120", "-D", "50", "-a", "genes.gtf", "-o", "u", "p1.bam"],
    );
    assert_eq!(output.status.code(), Some(2));
}
