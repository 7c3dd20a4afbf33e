//! One run, several designs; one normalisation for tests and tables; what the sheet and the files beside the counts tell.

#![cfg(test)]

mod command_line;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use alkaline_testkit::{SamBuilder, SamRecord};
use command_line::{GENES, alkaline, same_bytes, small_experiment, small_gtf, small_run, stderr, succeed};

/// Counts of 300 genes in nine samples of three conditions and three batches; every tenth gene changes.
fn counts(place: &Path) {
    let samples: Vec<String> = (1..=9).map(|number| format!("s{number}")).collect();
    let mut table = format!("gene\t{}\n", samples.join("\t"));
    for gene in 0..300_u64 {
        write!(table, "g{gene}").unwrap();
        for sample in 0..9_u64 {
            let (condition, batch) = (sample / 3, sample % 3);
            let base = 5 + gene * gene % 397;
            let changed = if gene % 10 == 0 && condition > 0 { 3 + condition } else { 1 };
            let batched = if gene % 3 == batch { 2 } else { 1 };
            let noise = (gene * 2_654_435_761 + sample * 40_503 + 7) % 97;
            write!(table, "\t{}", base * changed * batched + base * noise / 200 + noise % 5).unwrap();
        }
        table.push('\n');
    }
    fs::write(place.join("counts.tsv"), table).unwrap();
    let rows: String = (0..9)
        .map(|sample| format!("s{},{},b{}\n", sample + 1, ["p", "q", "r"][sample / 3], sample % 3))
        .collect();
    fs::write(place.join("samples.csv"), format!("sample,condition,batch\n{rows}")).unwrap();
}

#[test]
fn contrasts_of_different_designs_get_what_test_alone_gives() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path());
    let contrasts = "id,variable,reference,target,blocking\nplain,condition,p,q,\nblocked,condition,p,r,batch\nbatches,batch,b0,b1,\n";
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    let common = ["--counts", "counts.tsv", "--samples", "samples.csv", "-q"];
    let run =
        [&["run", "--contrasts", "contrasts.csv", "--go", "none", "--out", "out"], &common[..]].concat();
    succeed(place.path(), &run);
    let alone: [(&str, &[&str]); 3] = [
        ("plain", &["--contrast", "condition,p,q"]),
        ("blocked", &["--contrast", "condition,p,r", "--design", "~ batch + condition"]),
        ("batches", &["--contrast", "batch,b0,b1"]),
    ];
    for (id, contrast) in alone {
        let output = format!("{id}.tsv");
        succeed(place.path(), &[&["test", "--details", "-o", &output], &common[..], contrast].concat());
        let of_run = |name: &str| format!("out/contrasts/{id}/{name}");
        same_bytes(place.path(), &of_run("test.tsv"), &output);
        for name in ["filter", "library_sizes", "dispersions", "mds", "pca"] {
            same_bytes(place.path(), &of_run(&format!("{name}.tsv")), &format!("{id}.tsv.{name}.tsv"));
        }
    }
    // What the first contrast had stands for the run; a run of one design keeps its files in one place.
    same_bytes(place.path(), "out/expression/dispersions.tsv", "plain.tsv.dispersions.tsv");
    let one =
        ["run", "--contrast", "condition,p,q", "--contrast", "condition,p,r", "--go", "none", "--out", "one"];
    succeed(place.path(), &[&one, &common[..]].concat());
    assert!(!place.path().join("one/contrasts/q_vs_p/filter.tsv").exists());
}

