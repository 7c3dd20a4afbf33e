//! Test tables, gene lists and annotations as other programs leave them, taken by enrichment; and tables that are written as their
//! name says.

#![cfg(test)]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, stderr, succeed};

/// Sets of ten genes each: g0..g10 and g10..g20, among forty.
const SETS: [(&str, std::ops::Range<usize>); 4] =
    [("FIRST", 0..10), ("SECOND", 10..20), ("THIRD", 20..30), ("LAST", 30..40)];

fn write_sets(place: &Path) {
    let line = |(name, genes): &(&str, std::ops::Range<usize>)| {
        let genes: Vec<String> = genes.clone().map(|i| format!("g{i}")).collect();
        format!("{name}\t\t{}\n", genes.join("\t"))
    };
    fs::write(place.join("s.gmt"), SETS.iter().map(line).collect::<String>()).unwrap();
}

/// Forty genes: g0..g10 with FDR 0.01 and a fold change of 0.5, g10..g20 with FDR 0.08 and 2, the others with neither.
fn values() -> impl Iterator<Item = (usize, f64, f64)> {
    (0..40).map(|i| match i {
        0..10 => (i, 0.5 + i as f64 / 100.0, 0.01),
        10..20 => (i, -2.0 - i as f64 / 100.0, 0.08),
        _ => (i, 0.01 * i as f64, 0.9),
    })
}

/// `alkaline enrich ora` on `table.tsv` and the sets above.
fn ora<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let common =
        ["enrich", "ora", "--table", "table.tsv", "--gene-sets", "s.gmt", "--min-size", "2", "-o", "ora.tsv"];
    [&common[..], more].concat()
}

/// A table with calls at FDR < 0.05 whatever the fold change, and the companion that tells so.
fn called_table(place: &Path) {
    let mut text = "gene_id\tlogFC\tPValue\tFDR\tdirection\n".to_owned();
    for (i, change, fdr) in values() {
        let call = if fdr < 0.05 { "up" } else { "ns" };
        text += &format!("g{i}\t{change}\t{fdr}\t{fdr}\t{call}\n");
    }
    fs::write(place.join("table.tsv"), text).unwrap();
    let companion = r#"{"contrast":{"id":"b_vs_a","variable":"c","reference":"a","target":"b","blocking":[]},"method":"exactTest",
        "statistic":null,"compat":"edgeR-3","adjustment":"BH","dispersion":"estimated","common_dispersion":0.04,"prior_df":2.8,
        "interval":null,"thresholds":{"fdr":0.05,"lfc":0.0},"groups":["a","b"],"group_sizes":[3,3],"genes_total":40,"genes_tested":40}"#;
    fs::write(place.join("table.tsv.json"), companion).unwrap();
}

#[test]
fn the_threshold_that_is_not_given_stays_the_table_s() {
    let place = tempfile::tempdir().unwrap();
    write_sets(place.path());
    called_table(place.path());
    let chosen = |more: &[&str]| {
        let said = stderr(&succeed(place.path(), &ora(more)));
        let number =
            said.split(" genes of interest").next().and_then(|before| before.rsplit(' ').next()).unwrap();
        number.parse::<usize>().unwrap()
    };
    assert_eq!(chosen(&[]), 10);
    assert_eq!(chosen(&["--fdr", "0.1"]), 20, "the fold change stays 0");
    assert_eq!(chosen(&["--fdr", "0.1", "--lfc", "1"]), 10);
    // without the companion the calls themselves tell
    fs::remove_file(place.path().join("table.tsv.json")).unwrap();
    assert_eq!(chosen(&["--fdr", "0.1"]), 20);
    for wrong in [["--fdr", "5"], ["--fdr", "0"], ["--lfc", "-1"]] {
        let wrong = [wrong[0].to_owned() + "=" + wrong[1]];
        let output = alkaline(place.path(), &ora(&[&wrong[0]]));
        assert_eq!(output.status.code(), Some(2), "{wrong:?}: {}", stderr(&output));
    }
}

