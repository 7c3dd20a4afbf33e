//! Gene sets as users bring them: other organisms, bad lists, odd files; and what lies beside a table.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{refuse, stderr, succeed};

/// A line of a GAF of the mouse.
fn gaf_line(gene: u32, qualifier: &str, term: &str) -> String {
    format!(
        "MGI\tMGI:{gene}\tGene{gene}\t{qualifier}\t{term}\tPMID:1\tIDA\t\tP\t\t\tprotein\ttaxon:10090\t20260101\tMGI\t\t\n"
    )
}

/// An ontology of two terms, annotations of 30 genes, and their names.
fn mouse(directory: &Path) {
    let obo = "data-version: releases/2026-01-23\n[Term]\nid: GO:1\nname: root\nnamespace: biological_process\nalt_id: GO:7\n\
        [Term]\nid: GO:2\nname: part\nnamespace: biological_process\nis_a: GO:1\n\
        [Term]\nid: GO:3\nname: gone\nnamespace: biological_process\nis_obsolete: true\n";
    fs::write(directory.join("m.obo"), obo).unwrap();
    let term = |gene: u32| if gene < 15 { "GO:2" } else { "GO:7" };
    let mut gaf: String = (0..30).map(|gene| gaf_line(gene, "involved_in", term(gene))).collect();
    gaf.push_str(&gaf_line(40, "NOT|involved_in", "GO:2"));
    gaf.push_str(&gaf_line(41, "involved_in", "GO:3"));
    fs::write(directory.join("m.gaf"), gaf).unwrap();
    let header = "#tax_id\tGeneID\tSymbol\tLocusTag\tSynonyms\tdbXrefs\tchromosome\tmap_location\tdescription\ttype_of_gene\n";
    let names = (0..30).map(|gene| {
        format!(
            "10090\t{}\tGene{gene}\t-\tOld{gene}\tEnsembl:ENSMUSG{gene:011}\t1\t-\t\tprotein-coding\n",
            500 + gene
        )
    });
    fs::write(directory.join("m.info"), header.to_owned() + &names.collect::<String>()).unwrap();
}

#[test]
fn a_gene_ontology_of_the_mouse_is_built_and_used_with_ensembl_ids() {
    let place = tempfile::tempdir().unwrap();
    mouse(place.path());
    let build = ["reference", "build", "go", "--obo", "m.obo", "--gaf", "m.gaf", "--gene-info", "m.info"];
    let built = succeed(place.path(), &[&build[..], &["-o", "mouse.go.gz"]].concat());
    let said = stderr(&built);
    assert!(said.contains("left out 1 with NOT, 1 of terms that the ontology does not define"), "{said}");
    let list: String = (0..12).map(|gene| format!("ENSMUSG{gene:011}.2\n")).collect();
    fs::write(place.path().join("genes.txt"), list + "ENSMUSG00000099999\n").unwrap();
    let arguments =
        ["enrich", "ora", "--go-file", "mouse.go.gz", "--genes", "genes.txt", "--go", "bp", "-o", "ora.tsv"];
    let said = stderr(&succeed(place.path(), &arguments));
    assert!(said.contains("12 of 13 Ensembl identifiers (92.3 %) stand for a known gene, 1 lost"), "{said}");
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    let table = read("ora.tsv");
    let first: Vec<&str> = table.lines().nth(1).unwrap().split('\t').collect();
    assert_eq!(first[1..5], ["GO:2", "part", "12/12", "15/30"]);
    assert_eq!(read("ora.lost.txt"), "ENSMUSG00000099999\n");
    assert!(read("ora.ids.tsv").contains("ENSMUSG00000000003.2\tmapped\t503\tGene3\tNA\n"));
}

#[test]
fn below_half_a_warning_names_five() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("s.gmt"), "\u{feff}A\td\tg1\tg2\tg3\r\nE\tempty\r\nA\td\tg3\tg2\tg1\r\n")
        .unwrap();
    fs::write(place.path().join("q.txt"), "g1\na\nb\nc\nd\ne\nf\n").unwrap();
    let arguments =
        ["enrich", "ora", "--gene-sets", "s.gmt", "--genes", "q.txt", "--min-size", "1", "-o", "o.tsv"];
    let said = stderr(&succeed(place.path(), &arguments));
    assert!(said.contains("warning: only 1 of 7") && said.contains("a, b, c, d, e\n"), "{said}");
}

#[test]
fn a_list_too_short_for_any_set_is_told() {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("one.rnk"), "CCL20\t3\n").unwrap();
    fs::write(place.path().join("one.txt"), "CCL20\n").unwrap();
    let gsea = ["enrich", "gsea", "--ranks", "one.rnk", "--go", "bp", "-o", "gsea.tsv"];
    let said = stderr(&succeed(place.path(), &gsea));
    assert!(said.contains("warning: no set has between 10 and 500 genes in common"), "{said}");
    let ora = ["enrich", "ora", "--genes", "one.txt", "--go", "bp", "-o", "ora.tsv", "--min-size", "10000"];
    let said = stderr(&succeed(place.path(), &[&ora[..], &["--max-size", "10001"]].concat()));
    assert!(said.contains("warning: no set has between 10000 and 10001 genes in common"), "{said}");
}

#[test]
fn files_that_make_no_sense_are_refused_with_the_place() {
    let place = tempfile::tempdir().unwrap();
    mouse(place.path());
    let write = |name: &str, text: &str| fs::write(place.path().join(name), text).unwrap();
    write("q.txt", "g1\n");
    write("other.txt", "g5\n");
    write("s.gmt", "A\td\tg1\tg5\n");
    write("twice.gmt", "A\td\tg1\nA\td\tg2\n");
    write(
        "round.obo",
        "default-namespace: biological_process\n[Term]\nid: A\nname: a\nis_a: B\n[Term]\nid: B\nname: b\nis_a: A\n",
    );
    let ora = |sets: &'static str, more: &[&'static str]| -> Vec<&'static str> {
        [&["enrich", "ora", "--gene-sets", sets, "--genes", "q.txt", "-o", "o.tsv"][..], more].concat()
    };
    refuse(place.path(), &ora("twice.gmt", &[]), "o.tsv", &["twice.gmt, line 2", "stands on line 1 already"]);
    let outside = ora("s.gmt", &["--universe", "other.txt"]);
    refuse(place.path(), &outside, "o.tsv", &["none of the 1 genes of interest", "hint:"]);
    let simplified = ora("s.gmt", &["--min-size", "1", "--simplify"]);
    refuse(place.path(), &simplified, "o.tsv", &["none of the 1 tested sets is a term", "hint:"]);
    let cycle = ["reference", "build", "go", "--obo", "round.obo", "--gaf", "m.gaf", "-o", "x.go"];
    refuse(place.path(), &cycle, "x.go", &["round.obo", "A -> B -> A"]);
    let no_bundle = ["enrich", "ora", "--go-file", "m.obo", "--genes", "q.txt", "-o", "o.tsv"];
    refuse(place.path(), &no_bundle, "o.tsv", &["m.obo: the file is no GO bundle", "reference build go"]);
}
