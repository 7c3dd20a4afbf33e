//! DESeq2's tests and transformations as commands: what they leave, what they say, and what they refuse.

#![cfg(test)]

mod command_line;

use std::fs;

use command_line::{alkaline, stderr, succeed};

/// Rows of a count table whose counts vary by more than chance, from `base` on.
fn rows(genes: u32, samples: u32, base: u32) -> String {
    let row = |gene: u32| {
        let count = |sample: u32| (base + gene * 3) * (3 + (gene * 7 + sample * 13 + gene * sample) % 5) / 3;
        let counts: Vec<String> = (1..=samples).map(|sample| count(sample).to_string()).collect();
        format!("g{gene}\t{}\n", counts.join("\t"))
    };
    (1..=genes).map(row).collect()
}

#[test]
fn counts_are_transformed_for_maps_and_options_of_others_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let table = rows(60, 4, 20);
    fs::write(here.join("c.tsv"), format!("gene_id\ta1\ta2\tb1\tb2\n{table}")).unwrap();
    let unit =
        |unit: &'static str, out: &'static str| ["normalize", "--counts", "c.tsv", "--unit", unit, "-o", out];
    let said = stderr(&succeed(here, &unit("vst", "vst.tsv")));
    assert!(said.contains("the trend of dispersions is that of all genes: 60 have a mean above 5"), "{said}");
    succeed(here, &[&unit("vst", "all.tsv")[..], &["--vst-genes", "all"]].concat());
    assert_eq!(fs::read(here.join("vst.tsv")).unwrap(), fs::read(here.join("all.tsv")).unwrap());
    succeed(here, &unit("rlog", "rlog.tsv"));
    assert_eq!(fs::read_to_string(here.join("rlog.tsv")).unwrap().lines().count(), 61);
    for (unit, option, words) in [
        ("vst", ["--norm", "rle"], "--unit vst and rlog have DESeq2's size factors"),
        ("rlog", ["--vst-genes", "50"], "rlog finds its trend from all genes"),
        ("cpm", ["--fit-type", "local"], "belong to --unit vst and rlog"),
    ] {
        let arguments =
            ["normalize", "--counts", "c.tsv", "--unit", unit, option[0], option[1], "-o", "no.tsv"];
        let output = alkaline(here, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(stderr(&output).contains(words) && !here.join("no.tsv").exists(), "{}", stderr(&output));
    }
}

#[test]
fn genes_without_an_answer_of_deseq2_are_counted_with_the_reason() {
    let directory = tempfile::tempdir().unwrap();
    let here = directory.path();
    let mut table = rows(80, 6, 2);
    table += "silent\t0\t0\t0\t0\t0\t0\nspoilt\t100\t110\t95\t90\t99\t60000\n";
    fs::write(here.join("c.tsv"), format!("gene_id\ta1\ta2\ta3\tb1\tb2\tb3\n{table}")).unwrap();
    fs::write(here.join("s.csv"), "sample,condition\na1,A\na2,A\na3,A\nb1,B\nb2,B\nb3,B\n").unwrap();
    let arguments =
        ["test", "--counts", "c.tsv", "--samples", "s.csv", "--contrast", "condition,A,B", "-o", "o.tsv"];
    let arguments = [&arguments[..], &["--method", "deseq2", "--filter", "none"]].concat();
    let said = stderr(&succeed(here, &arguments));
    assert!(
        said.contains("1 gene without any count: neither P nor FDR; 1 gene with a count far from the others"),
        "{said}"
    );
    let kept = stderr(&succeed(here, &[&arguments[..], &["--no-cooks"]].concat()));
    assert!(!kept.contains("Cook's distance"), "{kept}");
}