#[test]
fn tables_of_other_programs_are_called_at_the_defaults_and_that_is_said() {
    let place = tempfile::tempdir().unwrap();
    write_sets(place.path());
    let rows: String =
        values().map(|(i, change, fdr)| format!("\"g{i}\",5,{change},{fdr},{fdr}\n")).collect();
    let deseq2 = format!("\"\",\"baseMean\",\"log2FoldChange\",\"pvalue\",\"padj\"\n{rows}");
    fs::write(place.path().join("table.tsv"), deseq2).unwrap();
    let said = stderr(&succeed(place.path(), &ora(&["--fdr", "0.1"])));
    assert!(said.contains("genes were read from the first column"), "{said}");
    assert!(
        said.contains("there is no column `direction`: 10 of 40 genes are called at FDR < 0.1"),
        "{said}"
    );
    let said = stderr(&succeed(place.path(), &ora(&[])));
    assert!(said.contains("no gene is called up or down, so there is nothing to test"), "{said}");
}

#[test]
fn a_p_of_zero_is_ranked_first_and_said() {
    let place = tempfile::tempdir().unwrap();
    write_sets(place.path());
    let rows: String = values()
        .map(|(i, change, fdr)| format!("g{i}\t{change}\t{}\n", if i < 3 { 0.0 } else { fdr }))
        .collect();
    fs::write(place.path().join("table.tsv"), format!("gene_id\tlogFC\tPValue\n{rows}")).unwrap();
    let gsea = [
        "enrich",
        "gsea",
        "--table",
        "table.tsv",
        "--gene-sets",
        "s.gmt",
        "--min-size",
        "2",
        "-o",
        "gsea.tsv",
    ];
    let said = stderr(&succeed(place.path(), &gsea));
    assert!(said.contains("P of 3 genes is 0 and was taken as the smallest number"), "{said}");
    fs::write(place.path().join("table.tsv"), format!("gene_id\tlogFC\tPValue\n{rows}gX\t1\t1.5\n")).unwrap();
    refuse(place.path(), &gsea, "none.tsv", &["line 42, column `PValue`: 1.5 is no P value"]);
}

#[test]
fn lists_as_r_writes_them_are_read_for_genes_universes_and_panels() {
    let place = tempfile::tempdir().unwrap();
    write_sets(place.path());
    let list = |range: std::ops::Range<usize>| {
        let lines: String = range.enumerate().map(|(row, i)| format!("\"{}\",\"g{i}\"\n", row + 1)).collect();
        format!("\"\",\"x\"\n{lines}")
    };
    fs::write(place.path().join("genes.csv"), list(0..10)).unwrap();
    fs::write(place.path().join("all.csv"), list(0..40)).unwrap();
    let ora = [
        "enrich",
        "ora",
        "--genes",
        "genes.csv",
        "--universe",
        "all.csv",
        "--gene-sets",
        "s.gmt",
        "--min-size",
        "2",
        "-o",
        "o.tsv",
    ];
    let said = stderr(&succeed(place.path(), &ora));
    assert!(said.contains("(N = 40 s) of 40 tested genes; of 10 genes of interest n = 10 s"), "{said}");
    called_table(place.path());
    let panel = ["panel", "--table", "table.tsv", "--genes", "genes.csv", "-o", "panel.tsv"];
    succeed(place.path(), &panel);
    let table = fs::read_to_string(place.path().join("panel.tsv")).unwrap();
    assert_eq!(table.lines().count(), 11, "{table}");
    let unknown = ["panel", "--table", "table.tsv", "--genes", "chemokine", "-o", "none.tsv"];
    refuse(place.path(), &unknown, "none.tsv", &["did you mean `chemokines`?", "`angiogenesis`"]);
}

#[test]
fn genes_are_written_as_given_unless_they_are_to_be_readable() {
    let place = tempfile::tempdir().unwrap();
    // CCL20, CXCL8, CXCL1, IL6 as Ensembl ids, and a set of their symbols
    let ids = "ENSG00000115009.12\nENSG00000169429\nENSG00000163739.5\nENSG00000136244\n";
    fs::write(place.path().join("genes.txt"), ids).unwrap();
    fs::write(place.path().join("s.gmt"), "CHEMO\t\tCCL20\tCXCL8\tCXCL1\tIL6\nOTHER\t\tTP53\tMYC\n").unwrap();
    let ora =
        ["enrich", "ora", "--genes", "genes.txt", "--gene-sets", "s.gmt", "--min-size", "1", "-o", "ora.tsv"];
    let genes = |more: &[&str]| {
        succeed(place.path(), &[&ora[..], more].concat());
        let table = fs::read_to_string(place.path().join("ora.tsv")).unwrap();
        table.lines().nth(1).unwrap().split('\t').nth(11).unwrap().to_owned()
    };
    assert_eq!(genes(&[]), ids.trim_end().replace('\n', "/"));
    assert_eq!(genes(&["--compat", "clusterProfiler-4.18"]), ids.trim_end().replace('\n', "/"));
    assert_eq!(genes(&["--readable"]), "CCL20/CXCL8/CXCL1/IL6");
}

