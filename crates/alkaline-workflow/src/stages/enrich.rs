//! What the genes mean: over-representation of the called genes, and enrichment along the ranked list.

use std::path::PathBuf;

use alkaline_core::GeneSetCollection;
use alkaline_core::identifiers::{IdMapping, IdentifierMap};
use alkaline_core::ontology::Aspect;
use alkaline_core::results::{
    Direction, GeneSelection, GseaTable, OraTable, RankBy, RankedGenes, RunningScore, TestRow,
};
use alkaline_enrich::gsea::{GseaOptions, gsea, running_scores};
use alkaline_enrich::{OraOptions, over_representation};
use alkaline_io::gmt;
use alkaline_reference::ontology::gene_ontology;
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;
use crate::observer::Observer;

/// Below this share of mapped identifiers the user is warned, and shown some that did not map.
const FEW_MAPPED: f64 = 0.5;

/// Which gene sets are tested, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EnrichSettings {
    /// Ontologies of the built-in human Gene Ontology.
    pub go: Vec<GoAspect>,
    /// Release of the built-in Gene Ontology (`2022-07`); the newest when absent.
    pub go_release: Option<String>,
    /// GMT files to test beside (or instead of) the Gene Ontology.
    pub gene_sets: Vec<PathBuf>,
    /// What genes are ranked by.
    pub rank_by: RankBy,
    /// Over-representation.
    pub ora: OraOptions,
    /// Enrichment along the ranked list.
    pub gsea: GseaOptions,
}

impl Default for EnrichSettings {
    fn default() -> Self {
        Self {
            go: vec![GoAspect::Bp, GoAspect::Mf, GoAspect::Cc],
            go_release: None,
            gene_sets: Vec::new(),
            rank_by: RankBy::default(),
            ora: OraOptions::default(),
            gsea: GseaOptions::default(),
        }
    }
}

/// An ontology of the Gene Ontology, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GoAspect {
    /// Biological process.
    Bp,
    /// Molecular function.
    Mf,
    /// Cellular component.
    Cc,
}

impl From<GoAspect> for Aspect {
    fn from(aspect: GoAspect) -> Self {
        match aspect {
            GoAspect::Bp => Self::BiologicalProcess,
            GoAspect::Mf => Self::MolecularFunction,
            GoAspect::Cc => Self::CellularComponent,
        }
    }
}

/// The gene sets that `settings` name, decoded and propagated.
///
/// # Errors
/// [`WorkflowError`] when a GMT file cannot be read or a release is unknown.
pub fn collections(
    settings: &EnrichSettings,
    observer: &dyn Observer,
) -> Result<Vec<GeneSetCollection>, WorkflowError> {
    let mut collections = Vec::new();
    if !settings.go.is_empty() {
        let go = gene_ontology(settings.go_release.as_deref())?;
        collections.extend(settings.go.iter().map(|&aspect| go.collection(aspect.into())));
    }
    for path in &settings.gene_sets {
        let (collection, notes) = gmt::read(path)?;
        if notes.repeated_genes + notes.repeated_sets + notes.empty_sets > 0 {
            observer.note(&format!(
                "{}: {} genes listed twice in a set, {} sets given twice, {} empty sets",
                path.display(),
                notes.repeated_genes,
                notes.repeated_sets,
                notes.empty_sets
            ));
        }
        collections.push(collection);
    }
    Ok(collections)
}

/// The genes of a test table that `query` (`all`, `up`, `down`) stands for, and all genes that were tested.
pub fn selection_of(rows: &[TestRow], query: &str) -> GeneSelection {
    let chosen = |row: &&TestRow| match query {
        "up" => row.direction == Direction::Up,
        "down" => row.direction == Direction::Down,
        _ => row.direction != Direction::NotSignificant,
    };
    GeneSelection {
        hits: rows.iter().filter(chosen).map(|row| row.gene.clone()).collect(),
        universe: rows.iter().map(|row| row.gene.clone()).collect(),
    }
}

/// Over-representation of the selected genes; an empty table when none was selected.
///
/// # Errors
/// [`WorkflowError`] when the identifiers match no gene set, or the options exclude each other.
pub fn ora_of(
    query: &str,
    selection: &GeneSelection,
    collections: &[GeneSetCollection],
    identifiers: &IdentifierMap,
    options: &OraOptions,
) -> Result<(OraTable, Option<IdMapping>), WorkflowError> {
    if selection.hits.is_empty() {
        let sources = collections.iter().map(|collection| collection.source.clone()).collect();
        let universe = format!("no gene was called {query}");
        return Ok((OraTable { query: query.to_owned(), sources, universe, rows: Vec::new() }, None));
    }
    let result = over_representation(query, selection, collections, Some(identifiers), options)?;
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

/// How many identifiers were matched, in words: `Ok` when enough, `Err` when the user should be warned.
///
/// # Errors
/// The warning, with some of the identifiers that match nothing.
pub fn describe_mapping(mapping: &IdMapping) -> Result<String, String> {
    let share = 100.0 * mapping.mapped_fraction();
    let kind = mapping.kind.map_or("", |kind| kind.name());
    let text = format!(
        "{} of {} {kind} identifiers ({share:.1} %) match the gene sets",
        mapping.mapped, mapping.given
    );
    if mapping.mapped_fraction() < FEW_MAPPED {
        let examples: Vec<&str> = mapping.lost.iter().take(5).map(String::as_str).collect();
        Err(format!("only {text}; among those that do not: {}", examples.join(", ")))
    } else {
        Ok(text)
    }
}
