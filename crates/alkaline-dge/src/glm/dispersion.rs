//! Dispersions under a linear model, by Cox-Reid adjusted profile likelihood.

use std::collections::HashMap;

use alkaline_core::results::DispersionEstimates;
use alkaline_core::{CountMatrix, LibrarySizes};
use alkaline_math::linear::slice_mut;
use alkaline_math::negative_binomial::{NbModel, adjusted_profile_likelihood};
use ndarray::Array2;
use rayon::prelude::*;

use super::abundant::abundant_dispersion;
use super::fit::residuals;
use super::offsets::at_gene;
use super::reduced::{Reduced, zero_fits};
use crate::abundance::DEFAULT_DISPERSION;
use crate::shrinker::{GRID_BASE, Shrinker};
use crate::weighted_likelihood::DispersionGrid;
use crate::{DesignMatrix, DgeError, DispersionMethod, DispersionOptions};

/// Estimates common, trended and gene-wise dispersions under a design.
///
/// As [`estimate_dispersion`](crate::estimate_dispersion), with the conditional likelihood of replicates replaced by the
/// profile likelihood of the linear model, adjusted for the coefficients estimated.
///
/// # Errors
/// [`DgeError::NoResidualDf`] when the design has as many coefficients as samples; [`DgeError::NoGenes`];
/// [`DgeError::OtherSamples`].
///
/// # References
/// McCarthy, Chen & Smyth (2012), doi:10.1093/nar/gks042. Upstream: edgeR 3.x `estimateDisp(y, design)`.
pub fn estimate_dispersion_glm(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    options: &DispersionOptions,
) -> Result<DispersionEstimates, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    crate::checks::design_matches(matrix, design)?;
    let spare_df = design.residual_df();
    if spare_df == 0 {
        return Err(DgeError::NoResidualDf { samples: design.samples().len() });
    }
    if options.method == DispersionMethod::AbundantGenes {
        return abundant_dispersion(matrix, sizes, design, options);
    }
    let selected = crate::checks::genes_where(matrix, |total| total >= options.min_row_sum)?;
    let grid = DispersionGrid::new(GRID_BASE, options.grid_range, options.grid_length);
    let model = NbModel::new(design.matrix().to_owned(), effective);
    let curves = likelihood_grid(matrix, &selected, &model, &grid.dispersions);
    let spare_df = spare_df as f64;
    let shrinker = Shrinker { matrix, sizes, selected: &selected, grid: &grid, options, spare_df };
    Ok(shrinker.shrink(curves.view(), |trended| residuals(matrix, &selected, &model, trended)))
}

/// The adjusted profile likelihood of each gene at each dispersion.
fn likelihood_grid(
    matrix: &CountMatrix,
    genes: &[usize],
    model: &NbModel,
    dispersions: &[f64],
) -> Array2<f64> {
    let patterns: Vec<Vec<bool>> = genes
        .par_iter()
        .map(|&gene| {
            let counts = matrix.row(gene);
            zero_fits(counts, &at_gene(model, matrix, gene).fit(counts, DEFAULT_DISPERSION, None).means)
        })
        .collect();
    let mut models: HashMap<&[bool], Option<Reduced>> = HashMap::new();
    for pattern in &patterns {
        models.entry(pattern).or_insert_with(|| Reduced::new(pattern, model.design(), model.sizes()));
    }
    let mut grid = Array2::zeros((genes.len(), dispersions.len()));
    grid.outer_iter_mut().into_par_iter().zip(genes).zip(&patterns).for_each(|((curve, &gene), pattern)| {
        if let Some(Some(reduced)) = models.get(pattern.as_slice()) {
            let factors = matrix.length_factors(gene);
            profile(reduced, matrix.row(gene), factors.as_deref(), dispersions, slice_mut(curve));
        }
    });
    grid
}

/// One gene's curve, each fit starting from the one before.
fn profile(reduced: &Reduced, row: &[f64], factors: Option<&[f64]>, dispersions: &[f64], curve: &mut [f64]) {
    let of_rows = |values: &[f64]| -> Vec<f64> { reduced.rows.iter().map(|&i| values[i]).collect() };
    let counts = of_rows(row);
    let model = reduced.model.with_factors(factors.map(of_rows).as_deref());
    let mut start: Option<Vec<f64>> = None;
    for (value, &phi) in curve.iter_mut().zip(dispersions) {
        let fit = model.fit(&counts, phi, start.as_deref());
        *value = adjusted_profile_likelihood(&counts, &fit.means, phi, model.design());
        start = Some(fit.coefficients);
    }
}
