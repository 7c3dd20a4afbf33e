//! Ranked enrichment on lists small enough to reason about.

use alkaline_core::GeneId;
use alkaline_core::gene_sets::{GeneSetInterner, GeneSetSource};

use super::sampling::random::Stream;
use super::score::Weights;
use super::*;

fn list(scores: impl IntoIterator<Item = f64>) -> RankedGenes {
    let scores: Vec<f64> = scores.into_iter().collect();
    RankedGenes { genes: (0..scores.len()).map(|i| GeneId::from(format!("g{i}"))).collect(), scores }
}

/// A list like that of an experiment: a few extreme genes at both ends.
fn realistic(genes: usize) -> RankedGenes {
    let quantile = |i: usize| (i as f64 + 0.5) / genes as f64;
    list((0..genes).map(|i| -4.0 * (quantile(i) / (1.0 - quantile(i))).ln()))
}

/// 200 genes of weight one, 100 of none, 2,700 of one.
pub fn three_weights() -> Weights {
    let weight = |rank: usize| if (200..300).contains(&rank) { 0.0 } else { 1.0 };
    Weights::from_values((0..3_000).map(weight).collect())
}

fn sets(members: &[(&str, Vec<usize>)]) -> GeneSetCollection {
    let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
    let mut interner = GeneSetInterner::default();
    for (id, genes) in members {
        let names: Vec<String> = genes.iter().map(|i| format!("g{i}")).collect();
        collection.push(&mut interner, *id, "", names.iter().map(String::as_str));
    }
    collection
}

fn random_sets(genes: usize, size: usize, number: usize, seed: u64) -> GeneSetCollection {
    let mut stream = Stream::keyed([seed]);
    let members: Vec<(String, Vec<usize>)> =
        (0..number).map(|i| (format!("R{i}"), random_set(genes, size, &mut stream))).collect();
    sets(&members.iter().map(|(id, genes)| (id.as_str(), genes.clone())).collect::<Vec<_>>())
}

fn random_set(genes: usize, size: usize, stream: &mut Stream) -> Vec<usize> {
    let mut chosen = std::collections::BTreeSet::new();
    while chosen.len() < size {
        chosen.insert(stream.below(genes as u32) as usize);
    }
    chosen.into_iter().collect()
}

fn run(ranked: &RankedGenes, collections: &[GeneSetCollection], options: &GseaOptions) -> GseaResult {
    gsea(ranked, "score", collections, None, options).unwrap()
}

#[test]
fn the_top_of_the_list_scores_one_and_its_p_is_exact_where_all_sets_can_be_seen() {
    let options = GseaOptions { min_size: 2, ..GseaOptions::default() };
    let result =
        run(&list((0..12).map(|i| 6.5 - f64::from(i))), &[sets(&[("TOP", vec![0, 1, 2])])], &options);
    let row = &result.table.rows[0];
    assert_eq!((row.enrichment_score, row.log2_error, row.rank), (1.0, 0.0, 3));
    assert_eq!(row.leading_edge, "tags=100%, list=25%, signal=100%");
    assert_eq!(row.core_enrichment, ["g0", "g1", "g2"]);
    assert_eq!(result.leading_edges[0], row.core_enrichment);
    // One of the sets of three among twelve that score positively, about half of 220.
    assert!(row.p_value > 1.0 / 220.0 && row.p_value < 1.0 / 80.0, "{}", row.p_value);
}

#[test]
fn an_impossible_set_gets_its_true_p_without_a_floor() {
    let ranked = realistic(10_000);
    let options = GseaOptions { draws: 20_000, ..GseaOptions::default() };
    let result = run(&ranked, &[sets(&[("TOP", (0..60).collect())])], &options);
    let row = &result.table.rows[0];
    assert!(row.enrichment_score > 0.999_999);
    // 1 / C(10000, 60), times two because half of all sets score positively: about 2e-158.
    let ln_sets: f64 = (0..60).map(|i| (f64::from(10_000 - i) / f64::from(i + 1)).ln()).sum();
    let bits = (row.p_value.ln() + ln_sets - 2.0_f64.ln()) / 2.0_f64.ln();
    assert!(
        bits.abs() < 1.0 && bits.abs() < 4.0 * row.log2_error + 1e-9,
        "off by {bits} bits; p {:e} error {}",
        row.p_value,
        row.log2_error
    );
}

#[test]
fn threads_and_company_do_not_change_a_result() {
    let ranked = realistic(2_000);
    let all = random_sets(2_000, 30, 40, 5);
    let options = GseaOptions::default();
    let single = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let many = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
    let one = single.install(|| run(&ranked, std::slice::from_ref(&all), &options));
    let three = many.install(|| run(&ranked, std::slice::from_ref(&all), &options));
    assert_eq!(one, three);
    let members: Vec<usize> =
        all.genes_of(&all.sets[7]).map(|gene| gene.as_str()[1..].parse().unwrap()).collect();
    let alone = run(&ranked, &[sets(&[("R7", members)])], &options);
    let among = one.table.rows.iter().find(|row| row.id == "R7").unwrap();
    let alone = &alone.table.rows[0];
    assert_eq!((alone.p_value, alone.normalized_score), (among.p_value, among.normalized_score));
}

