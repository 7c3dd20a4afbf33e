//! Tests of log values and several tests of one question, from file to file.

#![expect(clippy::unwrap_used, reason = "what is made here is right, or the test fails")]

mod command_line;

use std::fs;
use std::path::Path;

use command_line::{alkaline, stderr, succeed};

/// Eight genes in six arrays, A A A B B B; limma 3.54.1 was run on them.
const VALUES: &str = "ID_REF\tgene_name\ta1\ta2\ta3\tb1\tb2\tb3\n\
    g1\tALK\t7.12\t6.98\t7.31\t9.05\t8.77\t9.21\n\
    g2\tNA\t5.40\t5.61\t5.22\t5.35\t5.70\t5.41\n\
    g3\tEML4\t10.02\t9.87\t10.15\t9.11\t9.38\t8.90\n\
    g4\tNA\t3.10\t3.85\t2.60\t3.95\t4.40\t3.05\n\
    g5\tNA\t8.00\t8.04\t7.97\t8.11\t8.15\t8.08\n\
    g6\tNA\t6.50\t6.10\t7.02\t6.31\t6.88\t6.45\n\
    g7\tNA\t12.33\t12.41\t12.29\t12.90\t12.71\t12.85\n\
    g8\tNA\t4.21\t4.95\t4.02\t3.10\t3.63\t2.71\n";

fn sheet(place: &Path) {
    let rows = "sample,condition\na1,A\na2,A\na3,A\nb1,B\nb2,B\nb3,B\n";
    fs::write(place.join("samples.csv"), rows).unwrap();
}

fn arrays() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    fs::write(place.path().join("values.tsv"), VALUES).unwrap();
    sheet(place.path());
    place
}

/// Counts of 300 genes, every tenth of which changes.
fn counts() -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    let mut text = "gene_id\ta1\ta2\ta3\tb1\tb2\tb3\n".to_owned();
    for gene in 0..300_u32 {
        let level = 40 + gene * 7 % 500;
        let fold = if gene % 10 == 0 { 4 } else { 1 };
        let count = |sample: u32| {
            let noise = (gene * 31 + sample * 17) % 23;
            (level + noise) * if sample > 2 { fold } else { 1 }
        };
        let row: Vec<String> = (0..6).map(|sample| count(sample).to_string()).collect();
        text += &format!("g{gene}\t{}\n", row.join("\t"));
    }
    fs::write(place.path().join("counts.tsv"), text).unwrap();
    sheet(place.path());
    place
}

/// The value of `gene` in `column` of a table.
fn value(table: &Path, gene: &str, column: &str) -> String {
    let text = fs::read_to_string(table).unwrap();
    let mut lines = text.lines();
    let place = lines.next().unwrap().split('\t').position(|name| name == column).unwrap();
    let row = lines.find(|line| line.split('\t').next() == Some(gene)).unwrap();
    row.split('\t').nth(place).unwrap().to_owned()
}

const CONTRAST: [&str; 4] = ["--samples", "samples.csv", "--contrast", "condition,A,B"];

#[test]
fn arrays_are_tested_by_limma_and_what_the_values_are_is_said() {
    let place = arrays();
    for table in [["--expression", "values.tsv"].as_slice(), &["--counts", "values.tsv", "--method", "limma"]]
    {
        let output = succeed(place.path(), &[&["test"], table, &CONTRAST, &["-o", "test.tsv"]].concat());
        assert!(
            stderr(&output).contains("were taken as logs, by GEO2R's rule of quantiles"),
            "{}",
            stderr(&output)
        );
        let test = place.path().join("test.tsv");
        let number = |column: &str| value(&test, "g1", column).parse::<f64>().unwrap();
        assert!((number("PValue") / 3.844_244_728_019_32e-5 - 1.0).abs() < 1e-9);
        assert!((number("t") / 12.410_540_594_746 - 1.0).abs() < 1e-9);
        assert!((number("B") / 3.032_853_046_758_04 - 1.0).abs() < 1e-9);
        assert!((number("AveExpr") / 8.073_333_333_333_33 - 1.0).abs() < 1e-9);
        assert_eq!(value(&test, "g1", "gene_name"), "ALK");
        assert_eq!(value(&test, "g1", "logCPM"), "NA");
        assert_eq!(value(&test, "g1", "direction"), "up");
    }
}

