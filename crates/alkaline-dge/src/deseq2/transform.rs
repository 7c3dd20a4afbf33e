//! Counts on a scale where their noise does not depend on how abundant a gene is, for maps of samples and distances.
//!
//! Two ways: a curve that the trend of dispersions prescribes (`vst`), and fold changes of every sample shrunken by a prior (`rlog`).
//! Both are blind: they know no groups. Anders & Huber (2010), doi:10.1186/gb-2010-11-10-r106; Love, Huber & Anders (2014),
//! doi:10.1186/s13059-014-0550-8. Upstream: DESeq2 `vst`, `varianceStabilizingTransformation`, `rlog`.

use std::sync::Arc;

use alkaline_core::expression::ExpressionUnit;
use alkaline_core::{CountMatrix, ExpressionMatrix};
use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::analysis::each_gene;
use super::depth::Depth;
use super::equal_depth::{base_mean, normalised};
use super::gene_wise::{GeneWise, gene_wise};
use super::model::Model;
use super::regularised::RegularisedLogs;
use super::size_factors::SizeFactors;
use super::stabilising::Stabilising;
use super::trend::{DispersionTrend, Trend};
use crate::DgeError;

/// How counts are transformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Transformation {
    /// The variance-stabilising curve of the trend.
    Vst,
    /// Logarithms with shrunken fold changes.
    Rlog,
}

/// Options of a transformation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransformOptions {
    /// How counts are transformed.
    pub transformation: Transformation,
    /// Which genes size factors are found from; default ratio.
    pub size_factors: SizeFactors,
    /// How dispersion follows the mean; default parametric.
    pub trend: DispersionTrend,
    /// Find the trend from as many genes, evenly spread over the means above five (`vst(nsub = )`); from all where it is not given.
    pub trend_genes: Option<usize>,
}

/// Transformed counts, and how they came about.
#[derive(Clone, Debug)]
pub struct Transformed {
    /// One row a gene, one column a sample, on a log2 scale.
    pub values: ExpressionMatrix,
    /// What is to be known of the trend, where it is not the one that was asked for.
    pub notices: Vec<String>,
}

/// Transforms the counts of all genes.
///
/// # Errors
/// [`DgeError::NoGenes`] without genes; no size factors or trend, as the tests have it; [`DgeError::OneSample`] for a single sample.
pub fn transform(matrix: &CountMatrix, options: &TransformOptions) -> Result<Transformed, DgeError> {
    if matrix.genes().is_empty() {
        return Err(DgeError::NoGenes);
    }
    if matrix.samples().len() < 2 {
        return Err(DgeError::OneSample);
    }
    let depth = Depth::new(matrix, options.size_factors)?;
    let mut notices = Vec::new();
    let used = genes_of_trend(matrix, &depth, options.trend_genes, &mut notices);
    let trend = blind_trend(matrix, &depth, &used, options.trend)?;
    notices.extend(trend.makeshift_in_words().map(|words| format!("dispersions: {words}")));
    let rows: Vec<Vec<f64>> = match options.transformation {
        Transformation::Vst => {
            let curve = Stabilising::new(&trend, matrix, &depth);
            each_gene(matrix, |gene, counts| {
                normalised(counts, depth.of(gene)).map(|q| curve.at(q)).collect()
            })
        }
        Transformation::Rlog => {
            let logs = RegularisedLogs::new(&trend, matrix, &depth);
            each_gene(matrix, |gene, counts| logs.of_gene(counts, depth.of(gene)))
        }
    };
    let (genes, samples) = (Arc::clone(matrix.genes()), Arc::clone(matrix.samples()));
    let values = ExpressionMatrix::new(ExpressionUnit::Log2, genes, samples, rows.concat())?;
    Ok(Transformed { values, notices })
}

/// The trend under a design that knows no groups.
fn blind_trend(
    matrix: &CountMatrix,
    depth: &Depth,
    genes: &[usize],
    kind: DispersionTrend,
) -> Result<Trend, DgeError> {
    let model = Model::new(Array2::ones((matrix.samples().len(), 1)).view());
    let is_used = |gene: usize| genes.binary_search(&gene).is_ok();
    let own: Vec<Option<GeneWise>> = each_gene(matrix, |gene, counts| {
        is_used(gene).then(|| gene_wise(&model, counts, depth.of(gene), depth.inverse)).flatten()
    });
    let known: Vec<(f64, f64)> = own.iter().flatten().map(|gene| (gene.base_mean, gene.dispersion)).collect();
    Trend::fit(&known, kind)
}

/// The genes that the trend is found from, in ascending order.
fn genes_of_trend(
    matrix: &CountMatrix,
    depth: &Depth,
    wanted: Option<usize>,
    notices: &mut Vec<String>,
) -> Vec<usize> {
    /// Genes of smaller means tell little of the trend.
    const FAINTEST: f64 = 5.0;
    let all = || (0..matrix.genes().len()).collect();
    let Some(wanted) = wanted else { return all() };
    let means = each_gene(matrix, |gene, counts| base_mean(counts, depth.of(gene)));
    let mut abundant: Vec<usize> = (0..means.len()).filter(|&gene| means[gene] > FAINTEST).collect();
    if abundant.len() < wanted || wanted < 2 {
        notices.push(format!(
            "the trend of dispersions is that of all genes: {} have a mean above {FAINTEST}, and {wanted} were to be chosen among such",
            abundant.len()
        ));
        return all();
    }
    abundant.sort_by(|&a, &b| means[a].total_cmp(&means[b]));
    let step = (abundant.len() - 1) as f64 / (wanted - 1) as f64;
    let mut chosen: Vec<usize> =
        (0..wanted).map(|i| abundant[(step * i as f64).round_ties_even() as usize]).collect();
    chosen.sort_unstable();
    chosen.dedup();
    chosen
}
