//! What lies in and beside enrichment tables: the release of the gene sets everywhere, several directions in one call,
//! which sets stand for others, and what is said of N and n.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, stderr, succeed};

/// Chemokines, up; genes of DNA replication, down; and genes of neither.
const UP: [&str; 14] = [
    "CCL2", "CCL5", "CCL7", "CCL11", "CCL20", "CCL21", "CCL22", "CXCL1", "CXCL2", "CXCL8", "CXCL10",
    "CXCL11", "XCL1", "XCL2",
];
const DOWN: [&str; 14] = [
    "MCM2", "MCM3", "MCM4", "MCM5", "MCM6", "MCM7", "CDC6", "CDC45", "GINS1", "GINS2", "ORC1", "POLE",
    "POLA1", "PCNA",
];
const NEITHER: [&str; 20] = [
    "GAPDH", "ACTB", "TP53", "MYC", "EGFR", "KRAS", "BRAF", "PTEN", "RB1", "VHL", "ALB", "INS", "GCG", "TTN",
    "HBB", "HBA1", "KRT5", "VIM", "CDH1", "FN1",
];

/// The release that every output must name.
const RELEASE: &str = "Gene Ontology 2022-07-01";

/// A test table of the genes above.
fn test_table(place: &Path) {
    let row = |gene: &str, change: f64, p: f64, direction: &str| {
        format!("{gene}\t{gene}\t{change}\t5\t{p}\t{p}\t{direction}\n")
    };
    let mut text = "gene_id\tgene_name\tlogFC\tlogCPM\tPValue\tFDR\tdirection\n".to_owned();
    text.extend(UP.iter().enumerate().map(|(i, gene)| row(gene, 3.0 + i as f64 / 10.0, 1e-6, "up")));
    text.extend(DOWN.iter().enumerate().map(|(i, gene)| row(gene, -3.0 - i as f64 / 10.0, 1e-6, "down")));
    text.extend(NEITHER.iter().enumerate().map(|(i, gene)| row(gene, 0.01 * i as f64, 0.5, "ns")));
    fs::write(place.join("test.tsv"), text).unwrap();
}

/// `alkaline enrich KIND` on the table above, old release, small sets allowed.
fn enrich<'a>(kind: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let common = ["--table", "test.tsv", "--go", "bp,mf", "--go-release", "2022-07", "--min-size", "5"];
    [&["enrich", kind][..], &common, more].concat()
}

fn read(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).unwrap()
}

/// Every row of a table ends with the release, under the header `source`; columns before it stay in their places.
fn assert_every_row_names_the_release(table: &str, columns_before: &str) {
    let mut lines = table.lines();
    assert_eq!(lines.next(), Some(format!("{columns_before}\tsource").as_str()));
    let mut rows = 0;
    for line in lines {
        assert!(line.ends_with(&format!("\t{RELEASE}")), "{line}");
        rows += 1;
    }
    assert!(rows > 3, "only {rows} rows");
}

const ORA_COLUMNS: &str = "ONTOLOGY\tID\tDescription\tGeneRatio\tBgRatio\tRichFactor\tFoldEnrichment\tzScore\tpvalue\tp.adjust\tqvalue\tgeneID\tCount";
const GSEA_COLUMNS: &str = "ONTOLOGY\tID\tDescription\tsetSize\tenrichmentScore\tNES\tpvalue\tp.adjust\tqvalue\tlog2err\trank\tleading_edge\tcore_enrichment\tcameraP";

#[test]
fn every_output_names_the_release_of_the_gene_sets() {
    let place = tempfile::tempdir().unwrap();
    test_table(place.path());
    let ora = succeed(place.path(), &enrich("ora", &["-o", "ora.tsv", "--figures", "figures"]));
    let gsea = succeed(place.path(), &enrich("gsea", &["-o", "gsea.tsv", "--figures", "figures"]));
    for said in [stderr(&ora), stderr(&gsea)] {
        assert!(said.contains(&format!("{RELEASE}: ")), "{said}");
    }
    assert_every_row_names_the_release(&read(place.path(), "ora.tsv"), ORA_COLUMNS);
    assert_every_row_names_the_release(&read(place.path(), "gsea.tsv"), GSEA_COLUMNS);
    let printed = succeed(place.path(), &enrich("ora", &["-q", "-o", "-"])).stdout;
    assert_eq!(String::from_utf8(printed).unwrap(), read(place.path(), "ora.tsv"));
    for companion in ["ora.tsv.json", "gsea.tsv.json"] {
        assert!(read(place.path(), companion).contains("2022-07-01"));
    }
    let mut figures = 0;
    for entry in fs::read_dir(place.path().join("figures")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(RELEASE), "{} does not name the release", path.display());
        figures += 1;
    }
    assert!(figures >= 10, "only {figures} figures");
}

