//! `import geo`: files of the Gene Expression Omnibus become the inputs of a run, and what is no data is refused in words.

#![cfg(test)]

mod command_line;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use command_line::{alkaline, stderr, succeed};

fn text(place: &Path, name: &str) -> String {
    fs::read_to_string(place.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn write(place: &Path, name: &str, text: &str) {
    fs::write(place.join(name), text).unwrap();
}

/// The description of six samples of RNA-seq, of which the fourth lacks a key and the last was never counted.
fn series_matrix(values: &str) -> String {
    let cells = |of: &dyn Fn(usize) -> String| {
        (1..=6).map(|sample| format!("\t\"{}\"", of(sample))).collect::<String>()
    };
    let mut text = "!Series_title\t\"Resistant cells\"\n!Series_geo_accession\t\"GSE1\"\n!Series_supplementary_file\t\"ftp://x/GSE1_RAW.tar\"\n\n".to_owned();
    for (key, line) in [
        ("title", cells(&|s| format!("cells rep {s}"))),
        ("geo_accession", cells(&|s| format!("GSM{s}"))),
        ("platform_id", cells(&|_| "GPL1".to_owned())),
        (
            "characteristics_ch1",
            cells(&|s| if s == 4 { "treatment: DMSO".into() } else { format!("passage: {s}") }),
        ),
        (
            "characteristics_ch1",
            cells(&|s| match s {
                4 => String::new(),
                s if s.is_multiple_of(2) => "treatment: DMSO".into(),
                _ => "treatment: crizotinib 1 uM".into(),
            }),
        ),
    ] {
        writeln!(text, "!Sample_{key}{line}").unwrap();
    }
    writeln!(
        text,
        "!series_matrix_table_begin\n\"ID_REF\"{}\n{values}!series_matrix_table_end",
        cells(&|s| format!("GSM{s}"))
    )
    .unwrap();
    text
}

/// Counts of NCBI for the samples 5 to 1, and their annotation.
fn ncbi(place: &Path) {
    let mut counts = "GeneID\tGSM5\tGSM4\tGSM3\tGSM2\tGSM1\n".to_owned();
    let mut annotation =
        "GeneID\tSymbol\tDescription\tSynonyms\tGeneType\tEnsemblGeneID\tLength\n".to_owned();
    for gene in 1..=300 {
        let count = |sample: usize| 20 + (gene * 37 + sample * 11) % 400;
        writeln!(
            counts,
            "{}\t{}\t{}\t{}\t{}\t{}",
            1000 + gene,
            count(5),
            count(4),
            count(3),
            count(2),
            count(1)
        )
        .unwrap();
        writeln!(annotation, "{}\tSYM{gene}\tx\t\tprotein-coding\t\t{}", 1000 + gene, 900 + gene).unwrap();
    }
    write(place, "GSE1_raw_counts_GRCh38.p13_NCBI.tsv", &counts);
    write(place, "Human.GRCh38.p13.annot.tsv", &annotation);
}

#[test]
fn counts_of_ncbi_become_a_workflow_that_runs() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "GSE1_series_matrix.txt", &series_matrix(""));
    ncbi(place.path());
    let files =
        ["GSE1_series_matrix.txt", "GSE1_raw_counts_GRCh38.p13_NCBI.tsv", "Human.GRCh38.p13.annot.tsv"];
    let said = alkaline(
        place.path(),
        &[&["import", "geo", "--group", "treatment ~ crizotinib", "--out", "in"], &files[..]].concat(),
    );
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    for words in [
        "these are counts (whole numbers",
        "GSM6 is left out: NCBI counts",
        "less than half align",
        "300 of 300 genes are described",
    ] {
        assert!(stderr(&said).contains(words), "`{words}` not in {}", stderr(&said));
    }
    // in the order of the series, matched by accession; a key that a sample lacks shifts nothing
    let sheet = text(place.path(), "in/samples.csv");
    let rows: Vec<&str> = sheet.lines().collect();
    assert_eq!(rows[0], "sample,condition,title,passage,treatment");
    assert_eq!(rows[1], "GSM1,crizotinib,cells rep 1,1,crizotinib 1 uM");
    assert_eq!(rows[4], "GSM4,other,cells rep 4,NA,DMSO");
    assert_eq!(rows.len(), 6);
    let counts = text(place.path(), "in/counts.tsv");
    assert!(counts.contains("Length\tGSM1\tGSM2\tGSM3\tGSM4\tGSM5\n"), "{}", &counts[..300]);
    assert!(counts.contains("\n1001\t\t\t\t\t901\t68\t79\t90\t101\t112\n"), "{}", &counts[..400]);
    assert_eq!(
        text(place.path(), "in/contrasts.csv").lines().nth(1),
        Some("crizotinib_vs_other,condition,other,crizotinib,")
    );
    let provenance: serde_json::Value =
        serde_json::from_str(&text(place.path(), "in/provenance.json")).unwrap();
    assert_eq!(provenance["scale"], "counts");
    assert_eq!(provenance["left_out"][0]["sample"], "GSM6");
    succeed(place.path(), &["run", "in/workflow.toml", "--go", "none", "--out", "out", "-q"]);
    let test = text(place.path(), "out/contrasts/crizotinib_vs_other/test.tsv");
    assert!(test.lines().count() > 100 && test.contains("\tSYM"), "{}", &test[..200]);
    // nothing is replaced
    let again = alkaline(place.path(), &[&["import", "geo", "--out", "in"], &files[..]].concat());
    assert_eq!(again.status.code(), Some(3));
    assert!(stderr(&again).contains("there already"), "{}", stderr(&again));
}

