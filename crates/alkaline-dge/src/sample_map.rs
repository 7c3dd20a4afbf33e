//! Samples on a plane: multidimensional scaling of leading log fold changes, or principal components.
//!
//! The distance of two samples is the root mean square of their largest log2 fold changes, those of the top genes of that
//! pair. Reference: Ritchie et al. (2015), doi:10.1093/nar/gkv007. Upstream: limma `plotMDS`, edgeR `plotMDS.DGEList`.

use std::sync::Arc;

use alkaline_core::results::{MapMethod, SampleMap};
use alkaline_core::{CountMatrix, LibrarySizes};
use alkaline_math::linear::{Matrix, symmetric_eigen};
use alkaline_math::summation::{mean, sum};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::DgeError;
use crate::abundance::PriorCounts;

/// How samples are mapped.
///
/// | option | default | upstream (`plotMDS`) |
/// |---|---|---|
/// | `method` | MDS | |
/// | `top` | 500 | `top` |
/// | `prior_count` | 2 | `prior.count` |
/// | `pairwise_up_to` | 200 | `gene.selection` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MapOptions {
    /// Leading log fold changes or principal components.
    pub method: MapMethod,
    /// Number of genes that make a distance.
    pub top: usize,
    /// Average count added before logs are taken.
    pub prior_count: f64,
    /// With more samples than this, all pairs share the genes of largest variance (`gene.selection = "common"`).
    pub pairwise_up_to: usize,
}

impl Default for MapOptions {
    fn default() -> Self {
        Self { method: MapMethod::Mds, top: 500, prior_count: 2.0, pairwise_up_to: 200 }
    }
}

/// Places every sample so that distances between samples are kept as well as possible, most important dimension first.
///
/// # Errors
/// [`DgeError::OtherSamples`] when the sizes belong to other samples; [`DgeError::NoGenes`].
pub fn sample_map(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    options: &MapOptions,
) -> Result<SampleMap, DgeError> {
    let effective = crate::checks::effective_sizes(matrix, sizes)?;
    if matrix.genes().is_empty() {
        return Err(DgeError::NoGenes);
    }
    let columns = log_cpm_columns(matrix, &effective, options.prior_count);
    let inner_products = match options.method {
        MapMethod::Mds if columns.len() <= options.pairwise_up_to => {
            centred(&pairwise_squares(&columns, options.top))
        }
        MapMethod::Mds => centred(&common_squares(&columns, options.top)),
        MapMethod::Pca => centred(&common_squares(&columns, columns[0].len())),
    };
    let eigen = symmetric_eigen(&inner_products);
    let total = sum(eigen.values.iter().map(|value| value.max(0.0)));
    let n = columns.len();
    let dimension = |k: usize| -> Vec<f64> {
        let length = eigen.values[k].max(0.0).sqrt();
        (0..n).map(|sample| eigen.vectors.get(sample, k) * length).collect()
    };
    Ok(SampleMap {
        method: options.method,
        samples: Arc::clone(matrix.samples()),
        dimensions: (0..n).map(dimension).collect(),
        variance_explained: eigen.values.iter().map(|value| value.max(0.0) / total).collect(),
    })
}

/// log2 CPM, sample by sample.
fn log_cpm_columns(matrix: &CountMatrix, effective: &[f64], prior_count: f64) -> Vec<Vec<f64>> {
    let prior = PriorCounts::new(effective, prior_count);
    (0..effective.len())
        .into_par_iter()
        .map(|sample| {
            let shift = 1e6f64.ln() - prior.augmented_sizes[sample].ln();
            let added = prior.of(sample);
            matrix.rows().map(|row| ((row[sample] + added).ln() + shift) / std::f64::consts::LN_2).collect()
        })
        .collect()
}

/// Mean of the `top` largest squared differences of every pair of samples.
fn pairwise_squares(columns: &[Vec<f64>], top: usize) -> Matrix {
    let n = columns.len();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
    let squares: Vec<f64> = pairs
        .par_iter()
        .map_init(Vec::new, |squares: &mut Vec<f64>, &(i, j)| {
            squares.clear();
            squares.extend(columns[i].iter().zip(&columns[j]).map(|(a, b)| (a - b) * (a - b)));
            leading_mean(squares, top)
        })
        .collect();
    let mut distances = Matrix::zeros(n, n);
    for (&(i, j), square) in pairs.iter().zip(squares) {
        distances.set(i, j, square);
        distances.set(j, i, square);
    }
    distances
}

fn leading_mean(values: &mut [f64], top: usize) -> f64 {
    let top = top.min(values.len());
    if top < values.len() {
        values.select_nth_unstable_by(top, |a, b| b.total_cmp(a));
    }
    mean(&values[..top])
}

/// Mean squared difference over the `top` genes of largest variance.
fn common_squares(columns: &[Vec<f64>], top: usize) -> Matrix {
    let n = columns.len();
    let genes = columns[0].len();
    let variance = |gene: usize| {
        let values: Vec<f64> = columns.iter().map(|column| column[gene]).collect();
        let centre = mean(&values);
        sum(values.iter().map(|v| (v - centre) * (v - centre)))
    };
    let variances: Vec<f64> = (0..genes).into_par_iter().map(variance).collect();
    let mut order: Vec<usize> = (0..genes).collect();
    order.sort_by(|&a, &b| variances[b].total_cmp(&variances[a]));
    order.truncate(top);
    let chosen: Vec<Vec<f64>> =
        columns.iter().map(|column| order.iter().map(|&gene| column[gene]).collect()).collect();
    pairwise_means(&chosen, n)
}

fn pairwise_means(columns: &[Vec<f64>], n: usize) -> Matrix {
    let rows: Vec<Vec<f64>> = (0..n)
        .into_par_iter()
        .map(|i| {
            let square =
                |j: usize| columns[i].iter().zip(&columns[j]).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
            (0..n).map(|j| square(j) / columns[i].len() as f64).collect()
        })
        .collect();
    Matrix::from_rows(n, n, rows.concat())
}

/// Inner products about the centre from squared distances (Torgerson's double centring).
fn centred(squares: &Matrix) -> Matrix {
    let n = squares.rows();
    let row_means: Vec<f64> = (0..n).map(|i| mean(squares.row(i))).collect();
    let grand = mean(&row_means);
    Matrix::from_fn(n, n, |i, j| -0.5 * (squares.get(i, j) - row_means[i] - row_means[j] + grand))
}

#[cfg(test)]
mod tests {
    use alkaline_core::{GeneIndex, PerSample, SampleIndex};

    use super::*;

    fn example(method: MapMethod) -> SampleMap {
        let (genes, n) = (40, 5);
        let counts = (0..genes * n).map(|i| ((i * 37) % 101) as f64).collect();
        let genes = GeneIndex::new((0..genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..n).map(|i| format!("s{i}").into()).collect()).unwrap();
        let matrix = CountMatrix::new(genes, Arc::clone(&samples), counts).unwrap();
        let raw = PerSample::new(Arc::clone(&samples), matrix.column_sums()).unwrap();
        let sizes = LibrarySizes { raw, factors: PerSample::from_fn(samples, |_| 1.0) };
        sample_map(&matrix, &sizes, &MapOptions { method, ..MapOptions::default() }).unwrap()
    }

    #[test]
    fn dimensions_are_centred_and_explain_everything_together() {
        for method in [MapMethod::Mds, MapMethod::Pca] {
            let map = example(method);
            assert_eq!(map.dimensions.len(), 5);
            assert!(map.dimensions[0].iter().sum::<f64>().abs() < 1e-12);
            assert!((map.variance_explained.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
    }
}
