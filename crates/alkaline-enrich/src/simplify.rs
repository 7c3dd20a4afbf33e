//! Removing near-duplicates from a table of ontology terms.
//!
//! Among terms that are more alike than the cut-off only those with the smallest adjusted p stay. The decision for each
//! pair does not depend on the others, so neither order nor threads matter. Upstream: clusterProfiler `simplify`.

use alkaline_core::ontology::{Aspect, Ontology};
use alkaline_core::results::{GseaTable, OraTable};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::EnrichError;
use crate::ora::Cutoffs;
use crate::similarity::{RelationWeights, Semantics};

/// Options of [`simplify`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimplifyOptions {
    /// Terms more similar than this are redundant (clusterProfiler `cutoff`).
    pub cutoff: f64,
    /// Weights of the relations.
    pub weights: RelationWeights,
}

impl Default for SimplifyOptions {
    fn default() -> Self {
        Self { cutoff: 0.7, weights: RelationWeights::default() }
    }
}

/// Which of these terms stay; terms of different ontologies never make each other redundant.
///
/// `terms` holds identifier and adjusted p of every *significant* term. Terms that the ontology does not know are like
/// nothing else and stay.
///
/// # Errors
/// A cut-off outside 0 to 1.
///
/// # Differences
/// E-03, E-04.
pub fn simplify(
    terms: &[(&str, f64)],
    ontology: &Ontology,
    options: &SimplifyOptions,
) -> Result<Vec<bool>, EnrichError> {
    if !(0.0..=1.0).contains(&options.cutoff) {
        let value = options.cutoff.to_string();
        return Err(EnrichError::Option { option: "cutoff", value, allowed: "between 0 and 1" });
    }
    let known: Vec<Option<Known>> =
        terms.par_iter().map(|(id, _)| Known::new(ontology, id, options.weights)).collect();
    let adjusted: Vec<f64> = terms.iter().map(|term| term.1).collect();
    let removed_by: Vec<Vec<usize>> = known
        .par_iter()
        .map(|term| {
            term.as_ref().map_or_else(Vec::new, |term| redundant(term, &known, &adjusted, options.cutoff))
        })
        .collect();
    let mut stays = vec![true; terms.len()];
    for term in removed_by.into_iter().flatten() {
        stays[term] = false;
    }
    Ok(stays)
}

/// The significant rows of a table of over-representation that stay, in the order of the table.
///
/// # Errors
/// As [`simplify`]; [`EnrichError::UnknownTerms`] when the ontology knows none of the tested sets.
pub fn simplify_ora(
    table: &OraTable,
    cutoffs: Cutoffs,
    ontology: &Ontology,
    options: &SimplifyOptions,
) -> Result<OraTable, EnrichError> {
    check_known(table.rows.iter().map(|row| row.id.as_str()), ontology)?;
    // The cut-offs look at the q-values of one ontology at a time, as clusterProfiler does.
    let rows: Vec<_> = table
        .rows
        .chunk_by(|a, b| a.ontology == b.ontology)
        .flat_map(|rows| cutoffs.significant(rows))
        .collect();
    let terms: Vec<(&str, f64)> = rows.iter().map(|row| (row.id.as_str(), row.p_adjusted)).collect();
    let stays = simplify(&terms, ontology, options)?;
    let rows = rows.into_iter().zip(stays).filter(|(_, stays)| *stays).map(|(row, _)| row.clone()).collect();
    let OraTable { query, sources, universe, test, rows: _ } = table.clone();
    Ok(OraTable { query, sources, universe, test, rows })
}

/// The significant rows of a table of ranked enrichment that stay, in the order of the table.
///
/// `level` bounds P and adjusted P (clusterProfiler `pvalueCutoff`).
///
/// # Errors
/// As [`simplify_ora`].
pub fn simplify_gsea(
    table: &GseaTable,
    level: f64,
    ontology: &Ontology,
    options: &SimplifyOptions,
) -> Result<GseaTable, EnrichError> {
    check_known(table.rows.iter().map(|row| row.id.as_str()), ontology)?;
    let is_significant = |p: f64, adjusted: f64| p <= level && adjusted <= level;
    let rows = table.rows.iter().filter(|row| is_significant(row.p_value, row.p_adjusted));
    let terms: Vec<(&str, f64)> = rows.clone().map(|row| (row.id.as_str(), row.p_adjusted)).collect();
    let stays = simplify(&terms, ontology, options)?;
    let rows = rows.zip(stays).filter(|(_, stays)| *stays).map(|(row, _)| row.clone()).collect();
    Ok(GseaTable { rows, ..table.clone() })
}

/// Refuses to simplify what are no terms of the ontology at all.
fn check_known<'a>(
    ids: impl ExactSizeIterator<Item = &'a str>,
    ontology: &Ontology,
) -> Result<(), EnrichError> {
    let terms = ids.len();
    let mut ids = ids;
    if terms == 0 || ids.any(|id| ontology.position(id).is_some()) {
        return Ok(());
    }
    Err(EnrichError::UnknownTerms { terms, release: ontology.release().to_owned() })
}

/// A term that the ontology knows.
struct Known {
    aspect: Aspect,
    semantics: Semantics,
}

impl Known {
    fn new(ontology: &Ontology, id: &str, weights: RelationWeights) -> Option<Self> {
        let term = ontology.position(id)?;
        let aspect = ontology.terms()[term as usize].aspect;
        Some(Self { aspect, semantics: Semantics::of(ontology, term, weights) })
    }
}

/// Terms like `term` (itself among them) that do not have the smallest adjusted p of these.
fn redundant(term: &Known, terms: &[Option<Known>], adjusted: &[f64], cutoff: f64) -> Vec<usize> {
    let is_like =
        |other: &Known| other.aspect == term.aspect && term.semantics.similarity(&other.semantics) > cutoff;
    let mut alike: Vec<usize> =
        (0..terms.len()).filter(|&i| terms[i].as_ref().is_some_and(is_like)).collect();
    let smallest = alike.iter().map(|&i| adjusted[i]).fold(f64::INFINITY, f64::min);
    alike.retain(|&i| adjusted[i] != smallest);
    alike
}
