//! What a dry run says of a change: one sentence for every stage, and a true one.
#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::Path;

use command_line::small_bam;
use small_run::{copy, done, experiment, reasons, stages};

/// The samples of the experiment as a sheet, with a column that a second contrast asks about.
const SHEET: &str = "sample,bam,condition,line\np1,p1.bam,parental,a\np2,p2.bam,parental,b\nr1,r1.bam,resistant,a\nr2,r2.bam,resistant,b\n";
const CONTRASTS: &str = "id,variable,reference,target\nresistance,condition,parental,resistant\n";

const RUN: [&str; 15] = [
    "run",
    "--samples",
    "samples.csv",
    "--contrasts",
    "contrasts.csv",
    "--annotation",
    "genes.gtf",
    "--go",
    "none",
    "--gene-sets",
    "sets.gmt",
    "--panels",
    "mine.txt",
    "--out",
    "out",
];

/// A change, what a dry run must say of the stage that it concerns, and the stages that are done then, without the record
/// and the report.
struct Change {
    what: &'static str,
    make: fn(&Path),
    options: &'static [&'static str],
    says: &'static [&'static str],
    does: &'static [&'static str],
}

fn edit(place: &Path, file: &str, from: &str, to: &str) {
    let text = fs::read_to_string(place.join(file)).unwrap();
    assert!(text.contains(from), "{file} holds no {from}");
    fs::write(place.join(file), text.replace(from, to)).unwrap();
}

/// What follows the counts of a sample.
const ALL_BUT_COUNTS: [&str; 7] = [
    "merge",
    "normalize",
    "prepare:resistance",
    "test:resistance",
    "gsea:resistance",
    "ora:resistance",
    "panel:resistance/mine",
];

const CHANGES: [Change; 17] = [
    Change { what: "nothing", make: |_| {}, options: &[], says: &[], does: &[] },
    Change {
        what: "a threshold of the false discovery rate",
        make: |_| {},
        options: &["--fdr", "0.01"],
        says: &[
            "test:resistance runs: `[test] thresholds.fdr` changed from 0.05 to 0.01: calling and what follows; dispersions stay",
        ],
        does: &["test:resistance"],
    },
    Change {
        what: "a threshold of the fold change",
        make: |_| {},
        options: &["--lfc", "2"],
        says: &[
            "test:resistance runs: `[test] thresholds.lfc` changed from 1.0 to 2.0: calling and what follows; dispersions stay",
        ],
        does: &["test:resistance"],
    },
    Change {
        what: "the filter of the genes",
        make: |_| {},
        options: &["--min-cpm", "12000"],
        says: &[
            "prepare:resistance runs: `[test] filter.min_cpm` changed from 1.0 to 12000.0",
            "test:resistance runs if `prepare:resistance` leaves something else",
        ],
        // All genes pass it all the same: what is prepared is the same, and nothing follows.
        does: &["prepare:resistance"],
    },
    Change {
        what: "the normalisation",
        make: |_| {},
        options: &["--norm", "rle"],
        says: &[
            "normalize runs: `[normalize] factors.method` changed from tmm to rle",
            "prepare:resistance runs: `[normalize] factors.method` changed from tmm to rle",
        ],
        does: &["normalize", "prepare:resistance", "test:resistance"],
    },
    Change {
        what: "the seed",
        make: |_| {},
        options: &["--seed", "2"],
        says: &["gsea:resistance runs: `[enrich] gsea.seed` changed from 1 to 2"],
        does: &["gsea:resistance"],
    },
    Change {
        what: "the title",
        make: |_| {},
        options: &["--title", "Another"],
        says: &["record runs: `title` changed from resistant against parental to Another"],
        does: &[],
    },
    Change {
        what: "a panel more",
        make: |_| {},
        options: &["--panels", "other.txt"],
        says: &["panel:resistance/other runs: it was never done"],
        does: &["panel:resistance/other"],
    },
    Change {
        what: "a sample of another name",
        make: |place| edit(place, "samples.csv", "p1,p1.bam", "first,p1.bam"),
        options: &[],
        says: &[
            "count:first runs: it was never done",
            "merge runs: the samples changed: first is new, p1 is gone",
        ],
        does: &["count:first"],
    },
    Change {
        what: "a sample more",
        make: |place| edit(place, "samples.csv", "r1,", "p3,p3.bam,parental,a\nr1,"),
        options: &[],
        says: &["count:p3 runs: it was never done", "merge runs: the samples changed: p3 is new"],
        does: &["count:p3"],
    },
    Change {
        what: "a contrast more",
        make: |place| edit(place, "contrasts.csv", "resistance,", "lines,line,a,b\nresistance,"),
        options: &[],
        says: &[
            "test:lines runs: it was never done",
            "prepare:resistance runs: there are other designs beside it, and its tables lie elsewhere",
            "record runs: the contrasts changed: lines is new",
        ],
        does: &[
            "prepare:lines",
            "prepare:resistance",
            "test:lines",
            "test:resistance",
            "gsea:lines",
            "ora:lines",
            "panel:lines/mine",
        ],
    },
    Change {
        what: "another contrast instead",
        make: |place| {
            edit(place, "contrasts.csv", "resistance,condition,parental,resistant", "lines,line,a,b")
        },
        options: &[],
        says: &[
            "prepare:lines runs: it was never done",
            "record runs: the contrasts changed: lines is new, resistance is gone",
        ],
        does: &["prepare:lines", "test:lines", "gsea:lines", "ora:lines", "panel:lines/mine"],
    },
    Change {
        what: "other gene sets in the file",
        make: |place| edit(place, "sets.gmt", "\tg3\t", "\t"),
        options: &[],
        says: &[
            "gsea:resistance runs: gene sets: sets.gmt has another content",
            "ora:resistance runs: gene sets: sets.gmt has another content",
        ],
        does: &["gsea:resistance", "ora:resistance"],
    },
    Change {
        what: "other gene models in the file",
        make: |place| edit(place, "genes.gtf", "\t1999\t", "\t1998\t"),
        options: &[],
        says: &[
            "count:p1 runs: annotation: genes.gtf has another content",
            "merge runs: annotation: genes.gtf has another content",
        ],
        does: &["count:p1", "count:p2", "count:r1", "count:r2"],
    },
    Change {
        what: "other reads in the file",
        make: |place| small_bam(&place.join("p1.bam"), |gene| 31 + gene),
        options: &[],
        says: &[
            "count:p1 runs: alignments: p1.bam has another content",
            "merge runs if `count:p1` leaves something else",
        ],
        does: &["count:p1"],
    },
    Change {
        what: "files that were touched",
        make: |place| {
            for name in ["p1.bam", "genes.gtf", "sets.gmt"] {
                let bytes = fs::read(place.join(name)).unwrap();
                fs::write(place.join(name), bytes).unwrap();
            }
        },
        options: &[],
        says: &[],
        does: &[],
    },
    Change {
        what: "a result that was edited and one that is gone",
        make: |place| {
            edit(place, "out/contrasts/resistance/test.tsv", "GENE1", "GENE0");
            fs::remove_file(place.join("out/expression/cpm.tsv")).unwrap();
        },
        options: &[],
        says: &[
            "test:resistance runs: its output contrasts/resistance/test.tsv was changed",
            "normalize runs: its output expression/cpm.tsv is gone",
        ],
        does: &["normalize", "test:resistance"],
    },
];

