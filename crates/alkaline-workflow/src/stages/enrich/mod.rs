//! What the genes mean: over-representation of the called genes, and enrichment along the ranked list.

mod calls;
mod mapping;
mod ranking;
mod sets;
mod settings;
mod simplified;

use std::collections::HashMap;

use alkaline_core::identifiers::{IdMapping, IdentifierMap};
use alkaline_core::results::{
    GeneSelection, GseaTable, OraTable, Query, RankBy, RankedGenes, RunningScore, TestRow,
};
use alkaline_core::{GeneId, GeneSetCollection};
use alkaline_enrich::gsea::{GseaOptions, gsea, running_scores};
use alkaline_enrich::ora::over_representation_by_length;
use alkaline_enrich::{OraOptions, over_representation};

use crate::error::WorkflowError;

pub use calls::{CalledRows, called_rows};
pub use mapping::{describe_mapping, matched_in_words, tested_part, write_mapping};
pub use ranking::{note_on_zero_p, warnings_of_ranking, warnings_of_test};
pub use sets::{collections, identifiers};
pub use settings::{EnrichSettings, GoAspect, SimplifyRelations, SimplifySettings};
pub use simplified::Simplifier;

/// The genes of a test table that `query` asks about, and all genes that were tested.
pub fn selection_of(rows: &[TestRow], query: &Query) -> GeneSelection {
    let chosen = |row: &&TestRow| query.asks_about(row.direction);
    GeneSelection {
        hits: rows.iter().filter(chosen).map(|row| row.gene.clone()).collect(),
        universe: rows.iter().map(|row| row.gene.clone()).collect(),
    }
}

/// Over-representation of the selected genes; an empty table when none was selected.
///
/// With `lengths` (by identifier without Ensembl version), P allows for long genes being called more readily.
///
/// # Errors
/// [`WorkflowError`] when the identifiers match no gene set, or the options exclude each other.
pub fn ora_of(
    query: &Query,
    selection: &GeneSelection,
    collections: &[GeneSetCollection],
    identifiers: &IdentifierMap,
    options: &OraOptions,
    lengths: Option<&HashMap<String, f64>>,
) -> Result<(OraTable, Option<IdMapping>), WorkflowError> {
    if selection.hits.is_empty() {
        let sources = collections.iter().map(|collection| collection.source.clone()).collect();
        let (universe, query) = (query.none_in_words(), query.clone());
        let test = options.statistic.in_words().to_owned();
        return Ok((OraTable { query, sources, universe, test, rows: Vec::new() }, None));
    }
    let identifiers = Some(identifiers);
    let result = match lengths {
        None => over_representation(query.clone(), selection, collections, identifiers, options)?,
        Some(lengths) => {
            let of_gene = |gene: &GeneId| lengths.get(gene.unversioned()).copied().unwrap_or(f64::NAN);
            let lengths: Vec<f64> = selection.universe.iter().map(of_gene).collect();
            over_representation_by_length(
                query.clone(),
                selection,
                &lengths,
                collections,
                identifiers,
                options,
            )?
            .0
        }
    };
    Ok((result.table, Some(result.mapping)))
}

/// Enrichment along a ranked list, with the curves that the report draws.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// All tested sets.
    pub table: GseaTable,
    /// Running scores of the leading sets.
    pub curves: Vec<RunningScore>,
    /// What became of the identifiers.
    pub mapping: IdMapping,
}

/// How many sets of either sign have their running score drawn.
const CURVES_PER_SIGN: usize = 6;

/// Tests every set against the ranked list.
///
/// # Errors
/// [`WorkflowError`] when the identifiers match no gene set, or the list is no ranking.
pub fn ranked(
    ranks: &RankedGenes,
    ranked_by: &str,
    collections: &[GeneSetCollection],
    identifiers: &IdentifierMap,
    options: &GseaOptions,
) -> Result<Ranked, WorkflowError> {
    let result = gsea(ranks, ranked_by, collections, Some(identifiers), options)?;
    let leading = leading_sets(&result.table);
    let curves = running_scores(ranks, collections, &leading, Some(identifiers), options)?;
    Ok(Ranked { curves, table: result.table, mapping: result.mapping })
}

/// The sets of smallest P among those enriched at either end, the top of the list first.
fn leading_sets(table: &GseaTable) -> Vec<&str> {
    let of_sign = |positive: bool| {
        let mut rows: Vec<_> = table
            .rows
            .iter()
            .filter(|row| (row.enrichment_score > 0.0) == positive && !row.p_value.is_nan())
            .collect();
        rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value).then_with(|| a.id.cmp(&b.id)));
        rows.into_iter().take(CURVES_PER_SIGN).map(|row| row.id.as_str())
    };
    of_sign(true).chain(of_sign(false)).collect()
}

/// What a ranking is by, in words.
pub fn ranking_in_words(by: RankBy) -> &'static str {
    match by {
        RankBy::SignedLogP => "-log10 P with the sign of the log2 fold change",
        RankBy::LogFc => "log2 fold change",
    }
}
