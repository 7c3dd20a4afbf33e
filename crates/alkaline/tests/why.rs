//! `alkaline why`: what became of a gene, with the numbers of the run's own tables.

#![cfg(test)]

mod command_line;
mod small_run;

use std::fs;
use std::path::Path;

use command_line::stderr;
use small_run::{command, done, experiment, run};

/// What is said of `gene`, line by line.
fn told(place: &Path, gene: &str) -> Vec<String> {
    let output = done(place, &["why", gene, "out"]);
    String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
}

/// The fields of the first data row of a table of the run that `is_meant`.
fn row(place: &Path, table: &str, is_meant: impl Fn(&[&str]) -> bool) -> Vec<String> {
    let text = fs::read_to_string(place.join("out").join(table)).unwrap();
    let mut rows = text.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
    rows.find(|row| is_meant(row)).expect("such a row").into_iter().map(str::to_owned).collect()
}

#[test]
fn a_gene_that_was_tested_or_filtered_or_is_not_there_is_told_with_numbers() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    done(place, &run(&["--filter", "cpm", "--min-cpm", "12000"]));
    let first = row(place, "contrasts/resistant_vs_parental/test.tsv", |_| true);
    let (id, symbol) = (&first[0], &first[1]);
    for name in [id.as_str(), symbol, &symbol.to_lowercase()] {
        let lines = told(place, name);
        assert_eq!(lines[0], format!("`{name}` is {symbol} ({id})"));
        assert!(lines[1].starts_with("counts: p1 "), "{lines:?}");
        assert!(lines[2].starts_with("resistant_vs_parental: tested, "), "{lines:?}");
        assert!(lines[2].contains("; 1 of "), "{lines:?}");
        let shown = format!("logFC {:.2}", first[2].parse::<f64>().unwrap());
        assert!(lines[2].contains(&shown), "{shown}: {lines:?}");
    }
    let removed = row(place, "expression/filter.tsv", |_| true);
    let lines = told(place, &removed[0]);
    let expected =
        format!("resistant_vs_parental: not tested, filtered: {} (total count {})", removed[4], removed[2]);
    assert_eq!(lines.last(), Some(&expected));
    let absent = command(place, &["why", "CCL20", "out"]).output().unwrap();
    assert_eq!(absent.status.code(), Some(3));
    let words = "`CCL20` is a known gene (CCL20, NCBI Gene 6364), but the annotation of this run has it under none of its names";
    assert!(stderr(&absent).contains(words), "{}", stderr(&absent));
    let misspelt = command(place, &["why", &format!("{symbol}0x"), "out"]).output().unwrap();
    assert_eq!(misspelt.status.code(), Some(3));
    assert!(stderr(&misspelt).contains("did you mean `GENE"), "{}", stderr(&misspelt));
}

#[test]
fn genes_on_the_same_exons_are_named() {
    let place = tempfile::tempdir().unwrap();
    let place = place.path();
    experiment(place);
    // Another gene on all of the first one's exon, and on the other strand of half of the second's.
    let genes = place.join("genes.gtf");
    let mut text = fs::read_to_string(&genes).unwrap();
    let exons: Vec<Vec<String>> = text
        .lines()
        .filter(|line| line.contains("\texon\t"))
        .take(2)
        .map(|line| line.split('\t').map(str::to_owned).collect())
        .collect();
    let number = |field: &String| field.parse::<u64>().unwrap();
    let (start, end) = (number(&exons[1][3]), number(&exons[1][4]));
    let half = start + (end - start).div_ceil(2) - 1;
    let other = if exons[1][6] == "+" { "-" } else { "+" };
    for (exon, end, strand, gene) in [
        (&exons[0], &exons[0][4], exons[0][6].as_str(), "twin"),
        (&exons[1], &half.to_string(), other, "facing"),
    ] {
        text.push_str(&format!(
            "{}\tx\texon\t{}\t{end}\t.\t{strand}\t.\tgene_id \"{gene}\"; gene_name \"{}\";\n",
            exon[0],
            exon[3],
            gene.to_uppercase()
        ));
    }
    fs::write(&genes, &text).unwrap();
    done(place, &run(&[]));
    let id_of = |exon: &[String]| exon[8].split('"').nth(1).unwrap().to_owned();
    let lines = told(place, &id_of(&exons[0]));
    assert!(lines[1..].contains(&"counts: none in any sample".to_owned()), "{lines:?}");
    let shared = "shares exonic bases: 100 % with TWIN (twin) on the same strand; reads there are ambiguous, and counted for neither";
    assert!(lines.iter().any(|line| line.starts_with(shared)), "{lines:?}");
    let lines = told(place, &id_of(&exons[1]));
    let shared = "shares exonic bases: 50 % with FACING (facing) on the other strand";
    assert!(lines.iter().any(|line| line.starts_with(shared)), "{lines:?}");
}