#[test]
fn systematic_names_of_yeast_are_found_through_the_synonyms_of_the_gaf() {
    let place = tempfile::tempdir().unwrap();
    let obo = "data-version: 2026\n[Term]\nid: GO:1\nname: root\nnamespace: biological_process\n";
    fs::write(place.path().join("y.obo"), obo).unwrap();
    let line = |(symbol, orf): (&str, &str)| {
        format!(
            "UniProtKB\tP_{orf}\t{symbol}\t\tGO:1\tPMID:1\tIDA\t\tP\t\t{symbol}_YEAST|{symbol}|{orf}\tprotein\ttaxon:559292\t20260101\tX\t\t\n"
        )
    };
    let genes = [
        ("IRC2", "YDR112W"),
        ("PHO3", "YBR092C"),
        ("GAL1", "YBR020W"),
        ("YDR199W", "YDR199W"),
        ("ACT1", "YFL039C"),
    ];
    let gaf: String = genes.into_iter().map(line).chain([line(("", "YAL001C"))]).collect();
    fs::write(place.path().join("y.gaf"), gaf).unwrap();
    let build = ["reference", "build", "go", "--obo", "y.obo", "--gaf", "y.gaf", "-o", "y.go"];
    let said = stderr(&succeed(place.path(), &build));
    assert!(said.contains("left out 1 line without a symbol (--accessions"), "{said}");
    let list: String = genes.iter().map(|(_, orf)| format!("{orf}\n")).collect();
    fs::write(place.path().join("y.genes"), list).unwrap();
    let ora = [
        "enrich",
        "ora",
        "--genes",
        "y.genes",
        "--go-file",
        "y.go",
        "--go",
        "bp",
        "--min-size",
        "1",
        "-o",
        "o.tsv",
    ];
    let said = stderr(&succeed(place.path(), &ora));
    assert!(said.contains("5 of 5 systematic identifiers (100.0 %)"), "{said}");
    let ids = fs::read_to_string(place.path().join("o.ids.tsv")).unwrap();
    assert!(ids.contains("YDR112W\tmapped\tIRC2\tIRC2\tNA\n"), "{ids}");
}

#[test]
fn tables_are_written_as_their_name_says_and_read_back() {
    let place = tempfile::tempdir().unwrap();
    write_sets(place.path());
    called_table(place.path());
    let with = |name: &'static str| -> Vec<&str> {
        let mut words = ora(&[]);
        *words.last_mut().unwrap() = name;
        words
    };
    succeed(place.path(), &with("ora.csv"));
    let text = fs::read_to_string(place.path().join("ora.csv")).unwrap();
    assert!(text.starts_with("ONTOLOGY,ID,Description,") && text.contains("\ns,FIRST,"), "{text}");
    assert!(place.path().join("ora.ids.tsv").exists());
    succeed(place.path(), &with("ora.xlsx"));
    assert!(fs::read(place.path().join("ora.xlsx")).unwrap().starts_with(b"PK\x03\x04"));
    for name in ["ora.parquet", "ora.xls", "ora.xlsx.gz"] {
        let output = alkaline(place.path(), &with(name));
        assert_eq!(output.status.code(), Some(2), "{name}: {}", stderr(&output));
        assert!(stderr(&output).contains("name it .tsv") || stderr(&output).contains("leave .gz out"));
        assert!(!place.path().join(name).exists());
    }
    let merge = alkaline(place.path(), &["merge", "-o", "c.csv", "a.tsv"]);
    assert_eq!(merge.status.code(), Some(2), "{}", stderr(&merge));
}