#[test]
fn a_contrast_leaves_its_samples_out_and_no_other_contrast_does() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path());
    let contrasts = "contrasts:\n\
                     - {id: whole, comparison: [condition, p, q]}\n\
                     - {id: part, comparison: [condition, p, q], exclude_samples_col: sample, exclude_samples_values: [s2, s9]}\n\
                     - {id: blocked, comparison: [condition, p, q], blocking_factors: [batch], exclude_samples_col: batch,\n\
                     \x20  exclude_samples_values: b1}\n";
    fs::write(place.path().join("contrasts.yaml"), contrasts).unwrap();
    let without = |names: &[&str], file: &str| {
        let sheet = fs::read_to_string(place.path().join("samples.csv")).unwrap();
        let kept = sheet.lines().filter(|line| !names.iter().any(|name| line.contains(name)));
        fs::write(place.path().join(file), kept.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
    };
    without(&["s2,", "s9,"], "fewer.csv");
    without(&[",b1"], "no_b1.csv");
    let common = ["--counts", "counts.tsv", "-q"];
    let run =
        ["run", "--samples", "samples.csv", "--contrasts", "contrasts.yaml", "--go", "none", "--out", "out"];
    succeed(place.path(), &[&run, &common[..]].concat());
    let test = |sheet: &str, output: &str, design: &[&str]| {
        let arguments = ["test", "--samples", sheet, "--contrast", "condition,p,q", "-o", output];
        succeed(place.path(), &[&arguments, &common[..], design].concat());
        fs::read(place.path().join(output)).unwrap()
    };
    let whole = test("samples.csv", "whole.tsv", &[]);
    let part = test("fewer.csv", "part.tsv", &[]);
    test("no_b1.csv", "blocked.tsv", &["--design", "~ batch + condition"]);
    assert_ne!(whole, part);
    for id in ["whole", "part", "blocked"] {
        same_bytes(place.path(), &format!("out/contrasts/{id}/test.tsv"), &format!("{id}.tsv"));
    }
    let script = fs::read_to_string(place.path().join("out/reproduce.R")).unwrap();
    let samples = r#"samples = c("s1", "s3", "s4", "s5", "s6", "s7", "s8")"#;
    assert_eq!(script.matches("samples = c(").count(), 2, "{script}");
    assert!(script.contains(samples), "{script}");
}

#[test]
fn what_a_contrast_leaves_out_is_checked() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path());
    let contrasts = "id,variable,reference,target,exclude_samples_col,exclude_samples_values\n\
                     a,condition,p,q,bach,b1\nb,condition,p,q,condition,q\nc,condition,p,q,batch,b7\n";
    let checked = |rows: &str| {
        fs::write(place.path().join("contrasts.csv"), rows).unwrap();
        let arguments =
            ["check", "--counts", "counts.tsv", "--samples", "samples.csv", "--contrasts", "contrasts.csv"];
        let output = alkaline(place.path(), &[&arguments[..], &["--go", "none", "--out", "out"]].concat());
        (output.status.code(), stderr(&output))
    };
    let (code, message) = checked(contrasts);
    assert_eq!(code, Some(3), "{message}");
    for part in [
        "contrasts.csv, line 2, column `exclude_samples_col`: contrast `a`: the sample sheet has no column `bach`",
        "did you mean `batch`?",
        "contrasts.csv, line 3, column `exclude_samples_values`: contrast `b`: all samples with condition = `q` are left out",
    ] {
        assert!(message.contains(part), "`{part}` is not in:\n{message}");
    }
    let (code, message) = checked(
        &contrasts.lines().filter(|line| !line.starts_with(['a', 'b'])).collect::<Vec<_>>().join("\n"),
    );
    assert_eq!(code, Some(0), "{message}");
    let part = "contrast `c` leaves out samples with batch = `b7`, but no sample has it";
    assert!(message.contains(part), "{message}");
}

#[test]
fn one_normalisation_serves_tests_and_tables() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path());
    let norm = ["--norm", "upper-quartile", "--norm-quantile", "0.6"];
    let common = ["--counts", "counts.tsv", "-q"];
    let design = ["--samples", "samples.csv", "--contrast", "condition,p,q"];
    let run = [&["run", "--go", "none", "--out", "out"], &common[..], &design, &norm].concat();
    succeed(place.path(), &run);
    succeed(place.path(), &[&["normalize", "--unit", "cpm", "-o", "cpm.tsv"], &common[..], &norm].concat());
    succeed(place.path(), &[&["test", "--details", "-o", "test.tsv"], &common[..], &design, &norm].concat());
    same_bytes(place.path(), "out/expression/cpm.tsv", "cpm.tsv");
    same_bytes(place.path(), "out/contrasts/q_vs_p/test.tsv", "test.tsv");
    same_bytes(place.path(), "out/expression/library_sizes.tsv", "test.tsv.library_sizes.tsv");
    let script = fs::read_to_string(place.path().join("out/reproduce.R")).unwrap();
    assert!(script.contains("normalization <- list(method = \"upperquartile\", p = 0.6)"), "{script}");
    succeed(place.path(), &[&["normalize", "--unit", "cpm", "-o", "tmm.tsv"], &common[..]].concat());
    assert_ne!(
        fs::read(place.path().join("tmm.tsv")).unwrap(),
        fs::read(place.path().join("cpm.tsv")).unwrap()
    );
    let refused = alkaline(
        place.path(),
        &[&["normalize", "--unit", "cpm", "-o", "x.tsv", "--norm-quantile", "2"], &common[..]].concat(),
    );
    assert_eq!(refused.status.code(), Some(2), "{}", stderr(&refused));
}

