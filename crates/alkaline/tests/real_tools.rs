//! Whole runs on real data against the real featureCounts and the real edgeR.
//!
//! Needs `ALKALINE_DATA`, featureCounts and R with edgeR 3.x; each test says aloud what it misses.

#![cfg(test)]

mod command_line;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use alkaline_testkit::{Tolerance, assert_close, external_data, external_program};
use command_line::{small_experiment, succeed};

/// Relative tolerance of P values; measured: 3.5e-8 (two builds of edgeR differ by up to 6e-8).
const P_TOLERANCE: Tolerance = Tolerance::Relative(1e-6);

/// Absolute tolerance of log fold changes; measured: 4e-13.
const LOG_FC_TOLERANCE: Tolerance = Tolerance::Absolute(1e-8);

/// Relative tolerance of normalisation factors; measured: 4e-15.
const FACTOR_TOLERANCE: Tolerance = Tolerance::Relative(1e-12);

/// Whether there is edgeR, and one of the releases that are compared with: a newer one is another requirement.
fn has_edger() -> bool {
    let third = "suppressMessages(library(edgeR)); stopifnot(packageVersion('edgeR') < '4')";
    external_program("r", "Rscript", &["-e", "suppressMessages(library(edgeR))"], "edgeR on real data")
        && external_program("edger-3", "Rscript", &["-e", third], "edgeR 3 on real data")
}

fn has_featurecounts() -> bool {
    external_program("featurecounts", "featureCounts", &["-v"], "counts of real data")
}

