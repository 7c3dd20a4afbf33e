//! A stage command leaves the same bytes as the run, at any number of threads, and the report can be made again.

#![cfg(test)]

mod command_line;

use std::fs;

use command_line::{same_bytes, small_experiment, small_run, succeed};

/// A finished run of the small experiment, in `out`.
fn finished_run() -> tempfile::TempDir {
    let place = tempfile::tempdir().expect("a directory");
    small_experiment(place.path());
    succeed(place.path(), &arguments("out", "2"));
    place
}

fn arguments<'a>(out: &'a str, threads: &'a str) -> Vec<&'a str> {
    small_run(out, &["-j", threads])
}

#[test]
fn a_run_leaves_what_the_contract_names() {
    let place = finished_run();
    for file in [
        "report.html",
        "run.json",
        "methods.md",
        "reproduce.R",
        "counts/counts.tsv",
        "counts/counts.tsv.summary",
        "counts/qc/qc.json",
        "expression/fpkm.tsv",
        "expression/tpm.tsv",
        "expression/cpm.tsv",
        "expression/log_cpm.tsv",
        "expression/library_sizes.tsv",
        "contrasts/resistant_vs_parental/test.tsv",
        "contrasts/resistant_vs_parental/ranks.rnk",
        "figures/sample_map.svg",
        "multiqc/alkaline_general_mqc.json",
    ] {
        let length = fs::metadata(place.path().join("out").join(file)).map(|file| file.len());
        assert!(length.as_ref().is_ok_and(|length| *length > 0), "{file}: {length:?}");
    }
    let header =
        fs::read_to_string(place.path().join("out/contrasts/resistant_vs_parental/test.tsv")).unwrap();
    assert!(header.starts_with("gene_id\tgene_name\tlogFC\tlogCPM\tPValue\tFDR\tdirection"), "{header}");
    let counts = fs::read_to_string(place.path().join("out/counts/counts.tsv")).unwrap();
    let header = counts.lines().nth(1).unwrap();
    assert_eq!(header, "Geneid\tChr\tStart\tEnd\tStrand\tLength\tp1\tp2\tr1\tr2");
}

#[test]
fn the_test_command_leaves_the_bytes_of_the_run() {
    let place = finished_run();
    succeed(
        place.path(),
        &[
            "test",
            "--counts",
            "out/counts/counts.tsv",
            "--samples",
            "out/samples.csv",
            "--contrast",
            "condition,parental,resistant",
            "-o",
            "alone.tsv",
        ],
    );
    same_bytes(place.path(), "alone.tsv", "out/contrasts/resistant_vs_parental/test.tsv");
}

#[test]
fn an_expression_in_levels_is_the_contrast_of_the_levels_and_details_are_written() {
    let place = finished_run();
    let test = |contrast: &str, out: &str, extra: &[&str]| {
        let fixed = ["test", "--counts", "out/counts/counts.tsv", "--samples", "out/samples.csv"];
        let chosen = ["--contrast", contrast, "--method", "lrt", "--adjust", "holm", "-o", out];
        succeed(place.path(), &[&fixed[..], &chosen[..], extra].concat());
        fs::read_to_string(place.path().join(out)).unwrap()
    };
    let levels = test("condition,parental,resistant", "levels.tsv", &[]);
    let design = ["--design", "~ 0 + condition", "--details"];
    let expression = test("resistant - parental", "expression.tsv", &design);
    let numbers = |table: &str| -> Vec<(String, f64, f64)> {
        let rows = table.lines().skip(1).map(|line| line.split('\t').collect::<Vec<_>>());
        rows.map(|row| (row[0].to_owned(), row[2].parse().unwrap(), row[4].parse().unwrap())).collect()
    };
    let (levels, expression) = (numbers(&levels), numbers(&expression));
    assert!(levels.len() == expression.len() && !levels.is_empty());
    for ((gene, change, p), other) in levels.iter().zip(&expression) {
        assert_eq!(gene, &other.0);
        assert!((change - other.1).abs() < 1e-6 && (p - other.2).abs() <= 1e-6 * p, "{gene}");
    }
    for ending in ["library_sizes.tsv", "dispersions.tsv", "mds.tsv", "pca.tsv"] {
        let path = place.path().join(format!("expression.tsv.{ending}"));
        assert!(fs::metadata(&path).is_ok_and(|file| file.len() > 0), "{ending}");
    }
    let companion = fs::read_to_string(place.path().join("levels.tsv.json")).unwrap();
    assert!(companion.contains("\"adjustment\": \"holm\"") && companion.contains("edgeR-3"), "{companion}");
}

#[test]
fn the_normalize_command_leaves_the_bytes_of_the_run() {
    let place = finished_run();
    for (unit, file) in [("fpkm", "fpkm"), ("tpm", "tpm"), ("cpm", "cpm"), ("log-cpm", "log_cpm")] {
        succeed(
            place.path(),
            &["normalize", "--counts", "out/counts/counts.tsv", "--unit", unit, "-o", "alone.tsv"],
        );
        same_bytes(place.path(), "alone.tsv", &format!("out/expression/{file}.tsv"));
    }
}

#[test]
fn a_run_that_begins_with_the_counts_of_another_gives_the_same_results() {
    let place = finished_run();
    succeed(
        place.path(),
        &[
            "run",
            "--counts",
            "out/counts/counts.tsv",
            "--samples",
            "out/samples.csv",
            "--contrasts",
            "out/contrasts.csv",
            "--go",
            "none",
            "--out",
            "again",
        ],
    );
    for file in
        ["contrasts/resistant_vs_parental/test.tsv", "expression/fpkm.tsv", "expression/library_sizes.tsv"]
    {
        same_bytes(place.path(), &format!("out/{file}"), &format!("again/{file}"));
    }
}

#[test]
fn the_report_command_makes_the_same_page_from_the_files() {
    let place = finished_run();
    let report = place.path().join("out/report.html");
    let before = fs::read(&report).unwrap();
    fs::remove_file(&report).unwrap();
    succeed(place.path(), &["report", "out"]);
    assert!(fs::read(&report).unwrap() == before, "the page differs");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let place = finished_run();
    succeed(place.path(), &arguments("single", "1"));
    for file in [
        "counts/counts.tsv",
        "counts/qc/qc.json",
        "contrasts/resistant_vs_parental/test.tsv",
        "expression/mds.tsv",
        "figures/resistant_vs_parental.volcano.svg",
    ] {
        same_bytes(place.path(), &format!("out/{file}"), &format!("single/{file}"));
    }
}

#[test]
fn no_replicates_work_with_a_bcv_and_every_output_says_so() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let arguments = [
        "run",
        "--parental",
        "p1.bam",
        "--resistant",
        "r1.bam",
        "--bcv",
        "0.1",
        "--annotation",
        "genes.gtf",
        "--go",
        "none",
        "--out",
        "out",
    ];
    let output = succeed(place.path(), &arguments);
    assert!(command_line::stderr(&output).contains("assumed"));
    for file in ["report.html", "methods.md", "run.json", "contrasts/resistant_vs_parental/test.tsv.json"] {
        let text = fs::read_to_string(place.path().join("out").join(file)).unwrap();
        assert!(text.contains("assumed"), "{file} does not say that the dispersion was assumed");
    }
}

#[test]
fn check_says_what_a_run_would_do_and_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let mut arguments = arguments("out", "1");
    arguments[0] = "check";
    let said = command_line::stderr(&succeed(place.path(), &arguments));
    assert!(
        said.contains("60 genes") && said.contains("2 samples of resistant against 2 of parental"),
        "{said}"
    );
    assert!(!place.path().join("out").exists());
}
