//! Ranked enrichment against the recorded answers of fgsea in `golden/fgsea`, case by case.

#![cfg(test)]

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GseaRow, RankedGenes};
use alkaline_enrich::gsea::{GseaEngine, GseaResult, collapse};
use alkaline_enrich::ora::GeneLabels;
use alkaline_enrich::{GseaOptions, gsea};
use alkaline_io::delimited::Delimited;

/// A case: its input, and fgsea's answer by set.
struct Case {
    name: String,
    directory: PathBuf,
    ranked: RankedGenes,
    sets: GeneSetCollection,
    answers: HashMap<String, HashMap<String, String>>,
}

fn cases() -> Vec<Case> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden/fgsea");
    let mut directories: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("case.toml").exists())
        .collect();
    directories.sort();
    assert!(directories.len() >= 2, "{directories:?}");
    directories.into_iter().map(read_case).collect()
}

fn read_case(directory: PathBuf) -> Case {
    let table = Delimited::open(&directory.join("expected/fgsea.tsv")).unwrap();
    let header = table.header.clone();
    let answers = table
        .rows()
        .unwrap()
        .into_iter()
        .map(|(_, row)| {
            let row: HashMap<String, String> =
                header.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
            (row["pathway"].clone(), row)
        })
        .collect();
    Case {
        name: directory.file_name().unwrap().to_string_lossy().into_owned(),
        ranked: alkaline_io::rnk::read(&directory.join("input/ranks.rnk")).unwrap().0,
        sets: alkaline_io::gmt::read(&directory.join("input/sets.gmt")).unwrap().0,
        directory,
        answers,
    }
}

fn options() -> GseaOptions {
    GseaOptions { min_size: 1, max_size: 3000, labels: GeneLabels::AsGiven, ..GseaOptions::default() }
}

fn run(case: &Case, options: &GseaOptions) -> GseaResult {
    gsea(&case.ranked, "score", std::slice::from_ref(&case.sets), None, options).unwrap()
}

impl Case {
    fn number(&self, row: &GseaRow, column: &str) -> f64 {
        self.answers[&row.id][column].parse().unwrap()
    }

    /// Share of 200,000 random sets of fgsea's that are as extreme, and its standard error in bits.
    fn counted(&self, row: &GseaRow) -> Option<(f64, f64)> {
        let (more, all) = (self.number(row, "more_extreme"), self.number(row, "same_sign"));
        (more >= 200.0).then(|| ((more / all).log2(), 1.0 / more.sqrt() / std::f64::consts::LN_2))
    }
}

#[test]
fn scores_and_leading_edges_equal_fgsea() {
    for case in cases() {
        let result = run(&case, &options());
        let limit = alkaline_testkit::golden_limit(&case.directory, "enrichment_score");
        assert_eq!(result.table.rows.len(), case.answers.len(), "{}", case.name);
        for (row, edge) in result.table.rows.iter().zip(&result.leading_edges) {
            let difference = (row.enrichment_score - case.number(row, "ES")).abs();
            assert!(difference < limit, "{} {}: {difference:e}", case.name, row.id);
            assert_eq!(edge.join("/"), case.answers[&row.id]["leadingEdge"], "{} {}", case.name, row.id);
        }
    }
}

#[test]
fn p_values_equal_shares_of_counted_random_sets() {
    for case in cases() {
        let result = run(&case, &GseaOptions { draws: 5_000, ..options() });
        let (mut sum, mut squares, mut sets) = (0.0, 0.0, 0.0);
        for row in &result.table.rows {
            let Some((counted, error)) = case.counted(row) else { continue };
            let difference = row.p_value.log2() - counted;
            let z = difference / error.hypot(row.log2_error);
            assert!(z.abs() < 4.0, "{} {}: {difference} bit, {z} standard errors", case.name, row.id);
            sum += difference;
            squares += z * z;
            sets += 1.0;
        }
        println!(
            "{}: {sets} sets, mean difference {:.4} bit, z {:.2}",
            case.name,
            sum / sets,
            f64::sqrt(squares / sets)
        );
        assert!(sets >= 20.0 && (sum / sets).abs() < 0.03 && squares / sets < 2.0, "{}", case.name);
    }
}

/// Eight seeds of fgsea with 301 climbers against eight of the engine of its name: no bias, the same spread.
#[test]
fn the_engine_fgsea_agrees_with_fgsea_in_distribution() {
    const SEEDS: u64 = 8;
    for case in cases() {
        let runs: Vec<GseaResult> = (1..=SEEDS)
            .map(|seed| {
                let engine = GseaEngine::Fgsea;
                let options = GseaOptions {
                    engine,
                    seed,
                    sample_size: 301,
                    eps: 0.0,
                    simple_draws: 10_000,
                    ..options()
                };
                run(&case, &options)
            })
            .collect();
        let (mut z_squares, mut own_spread, mut their_spread, mut sets) = (0.0, 0.0, 0.0, 0.0);
        for row in &runs[0].table.rows {
            let bits: Vec<f64> = runs
                .iter()
                .map(|run| run.table.rows.iter().find(|other| other.id == row.id).unwrap().p_value.log2())
                .collect();
            let mean = bits.iter().sum::<f64>() / bits.len() as f64;
            let spread =
                (bits.iter().map(|b| (b - mean).powi(2)).sum::<f64>() / (bits.len() - 1) as f64).sqrt();
            let their = case.number(row, "log2p_sd");
            let error = ((spread.powi(2) + their.powi(2)) / SEEDS as f64).sqrt();
            z_squares += ((mean - case.number(row, "log2p_mean")) / error).powi(2);
            own_spread += spread.powi(2);
            their_spread += their.powi(2);
            sets += 1.0;
        }
        let ratio = (own_spread / their_spread).sqrt();
        println!("{}: z {:.2}, spread {ratio:.2} of fgsea's", case.name, f64::sqrt(z_squares / sets));
        assert!(z_squares / sets < 2.0 && (0.7..1.4).contains(&ratio), "{}: {z_squares} {ratio}", case.name);
    }
}

/// fgsea's own answer rests on 200 random sets a question; the sets that stand for others are nearly the same.
#[test]
fn collapsed_sets_are_nearly_those_of_fgsea() {
    for case in cases() {
        let text = std::fs::read_to_string(case.directory.join("expected/collapse_main.txt")).unwrap();
        let theirs: HashSet<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        let result = run(&case, &options());
        let sets = std::slice::from_ref(&case.sets);
        let collapsed = || collapse(&case.ranked, sets, None, &options(), &result.table, 0.01).unwrap();
        assert_eq!(collapsed(), collapsed());
        let all = collapsed();
        let ours: HashSet<&str> =
            all.iter().filter(|set| set.represented_by.is_none()).map(|set| set.id.as_str()).collect();
        println!(
            "{}: {} of {} stand for themselves; fgsea says {}",
            case.name,
            ours.len(),
            all.len(),
            theirs.len()
        );
        let differing = ours.symmetric_difference(&theirs).count();
        assert!(differing <= 1 + theirs.len() / 6, "{}: {ours:?} {theirs:?}", case.name);
    }
}
