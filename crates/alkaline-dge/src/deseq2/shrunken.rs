//! Log fold changes under a normal prior, beside those of largest likelihood: what remains of large changes of faint genes.
//!
//! Love, Huber & Anders (2014), doi:10.1186/s13059-014-0550-8. Upstream: DESeq2 `lfcShrink(type = "normal", coef = )`.

use std::f64::consts::LN_2;

use alkaline_core::CountMatrix;

use super::analysis::{Analysis, Replacement, each_gene};
use super::gene::Gene;
use super::model::RIDGE;
use super::options::Shrinkage;
use super::wide_prior::prior_variance;
use crate::DgeError;
use crate::design::Contrast;

/// Larger fold changes (log2) do not widen a prior: they are those of genes that one group has no counts of.
const INFINITE: f64 = 10.0;

/// A shrunken log2 fold change and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shrunken {
    pub change: f64,
    pub error: f64,
}

/// Shrunken log2 fold changes of all genes; `None` for genes without counts.
///
/// # Errors
/// [`DgeError::ShrinksOneCoefficient`] where the contrast is not one coefficient of the design or its negative.
pub(super) fn shrunken(
    analysis: &Analysis,
    matrix: &CountMatrix,
    contrast: &Contrast,
    kind: Shrinkage,
) -> Result<Vec<Option<Shrunken>>, DgeError> {
    let (place, sign) = coefficient_of(contrast)
        .ok_or_else(|| DgeError::ShrinksOneCoefficient { contrast: contrast.spec.id.to_string() })?;
    let model = analysis.model.with_ridges(ridges(analysis));
    let of_gene = |gene: usize, counts: &[f64]| {
        let fitted = analysis.genes[gene].as_ref()?;
        if fitted.replacement == Replacement::Silent {
            return Some(Shrunken { change: 0.0, error: 0.0 });
        }
        let counts = match kind {
            Shrinkage::Normal => fitted.counts(counts),
            Shrinkage::NormalOriginal => counts,
        };
        let sizes = analysis.depth.of(gene);
        let fit = Gene { model: &model, counts, sizes, dispersion: fitted.dispersion }.fit();
        let error = fit.covariance[[place, place]].max(0.0).sqrt() / LN_2;
        Some(Shrunken { change: sign * fit.beta[place] / LN_2, error })
    };
    Ok(each_gene(matrix, of_gene))
}

/// The coefficient that a contrast is, and whether it is turned round.
fn coefficient_of(contrast: &Contrast) -> Option<(usize, f64)> {
    let mut others = contrast.weights.iter().enumerate().filter(|(_, weight)| **weight != 0.0);
    let (place, weight) = others.next()?;
    (weight.abs() == 1.0 && others.next().is_none()).then_some((place, *weight))
}

/// Precisions of the coefficients' priors: as wide as their large values are, that of the intercept flat.
fn ridges(analysis: &Analysis) -> Vec<f64> {
    let of_coefficient = |place: usize| {
        if analysis.model.design.column(place).iter().all(|x| *x == 1.0) {
            return RIDGE;
        }
        let genes = analysis.genes.iter().flatten().filter(|gene| gene.replacement != Replacement::Silent);
        let effects = genes.map(|gene| {
            let weight = 1.0 / (1.0 / gene.base_mean + analysis.trend.at(gene.base_mean));
            ((gene.fit.beta[place] / LN_2).abs(), weight)
        });
        let variance = prior_variance(effects.filter(|(effect, _)| *effect < INFINITE).collect());
        1.0 / (variance * LN_2 * LN_2)
    };
    (0..analysis.model.coefficients()).map(of_coefficient).collect()
}
