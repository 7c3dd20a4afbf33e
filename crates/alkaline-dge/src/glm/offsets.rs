//! Genes whose transcripts are longer in some samples than in others: their libraries count more there.
//!
//! Upstream: edgeR `scaleOffset`, tximport's vignette.

use std::borrow::Cow;

use alkaline_core::CountMatrix;
use alkaline_math::negative_binomial::NbModel;

/// `model` as it is for one gene.
pub(super) fn at_gene<'a>(model: &'a NbModel, matrix: &CountMatrix, gene: usize) -> Cow<'a, NbModel> {
    model.with_factors(matrix.length_factors(gene).as_deref())
}