/// Values of an array: probes p1 to p40.
fn values(of: impl Fn(usize, usize) -> f64) -> String {
    (1..=40)
        .map(|probe| {
            let cells: String = (1..=6).map(|sample| format!("\t{}", of(probe, sample))).collect();
            format!("\"p{probe}\"{cells}\n")
        })
        .collect()
}

#[test]
fn values_of_an_array_become_expression_with_the_genes_of_its_probes() {
    let place = tempfile::tempdir().unwrap();
    write(
        place.path(),
        "m.txt",
        &series_matrix(&values(|probe, sample| 4.0 + (probe * 7 + sample) as f64 / 50.0)),
    );
    write(
        place.path(),
        "GPL1.annot",
        "^Annotation\n!Annotation_platform = GPL1\n!platform_table_begin\nID\tGene symbol\np1\tA///B\np2\t---\n!platform_table_end\n",
    );
    let said = alkaline(place.path(), &["import", "geo", "m.txt", "GPL1.annot", "--out", "in"]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    for words in [
        "these are logarithms (nothing above 30",
        "39 of 40 probes have no gene",
        "tested with limma",
        "`condition` is `treatment`",
    ] {
        assert!(stderr(&said).contains(words), "`{words}` not in {}", stderr(&said));
    }
    let expression = text(place.path(), "in/expression.tsv");
    assert!(
        expression.starts_with("gene_id\tgene_name\tGSM1\tGSM2\t")
            && expression.contains("\np1\tA///B\t4.16\t"),
        "{expression}"
    );
    assert!(expression.contains("\np2\tNA\t"));
}

#[test]
fn the_selection_of_geo2r_is_shown_and_repeated_with_its_sign() {
    let place = tempfile::tempdir().unwrap();
    write(
        place.path(),
        "m.txt",
        &series_matrix(&values(|probe, sample| 4.0 + (probe * 7 + sample) as f64 / 50.0)),
    );
    write(
        place.path(),
        "s.R",
        "gset <- getGEO(\"GSE1\")\ngsms <- \"0101X1\"\nsml <- strsplit(gsms, split=\"\")[[1]]\ngroups <- make.names(c(\"drug\",\"control\"))\nlmFit(gset)\n",
    );
    let shown = succeed(place.path(), &["import", "geo", "--list", "m.txt", "s.R"]);
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("2 `drug`, 3 `control`, 1 left out (X); limma"), "{shown}");
    assert!(shown.contains("`drug` minus `control`"), "{shown}");
    succeed(place.path(), &["import", "geo", "m.txt", "s.R", "--compat", "geo2r", "--out", "in"]);
    let sheet = text(place.path(), "in/samples.csv");
    let groups: Vec<&str> = sheet.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(groups, ["drug", "control", "drug", "control", "control"]);
    assert!(!sheet.contains("GSM5"));
    assert_eq!(
        text(place.path(), "in/contrasts.csv").lines().nth(1),
        Some("drug_vs_control,condition,control,drug,")
    );
    let without = alkaline(place.path(), &["import", "geo", "m.txt", "--compat", "geo2r", "--out", "x"]);
    assert_eq!(without.status.code(), Some(3));
    assert!(stderr(&without).contains("no such script was given"), "{}", stderr(&without));
}