/// Reads of gene number `gene`; the first `paired` of every sample's genes are pairs, reads lie on the reverse strand if `reverse`.
fn library(path: &Path, sample: u32, is_paired: bool, is_reverse: bool) {
    let mut builder = SamBuilder::new(&[("chrT", 200_000)]);
    for gene in 0..GENES {
        for read in 0..20 + gene + (gene * 7 + sample * 5) % 11 {
            let position = 1000 + 2000 * gene + (read * 7) % 700;
            let name = format!("r{gene}_{read}");
            builder = match is_paired {
                true => builder.pair(&name, "chrT", (position, "50M"), (position + 120, "50M")),
                false => {
                    let flags = if is_reverse { 16 } else { 0 };
                    builder.record(SamRecord::new(&name, "chrT", position, "50M").with_flags(flags))
                }
            };
        }
    }
    builder.write_bam(path).unwrap();
}

#[test]
fn the_sheet_s_strandedness_is_used_sample_by_sample() {
    let place = tempfile::tempdir().unwrap();
    small_gtf(&place.path().join("genes.gtf"));
    for (sample, name) in ["p1", "p2", "r1", "r2"].into_iter().enumerate() {
        library(&place.path().join(format!("{name}.bam")), sample as u32, false, sample % 2 == 1);
    }
    let sheet = |rules: [&str; 4]| {
        let rows = ["p1", "p2", "r1", "r2"].iter().zip(rules);
        let rows: String =
            rows.map(|(name, rule)| format!("{name},{name}.bam,{},{rule}\n", &name[..1])).collect();
        fs::write(place.path().join("samples.csv"), format!("sample,bam,condition,strandedness\n{rows}"))
            .unwrap();
    };
    let run = |more: &[&'static str]| {
        let arguments = [
            "run",
            "--samples",
            "samples.csv",
            "--annotation",
            "genes.gtf",
            "--go",
            "none",
            "--out",
            "out",
            "--contrast",
            "condition,p,r",
        ];
        alkaline(place.path(), &[&arguments[..], more].concat())
    };
    sheet(["forward", "reverse", "auto", "unstranded"]);
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let assigned = |sample: usize| -> u64 {
        let text = fs::read_to_string(place.path().join("out/counts/counts.tsv.summary")).unwrap();
        text.lines().nth(1).unwrap().split('\t').nth(sample + 1).unwrap().parse().unwrap()
    };
    let all: Vec<u64> = (0..4).map(assigned).collect();
    assert!(all.iter().all(|&reads| reads > 2000), "{all:?}");
    let methods = fs::read_to_string(place.path().join("out/methods.md")).unwrap();
    for part in [
        "library by library (reads of p1 on the strand of the gene (-s 1)",
        "reads of p2 on the strand opposite to the gene (-s 2)",
        "reads of r2 irrespective of strand (-s 0)",
        "reads of r1 on the strand of the gene (-s 1), a rule found from the data",
    ] {
        assert!(methods.contains(part), "`{part}` is not in\n{methods}");
    }
    for part in
        ["genome: none that is built in", "annotation: genes.gtf", "as the sample sheet says of 3 samples"]
    {
        assert!(stderr(&output).contains(part), "`{part}` is not in\n{}", stderr(&output));
    }
    // The wrong rule really is used, and the evidence against it told.
    sheet(["reverse", "reverse", "auto", "auto"]);
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    for part in ["warning: p1: the data look forward-stranded", "sample `p1` has no counts at all"] {
        assert!(stderr(&output).contains(part), "`{part}` is not in\n{}", stderr(&output));
    }
    // One rule for all wins over the sheet, and says so.
    let output = run(&["--strandedness", "unstranded"]);
    assert!(
        stderr(&output).contains("other strand rules of p1, p2 than the one asked for"),
        "{}",
        stderr(&output)
    );
    assert!(assigned(0) > 2000);
    sheet(["fwd", "reverse", "auto", "auto"]);
    let output = run(&[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("`p1`: `fwd`"), "{}", stderr(&output));
}

#[test]
fn a_layout_that_changes_with_the_condition_is_warned_about() {
    let place = tempfile::tempdir().unwrap();
    small_gtf(&place.path().join("genes.gtf"));
    for (sample, name) in ["p1", "p2", "r1", "r2"].into_iter().enumerate() {
        library(&place.path().join(format!("{name}.bam")), sample as u32, sample >= 2, false);
    }
    let run = small_run("out", &[]);
    let output = succeed(place.path(), &run);
    let message = stderr(&output);
    assert!(message.contains("paired-end r1, r2; single-end p1, p2"), "{message}");
    assert!(message.contains("the layout changes with `condition`"), "{message}");
    let methods = fs::read_to_string(place.path().join("out/methods.md")).unwrap();
    assert!(
        methods.contains("reads of p1 and p2") && methods.contains("fragments (read pairs) of r1 and r2"),
        "{methods}"
    );
}

#[test]
fn what_merge_left_beside_the_counts_belongs_to_the_run() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    for name in ["p1", "p2", "r1", "r2"] {
        let (part, bam) = (format!("parts/{name}.tsv"), format!("{name}.bam"));
        succeed(
            place.path(),
            &["count", "-a", "genes.gtf", "--strandedness", "auto", "--names", "auto", "-o", &part, &bam],
        );
    }
    succeed(
        place.path(),
        &["merge", "-o", "counts.tsv", "parts/p1.tsv", "parts/p2.tsv", "parts/r1.tsv", "parts/r2.tsv"],
    );
    // The sheet has its own order.
    fs::write(place.path().join("samples.csv"), "sample,condition\nr2,r\np1,p\nr1,r\np2,p\n").unwrap();
    let merged = [
        "run",
        "--counts",
        "counts.tsv",
        "--samples",
        "samples.csv",
        "--contrast",
        "condition,p,r",
        "--go",
        "none",
        "--out",
        "out",
    ];
    let output = succeed(place.path(), &merged);
    assert!(stderr(&output).contains("% of fragments assigned"), "{}", stderr(&output));
    let summary = fs::read_to_string(place.path().join("out/counts/counts.tsv.summary")).unwrap();
    assert!(summary.starts_with("Status\tr2\tp1\tr1\tp2\n"), "{summary}");
    for file in
        ["counts/qc/qc.json", "counts/qc/overview.tsv", "figures/assignment.svg", "figures/strandedness.svg"]
    {
        assert!(place.path().join("out").join(file).exists(), "{file}");
    }
    let methods = fs::read_to_string(place.path().join("out/methods.md")).unwrap();
    assert!(
        methods.contains("began with a table of counts") && !methods.contains("were assigned to genes"),
        "{methods}"
    );
    // A summary of other samples is told, not used.
    fs::write(place.path().join("counts.tsv.summary"), "Status\tother\nAssigned\t5\n").unwrap();
    let output = succeed(place.path(), &merged);
    assert!(
        stderr(&output).contains("counts.tsv.summary lies beside the count table and is not used"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn names_too_long_for_a_file_and_genes_with_quotes_are_no_loss() {
    let place = tempfile::tempdir().unwrap();
    counts(place.path());
    let table = fs::read_to_string(place.path().join("counts.tsv")).unwrap();
    let table =
        table.replace("\ng7\t", "\n\"g7\t").replace("\ng20\t", "\n\"g20\"x\t").replace("\ng30\t", "\n'g30\t");
    fs::write(place.path().join("counts.tsv"), table).unwrap();
    let long = "a_contrast_of_a_careful_namer_".repeat(12);
    let other = format!("{long}too");
    let contrasts = format!("id,variable,reference,target\n{long},condition,p,q\n{other},condition,p,r\n");
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    let set = format!("SET_{}", "x".repeat(400));
    let genes: String = (0..60).map(|gene| format!("\tg{gene}")).collect();
    fs::write(place.path().join("sets.gmt"), format!("{set}\tna{genes}\n")).unwrap();
    let panel = format!("{}.txt", "panel".repeat(40));
    fs::write(place.path().join(&panel), "g1\ng10\n").unwrap();
    let run = [
        "run",
        "--counts",
        "counts.tsv",
        "--samples",
        "samples.csv",
        "--contrasts",
        "contrasts.csv",
        "--go",
        "none",
        "--gene-sets",
        "sets.gmt",
        "--panels",
        &panel,
        "-q",
        "--out",
        "out",
    ];
    succeed(place.path(), &run);
    let folders: Vec<_> = fs::read_dir(place.path().join("out/contrasts"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(folders.len(), 2, "{folders:?}");
    for folder in folders {
        let text = fs::read_to_string(folder.join("test.tsv")).unwrap();
        assert!(text.contains("g7"), "{text}");
        assert!(folder.join("gsea.tsv").exists());
    }
    succeed(place.path(), &["report", "out"]);
}