#[test]
fn p_is_uniform_under_the_null() {
    let ranked = realistic(5_000);
    let mut p: Vec<f64> = [12, 40, 120]
        .into_iter()
        .flat_map(|size| {
            let null = random_sets(5_000, size, 1_000, size as u64);
            run(&ranked, &[null], &GseaOptions::default()).table.rows.into_iter().map(|row| row.p_value)
        })
        .collect();
    p.sort_by(f64::total_cmp);
    assert_eq!(p.len(), 3_000);
    let distance =
        p.iter().enumerate().map(|(i, &p)| (p - (i as f64 + 0.5) / 3_000.0).abs()).fold(0.0, f64::max);
    // Kolmogorov-Smirnov distance: 1.63 / sqrt(n) is exceeded once in a hundred; the shared draws add their noise.
    assert!(distance < 2.0 / 3_000_f64.sqrt(), "{distance}");
    let small = p.iter().filter(|&&p| p < 0.01).count();
    assert!((14..=50).contains(&small), "{small} of 3000 below 0.01");
}

#[test]
fn turning_the_list_over_turns_scores_and_keeps_p() {
    let ranked = realistic(3_000);
    let turned = RankedGenes {
        genes: ranked.genes.iter().rev().cloned().collect(),
        scores: ranked.scores.iter().rev().map(|score| -score).collect(),
    };
    let collection = [sets(&[("UP", (0..40).map(|i| i * 13).collect())])];
    let up = &run(&ranked, &collection, &GseaOptions::default()).table.rows[0];
    let down = &run(&turned, &collection, &GseaOptions::default()).table.rows[0];
    assert!((up.enrichment_score + down.enrichment_score).abs() < 1e-12);
    assert!((up.p_value / down.p_value).log2().abs() < 4.0 * up.log2_error.hypot(down.log2_error));
    assert!((up.camera_p / down.camera_p - 1.0).abs() < 1e-9);
}

/// A list of positive scores only: negative enrichment is rare but has a p-value.
#[test]
fn rare_signs_get_p_values_and_normalised_scores() {
    let ranked = list((0..2_000).map(|i| 60.0 * (-0.02 * f64::from(i)).exp() + 0.001));
    let result = run(&ranked, &[sets(&[("END", (1_900..1_960).collect())])], &GseaOptions::default());
    let row = &result.table.rows[0];
    assert!(row.enrichment_score < -0.9);
    assert!(row.p_value > 0.0 && row.p_value <= 1.0 && row.log2_error < 2.0, "{row:?}");
    assert!(row.normalized_score < -1.0, "{row:?}");
}

#[test]
fn lists_that_are_no_ranking_are_refused() {
    let refuse = |scores: Vec<f64>| {
        let collection = [sets(&[("S", vec![0, 1])])];
        gsea(&list(scores), "score", &collection, None, &GseaOptions::default()).unwrap_err()
    };
    assert_eq!(refuse(vec![]), EnrichError::Empty { what: "ranked genes" });
    assert_eq!(refuse(vec![1.0; 4]), EnrichError::AllEqual { genes: 4, score: 1.0 });
    assert!(matches!(refuse(vec![2.0, f64::NAN, 1.0]), EnrichError::NotFinite { position: 2, .. }));
    assert!(matches!(refuse(vec![f64::INFINITY, 1.0]), EnrichError::NotFinite { position: 1, .. }));
    assert!(matches!(refuse(vec![2.0, 1.0, 3.0]), EnrichError::NotSorted { position: 3, .. }));
}

#[test]
fn ties_are_measured_and_small_or_unknown_sets_left_out() {
    let ranked = list([3.0, 2.0, 2.0, 1.0, 0.0, 0.0, -1.0, -2.0]);
    let collection =
        sets(&[("ONE", vec![0]), ("TWO", vec![0, 1]), ("NONE", vec![90, 91]), ("EMPTY", vec![])]);
    let result = run(&ranked, &[collection], &GseaOptions { min_size: 2, ..GseaOptions::default() });
    assert_eq!(result.table.tied_fraction, 0.25);
    let ids: Vec<&str> = result.table.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["TWO"]);
}

#[test]
fn running_scores_are_told_before_and_after_each_hit() {
    let ranked = list([3.0, 2.0, 1.0, -1.0, -2.0]);
    let collection = sets(&[("S", vec![0, 3])]);
    let running = running_score(&ranked, &collection, "S", None, &GseaOptions::default()).unwrap().unwrap();
    assert_eq!(running.hits, [1, 4]);
    assert_eq!(running.scores[0], [0.0, 0.75]);
    assert!((running.scores[1][0] - (0.75 - 2.0 / 3.0)).abs() < 1e-15);
    assert!(running_score(&ranked, &collection, "none", None, &GseaOptions::default()).unwrap().is_none());
}

/// With the one overwhelming gene a set scores about one, without it like any other: laws that aim at averages fit neither.
#[test]
fn sets_without_an_overwhelming_gene_keep_their_p() {
    let p_with = |giant: f64| {
        let mut ranked = realistic(8_000);
        ranked.scores[0] = giant;
        let members = (0..120).map(|i| if i < 70 { 7_000 + 13 * i } else { 60 * i });
        let result = run(&ranked, &[sets(&[("LOW", members.collect())])], &GseaOptions::default());
        let row = &result.table.rows[0];
        assert!(row.enrichment_score < 0.0 && row.log2_error < 1.0, "{row:?}");
        (row.p_value.log2(), row.log2_error)
    };
    let (moderate, moderate_error) = p_with(300.0);
    let (giant, giant_error) = p_with(1e6);
    let error = moderate_error.hypot(giant_error);
    assert!((moderate - giant).abs() < 1.0 + 4.0 * error, "{moderate} {giant} {error}");
}