#[test]
fn columns_that_are_called_like_no_sample_are_samples_by_their_own_names() {
    let place = tempfile::tempdir().unwrap();
    write(place.path(), "m.txt", &series_matrix(""));
    let rows: String = (1..200)
        .map(|gene| format!("g{gene}\t{}\t{}\t{}\t{}\n", gene * 3, gene, gene * 5, gene * 2))
        .collect();
    write(place.path(), "t.tsv", &format!("gene\tEC18\tEC19\tEU18\tEU19\n{rows}"));
    let said = alkaline(place.path(), &["import", "geo", "m.txt", "t.tsv", "--out", "in"]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    assert!(stderr(&said).contains("called like none of the 6 samples"), "{}", stderr(&said));
    assert!(text(place.path(), "in/samples.csv").contains("EC18,"));
    let asked = alkaline(
        place.path(),
        &["import", "geo", "m.txt", "t.tsv", "--group", "treatment ~ criz", "--out", "x"],
    );
    assert_eq!(asked.status.code(), Some(3));
    assert!(stderr(&asked).contains("no column belongs to a sample"), "{}", stderr(&asked));
}

#[test]
fn what_is_no_data_is_refused_in_words() {
    let place = tempfile::tempdir().unwrap();
    let here = place.path();
    write(here, "empty.soft", "");
    write(here, "page.txt", "<!DOCTYPE html><html><head><title>GEO Accession</title>");
    write(
        here,
        "cut.txt",
        series_matrix(&values(|_, _| 5.5)).strip_suffix("!series_matrix_table_end\n").unwrap(),
    );
    write(here, "described.txt", &series_matrix(""));
    write(
        here,
        "mixed.txt",
        &series_matrix(&values(
            |probe, sample| if sample < 3 { 5.5 + probe as f64 / 10.0 } else { 50.5 * probe as f64 },
        )),
    );
    let negative: String = (0..2000)
        .map(|gene| format!("g{gene}\t{}\t{}\n", if gene == 7 { -4 } else { gene }, 2 * gene))
        .collect();
    write(here, "negative.tsv", &format!("gene\ta\tb\n{negative}"));
    write(here, "series.soft", "^SERIES = GSE1\n!Series_title = x\n");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(
        &mut gzip,
        series_matrix(&values(|p, s| 5.0 + (p * s) as f64 / 77.0)).as_bytes(),
    )
    .unwrap();
    let whole = gzip.finish().unwrap();
    fs::write(here.join("cut.txt.gz"), &whole[..whole.len() - 40]).unwrap();
    for (file, words) in [
        ("empty.soft", "the file is empty"),
        ("page.txt", "a page of the web (`GEO Accession`)"),
        ("cut.txt", "the file is cut off"),
        ("cut.txt.gz", "damaged or cut off"),
        ("described.txt", "none of the files holds values of samples"),
        ("mixed.txt", "on different scales: GSM1, GSM2 have values up to 30"),
        ("negative.tsv", "1 value is below zero among counts"),
        ("series.soft", "none of the files holds values"),
        ("nowhere.txt", "no such file"),
    ] {
        let refused = alkaline(here, &["import", "geo", file, "--out", "x"]);
        assert_eq!(refused.status.code(), Some(3), "{file}: {}", stderr(&refused));
        assert!(stderr(&refused).contains(words), "{file}: {}", stderr(&refused));
        assert!(!here.join("x").exists(), "{file} left something");
    }
    assert!(
        stderr(&alkaline(here, &["import", "geo", "described.txt", "--out", "x"])).contains("GSE1_RAW.tar")
    );
}
