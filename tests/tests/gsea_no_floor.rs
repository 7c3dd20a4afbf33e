//! P has no floor: on a list as long as that of an experiment, the set of the first genes has a P that can be counted by hand.
//!
//! Only that set has every hit before every miss, so that no other reaches a score of one; the list is symmetric, so that half of all sets
//! score positively: P = 2 / C(genes, size). The P of sets that lie within the first genes, but leave some out, cannot be
//! counted: there, a method that knows nothing of the ways to a score, the multilevel splitting of fgsea, must find the same.

#![cfg(test)]

use alkaline_core::GeneId;
use alkaline_core::gene_sets::{GeneSetCollection, GeneSetInterner, GeneSetSource};
use alkaline_core::results::RankedGenes;
use alkaline_enrich::gsea::GseaEngine;
use alkaline_enrich::ora::GeneLabels;
use alkaline_enrich::{GseaOptions, gsea};

/// Genes that an experiment tests.
const GENES: usize = 15_800;

/// Sizes of the sets of the first genes; log10 P goes from -35 over -65, -170 and -262 to -290.
const SIZES: [usize; 5] = [10, 20, 60, 100, 113];

/// Seeds of alkaline.
const SEEDS: std::ops::Range<u64> = 1..5;

/// Sets drawn from the first genes: their size, and of how many genes. Scores go from 0.97 to 0.998.
const WITHIN_FIRST: [(usize, usize); 5] = [(12, 60), (12, 480), (25, 62), (25, 500), (40, 200)];

#[test]
fn p_of_the_first_genes_is_right_down_to_1e_290() {
    let names = names();
    let ranked = logistic_list(&names);
    let collection = sets(&SIZES.map(|size| (size.to_string(), names[..size].iter().collect())));
    let mut sums = [0.0; SIZES.len()];
    for seed in SEEDS {
        let options = GseaOptions { seed, labels: GeneLabels::AsGiven, ..GseaOptions::default() };
        let table = gsea(&ranked, "score", std::slice::from_ref(&collection), None, &options).unwrap().table;
        assert_eq!(table.rows.len(), SIZES.len());
        for row in &table.rows {
            let exact = log2_of_one_in_all_sets(row.set_size) + 1.0;
            let off = row.p_value.log2() - exact;
            println!(
                "first {} genes, seed {seed}: P {:e}, exactly {:.1} as log10; off by {off:+.3} bit, error {:.3} bit",
                row.set_size,
                row.p_value,
                exact / std::f64::consts::LOG2_10,
                row.log2_error
            );
            assert!((row.enrichment_score - 1.0).abs() < 1e-12, "{}", row.enrichment_score);
            assert!(off.abs() < 4.0 * row.log2_error + 1e-6, "{}: off by {off} bit", row.set_size);
            sums[SIZES.iter().position(|&size| size == row.set_size).unwrap()] += off;
        }
    }
    for (size, sum) in SIZES.iter().zip(sums) {
        let mean = sum / (SEEDS.end - SEEDS.start) as f64;
        assert!(mean.abs() < 0.5, "{size}: off by {mean} bit on average");
    }
}

#[test]
fn p_near_a_score_of_one_equals_that_of_multilevel_splitting() {
    let names = names();
    let ranked = logistic_list(&names);
    // Evenly spread, but for the rounding.
    let spread = |size: usize, first: usize| (0..size).map(|i| &names[i * first / size]).collect();
    let collection =
        sets(&WITHIN_FIRST.map(|(size, first)| (format!("{size} of {first}"), spread(size, first))));
    let run = |options: GseaOptions| {
        let options = GseaOptions { labels: GeneLabels::AsGiven, ..options };
        let mut rows =
            gsea(&ranked, "score", std::slice::from_ref(&collection), None, &options).unwrap().table.rows;
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        rows
    };
    let engine = GseaEngine::Fgsea;
    let climbed = run(GseaOptions { engine, sample_size: 301, eps: 0.0, ..GseaOptions::default() });
    for seed in SEEDS {
        for (row, climbed) in run(GseaOptions { seed, ..GseaOptions::default() }).iter().zip(&climbed) {
            let off = (row.p_value / climbed.p_value).log2();
            let error = row.log2_error.hypot(climbed.log2_error);
            println!(
                "{}, score {:.4}, seed {seed}: P {:e} (error {:.2} bit), climbed {:e}: {off:+.2} of {error:.2} bit",
                row.id, row.enrichment_score, row.p_value, row.log2_error, climbed.p_value
            );
            assert!(row.log2_error < 0.5, "{}: error {}", row.id, row.log2_error);
            assert!(off.abs() < 4.0 * error, "{}: off by {off} bit, error {error}", row.id);
        }
    }
}

/// Sets of these names with these genes.
fn sets(members: &[(String, Vec<&String>)]) -> GeneSetCollection {
    let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
    let mut interner = GeneSetInterner::default();
    for (id, genes) in members {
        collection.push(&mut interner, id, "", genes.iter().map(|gene| gene.as_str()));
    }
    collection
}

fn names() -> Vec<String> {
    (0..GENES).map(|place| format!("g{place}")).collect()
}

/// A logistic list: a few extreme genes at both ends, as the signed logarithms of P have them.
fn logistic_list(names: &[String]) -> RankedGenes {
    let quantile = |place: usize| (place as f64 + 0.5) / GENES as f64;
    let scores = (0..GENES).map(|place| -4.0 * (quantile(place) / (1.0 - quantile(place))).ln()).collect();
    RankedGenes { genes: names.iter().map(|name| GeneId::from(name.clone())).collect(), scores }
}

/// log2 of 1 / C(genes, size).
fn log2_of_one_in_all_sets(size: usize) -> f64 {
    -(0..size).map(|i| ((GENES - i) as f64 / (i + 1) as f64).log2()).sum::<f64>()
}