/// Runs featureCounts on pairs and gives its table and summary, without the lines that name files.
fn featurecounts(place: &Path, annotation: &[&str], strand: &str, bams: &[String]) -> (String, String) {
    let mut command = Command::new("featureCounts");
    command
        .current_dir(place)
        .args(["-p", "--countReadPairs", "-s", strand, "-o", "fc.txt"])
        .args(annotation);
    let output = command.args(bams).output().expect("featureCounts starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (below_header(&place.join("fc.txt"), 2), below_header(&place.join("fc.txt.summary"), 1))
}

/// A file without its first lines.
fn below_header(path: &Path, lines: usize) -> String {
    let text = fs::read_to_string(path).expect("the file is there");
    text.lines().skip(lines).map(|line| format!("{line}\n")).collect()
}

/// Counts and summary of a run equal featureCounts'.
#[track_caller]
fn assert_counts_equal(run: &Path, theirs: &(String, String)) {
    let table = below_header(&run.join("counts/counts.tsv"), 2);
    assert!(table.lines().count() > 10, "nothing to compare");
    assert!(table == theirs.0, "the count tables differ");
    assert_eq!(below_header(&run.join("counts/counts.tsv.summary"), 1), theirs.1);
}

/// Rows of a delimited file by the value of its first column.
fn rows(path: &Path, delimiter: char) -> HashMap<String, HashMap<String, String>> {
    let text = fs::read_to_string(path).expect("the table is there");
    let mut lines = text.lines().map(|line| line.split(delimiter).map(str::to_owned).collect::<Vec<_>>());
    let header = lines.next().expect("a header");
    lines.map(|row| (row[0].clone(), header.iter().cloned().zip(row.iter().cloned()).collect())).collect()
}

fn number(row: &HashMap<String, String>, column: &str) -> f64 {
    row[column].parse().unwrap_or_else(|_| panic!("{column} is {}", row[column]))
}

/// The test table and library sizes of a run equal the classic path of the real edgeR.
#[track_caller]
fn assert_tests_equal(run: &Path, id: &str, [variable, reference, target]: [&str; 3], bcv: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/peers/edger_classic.R");
    let prefix = run.join(format!("R_{id}"));
    let output = Command::new("Rscript")
        .arg(script)
        .args([run.join("counts/counts.tsv"), run.join("samples.csv")])
        .args([variable, reference, target, bcv])
        .arg(&prefix)
        .output()
        .expect("R starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let ours = rows(&run.join(format!("contrasts/{id}/test.tsv")), '\t');
    let theirs = rows(&PathBuf::from(format!("{}.test.csv", prefix.display())), ',');
    assert!(!ours.is_empty() && ours.len() == theirs.len(), "{} and {} genes", ours.len(), theirs.len());
    for (gene, theirs) in &theirs {
        let ours = ours.get(gene).unwrap_or_else(|| panic!("{gene} was not tested"));
        assert_close(number(theirs, "logFC"), number(ours, "logFC"), LOG_FC_TOLERANCE);
        assert_close(number(theirs, "PValue"), number(ours, "PValue"), P_TOLERANCE);
        assert_close(number(theirs, "FDR"), number(ours, "FDR"), P_TOLERANCE);
    }
    let sizes = rows(&run.join("expression/library_sizes.tsv"), '\t');
    for (sample, theirs) in rows(&PathBuf::from(format!("{}.samples.csv", prefix.display())), ',') {
        assert_close(number(&theirs, "lib.size"), number(&sizes[&sample], "lib.size"), FACTOR_TOLERANCE);
        assert_close(
            number(&theirs, "norm.factors"),
            number(&sizes[&sample], "norm.factors"),
            FACTOR_TOLERANCE,
        );
    }
}

const CONDITION: [&str; 3] = ["condition", "parental", "resistant"];

#[test]
fn airway_equals_featurecounts_and_edger_needs_data_featurecounts_r() {
    let Some(data) = external_data("airway against featureCounts and edgeR") else { return };
    if !(has_featurecounts() && has_edger()) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let airway = data.join("bam/airway");
    let bam = |run: u32| airway.join(format!("SRR10395{run:02}_subset.bam")).display().to_string();
    let (untreated, treated) = ([8, 12, 16, 20].map(bam), [9, 13, 17, 21].map(bam));
    let gtf = airway.join("Homo_sapiens.GRCh37.75_subset.gtf").display().to_string();
    let mut arguments = vec!["run", "--annotation", &gtf, "--out", "out", "--go", "none", "--parental"];
    arguments.extend(untreated.iter().map(String::as_str));
    arguments.push("--resistant");
    arguments.extend(treated.iter().map(String::as_str));
    succeed(place.path(), &arguments);
    let run = place.path().join("out");
    let bams = [untreated, treated].concat();
    assert_counts_equal(&run, &featurecounts(place.path(), &["-a", &gtf], "0", &bams));
    assert_tests_equal(&run, "resistant_vs_parental", CONDITION, "NA");
}

#[test]
fn encode_without_replicates_equals_featurecounts_and_edger_needs_data_featurecounts_r() {
    let Some(data) = external_data("ENCODE chr19 against featureCounts and edgeR") else { return };
    if !(has_featurecounts() && has_edger()) {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let folder = data.join("bam/encode_chr19");
    let bams =
        [1, 2].map(|rep| folder.join(format!("ENCSR653DFZ_rep{rep}.sorted.bam")).display().to_string());
    let gtf =
        folder.join("gencodeV24pri-tRNAs-ERCC-phiX_onlychr19_and_spikeins.gtf.gz").display().to_string();
    // The built-in annotation as a SAF, so that featureCounts counts on the same rows.
    let saf = place.path().join("hg38.saf").display().to_string();
    succeed(place.path(), &["reference", "show", "hg38", "--saf", "-o", &saf]);
    let annotations =
        [(None, vec!["-F", "SAF", "-a", saf.as_str()]), (Some(gtf.as_str()), vec!["-a", gtf.as_str()])];
    for (number, (ours, theirs)) in annotations.into_iter().enumerate() {
        let out = format!("out{number}");
        let mut arguments = vec![
            "run",
            "--parental",
            &bams[0],
            "--resistant",
            &bams[1],
            "--bcv",
            "0.1",
            "--go",
            "none",
            "--out",
            &out,
        ];
        if let Some(gtf) = ours {
            arguments.extend(["--annotation", gtf]);
        }
        succeed(place.path(), &arguments);
        let run = place.path().join(&out);
        // Reverse-stranded: the run has to find that out by itself.
        assert_counts_equal(&run, &featurecounts(place.path(), &theirs, "2", &bams));
        assert_tests_equal(&run, "resistant_vs_parental", CONDITION, "0.1");
    }
}

#[test]
fn two_resistant_lines_in_one_run_equal_edger_needs_data_r() {
    let Some(data) = external_data("a parental line and two resistant ones against edgeR") else { return };
    if !has_edger() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    let folder = data.join("counts/drug_resistant");
    let contrasts =
        "id,variable,reference,target\nA,condition,parental,resistant_A\nB,condition,parental,resistant_B\n";
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    let (counts, samples) = (folder.join("counts.csv"), folder.join("samples.csv"));
    let (counts, samples) = (counts.display().to_string(), samples.display().to_string());
    succeed(
        place.path(),
        &[
            "run",
            "--counts",
            &counts,
            "--samples",
            &samples,
            "--contrasts",
            "contrasts.csv",
            "--out",
            "out",
            "--go",
            "none",
        ],
    );
    let run = place.path().join("out");
    assert_tests_equal(&run, "A", ["condition", "parental", "resistant_A"], "NA");
    assert_tests_equal(&run, "B", ["condition", "parental", "resistant_B"], "NA");
}

#[test]
fn the_r_script_of_a_run_gives_the_same_table_needs_r() {
    if !has_edger() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    small_experiment(place.path());
    let with = |more: &[&'static str]| {
        let mut arguments =
            vec!["run", "--annotation", "genes.gtf", "--go", "none", "--out", "out", "--parental", "p1.bam"];
        arguments.extend(more);
        arguments
    };
    let pairs = ["p2.bam", "--resistant", "r1.bam", "r2.bam"];
    let runs = [
        with(&pairs),
        with(&[&pairs[..], &["--method", "lrt"]].concat()),
        with(&[&pairs[..], &["--method", "ql"]].concat()),
        with(&[&pairs[..], &["--method", "treat", "--lfc", "0.5"]].concat()),
        with(&[&pairs[..], &["--filter", "cpm", "--min-cpm", "5", "--adjust", "holm"]].concat()),
        with(&[&pairs[..], &["--dispersion-method", "common-then-tagwise", "--prior-df", "8"]].concat()),
        with(&[&pairs[..], &["--method", "lrt", "--prior-count", "1", "--trend", "none"]].concat()),
        with(&[&pairs[..], &["--method", "treat", "--lfc", "0.5", "--treat-null", "worst-case"]].concat()),
        with(&["--resistant", "r1.bam", "--bcv", "0.2"]),
    ];
    for arguments in runs {
        succeed(place.path(), &arguments);
        let run = place.path().join("out");
        let output = Command::new("Rscript").current_dir(&run).arg("reproduce.R").output().expect("R starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let ours = rows(&run.join("contrasts/resistant_vs_parental/test.tsv"), '\t');
        let theirs = rows(&run.join("contrasts/resistant_vs_parental/test.R.tsv"), '\t');
        assert!(!ours.is_empty() && ours.len() == theirs.len());
        for (gene, theirs) in &theirs {
            assert_close(number(theirs, "logFC"), number(&ours[gene], "logFC"), LOG_FC_TOLERANCE);
            assert_close(number(theirs, "PValue"), number(&ours[gene], "PValue"), P_TOLERANCE);
            assert_close(number(theirs, "FDR"), number(&ours[gene], "FDR"), P_TOLERANCE);
        }
    }
    refused_by_the_other_edger(
        place.path(),
        &with(&[&pairs[..], &["--method", "ql", "--compat", "edgeR-4"]].concat()),
    );
}

/// The script of a run by edgeR 4's rules says so where edgeR 3 is installed, and does not give other numbers.
fn refused_by_the_other_edger(place: &Path, arguments: &[&str]) {
    // What the script of an earlier run left is no file of this run: a repeated run lets it stand.
    let table = place.join("out/contrasts/resistant_vs_parental/test.R.tsv");
    fs::remove_file(&table).expect("the runs before left their table");
    succeed(place, arguments);
    let output =
        Command::new("Rscript").current_dir(place.join("out")).arg("reproduce.R").output().expect("R starts");
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && message.contains("this run followed edgeR 4"), "{message}");
    assert!(!table.exists());
}

/// A sheet with two resistant lines, batches and ages, and counts that depend on all of them.
fn two_lines_with_batches(place: &Path) {
    let conditions = ["parental", "resistant_A", "resistant_B"];
    let mut sheet = "sample,condition,batch,age\n".to_owned();
    let mut counts = "gene".to_owned();
    let mut samples = Vec::new();
    for (c, condition) in conditions.into_iter().enumerate() {
        for replicate in 0..4_usize {
            let age = 20.5 + (replicate * 3 + c * 5) as f64;
            sheet += &format!("s{c}{replicate},{condition},day {},{age}\n", replicate % 2 + 1);
            counts += &format!(",s{c}{replicate}");
            samples.push((c, replicate));
        }
    }
    for gene in 0..300_usize {
        counts += &format!("\ng{gene}");
        for &(c, replicate) in &samples {
            let line = if c > 0 && gene % 10 == c { 3 } else { 1 };
            let batch = if replicate % 2 == 1 && gene % 7 == 0 { 2 } else { 1 };
            let noise = (gene * 31 + c * 17 + replicate * 53 + gene * replicate * 7) % (20 + gene);
            counts += &format!(",{}", (25 + gene + noise) * line * batch);
        }
    }
    fs::write(place.join("samples.csv"), sheet).unwrap();
    fs::write(place.join("counts.csv"), counts + "\n").unwrap();
}

#[test]
fn the_r_script_repeats_contrasts_of_any_coefficients_needs_r() {
    if !has_edger() {
        return;
    }
    let place = tempfile::tempdir().unwrap();
    two_lines_with_batches(place.path());
    // pairs of levels, expressions in levels and in coefficients, blocking columns, formulas with numbers and interactions
    let contrasts = "id,variable,reference,target,blocking,contrast,formula\n\
        pair,condition,parental,resistant_A,,,\n\
        either,,,,,(resistant_A + resistant_B)/2 - parental,\n\
        blocked,condition,,,batch,resistant_A - resistant_B,\n\
        aged,condition,parental,resistant_B,,,~ 0 + condition + batch + age\n\
        interaction,,,,,`conditionresistant_A:batchday 2`,~ condition * batch\n\
        nested,,,,,`conditionresistant_B:batchday 2` - `conditionparental:batchday 2`,~ condition + condition:batch\n";
    fs::write(place.path().join("contrasts.csv"), contrasts).unwrap();
    let fixed = ["run", "--counts", "counts.csv", "--samples", "samples.csv", "--contrasts", "contrasts.csv"];
    for more in [
        &["--go", "none"][..],
        &["--method", "lrt", "--go", "none", "--separate", "--design", "~ condition"],
        &["--method", "treat", "--lfc", "0.3", "--go", "none"],
        &["--method", "treat", "--lfc", "0.3", "--treat-null", "worst-case", "--go", "none"],
        &[
            "--method",
            "lrt",
            "--dispersion-method",
            "abundant-genes",
            "--design",
            "~ condition",
            "--go",
            "none",
        ],
    ] {
        succeed(place.path(), &[&fixed[..], &["--out", "out"], more].concat());
        let run = place.path().join("out");
        let output = Command::new("Rscript").current_dir(&run).arg("reproduce.R").output().expect("R starts");
        assert!(output.status.success(), "{more:?}: {}", String::from_utf8_lossy(&output.stderr));
        // next to a threshold a statistic is the root of a difference of deviances that is mostly rounding (deviation D-05); measured: 4e-6
        let of_p = if more.contains(&"treat") { Tolerance::Relative(1e-5) } else { P_TOLERANCE };
        for id in ["pair", "either", "blocked", "aged", "interaction", "nested"] {
            let ours = rows(&run.join(format!("contrasts/{id}/test.tsv")), '\t');
            let theirs = rows(&run.join(format!("contrasts/{id}/test.R.tsv")), '\t');
            assert!(ours.len() > 250 && ours.len() == theirs.len(), "{id}: {} genes", ours.len());
            for (gene, theirs) in &theirs {
                assert_close(number(theirs, "logFC"), number(&ours[gene], "logFC"), LOG_FC_TOLERANCE);
                assert_close(number(theirs, "PValue"), number(&ours[gene], "PValue"), of_p);
            }
        }
    }
    let methods = fs::read_to_string(place.path().join("out/methods.md")).unwrap();
    for part in [
        "the contrast `(resistant_A + resistant_B)/2 - parental`",
        "in the model `~ condition`",
        "in the model `~ 0 + condition + batch + age`",
    ] {
        assert!(methods.contains(part), "{part} not in {methods}");
    }
}
