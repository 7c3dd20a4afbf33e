//! `init` begins an analysis of what lies in a folder: what it writes passes `check` and runs.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, small_experiment, stderr, succeed};

fn text(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A FASTQ file whose first read is called so.
fn fastq(place: &Path, name: &str, read: &str) {
    let path = place.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("@{read}\nACGT\n+\nIIII\n")).unwrap();
}

#[test]
fn a_folder_of_bams_becomes_a_workflow_that_runs() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let said = alkaline(place.path(), &["init"]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    for part in [
        "4 alignments",
        "`p` (2 samples: p1, p2)",
        "`r` (2 samples: r1, r2)",
        "the reference is `p`",
        "genes.gtf is taken",
    ] {
        assert!(stderr(&said).contains(part), "`{part}` is not in {}", stderr(&said));
    }
    assert_eq!(
        text(place.path(), "samples.csv"),
        "sample,bam,condition\np1,p1.bam,p\np2,p2.bam,p\nr1,r1.bam,r\nr2,r2.bam,r\n"
    );
    assert_eq!(
        text(place.path(), "contrasts.csv"),
        "id,variable,reference,target,blocking\nr_vs_p,condition,p,r,\n"
    );
    let workflow = text(place.path(), "workflow.toml");
    assert!(
        workflow.contains("\nannotation = \"genes.gtf\"\n")
            && workflow.contains("\ntitle = \"r against p\"\n"),
        "{workflow}"
    );
    let checked = alkaline(place.path(), &["check", "workflow.toml", "--go", "none", "--out", "out"]);
    assert_eq!(checked.status.code(), Some(0), "{}", stderr(&checked));
    assert!(stderr(&checked).contains("disk: about "), "{}", stderr(&checked));
    // from elsewhere, and as the same is typed
    let elsewhere = tempfile::tempdir().unwrap();
    let file = place.path().join("workflow.toml");
    succeed(elsewhere.path(), &["run", file.to_str().unwrap(), "--go", "none", "--out", "out", "-q"]);
    let typed =
        ["run", "--samples", "samples.csv", "--contrast", "condition,p,r", "--annotation", "genes.gtf"];
    succeed(place.path(), &[&typed[..], &["--go", "none", "--out", "typed", "-q"]].concat());
    let of_file = fs::read(elsewhere.path().join("out/contrasts/r_vs_p/test.tsv")).unwrap();
    assert_eq!(of_file, fs::read(place.path().join("typed/contrasts/r_vs_p/test.tsv")).unwrap());
}

