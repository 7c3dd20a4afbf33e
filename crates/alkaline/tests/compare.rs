//! `alkaline compare`: experiments against each other, whatever wrote their tables.

#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::Path;

use command_line::stderr;
use small_run::{command, done, experiment, run};

/// A table of edgeR's columns: gene, log fold change, P; the numbers are made by `value`.
fn table(path: &Path, id: impl Fn(u32) -> String, value: impl Fn(u32) -> (f64, f64)) {
    let mut text = "gene_id\tlogFC\tPValue\tFDR\n".to_owned();
    for gene in 0..400 {
        let (change, p) = value(gene);
        text.push_str(&format!("{}\t{change}\t{p}\t{}\n", id(gene), (p * 4.0).min(1.0)));
    }
    fs::write(path, text).unwrap();
}

/// A fold change that has nothing to do with the place of the gene, and a P that goes with it.
fn effect(gene: u32, factor: u32) -> (f64, f64) {
    let change = f64::from(gene * factor % 401) / 100.0 - 2.0;
    (change, 10_f64.powf(-2.0 * change.abs()))
}

fn value(place: &Path, file: &str, row: usize, column: &str) -> String {
    let text = fs::read_to_string(place.join(file)).unwrap();
    let mut lines = text.lines();
    let at = lines.next().unwrap().split('\t').position(|name| name == column).expect(column);
    lines.nth(row).unwrap().split('\t').nth(at).unwrap().to_owned()
}

#[test]
fn like_experiments_share_and_others_do_not() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let id = |gene: u32| format!("G{gene}");
    table(&place.join("one.tsv"), id, |gene| effect(gene, 37));
    table(&place.join("half.tsv"), id, |gene| {
        let (change, p) = effect(gene, 37);
        (change / 2.0, p)
    });
    table(&place.join("other.tsv"), id, |gene| effect(gene, 149));
    table(&place.join("against.tsv"), id, |gene| {
        let (change, p) = effect(gene, 37);
        (-change, p)
    });
    let output = done(
        place,
        &["compare", "one.tsv", "two=half.tsv", "other.tsv", "against.tsv", "--lfc", "0", "--out", "cmp"],
    );
    let verdicts: Vec<String> = (0..6).map(|row| value(place, "cmp/pairs.tsv", row, "verdict")).collect();
    assert_eq!(
        verdicts,
        ["shared", "nothing shared", "opposite", "nothing shared", "opposite", "nothing shared"]
    );
    let number = |file: &str, column: &str| value(place, file, 0, column).parse::<f64>().unwrap();
    assert!((number("cmp/pairs.tsv", "pearson") - 1.0).abs() < 1e-12);
    assert!((number("cmp/pairs.tsv", "slope") - 0.5).abs() < 1e-12);
    assert_eq!(number("cmp/pairs.tsv", "same_sign_share"), 1.0);
    assert_eq!(number("cmp/overlaps.tsv", "first_only"), 0.0);
    assert!(stderr(&output).contains("one and two: shared: "), "{}", stderr(&output));
    // The surest gene of both comes first; in both it is as sure as in either, squared.
    let first = "cmp/one_vs_two.genes.tsv";
    let in_one: f64 = number(first, "log10_p_first");
    assert!((number(first, "in_both_log10_p") - 2.0 * in_one).abs() < 1e-9);
    assert!(place.join("cmp/one_vs_two.rrho.tsv").is_file());
}

#[test]
fn genes_of_different_identifiers_are_the_same_by_symbol() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    let rows = |names: [&str; 3]| {
        let row = |name: &&str| format!("{name}\t1.5\t0.001\t0.01\n");
        format!("gene_id\tlogFC\tPValue\tFDR\n{}", names.iter().map(row).collect::<String>())
    };
    // CCL20, CXCL8 and a gene that only one of the tables has.
    fs::write(place.join("ensembl.tsv"), rows(["ENSG00000115009.7", "ENSG00000169429", "ENSG00000141510"]))
        .unwrap();
    fs::write(place.join("symbols.tsv"), rows(["CCL20", "IL8", "EGFR"])).unwrap();
    done(place, &["compare", "ensembl.tsv", "symbols.tsv"]);
    assert_eq!(value(place, "compare/pairs.tsv", 0, "genes"), "2");
    assert_eq!(value(place, "compare/pairs.tsv", 0, "matched_by"), "official symbols");
    assert_eq!(value(place, "compare/pairs.tsv", 0, "verdict"), "not told");
}

#[test]
fn runs_and_contrasts_are_found_and_what_is_neither_is_told() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&[]));
    done(place, &["compare", "out", "again=out/contrasts/resistant_vs_parental"]);
    assert_eq!(value(place, "compare/pairs.tsv", 0, "first"), "out");
    assert_eq!(value(place, "compare/pairs.tsv", 0, "second"), "again");
    assert!((value(place, "compare/pairs.tsv", 0, "pearson").parse::<f64>().unwrap() - 1.0).abs() < 1e-12);
    let alone = command(place, &["compare", "out"]).output().unwrap();
    assert_eq!(alone.status.code(), Some(3), "{}", stderr(&alone));
    assert!(stderr(&alone).contains("two or more are wanted"), "{}", stderr(&alone));
    fs::create_dir(place.join("empty")).unwrap();
    let neither = command(place, &["compare", "out", "empty"]).output().unwrap();
    assert_eq!(neither.status.code(), Some(3));
    assert!(stderr(&neither).contains("empty: neither a run nor a contrast of one"), "{}", stderr(&neither));
    fs::write(place.join("mouse.tsv"), "gene_id\tlogFC\tPValue\tFDR\nx1\t1\t0.1\t0.2\n").unwrap();
    let nothing = command(place, &["compare", "out", "mouse.tsv"]).output().unwrap();
    assert_eq!(nothing.status.code(), Some(3));
    assert!(stderr(&nothing).contains("have no gene in common"), "{}", stderr(&nothing));
}