#[test]
fn every_change_is_told_in_a_true_sentence() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let here = place.join("here");
    fs::create_dir(&here).unwrap();
    experiment(&here);
    fs::write(here.join("samples.csv"), SHEET).unwrap();
    fs::write(here.join("contrasts.csv"), CONTRASTS).unwrap();
    fs::write(here.join("other.txt"), "GENE7\n").unwrap();
    small_bam(&here.join("p3.bam"), |gene| 25 + gene);
    done(&here, &RUN);
    copy(&here, &place.join("before"));
    let mut problems: Vec<String> = Vec::new();
    for change in &CHANGES {
        copy(&place.join("before"), &here);
        (change.make)(&here);
        let arguments: Vec<&str> = RUN.iter().chain(change.options).copied().collect();
        let said = reasons(&here, &arguments);
        println!("{}:\n  {}", change.what, said.join("\n  "));
        let mut wrong = |what: String| problems.push(format!("{}: {what}", change.what));
        for sentence in change.says {
            let is_said = said.iter().any(|line| line.starts_with(sentence));
            (!is_said).then(|| wrong(format!("`{sentence}` is not said")));
        }
        let stages = stages(&done(&here, &arguments));
        // What was said to be left alone was; what was done had been told.
        for stage in &stages {
            let is_told = said.iter().any(|line| line.starts_with(&format!("{stage} ")));
            (!is_told).then(|| wrong(format!("{stage} was done and not told")));
        }
        // Reasons of their own are no guesses.
        for line in said.iter().filter(|line| line.contains(" runs: ")) {
            let stage = line.split_whitespace().next().unwrap_or_default();
            (!stages.iter().any(|done| done == stage))
                .then(|| wrong(format!("`{line}`, but it was not done")));
        }
        for stage in change.does {
            (!stages.iter().any(|done| done == stage)).then(|| wrong(format!("{stage} was not done")));
        }
        for stage in stages.iter().filter(|stage| !follows(stage, change.does)) {
            wrong(format!("{stage} was done for nothing"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Whether `stage` is one of `does`, or reads what one of them leaves.
fn follows(stage: &str, does: &[&str]) -> bool {
    let after_test = ["gsea:resistance", "ora:resistance", "panel:resistance/mine"];
    ["record", "report"].contains(&stage)
        || does.contains(&stage)
        || does.iter().any(|stage| stage.starts_with("count:")) && ALL_BUT_COUNTS.contains(&stage)
        || does.contains(&"test:resistance") && after_test.contains(&stage)
        || does.contains(&"normalize") && stage == "panel:resistance/mine"
}
