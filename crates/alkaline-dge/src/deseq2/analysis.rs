//! All genes through all steps up to their fits: dispersions, coefficients, outliers and their replacement.
//!
//! Upstream: DESeq2 `DESeq`.

use alkaline_core::CountMatrix;
use rayon::prelude::*;

use super::cooks::{Outliers, cooks_distances};
use super::depth::Depth;
use super::fit::Fit;
use super::gene::Gene;
use super::gene_wise::{GeneWise, gene_wise};
use super::model::Model;
use super::options::Deseq2Options;
use super::prior::Spread;
use super::trend::Trend;
use crate::{DesignMatrix, DgeError};

/// Genes that a thread takes at once.
const GENES_PER_JOB: usize = 64;

/// A design fitted to all genes.
pub(super) struct Analysis {
    pub model: Model,
    pub depth: Depth,
    /// The trend of dispersions.
    pub trend: Trend,
    /// One a gene; `None` for genes without any count.
    pub genes: Vec<Option<Fitted>>,
}

/// A gene with its fit.
pub(super) struct Fitted {
    pub base_mean: f64,
    pub dispersion: f64,
    pub fit: Fit,
    /// Whether an outlying count spoils the P value.
    pub is_spoilt: bool,
    pub replacement: Replacement,
}

/// Whether outlying counts were replaced.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Replacement {
    None,
    /// The counts that the fit is of.
    Counts(Vec<f64>),
    /// Nothing was left: the gene has no counts but outliers.
    Silent,
}

impl Fitted {
    /// The counts that the fit is of.
    pub(super) fn counts<'a>(&'a self, original: &'a [f64]) -> &'a [f64] {
        match &self.replacement {
            Replacement::Counts(counts) => counts,
            Replacement::None | Replacement::Silent => original,
        }
    }
}

impl Analysis {
    /// Runs all steps.
    ///
    /// # Errors
    /// Counts that are not whole, no residual degrees of freedom, no size factors, no trend.
    pub(super) fn new(
        matrix: &CountMatrix,
        design: &DesignMatrix,
        options: &Deseq2Options,
    ) -> Result<Self, DgeError> {
        check(matrix, design)?;
        let depth = Depth::new(matrix, options.size_factors)?;
        let model = Model::new(design.matrix());
        let own: Vec<Option<GeneWise>> =
            each_gene(matrix, |gene, counts| gene_wise(&model, counts, depth.of(gene), depth.inverse));
        let known: Vec<(f64, f64)> =
            own.iter().flatten().map(|gene| (gene.base_mean, gene.dispersion)).collect();
        let trend = Trend::fit(&known, options.trend)?;
        let pairs: Vec<(f64, f64)> = known.iter().map(|(mean, own)| (*own, trend.at(*mean))).collect();
        let spread = Spread::new(&pairs, model.residual_df());
        let replace_from = (options.replace_from > 0).then_some(options.replace_from);
        let outliers = Outliers::new(&model, replace_from, compares_two_groups(design));
        let steps = Steps { model: &model, depth: &depth, trend: &trend, spread, outliers };
        let genes = each_gene(matrix, |gene, counts| Some(steps.fitted(gene, counts, own[gene].as_ref()?)));
        Ok(Self { genes, trend, model, depth })
    }

    /// Log likelihoods of another model at the dispersions that were found.
    pub(super) fn log_likelihoods(&self, matrix: &CountMatrix, model: &Model) -> Vec<f64> {
        let of_gene = |gene: usize, counts: &[f64]| {
            let Some(fitted) = &self.genes[gene] else { return f64::NAN };
            let counts = fitted.counts(counts);
            Gene { model, counts, sizes: self.depth.of(gene), dispersion: fitted.dispersion }
                .fit()
                .log_likelihood
        };
        each_gene(matrix, of_gene)
    }
}

/// The steps for one gene, once the trend is known.
struct Steps<'a> {
    model: &'a Model,
    depth: &'a Depth,
    trend: &'a Trend,
    spread: Spread,
    outliers: Outliers,
}

impl Steps<'_> {
    fn fitted(&self, gene: usize, counts: &[f64], own: &GeneWise) -> Fitted {
        let sizes = self.depth.of(gene);
        let (dispersion, fit) = self.shrunken(counts, sizes, own);
        let normalised: Vec<f64> = counts.iter().zip(sizes).map(|(y, s)| y / s).collect();
        let distances = cooks_distances(self.model, counts, &normalised, &fit);
        let largest = self.outliers.largest(&distances, false);
        let spoilt = |largest: Option<f64>| self.outliers.spoils(largest, &distances, counts);
        let before = Fitted {
            base_mean: own.base_mean,
            dispersion,
            fit,
            is_spoilt: spoilt(largest),
            replacement: Replacement::None,
        };
        if !self.outliers.replaced.contains(&true) {
            return before;
        }
        let remaining = self.outliers.largest(&distances, true);
        let before = Fitted { is_spoilt: spoilt(remaining), ..before };
        match self.outliers.without(counts, &normalised, &distances, sizes) {
            Some(replaced) => self.refitted(before, sizes, replaced),
            None => before,
        }
    }

    /// The same gene with its outliers replaced, under the trend that is known.
    fn refitted(&self, before: Fitted, sizes: &[f64], counts: Vec<f64>) -> Fitted {
        let Some(own) = gene_wise(self.model, &counts, sizes, self.depth.inverse) else {
            return Fitted { base_mean: 0.0, replacement: Replacement::Silent, ..before };
        };
        let (dispersion, fit) = self.shrunken(&counts, sizes, &own);
        Fitted {
            base_mean: own.base_mean,
            dispersion,
            fit,
            replacement: Replacement::Counts(counts),
            ..before
        }
    }

    fn shrunken(&self, counts: &[f64], sizes: &[f64], own: &GeneWise) -> (f64, Fit) {
        let dispersion = self.spread.shrink(self.model, counts, own, self.trend.at(own.base_mean));
        let gene = Gene { model: self.model, counts, sizes, dispersion };
        (dispersion, gene.fit())
    }
}

/// What `of_gene` says of each gene.
pub(super) fn each_gene<T: Send>(
    matrix: &CountMatrix,
    of_gene: impl Fn(usize, &[f64]) -> T + Sync,
) -> Vec<T> {
    let genes = 0..matrix.genes().len();
    genes.into_par_iter().with_min_len(GENES_PER_JOB).map(|gene| of_gene(gene, matrix.row(gene))).collect()
}

/// Refuses what DESeq2 does not answer.
fn check(matrix: &CountMatrix, design: &DesignMatrix) -> Result<(), DgeError> {
    crate::checks::design_matches(matrix, design)?;
    if matrix.genes().is_empty() {
        return Err(DgeError::NoGenes);
    }
    if design.residual_df() == 0 {
        return Err(DgeError::NoReplicatesInDeseq2 { samples: design.samples().len() });
    }
    match matrix.as_slice().iter().position(|count| count.fract() != 0.0) {
        None => Ok(()),
        Some(place) => {
            let (gene, sample) = (place / matrix.samples().len(), place % matrix.samples().len());
            Err(DgeError::NotWhole {
                gene: matrix.genes().ids()[gene].to_string(),
                sample: matrix.samples().ids()[sample].to_string(),
                value: matrix.as_slice()[place],
                others: matrix.as_slice()[place + 1..].iter().filter(|count| count.fract() != 0.0).count(),
            })
        }
    }
}

/// Whether the design has but one variable, of two levels.
fn compares_two_groups(design: &DesignMatrix) -> bool {
    matches!(design.variables(), [only] if only.levels.as_ref().is_some_and(|levels| levels.len() == 2))
}
