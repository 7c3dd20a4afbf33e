//! Over-representation that allows for long genes being called more readily than short ones.
//!
//! With counts a long gene is tested with more power than a short one of the same expression, so sets of long genes look
//! over-represented whatever happened. How the chance of being called depends on the length is read off the experiment: a
//! monotone spline through the calls. A set is then compared with draws in which its genes weigh as much more than the
//! others as their mean chance is larger (Wallenius' noncentral hypergeometric distribution).
//! Reference: Young et al. (2010) doi:10.1186/gb-2010-11-2-r14. Upstream: goseq `nullp` and `goseq`.

use std::collections::HashSet;

use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GeneSelection, Query};
use alkaline_core::{GeneId, IdentifierMap};
use alkaline_math::splines::monotone::MonotoneSpline;

use super::options::{OraOptions, Universe};
use super::query::PreparedQuery;
use super::sets_tested::{OraResult, check_pool, test_all};
use crate::EnrichError;

/// Knots of the spline (goseq `makespline(nKnots = 6)`).
const KNOTS: usize = 6;

/// No gene is less likely to be chosen than this (goseq `makespline(lower_bound = 10^-3)`).
const LEAST_CHANCE: f64 = 1e-3;

/// How the chance of being chosen depends on the length of a gene.
#[derive(Clone, Debug)]
pub struct SelectionBias {
    /// The chance of each gene, in the order of the genes given.
    pub chance: Vec<f64>,
    /// Genes whose length is not known; they get the mean chance.
    pub without_length: usize,
    /// Whether the chance rises with length.
    pub rises: bool,
}

impl SelectionBias {
    /// Fits the chance of being chosen over the logarithm of the length; lengths that are not positive are unknown.
    ///
    /// # Errors
    /// [`EnrichError::Option`] when no length is known.
    pub fn fit(chosen: &[bool], lengths: &[f64]) -> Result<Self, EnrichError> {
        let is_known = |length: f64| length.is_finite() && length > 0.0;
        let pairs = lengths.iter().zip(chosen).filter(|(length, _)| is_known(**length));
        let (x, y): (Vec<f64>, Vec<f64>) =
            pairs.map(|(length, &chosen)| (length.ln(), f64::from(u8::from(chosen)))).unzip();
        if x.is_empty() {
            let value = "without the length of any tested gene".to_owned();
            let allowed = "given with a table of gene lengths for the identifiers of the test table";
            return Err(EnrichError::Option { option: "length-bias", value, allowed });
        }
        let spline = MonotoneSpline::fit(&x, &y, KNOTS);
        let mean = y.iter().sum::<f64>() / y.len() as f64;
        let chance = |&length: &f64| if is_known(length) { spline.at(length.ln()) } else { mean };
        Ok(Self {
            chance: lengths.iter().map(chance).map(|chance| chance.max(LEAST_CHANCE)).collect(),
            without_length: lengths.len() - x.len(),
            rises: spline.rises(),
        })
    }
}

/// As [`over_representation`](super::over_representation), for genes of these lengths.
///
/// `lengths` are in the order of the universe of `selection`, in any unit; `NaN` where unknown. RichFactor, FoldEnrichment
/// and zScore stay those of the plain test; P allows for the lengths.
///
/// # Errors
/// As `over_representation`; a universe of genes that were not tested, and a universe without any known length.
///
/// # References
/// Young et al. (2010) doi:10.1186/gb-2010-11-2-r14.
pub fn over_representation_by_length(
    query: impl Into<Query>,
    selection: &GeneSelection,
    lengths: &[f64],
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    options: &OraOptions,
) -> Result<(OraResult, SelectionBias), EnrichError> {
    options.check()?;
    check_pool(collections, options)?;
    if options.universe == Universe::Annotated || lengths.len() != selection.universe.len() {
        let value = "with genes that were not tested as the universe".to_owned();
        return Err(EnrichError::Option {
            option: "length-bias",
            value,
            allowed: "used with the tested genes",
        });
    }
    let prepared = PreparedQuery::new(selection, collections, identifiers, options)?;
    let hits: HashSet<&str> = selection.hits.iter().map(GeneId::unversioned).collect();
    let chosen: Vec<bool> = selection.universe.iter().map(|gene| hits.contains(gene.unversioned())).collect();
    let bias = SelectionBias::fit(&chosen, lengths)?;
    let mut result = test_all(query.into(), prepared.weighted(bias.chance.clone()), collections, options);
    result.table.universe.push_str("; P allows for the length of genes");
    result.table.test.push_str(" allowing for the length of genes");
    Ok((result, bias))
}

