//! `simulate`, `power`, `panel` and `reference` from the command line.

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, refuse, small_gtf, stderr, succeed};

/// Arguments that make a small experiment in `out` from `genes.gtf`.
fn small<'a>(out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = vec!["simulate", "--annotation", "genes.gtf", "--library-size", "3000", "--out", out];
    arguments.extend(more);
    arguments
}

fn place() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a directory");
    small_gtf(&place.path().join("genes.gtf"));
    place
}

/// The number of records of a table, header aside.
fn records(path: &Path) -> usize {
    let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().filter(|line| !line.starts_with('#')).count() - 1
}

#[test]
fn a_simulated_experiment_can_be_analysed_as_it_is() {
    let place = place();
    succeed(place.path(), &small("data", &["--fraction-changed", "0.3", "--replicates", "2", "--seed", "5"]));
    assert_eq!(records(&place.path().join("data/truth.tsv")), 60);
    let arguments = [
        "run",
        "--samples",
        "data/samples.csv",
        "--contrasts",
        "data/contrasts.csv",
        "--annotation",
        "genes.gtf",
        "--go",
        "none",
        "--out",
        "run",
    ];
    succeed(place.path(), &arguments);
    assert!(records(&place.path().join("run/contrasts/resistant_vs_parental/test.tsv")) > 20);
}

#[test]
fn the_same_seed_gives_the_same_files_at_any_number_of_threads() {
    let place = place();
    succeed(place.path(), &small("one", &["-j", "1"]));
    succeed(place.path(), &small("four", &["-j", "4"]));
    succeed(place.path(), &small("other", &["--seed", "2"]));
    let read = |out: &str, file: &str| fs::read(place.path().join(out).join(file)).unwrap();
    for file in ["parental_1.bam", "resistant_3.bam", "truth.tsv", "samples.csv", "contrasts.csv"] {
        assert!(read("one", file) == read("four", file), "{file}");
    }
    assert!(read("one", "parental_1.bam") != read("other", "parental_1.bam"));
}

#[test]
fn counts_alone_hold_the_counts_of_the_experiment_and_can_be_tested() {
    let place = place();
    succeed(place.path(), &small("data", &["--counts-only"]));
    assert_eq!(records(&place.path().join("data/counts.tsv")), 60);
    let contrast = "condition,parental,resistant";
    let mut arguments = vec!["test", "--counts", "data/counts.tsv", "--samples", "data/samples.csv"];
    arguments.extend(["--contrast", contrast, "-o", "test.tsv"]);
    succeed(place.path(), &arguments);
    assert!(fs::read_to_string(place.path().join("test.tsv")).unwrap().contains("GENE7"));
}

#[test]
fn options_come_from_a_file_and_what_is_typed_wins() {
    let place = place();
    let programme = "[[programmes]]\nname = 'story'\nlog2_fold_change = 2.0\ngenes = ['GENE3', 'g4']\n";
    fs::write(place.path().join("options.toml"), format!("replicates = 4\n{programme}")).unwrap();
    succeed(
        place.path(),
        &small("data", &["--options", "options.toml", "--replicates", "1", "--counts-only"]),
    );
    assert_eq!(records(&place.path().join("data/samples.csv")), 2);
    let truth = fs::read_to_string(place.path().join("data/truth.tsv")).unwrap();
    assert_eq!(truth.matches("story").count(), 2);
    fs::write(place.path().join("wrong.toml"), "seed = 1\nreplicate = 4\n").unwrap();
    refuse(
        place.path(),
        &small("wrong", &["--options", "wrong.toml"]),
        "wrong",
        &["wrong.toml", "line 2", "replicate"],
    );
}

#[test]
fn an_option_without_meaning_is_wrong_usage() {
    let place = place();
    let output = alkaline(place.path(), &small("data", &["--bcv=-1"]));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("bcv is -1; it must lie between 0 and 5"), "{}", stderr(&output));
    assert!(!place.path().join("data").exists());
}

