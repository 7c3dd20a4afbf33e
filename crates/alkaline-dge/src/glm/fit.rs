//! Fits of all genes at their dispersions.

use alkaline_core::CountMatrix;
use alkaline_math::negative_binomial::{GlmFit, NbModel};
use rayon::prelude::*;

use super::offsets::at_gene;
use super::reduced::{ResidualDf, zero_fits};
use crate::prior_df::Residual;

/// One fit per gene.
pub(super) fn fits(matrix: &CountMatrix, model: &NbModel, phi: &[f64]) -> Vec<GlmFit> {
    let of_gene = |(gene, &phi): (usize, &f64)| at_gene(model, matrix, gene).fit(matrix.row(gene), phi, None);
    phi.par_iter().enumerate().map(of_gene).collect()
}

/// Residual deviance and degrees of freedom of chosen genes at their dispersions.
pub(super) fn residuals(
    matrix: &CountMatrix,
    genes: &[usize],
    model: &NbModel,
    phi: &[f64],
) -> Vec<Residual> {
    genes
        .par_iter()
        .zip(phi)
        .map_init(ResidualDf::default, |df, (&gene, &phi)| {
            let counts = matrix.row(gene);
            residual(counts, &at_gene(model, matrix, gene).fit(counts, phi, None), model, df)
        })
        .collect()
}

/// What a fit leaves unexplained.
pub(super) fn residual(counts: &[f64], fit: &GlmFit, model: &NbModel, df: &mut ResidualDf) -> Residual {
    Residual { deviance: fit.deviance, df: df.of(zero_fits(counts, &fit.means), model.design()) }
}