#[test]
fn several_directions_give_the_tables_of_single_calls() {
    let place = tempfile::tempdir().unwrap();
    test_table(place.path());
    let all = enrich("ora", &["--direction", "up,all,down,up", "-o", "ora.tsv.gz", "--collapse", "main.tsv"]);
    let said = stderr(&succeed(place.path(), &all));
    assert!(["up:\n", "all:\n", "down:\n"].iter().all(|name| said.contains(name)), "{said}");
    let bytes = |name: &str| fs::read(place.path().join(name)).unwrap();
    for (direction, several) in [("all", "ora.tsv.gz"), ("up", "ora_up.tsv.gz"), ("down", "ora_down.tsv.gz")]
    {
        let single = enrich("ora", &["--direction", direction, "-o", "single.tsv.gz"]);
        succeed(place.path(), &single);
        assert_eq!(bytes("single.tsv.gz"), bytes(several), "{direction}");
    }
    for name in ["main.tsv", "main_up.tsv", "main_down.tsv"] {
        assert!(read(place.path(), name).starts_with("ONTOLOGY\tID\tDescription\trepresented_by\tsource\n"));
    }
    let to_nowhere = enrich("ora", &["--direction", "up,down", "-o", "-"]);
    assert_eq!(alkaline(place.path(), &to_nowhere).status.code(), Some(2));
}

#[test]
fn collapsing_leaves_fewer_sets_and_names_what_explains_the_others() {
    let place = tempfile::tempdir().unwrap();
    test_table(place.path());
    succeed(place.path(), &enrich("ora", &["-o", "ora.tsv", "--collapse", "main.tsv"]));
    let text = read(place.path(), "main.tsv");
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    let main: Vec<&str> = rows.iter().filter(|row| row[3].is_empty()).map(|row| row[1]).collect();
    assert!(!main.is_empty() && main.len() < rows.len(), "{} of {}", main.len(), rows.len());
    assert!(rows.iter().all(|row| row[3].is_empty() || main.contains(&row[3])), "{text}");
}

#[test]
fn tables_of_collapsed_sets_name_the_release() {
    let place = tempfile::tempdir().unwrap();
    test_table(place.path());
    for kind in ["ora", "gsea"] {
        succeed(place.path(), &enrich(kind, &["-o", "table.tsv", "--collapse", "main.tsv"]));
        let main = read(place.path(), "main.tsv");
        assert_every_row_names_the_release(&main, "ONTOLOGY\tID\tDescription\trepresented_by");
    }
}

/// Half of the genes have a score of their own; the others share theirs.
#[test]
fn ties_of_a_ranked_list_are_told_with_their_share() {
    let place = tempfile::tempdir().unwrap();
    let scores = |tied: bool| -> String {
        let genes = UP.iter().chain(&NEITHER).chain(&DOWN).enumerate();
        let score = |i: usize| if tied && i.is_multiple_of(2) { 12 - (i as i32) / 8 } else { 100 - i as i32 };
        genes.map(|(i, gene)| format!("{gene}\t{}\n", score(i))).collect()
    };
    let gsea = ["enrich", "gsea", "--ranks", "l.rnk", "--go", "mf", "--min-size", "5", "-o", "gsea.tsv"];
    for (tied, share) in [(true, 0.5), (false, 0.0)] {
        fs::write(place.path().join("l.rnk"), scores(tied)).unwrap();
        let said = stderr(&succeed(place.path(), &gsea));
        let words = "50.0 % of the 48 ranked genes share their score with another gene";
        assert_eq!(said.contains(words) && said.contains("--rank-by log-fc"), tied, "{said}");
        assert!(said.contains("no score is below zero"), "{said}");
        let companion: serde_json::Value =
            serde_json::from_str(&read(place.path(), "gsea.tsv.json")).unwrap();
        assert_eq!(companion["tied_fraction"], share);
    }
}