#[cfg(test)]
mod tests {
    use alkaline_core::gene_sets::{GeneSetInterner, GeneSetSource};
    use alkaline_core::results::OraRow;

    use super::*;
    use crate::over_representation;

    /// 400 genes; the longer half holds four of five chosen ones. A set of long genes, chosen like any long gene, and a set
    /// of short genes, chosen like long ones.
    fn example() -> (GeneSelection, Vec<f64>, Vec<GeneSetCollection>) {
        let gene = |i: usize| format!("g{i}");
        let is_long = |i: usize| i >= 200;
        let is_hit = |i: usize| i.is_multiple_of(if is_long(i) { 5 } else { 20 });
        let lengths =
            (0..400).map(|i| if is_long(i) { 5000.0 + i as f64 } else { 500.0 + i as f64 }).collect();
        let universe: Vec<GeneId> = (0..400).map(|i| GeneId::from(gene(i))).collect();
        let hits = (0..400).filter(|&i| is_hit(i)).map(|i| GeneId::from(gene(i))).collect();
        let mut collection = GeneSetCollection::new("test", GeneSetSource::default());
        let mut interner = GeneSetInterner::default();
        let long: Vec<String> = (200..250).map(gene).collect();
        let short: Vec<String> = (0..200).filter(|i| i % 4 == 0).map(gene).collect();
        collection.push(&mut interner, "LONG", "", long.iter().map(String::as_str));
        collection.push(&mut interner, "SHORT", "", short.iter().map(String::as_str));
        let rest: Vec<String> = (0..400).map(gene).collect();
        collection.push(&mut interner, "ALL", "", rest.iter().map(String::as_str));
        (GeneSelection { hits, universe }, lengths, vec![collection])
    }

    fn p_of(rows: &[OraRow], id: &str) -> f64 {
        rows.iter().find(|row| row.id == id).unwrap().p_value
    }

    #[test]
    fn long_genes_lose_and_short_genes_gain() {
        let (selection, lengths, sets) = example();
        let options = OraOptions::default();
        let plain = over_representation("all", &selection, &sets, None, &options).unwrap().table.rows;
        let (fair, bias) =
            over_representation_by_length("all", &selection, &lengths, &sets, None, &options).unwrap();
        assert!(bias.rises && bias.chance[300] > 3.0 * bias.chance[30], "{:?}", &bias.chance[..3]);
        assert!(p_of(&plain, "LONG") < 0.1 && p_of(&fair.table.rows, "LONG") > 0.4);
        assert!(p_of(&fair.table.rows, "SHORT") < 0.5 * p_of(&plain, "SHORT"));
        assert_eq!(p_of(&fair.table.rows, "ALL"), 1.0);
    }

    #[test]
    fn equal_lengths_change_nothing() {
        let (selection, _, sets) = example();
        let options = OraOptions::default();
        let plain = over_representation("all", &selection, &sets, None, &options).unwrap().table.rows;
        let (fair, _) =
            over_representation_by_length("all", &selection, &[1000.0; 400], &sets, None, &options).unwrap();
        for (a, b) in plain.iter().zip(&fair.table.rows) {
            assert!(
                a.id == b.id && (a.p_value / b.p_value - 1.0).abs() < 1e-9,
                "{} {}",
                a.p_value,
                b.p_value
            );
        }
    }

    #[test]
    fn lengths_that_nobody_knows_are_refused() {
        let (selection, _, sets) = example();
        let unknown = over_representation_by_length(
            "all",
            &selection,
            &[f64::NAN; 400],
            &sets,
            None,
            &OraOptions::default(),
        );
        assert!(unknown.unwrap_err().to_string().contains("without the length of any"));
    }
}