#[test]
fn power_rises_with_replicates_and_is_told_in_words() {
    let place = place();
    let arguments = [
        "power",
        "--bcv",
        "0.2",
        "--lfc",
        "1",
        "--replicates",
        "2",
        "5",
        "--simulations",
        "1",
        "--library-size",
        "5e6",
        "-o",
        "power.tsv",
    ];
    let output = succeed(place.path(), &arguments);
    assert!(stderr(&output).contains("5 replicates a group find"));
    let table = fs::read_to_string(place.path().join("power.tsv")).unwrap();
    let column: Vec<f64> =
        table.lines().skip(1).map(|line| line.split('\t').nth(5).unwrap().parse().unwrap()).collect();
    assert!(column.len() == 2 && column[1] > column[0] + 0.1, "{table}");
}

#[test]
fn the_reference_says_where_everything_came_from() {
    let place = place();
    let listed = String::from_utf8(succeed(place.path(), &["reference", "list"]).stdout).unwrap();
    for name in ["hg38", "mm10", "chemokines", "go-2022-07"] {
        assert!(listed.lines().any(|line| line.starts_with(&format!("{name}\t"))), "{name}");
    }
    let panel = succeed(place.path(), &["reference", "show", "bypass-receptors"]).stdout;
    assert!(String::from_utf8(panel).unwrap().contains("ABCB1"));
    succeed(place.path(), &["reference", "show", "mm10", "--saf", "-o", "mm10.saf"]);
    assert_eq!(records(&place.path().join("mm10.saf")), 222_996);
    let output = alkaline(place.path(), &["reference", "show", "hg18"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("hint: there are hg38"));
}

#[test]
fn a_panel_shows_listed_genes_in_their_order_tested_or_not() {
    let place = place();
    succeed(place.path(), &small("data", &["--counts-only"]));
    let mut arguments = vec!["test", "--counts", "data/counts.tsv", "--samples", "data/samples.csv"];
    arguments.extend(["--contrast", "condition,parental,resistant", "-o", "test.tsv"]);
    succeed(place.path(), &arguments);
    fs::write(place.path().join("mine.txt"), "GENE7\n# a comment\nNOSUCHGENE\nGENE3\n").unwrap();
    let output = succeed(place.path(), &["panel", "--table", "test.tsv", "--genes", "mine.txt"]);
    let table = String::from_utf8(output.stdout.clone()).unwrap();
    let names: Vec<&str> = table.lines().skip(1).filter_map(|line| line.split('\t').next()).collect();
    assert_eq!(names, ["GENE7", "NOSUCHGENE", "GENE3"]);
    assert!(stderr(&output).contains("not in the table: NOSUCHGENE"), "{}", stderr(&output));
    fs::write(place.path().join("none.txt"), "NOSUCHGENE\n").unwrap();
    let arguments = ["panel", "--table", "test.tsv", "--genes", "none.txt", "-o", "panel.tsv"];
    refuse(place.path(), &arguments, "panel.tsv", &["none of the 1 genes"]);
}

#[test]
fn reads_of_a_given_genome_are_written_in_pairs() {
    let place = place();
    let bases: String = (0..200_000_u64).map(|i| ["A", "C", "G", "T"][(i * i / 7 % 4) as usize]).collect();
    fs::write(place.path().join("genome.fa"), format!(">chrT made up\n{bases}\n")).unwrap();
    let words = "simulate --annotation genes.gtf --genome genome.fa --fastq --library-size 500 --expressed-genes 40 \
                 --replicates 1 -o sim";
    let said = stderr(&succeed(place.path(), &words.split_whitespace().collect::<Vec<_>>()));
    assert!(said.contains("2 BAMs, 4 FASTQ files"), "{said}");
    let read = |name: &str| {
        let mut text = String::new();
        let file = fs::File::open(place.path().join("sim").join(name)).unwrap();
        std::io::Read::read_to_string(&mut flate2::read::MultiGzDecoder::new(file), &mut text).unwrap();
        text.lines().step_by(4).map(str::to_owned).collect::<Vec<_>>()
    };
    let names = read("parental_1_R1.fastq.gz");
    assert!(names.len() > 400 && names[0].starts_with('@'), "{names:?}");
    assert_eq!(names, read("parental_1_R2.fastq.gz"));
}
