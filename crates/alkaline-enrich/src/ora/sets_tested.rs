//! Every set of the collections against the chosen genes: counts, P, and what is adjusted over all of them.

use alkaline_core::IdMapping;
use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{OraRow, OraTable, Query};
use alkaline_math::multiple_testing::{benjamini_hochberg, storey_q_values, storey_q_values_smoothed};
use alkaline_math::{hypergeometric, wallenius};

use super::options::{OraCompat, OraOptions, OraStatistic};
use super::pool::Pooled;
use super::query::{PreparedQuery, Tally};
use crate::EnrichError;
use crate::matching::kind_of;

/// `lambda` of the q-values; clusterProfiler's choice (`qvalue(p, lambda = 0.05)`).
pub(crate) const STOREY_LAMBDA: f64 = 0.05;

/// What over-representation finds, and what became of the identifiers on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct OraResult {
    /// All tested sets, by collection and rising P.
    pub table: OraTable,
    /// Matching of the chosen genes and their universe with the gene sets.
    pub mapping: IdMapping,
}

/// Refuses to pool collections that call the same genes by different kinds of identifier.
pub(super) fn check_pool(collections: &[GeneSetCollection], options: &OraOptions) -> Result<(), EnrichError> {
    let mut kinds = collections.iter().filter_map(kind_of);
    let first = kinds.next();
    if options.pool && kinds.any(|kind| Some(kind) != first) {
        let value = "asked for with gene sets of several kinds of identifier".to_owned();
        return Err(EnrichError::Option { option: "pool", value, allowed: "used with sets of one kind" });
    }
    Ok(())
}

/// Tests every collection, or all as one.
pub(super) fn test_all(
    query: Query,
    prepared: PreparedQuery<'_>,
    collections: &[GeneSetCollection],
    options: &OraOptions,
) -> OraResult {
    let mut rows = Vec::new();
    let mut sizes = Vec::new();
    let mut query_sizes = Vec::new();
    let groups: Vec<&[GeneSetCollection]> = match options.pool {
        true => vec![collections],
        false => collections.chunks(1).collect(),
    };
    for group in groups {
        let tested = Pooled::new(group);
        let tally = prepared.tally(&tested.collection);
        sizes.push(format!("{} {}", tally.universe_size, tested.collection.ontology));
        query_sizes.push(format!("{} {}", tally.query_size, tested.collection.ontology));
        rows.extend(test_collection(&prepared, &tested, &tally, options));
    }
    let table = OraTable {
        query,
        sources: collections.iter().map(|collection| collection.source.clone()).collect(),
        universe: prepared.describe_universe(&sizes, &query_sizes),
        test: options.statistic.in_words().to_owned(),
        rows,
    };
    OraResult { table, mapping: prepared.into_mapping() }
}

/// Rows of one collection, adjusted and sorted.
fn test_collection(
    query: &PreparedQuery<'_>,
    tested: &Pooled<'_>,
    tally: &Tally,
    options: &OraOptions,
) -> Vec<OraRow> {
    if tally.query_size == 0 {
        return Vec::new();
    }
    let mut rows: Vec<OraRow> = tested
        .sets()
        .filter_map(|(ontology, set)| {
            let count = tally.count(set);
            let tested = count.touched || options.compat == OraCompat::ClusterProfiler420;
            let sized = (options.min_size..=options.max_size).contains(&count.set_size);
            if !(tested && sized) {
                return None;
            }
            let row = OraRow {
                ontology: ontology.to_owned(),
                id: set.id.clone(),
                description: set.description.clone(),
                genes: count.hits.iter().map(|&hit| query.label(hit)).collect(),
                ..bare_row(count.hits.len(), tally.query_size, count.set_size, tally.universe_size, options)
            };
            let Some(odds) = tally.odds(set, count.set_size) else { return Some(row) };
            let p_value = p_value_at_odds(&row, odds, options.statistic);
            Some(OraRow { p_value, ..row })
        })
        .collect();
    rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value).then_with(|| a.id.cmp(&b.id)));
    adjust(&mut rows, options.compat);
    rows
}

/// The numbers of one test: k of n chosen genes are among the M of N genes that are in the set.
fn bare_row(
    hits: usize,
    query_size: usize,
    set_size: usize,
    universe_size: usize,
    options: &OraOptions,
) -> OraRow {
    let [k, n, m, total] = [hits, query_size, set_size, universe_size].map(|count| count as f64);
    let mean = m * n / total;
    let variance = mean * (total - n) * (total - m) / (total * (total - 1.0));
    OraRow {
        ontology: String::new(),
        id: String::new(),
        description: String::new(),
        hits,
        query_size,
        set_size,
        universe_size,
        rich_factor: k / m,
        fold_enrichment: (k / n) / (m / total),
        z_score: (k - mean) / variance.sqrt(),
        p_value: p_value(hits, query_size, set_size, universe_size, options.statistic),
        p_adjusted: f64::NAN,
        q_value: f64::NAN,
        genes: Vec::new(),
    }
}

/// P of one test: k `hits` of n chosen genes (`query_size`) lie in a set of M (`set_size`) of N genes (`universe_size`).
pub fn p_value(
    hits: usize,
    query_size: usize,
    set_size: usize,
    universe_size: usize,
    statistic: OraStatistic,
) -> f64 {
    let [k, n, m, total] = [hits, query_size, set_size, universe_size].map(|count| count as u64);
    match statistic {
        OraStatistic::Hypergeometric => hypergeometric::upper_tail(k, m, total, n.min(total)),
        OraStatistic::Ease if k < 2 => 1.0,
        OraStatistic::Ease => hypergeometric::upper_tail(k - 1, m, total, (n - 1).min(total)),
    }
}

/// P of the test that `row` describes when a gene of the set is `odds` times as likely to be chosen as another.
fn p_value_at_odds(row: &OraRow, odds: f64, statistic: OraStatistic) -> f64 {
    let [k, n, m, total] =
        [row.hits, row.query_size, row.set_size, row.universe_size].map(|count| count as u64);
    match statistic {
        OraStatistic::Hypergeometric => wallenius::upper_tail(k, m, total, n.min(total), odds),
        OraStatistic::Ease if k < 2 => 1.0,
        OraStatistic::Ease => wallenius::upper_tail(k - 1, m, total, (n - 1).min(total), odds),
    }
}

/// Fills in adjusted p and q; clusterProfiler 4.20 estimates the share of true null hypotheses by a smoother first.
fn adjust(rows: &mut [OraRow], compat: OraCompat) {
    let p: Vec<f64> = rows.iter().map(|row| row.p_value).collect();
    let adjusted = benjamini_hochberg(&p);
    let q = match compat {
        OraCompat::ClusterProfiler420 => storey_q_values_smoothed(&p, STOREY_LAMBDA),
        OraCompat::Alkaline | OraCompat::ClusterProfiler418 => storey_q_values(&p, STOREY_LAMBDA),
    };
    for (i, row) in rows.iter_mut().enumerate() {
        row.p_adjusted = adjusted[i];
        row.q_value = q.as_ref().map_or(f64::NAN, |q| q[i]);
    }
}
