//! Over-representation on sets small enough to count by hand, and on the conformance cases.

use alkaline_core::GeneId;
use alkaline_core::gene_sets::{GeneSetInterner, GeneSetSource};
use alkaline_core::results::OraTable;
use alkaline_math::hypergeometric;

use super::*;

fn genes(range: std::ops::Range<usize>) -> Vec<GeneId> {
    range.map(|i| GeneId::from(format!("g{i}"))).collect()
}

/// Sets of g0..g10, g5..g15 and g40..g45 among g0..g50.
fn collection() -> Vec<GeneSetCollection> {
    let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
    let mut interner = GeneSetInterner::default();
    for (id, range) in [("S3", 40..45), ("S1", 0..10), ("S2", 5..15), ("ALL", 0..50)] {
        let names: Vec<String> = range.map(|i| format!("g{i}")).collect();
        collection.push(&mut interner, id, "", names.iter().map(String::as_str));
    }
    vec![collection]
}

fn run(hits: Vec<GeneId>, universe: Vec<GeneId>, options: &OraOptions) -> OraTable {
    over_representation("all", &GeneSelection { hits, universe }, &collection(), None, options).unwrap().table
}

fn small_sets() -> OraOptions {
    OraOptions { min_size: 2, max_size: 20, ..OraOptions::default() }
}

#[test]
fn counts_are_of_annotated_genes_in_the_universe() {
    // g60..g100 are in no set: they count neither for n nor for N.
    let table = run([genes(3..8), genes(60..70)].concat(), genes(0..100), &small_sets());
    let row = &table.rows[0];
    assert_eq!(
        (row.id.as_str(), row.hits, row.query_size, row.set_size, row.universe_size),
        ("S1", 5, 5, 10, 50)
    );
    // C(10,5)/C(50,5)
    assert!((row.p_value - 252.0 / 2_118_760.0).abs() < 1e-18);
    assert_eq!(row.genes, ["g3", "g4", "g5", "g6", "g7"]);
    assert_eq!(row.fold_enrichment, 5.0);
    assert_eq!(table.rows.len(), 2, "untouched and oversized sets are not tested");
    assert!(
        table.universe.contains("N = 50 test")
            && table.universe.contains("100 tested")
            && table.universe.contains("of 15 genes of interest n = 5 test are annotated"),
        "{}",
        table.universe
    );
}

#[test]
fn the_universe_shrinks_sets_before_their_size_is_judged() {
    let table = run(genes(3..8), genes(4..30), &small_sets());
    let sizes: Vec<(&str, usize, usize)> =
        table.rows.iter().map(|r| (r.id.as_str(), r.set_size, r.query_size)).collect();
    assert_eq!(sizes, [("S1", 6, 4), ("S2", 10, 4)]);
    let options = OraOptions { universe: Universe::Annotated, ..small_sets() };
    assert_eq!(run(genes(3..8), Vec::new(), &options).rows[0].universe_size, 50);
}

#[test]
fn versions_differ_in_genes_outside_the_universe_and_in_untouched_sets() {
    let classic = OraOptions { compat: OraCompat::ClusterProfiler418, ..small_sets() };
    assert_eq!(run(genes(3..8), genes(4..30), &classic).rows[0].query_size, 5);
    let newest = OraOptions { compat: OraCompat::ClusterProfiler420, ..small_sets() };
    let table = run(genes(3..8), genes(0..50), &newest);
    let last = table.rows.last().unwrap();
    assert_eq!((table.rows.len(), last.id.as_str(), last.hits, last.p_value), (3, "S3", 0, 1.0));
}

#[test]
fn ease_takes_one_gene_away() {
    let ease = OraOptions { statistic: OraStatistic::Ease, ..small_sets() };
    let row = &run(genes(3..8), genes(0..50), &ease).rows[0];
    assert_eq!(row.p_value, hypergeometric::upper_tail(4, 10, 50, 4));
    let single = run(vec![GeneId::from("g40")], genes(0..50), &ease);
    assert_eq!(single.rows[0].p_value, 1.0);
}

#[test]
fn repeated_genes_count_once() {
    let table = run([genes(3..8), genes(3..8)].concat(), genes(0..50), &small_sets());
    assert_eq!(table.rows[0].hits, 5);
}

#[test]
fn useless_input_is_refused() {
    let refuse = |hits, universe, options: &OraOptions| {
        over_representation("all", &GeneSelection { hits, universe }, &collection(), None, options)
            .unwrap_err()
    };
    assert_eq!(refuse(vec![], genes(0..50), &small_sets()), EnrichError::Empty { what: "genes of interest" });
    assert_eq!(
        refuse(genes(0..5), genes(20..50), &small_sets()),
        EnrichError::OutsideUniverse { chosen: 5, universe: 30 }
    );
    assert!(matches!(refuse(genes(70..75), genes(0..90), &small_sets()), EnrichError::NothingMapped { .. }));
    let swapped = OraOptions { min_size: 30, max_size: 20, ..OraOptions::default() };
    assert!(matches!(refuse(genes(0..5), genes(0..50), &swapped), EnrichError::Option { .. }));
}

#[test]
fn cutoffs_leave_q_alone_where_it_is_missing() {
    let mut rows = run(genes(3..8), genes(0..50), &small_sets()).rows;
    let all_small = Cutoffs { p: 1.0, q: 0.0 };
    rows.iter_mut().for_each(|row| row.q_value = 0.5);
    assert_eq!(all_small.significant(&rows).len(), 0);
    rows[0].q_value = f64::NAN;
    assert_eq!(all_small.significant(&rows).len(), 2);
    assert_eq!(Cutoffs { p: 0.01, q: 0.2 }.significant(&rows).len(), 1);
}

#[test]
fn pooled_collections_share_universe_and_correction() {
    let mut second = collection();
    second[0].ontology = "other".to_owned();
    second[0].genes.push(GeneId::from("extra"));
    let last = second[0].genes.len() as u32 - 1;
    second[0].sets[3].members.push(last);
    let both = [collection(), second].concat();
    let selection =
        GeneSelection { hits: genes(3..8), universe: [genes(0..100), vec!["extra".into()]].concat() };
    let test = |pool| {
        let options = OraOptions { pool, ..small_sets() };
        over_representation("all", &selection, &both, None, &options).unwrap().table
    };
    let (apart, together) = (test(false), test(true));
    let sizes = |table: &OraTable| table.rows.iter().map(|row| row.universe_size).collect::<Vec<_>>();
    assert_eq!(sizes(&apart), [50, 50, 51, 51]);
    assert_eq!(sizes(&together), [51; 4]);
    let ontologies: Vec<&str> = together.rows.iter().map(|row| row.ontology.as_str()).collect();
    assert_eq!(ontologies, ["test", "other", "test", "other"], "one table by rising P");
    assert_eq!(
        together.rows[0].p_adjusted,
        2.0 * together.rows[0].p_value,
        "corrected for four tests, two of them tied"
    );
}