#[test]
fn what_limma_cannot_test_is_refused_in_words() {
    let place = arrays();
    let refused = |arguments: &[&str], says: &[&str]| {
        let output = alkaline(place.path(), &[&["test"], arguments, &["-o", "no.tsv"]].concat());
        let message = stderr(&output);
        assert_eq!(output.status.code(), Some(3), "{arguments:?}\n{message}");
        says.iter().for_each(|words| assert!(message.contains(words), "{words} not in {message}"));
        assert!(!place.path().join("no.tsv").exists());
    };
    let expression = ["--expression", "values.tsv"];
    let exact = [&expression[..], &CONTRAST, &["--method", "exact"]].concat();
    refused(&exact, &["`exact` tests counts", "--method limma tests log values"]);
    fs::write(place.path().join("pair.csv"), "sample,condition\na1,A\nb1,B\n").unwrap();
    let ones = [&expression[..], &["--samples", "pair.csv", "--contrast", "condition,A,B"]].concat();
    refused(&ones, &["limma needs a group of at least two samples"]);
    fs::write(place.path().join("values.tsv"), VALUES.replace("7.12", "-Inf").replace("5.40", "x")).unwrap();
    let all = [&expression[..], &CONTRAST].concat();
    refused(&all, &["line 2, column `a1`: `-Inf` is not finite", "line 3, column `a1`: `x` is not a number"]);
    let mixed = VALUES.lines().enumerate().map(|(line, text)| {
        let mut fields: Vec<String> = text.split('\t').map(str::to_owned).collect();
        if line > 0 {
            fields[2] = format!("{:.1}", fields[2].parse::<f64>().unwrap().exp2() * 10.0);
        }
        fields.join("\t") + "\n"
    });
    fs::write(place.path().join("values.tsv"), mixed.collect::<String>()).unwrap();
    refused(&all, &["samples are on different scales: intensities or counts in a1, logs in the others"]);
}

#[test]
fn several_tests_answer_side_by_side_and_say_how_far_they_agree() {
    let place = counts();
    let own = ["test", "--counts", "counts.tsv", "--method", "exact,voom,limma-trend", "-o", "test.tsv"];
    let output = succeed(place.path(), &[&own[..], &CONTRAST].concat());
    assert!(stderr(&output).contains("hangs on the method"), "{}", stderr(&output));
    let consensus = place.path().join("consensus.tsv");
    assert_eq!(value(&consensus, "g10", "calls"), "3");
    assert_eq!(value(&consensus, "g10", "direction"), "up");
    assert_eq!(value(&consensus, "g1", "calls"), "0");
    let voom = place.path().join("test.voom.tsv");
    assert_eq!(value(&consensus, "g10", "voom.logFC"), value(&voom, "g10", "logFC"));
    assert!(place.path().join("test.limma-trend.tsv").exists());
    let alone = ["test", "--counts", "counts.tsv", "--method", "voom", "-o", "alone.tsv"];
    succeed(place.path(), &[&alone[..], &CONTRAST].concat());
    assert_eq!(fs::read(place.path().join("alone.tsv")).unwrap(), fs::read(voom).unwrap());
}

#[test]
fn a_run_calls_by_p_where_it_is_asked_to_and_says_that_this_is_no_control() {
    let place = counts();
    let own = [
        "run",
        "--counts",
        "counts.tsv",
        "--samples",
        "samples.csv",
        "--contrast",
        "condition,A,B",
        "--go",
        "none",
    ];
    let more = ["--method", "voom,exact", "--call-by", "p", "--out", "out"];
    succeed(place.path(), &[&own[..], &more].concat());
    let out = place.path().join("out");
    let methods = fs::read_to_string(out.join("methods.md")).unwrap();
    assert!(
        methods.contains("P was not adjusted for the number of genes") && methods.contains("voom"),
        "{methods}"
    );
    let record = fs::read_to_string(out.join("run.json")).unwrap();
    assert!(
        record.contains("\"call_by\": \"p\"") && record.contains("no control of false discoveries"),
        "{record}"
    );
    let folder = fs::read_dir(out.join("contrasts")).unwrap().next().unwrap().unwrap().path();
    assert!(folder.join("tests/exact.tsv").exists() && folder.join("consensus.tsv").exists());
    assert!(!out.join("expression/dispersions.tsv").exists());
    let report = fs::read_to_string(out.join("report.html")).unwrap();
    for words in [
        "Agreement of tests",
        "Several tests answered this question; of ",
        "P of two tests",
        "\"callBy\":\"P\"",
    ] {
        assert!(report.contains(words), "{words}");
    }
    assert!(
        report.contains("<th scope=\"row\">voom</th>") && report.contains("<th scope=\"row\">exact</th>")
    );
    let figures: Vec<String> = fs::read_dir(out.join("figures"))
        .unwrap()
        .map(|file| file.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    assert!(figures.iter().any(|name| name.ends_with(".method_overlap.svg")), "{figures:?}");
    assert!(figures.iter().any(|name| name.ends_with(".p_pair_1.svg")), "{figures:?}");
}
