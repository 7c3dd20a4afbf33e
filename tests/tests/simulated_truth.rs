//! Experiments with known truth: what alkaline finds in them, and whether edgeR finds the same.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, GeneFacts, TestTable};
use alkaline_core::samples::ContrastSpec;
use alkaline_core::{Gene, PerGene};
use alkaline_io::{counts, samples};
use alkaline_simulate::{SimulateOptions, SimulatedCounts, simulate_counts};
use alkaline_workflow::stages::test::{TestMethod, TestSettings, prepare, test};

/// 4,000 genes of which one in ten changes two-fold or more, three samples a side.
fn simulated() -> SimulatedCounts {
    let genes: Vec<Gene> =
        (0..4_000).map(|gene| Gene { id: format!("gene{gene}").into(), name: None, biotype: None }).collect();
    let options = SimulateOptions {
        library_size: 4e6,
        expressed_genes: 4_000,
        bcv: 0.2,
        fraction_changed: 0.1,
        smallest_log2_fold_change: 1.0,
        ..SimulateOptions::default()
    };
    simulate_counts(&genes, &options).expect("the options are within their ranges")
}

fn tested(simulated: &SimulatedCounts) -> TestTable {
    tested_by(simulated, &TestSettings::default())
}

fn tested_by(simulated: &SimulatedCounts, settings: &TestSettings) -> TestTable {
    let table = CountTable { matrix: simulated.counts.clone(), facts: GeneFacts::default() };
    let contrast = ContrastSpec::between("resistant_vs_parental", "condition", "parental", "resistant");
    let prepared = prepare(&table, &simulated.sample_sheet(), &contrast, settings, &Default::default())
        .expect("three a side");
    let labels = PerGene::from_fn(table.matrix.genes().clone(), |_| GeneLabel::default());
    test(&prepared, &contrast, &labels, settings).expect("both levels have samples")
}

/// Genes below an FDR of 0.05.
fn called(table: &TestTable) -> BTreeSet<String> {
    table.rows.iter().filter(|row| row.fdr < 0.05).map(|row| row.gene.to_string()).collect()
}

#[test]
fn most_genes_that_change_are_found_in_their_direction_and_few_others() {
    let simulated = simulated();
    let table = tested(&simulated);
    let called = called(&table);
    let changed = simulated.truth.iter().filter(|gene| gene.log2_fold_change != 0.0);
    let changed: BTreeSet<String> = changed.map(|gene| gene.gene.to_string()).collect();
    let right = called.intersection(&changed).count() as f64;
    assert!(right / changed.len() as f64 > 0.8, "{right} of {} found", changed.len());
    // Above 0.05: dispersions scatter more than the classic path assumes (docs/explanation/power.md).
    assert!(1.0 - right / (called.len() as f64) < 0.1, "{right} of {} calls are right", called.len());
    let direction = |gene: &str| {
        let row = simulated.counts.genes().position(gene).expect("a tested gene was simulated");
        simulated.truth[row].log2_fold_change
    };
    let found = table.rows.iter().filter(|row| called.contains(row.gene.as_str()));
    assert!(found.filter(|row| direction(row.gene.as_str()) * row.log2_fold_change < 0.0).count() == 0);
}

/// Of 95 % intervals 95 % hold the truth, of 80 % intervals 80 %: for genes that change and for genes that do not.
#[test]
fn confidence_intervals_hold_the_truth_as_often_as_they_say() {
    let simulated = simulated();
    for coverage in [0.95, 0.8] {
        let mut settings = TestSettings { method: Some(TestMethod::Ql), ..TestSettings::default() };
        settings.glm.interval = coverage;
        let table = tested_by(&simulated, &settings);
        let mut share = [[0.0; 2]; 2];
        for row in &table.rows {
            let gene = simulated.counts.genes().position(row.gene.as_str()).expect("it was simulated");
            let truth = simulated.truth[gene].log2_fold_change;
            let (low, high) = row.interval.expect("a linear model gives one");
            let [held, all] = &mut share[usize::from(truth != 0.0)];
            *all += 1.0;
            *held += f64::from(u8::from(low <= truth && truth <= high));
        }
        for ([held, all], kind) in share.into_iter().zip(["unchanged", "changed"]) {
            let found = held / all;
            println!("{kind}: {held} of {all} intervals of coverage {coverage} hold the truth ({found:.3})");
            let error = (coverage * (1.0 - coverage) / all).sqrt();
            assert!(all > 300.0 && (found - coverage).abs() < 3.0 * error, "{kind}: {found} for {coverage}");
        }
    }
}

#[test]
fn power_and_false_discoveries_equal_those_of_edger_needs_r() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let simulated = simulated();
    let (count_path, sheet_path) =
        (directory.path().join("counts.tsv"), directory.path().join("samples.csv"));
    let table = CountTable { matrix: simulated.counts.clone(), facts: GeneFacts::default() };
    counts::write(&count_path, &table, None).expect("counts are written");
    samples::write(&sheet_path, &simulated.sample_sheet()).expect("the sheet is written");
    let prefix = directory.path().join("edger");
    let Some(theirs) = edger(&count_path, &sheet_path, &prefix) else { return };
    let ours = called(&tested(&simulated));
    assert!(ours.len() > 300);
    assert_eq!(ours, theirs);
}

/// The genes that the real edgeR calls; `None` (said aloud) where there is none.
fn edger(counts: &Path, sheet: &Path, prefix: &Path) -> Option<BTreeSet<String>> {
    let library = ["-e", "library(edgeR)"];
    if !alkaline_testkit::external_program("r", "Rscript", &library, "genes that edgeR calls") {
        return None;
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/edger_classic.R");
    let output = Command::new("Rscript")
        .args([script.as_path(), counts, sheet])
        .args(["condition", "parental", "resistant", "NA"])
        .arg(prefix)
        .output()
        .expect("Rscript was there a moment ago");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let table = std::fs::read_to_string(format!("{}.test.csv", prefix.display())).expect("edgeR's table");
    let rows = table.lines().skip(1).map(|line| line.split(',').collect::<Vec<_>>());
    let called = rows.filter(|row| row[4].parse::<f64>().expect("an FDR") < 0.05);
    Some(called.map(|row| row[0].to_owned()).collect())
}
