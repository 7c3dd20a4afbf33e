//! Over-representation: which gene sets hold more of the chosen genes than chance would give them?
//!
//! The p-value is the upper tail of the hypergeometric distribution: of N annotated genes M are in the set; n of the
//! chosen genes are annotated, and k of these are in the set. Upstream: clusterProfiler `enrichGO`, `enricher`.

mod collapse;
mod cutoffs;
mod length_bias;
mod options;
mod pool;
mod query;

use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GeneSelection, OraRow, OraTable};
use alkaline_core::{IdMapping, IdentifierMap};
use alkaline_math::hypergeometric;
use alkaline_math::multiple_testing::{benjamini_hochberg, storey_q_values, storey_q_values_smoothed};

pub use collapse::collapse;
pub use cutoffs::Cutoffs;
pub use length_bias::{SelectionBias, over_representation_by_length};
pub(crate) use options::check_sizes;
pub use options::{GeneLabels, OraCompat, OraOptions, OraStatistic, Universe};
use pool::Pooled;
use query::{PreparedQuery, Tally};

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

/// Tests every set of every collection that holds at least one chosen gene.
///
/// * `name`: what the selection is called in the table (`up`, `down`, `all`).
/// * `selection`: chosen genes in the order in which they are to be printed, and the genes they were chosen from.
/// * `identifiers`: needed where the genes are spelled otherwise than in the sets; also gives the symbols to print.
///
/// | option | default | clusterProfiler |
/// |---|---|---|
/// | `universe` | the tested genes | `universe` (all annotated genes) |
/// | `min_size`, `max_size` | 10, 500 | `minGSSize`, `maxGSSize` |
/// | `statistic` | hypergeometric | (DAVID's EASE) |
/// | `compat` | alkaline | version 4.18 or 4.20 |
/// | `pool` | each collection for itself | `pool` |
///
/// Rows of one collection are adjusted together, and sorted by p; equal p by identifier. All tested sets are returned:
/// [`Cutoffs`] chooses the significant ones.
///
/// # Errors
/// An empty selection, no sets, identifiers that match nothing, sizes that exclude each other.
///
/// # Differences
/// E-01, E-02.
///
/// # References
/// Boyle et al. (2004) doi:10.1093/bioinformatics/bth456; Yu et al. (2012) doi:10.1089/omi.2011.0118; Hosack et al.
/// (2003) doi:10.1186/gb-2003-4-10-r70 (EASE).
pub fn over_representation(
    name: &str,
    selection: &GeneSelection,
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    options: &OraOptions,
) -> Result<OraResult, EnrichError> {
    options.check()?;
    check_pool(collections, options)?;
    let query = PreparedQuery::new(selection, collections, identifiers, options)?;
    Ok(test_all(name, query, collections, options))
}

/// Refuses to pool collections that call the same genes by different kinds of identifier.
fn check_pool(collections: &[GeneSetCollection], options: &OraOptions) -> Result<(), EnrichError> {
    let mut kinds = collections.iter().filter_map(kind_of);
    let first = kinds.next();
    if options.pool && kinds.any(|kind| Some(kind) != first) {
        let value = "asked for with gene sets of several kinds of identifier".to_owned();
        return Err(EnrichError::Option { option: "pool", value, allowed: "used with sets of one kind" });
    }
    Ok(())
}

/// Tests every collection, or all as one.
fn test_all(
    name: &str,
    query: PreparedQuery<'_>,
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
        let tally = query.tally(&tested.collection);
        sizes.push(format!("{} {}", tally.universe_size, tested.collection.ontology));
        query_sizes.push(format!("{} {}", tally.query_size, tested.collection.ontology));
        rows.extend(test_collection(&query, &tested, &tally, options));
    }
    let table = OraTable {
        query: name.to_owned(),
        sources: collections.iter().map(|collection| collection.source.clone()).collect(),
        universe: query.describe_universe(&sizes, &query_sizes),
        test: options.statistic.in_words().to_owned(),
        rows,
    };
    OraResult { table, mapping: query.into_mapping() }
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
            let p_value = length_bias::p_value(&row, odds, options.statistic);
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

#[cfg(test)]
mod tests;