/// Every gene of the chemokines has the counts of its neighbour, so that the test gives both the same P.
#[test]
fn a_whole_run_tells_of_ties_in_its_terminal_and_its_report() {
    let place = tempfile::tempdir().unwrap();
    let genes = UP.iter().chain(&NEITHER).chain(&DOWN).enumerate();
    let row = |i: usize, gene: &str| {
        let place = if i < UP.len() { i / 2 * 2 } else { i };
        let base = 200 + 17 * place;
        let change = if i < UP.len() { 3 } else { 1 };
        format!("{gene},{base},{},{},{}\n", base + place % 5, change * base, change * base + place % 7)
    };
    let counts = genes.map(|(i, gene)| row(i, gene)).collect::<String>();
    fs::write(place.path().join("counts.csv"), format!("gene_id,p1,p2,r1,r2\n{counts}")).unwrap();
    let samples = "sample,condition\np1,parental\np2,parental\nr1,resistant\nr2,resistant\n";
    fs::write(place.path().join("samples.csv"), samples).unwrap();
    let run = ["run", "--counts", "counts.csv", "--samples", "samples.csv", "--go", "mf", "--out", "out"];
    let said = stderr(&succeed(place.path(), &run));
    let words = "of the 48 ranked genes share their score with another gene";
    assert!(said.contains(&format!("resistant_vs_parental: 29.2 % {words}")), "{said}");
    assert!(read(place.path(), "out/report.html").contains(words));
}

#[test]
fn numbers_behind_the_test_are_said() {
    let place = tempfile::tempdir().unwrap();
    test_table(place.path());
    let said = stderr(&succeed(place.path(), &enrich("ora", &["--direction", "up", "-o", "ora.tsv"])));
    let table = read(place.path(), "ora.tsv");
    let first: Vec<&str> = table.lines().nth(1).unwrap().split('\t').collect();
    let (n, total) = (first[3].split('/').nth(1).unwrap(), first[4].split('/').nth(1).unwrap());
    assert!(said.contains(&format!("(N = {total} BP")), "{said}");
    assert!(said.contains(&format!("of 14 genes of interest n = {n} BP")), "{said}");
}

#[test]
fn gene_sets_of_symbols_are_tested_beside_the_gene_ontology() {
    let place = tempfile::tempdir().unwrap();
    test_table(place.path());
    let sets = [("CHEMOKINES", UP.as_slice()), ("REPLICATION", &DOWN), ("REST", &NEITHER)];
    let gmt: String = sets.iter().map(|(name, genes)| format!("{name}\t\t{}\n", genes.join("\t"))).collect();
    fs::write(place.path().join("mine.gmt"), gmt).unwrap();
    for kind in ["ora", "gsea"] {
        succeed(place.path(), &enrich(kind, &["--gene-sets", "mine.gmt", "-o", "both.tsv"]));
        let table = read(place.path(), "both.tsv");
        let of = |name: &str| table.lines().filter(|line| line.starts_with(&format!("{name}\t"))).count();
        assert!(of("BP") > 3 && of("MF") > 3, "{kind}: {table}");
        assert!(of("mine") >= 2, "{kind}: {table}");
        assert!(table.contains("\tmine.gmt\n"), "{kind}: {table}");
    }
    let pooled = enrich("ora", &["--gene-sets", "mine.gmt", "--pool", "-o", "pooled.tsv"]);
    refuse(place.path(), &pooled, "pooled.tsv", &["`pool` is asked for with gene sets of several kinds"]);
}

#[test]
fn genes_of_the_mouse_are_told_and_the_way_to_its_gene_sets() {
    let place = tempfile::tempdir().unwrap();
    for (ids, species) in [("Ccl20\nIl6\nTrp53\n", "mouse or rat"), ("ENSMUSG00000025746.2\n", "mouse")] {
        fs::write(place.path().join("genes.txt"), ids).unwrap();
        let ora = ["enrich", "ora", "--genes", "genes.txt", "--go", "mf", "-o", "ora.tsv"];
        let species = format!("of {species}, the sets hold Entrez ids");
        refuse(place.path(), &ora, "ora.tsv", &[&species, "alkaline reference build go", "--go-file"]);
    }
}