#[test]
fn nothing_is_overwritten() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    fs::write(place.path().join("contrasts.csv"), "mine\n").unwrap();
    let refused = alkaline(place.path(), &["init", "."]);
    assert_eq!(refused.status.code(), Some(3), "{}", stderr(&refused));
    assert!(
        stderr(&refused).contains("contrasts.csv is there already; nothing was written"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(text(place.path(), "contrasts.csv"), "mine\n");
    assert!(!place.path().join("workflow.toml").exists() && !place.path().join("samples.csv").exists());
}

#[test]
fn reads_are_paired_and_merged_over_lanes() {
    let place = tempfile::tempdir().unwrap();
    for sample in ["WT1", "WT2", "KO1", "KO2"] {
        for (lane, mate) in [("L001", 1), ("L001", 2), ("L002", 1), ("L002", 2)] {
            fastq(
                place.path(),
                &format!("reads/{sample}_S1_{lane}_R{mate}_001.fastq"),
                &format!("{lane}:7 {mate}:N:0"),
            );
        }
        fastq(place.path(), &format!("reads/{sample}_S1_L001_I1_001.fastq"), "L001:7");
    }
    succeed(place.path(), &["init", "--schema"]);
    let sheet = text(place.path(), "samples.csv");
    let lines: Vec<&str> = sheet.lines().collect();
    assert_eq!(lines.len(), 9, "{sheet}");
    assert_eq!(lines[0], "sample,fastq_1,fastq_2,condition");
    assert_eq!(lines[1], "KO1,reads/KO1_S1_L001_R1_001.fastq,reads/KO1_S1_L001_R2_001.fastq,KO");
    assert_eq!(lines[2], "KO1,reads/KO1_S1_L002_R1_001.fastq,reads/KO1_S1_L002_R2_001.fastq,KO");
    assert!(text(place.path(), "contrasts.csv").contains("KO_vs_WT,condition,WT,KO"));
    assert!(text(place.path(), "workflow.toml").starts_with("#:schema ./workflow.schema.json\n"));
    let schema: serde_json::Value =
        serde_json::from_str(&text(place.path(), "workflow.schema.json")).unwrap();
    assert_eq!(schema["properties"]["test"]["$ref"], "#/$defs/TestSettings");
}

#[test]
fn bare_numbers_are_mates_only_where_the_reads_say_so() {
    let place = tempfile::tempdir().unwrap();
    for (name, read) in [
        ("ctrl_1.fastq", "a.1"),
        ("ctrl_2.fastq", "b.1"),
        ("ctrl_3.fastq", "c.1"),
        ("drug_1.fastq", "d.1"),
        ("drug_2.fastq", "e.1"),
        ("drug_3.fastq", "f.1"),
    ] {
        fastq(place.path(), name, read);
    }
    succeed(place.path(), &["init"]);
    let sheet = text(place.path(), "samples.csv");
    assert!(sheet.starts_with("sample,fastq_1,condition\nctrl_1,ctrl_1.fastq,ctrl\n"), "{sheet}");
    assert_eq!(sheet.lines().count(), 7);
    let place = tempfile::tempdir().unwrap();
    for run in ["SRR5236988", "SRR5236989"] {
        fastq(place.path(), &format!("{run}_1.fastq"), &format!("{run}.1 1 length=4"));
        fastq(place.path(), &format!("{run}_2.fastq"), &format!("{run}.1 1 length=4"));
    }
    // two files without a third, but of other reads: replicates
    fastq(place.path(), "x_1.fastq", "x.1");
    fastq(place.path(), "x_2.fastq", "y.1");
    succeed(place.path(), &["init"]);
    let sheet = text(place.path(), "samples.csv");
    assert!(sheet.contains("SRR5236988,SRR5236988_1.fastq,SRR5236988_2.fastq,"), "{sheet}");
    assert!(sheet.contains("\nx_1,x_1.fastq,,") && sheet.contains("\nx_2,x_2.fastq,,"), "{sheet}");
}

#[test]
fn a_count_table_names_its_samples() {
    let place = tempfile::tempdir().unwrap();
    let rows: String = (0..40)
        .map(|gene| {
            format!("g{gene}\t{0}\t{1}\t{2}\t{3}\n", gene * 3 + 9, gene * 4 + 7, gene * 5 + 3, gene * 2 + 11)
        })
        .collect();
    fs::write(place.path().join("counts.tsv"), format!("gene\tDMSO_1\tDMSO_2\tcriz_1\tcriz_2\n{rows}"))
        .unwrap();
    succeed(place.path(), &["init", "counts.tsv"]);
    assert_eq!(
        text(place.path(), "samples.csv"),
        "sample,condition\nDMSO_1,DMSO\nDMSO_2,DMSO\ncriz_1,criz\ncriz_2,criz\n"
    );
    succeed(place.path(), &["check", "workflow.toml", "--go", "none", "--out", "out"]);
    let (empty, nothing) = (tempfile::tempdir().unwrap(), "no BAM, CRAM, SAM or FASTQ file");
    let refused = alkaline(empty.path(), &["init"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(stderr(&refused).contains(nothing), "{}", stderr(&refused));
}

#[test]
fn names_that_tell_nothing_leave_places_that_check_asks_to_fill() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    for (old, new) in [("p1", "SRR5236980"), ("p2", "SRR5236981"), ("r1", "SRR5236982"), ("r2", "SRR5236983")]
    {
        fs::rename(place.path().join(format!("{old}.bam")), place.path().join(format!("{new}.bam"))).unwrap();
    }
    succeed(place.path(), &["init"]);
    let checked = alkaline(place.path(), &["check", "workflow.toml", "--go", "none", "--out", "out"]);
    assert_eq!(checked.status.code(), Some(3));
    assert!(stderr(&checked).contains("no sample with condition = `REFERENCE`"), "{}", stderr(&checked));
    let sheet = text(place.path(), "samples.csv").replace("0.bam,", "0.bam,p").replace("1.bam,", "1.bam,p");
    let sheet = sheet.replace("2.bam,", "2.bam,r").replace("3.bam,", "3.bam,r");
    fs::write(place.path().join("samples.csv"), sheet).unwrap();
    let contrasts = text(place.path(), "contrasts.csv").replace("REFERENCE,TARGET", "p,r");
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    succeed(place.path(), &["check", "workflow.toml", "--go", "none", "--out", "out"]);
}
