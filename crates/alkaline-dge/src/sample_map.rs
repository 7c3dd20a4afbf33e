//! Samples on a plane: multidimensional scaling of leading log fold changes, or principal components.
//!
//! The distance of two samples is the root mean square of their largest log2 fold changes, those of the top genes of that
//! pair. Reference: Ritchie et al. (2015), doi:10.1093/nar/gkv007. Upstream: limma `plotMDS`, edgeR `plotMDS.DGEList`.

use std::sync::Arc;

use alkaline_core::results::{MapMethod, SampleMap};
use alkaline_core::{CountMatrix, ExpressionMatrix, LibrarySizes, SampleIndex};
use alkaline_math::linear::{RowSlices, inner_products, leading_eigen, symmetric_eigen};
use alkaline_math::summation::{mean, sum};
use ndarray::{Array2, ArrayView2};
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
    /// With more samples than this, all pairs share the genes of largest variance (`gene.selection = "common"`), and the
    /// map has ten dimensions.
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
    let prior = PriorCounts::new(&effective, options.prior_count);
    if effective.len() > options.pairwise_up_to {
        return Ok(map_of_many(matrix, &prior, options));
    }
    let squares = match options.method {
        MapMethod::Mds => {
            let all: Vec<usize> = (0..matrix.genes().len()).collect();
            pairwise_squares(log_cpm_by_sample(matrix, &all, &prior).view(), options.top)
        }
        MapMethod::Pca => common_squares(matrix, &prior, matrix.genes().len()),
    };
    Ok(map_of_squares(squares.view(), matrix.samples(), options.method))
}

/// Places samples by values on a log2 scale, as limma's `plotMDS` does; genes of which a sample has no value are left out.
///
/// # Errors
/// [`DgeError::NoGenes`] when no gene has a value in every sample.
pub fn sample_map_of_values(values: &ExpressionMatrix, options: &MapOptions) -> Result<SampleMap, DgeError> {
    let mut rows: Vec<&[f64]> = values.rows().filter(|row| row.iter().all(|v| v.is_finite())).collect();
    if rows.is_empty() {
        return Err(DgeError::NoGenes);
    }
    let n = values.samples().len();
    let pairwise = options.method == MapMethod::Mds && n <= options.pairwise_up_to;
    if !pairwise && options.method == MapMethod::Mds {
        rows.sort_by(|a, b| spread(b).total_cmp(&spread(a)));
        rows.truncate(options.top);
    }
    let by_sample = Array2::from_shape_fn((n, rows.len()), |(sample, row)| rows[row][sample]);
    let squares = match pairwise {
        true => pairwise_squares(by_sample.view(), options.top),
        false => pairwise_means(by_sample.view()),
    };
    Ok(map_of_squares(squares.view(), values.samples(), options.method))
}

/// The sum of squared deviations from the mean.
fn spread(values: &[f64]) -> f64 {
    let centre = mean(values);
    sum(values.iter().map(|v| (v - centre) * (v - centre)))
}

/// The map whose squared distances are `squares`.
fn map_of_squares(squares: ArrayView2<'_, f64>, samples: &Arc<SampleIndex>, method: MapMethod) -> SampleMap {
    let eigen = symmetric_eigen(centred(squares).view());
    let total = sum(eigen.values.iter().map(|value| value.max(0.0)));
    let n = samples.len();
    let dimension = |k: usize| -> Vec<f64> {
        let length = eigen.values[k].max(0.0).sqrt();
        (0..n).map(|sample| eigen.vectors[[sample, k]] * length).collect()
    };
    SampleMap {
        method,
        samples: Arc::clone(samples),
        dimensions: (0..n).map(dimension).collect(),
        variance_explained: eigen.values.iter().map(|value| value.max(0.0) / total).collect(),
    }
}

/// Dimensions that the map of very many samples has: the others are noise, and would fill a table as wide as it is long.
const DIMENSIONS_OF_MANY: usize = 10;

/// The map of so many samples that all pairs share the genes of largest variance: their inner products are summed gene by
/// gene, and only the leading eigenvectors are sought.
fn map_of_many(matrix: &CountMatrix, prior: &PriorCounts, options: &MapOptions) -> SampleMap {
    let (n, genes) = (matrix.samples().len(), matrix.genes().len());
    let chosen = match options.method {
        MapMethod::Mds => most_variable(matrix, prior, options.top),
        MapMethod::Pca => (0..genes).collect(),
    };
    let terms: Vec<(f64, f64)> = (0..n).map(|sample| log_terms(sample, prior)).collect();
    // log CPM less its mean, in such units that squares are means over the genes
    let unit = (chosen.len() as f64).sqrt();
    let products = inner_products(chosen.len(), n, |row, values| {
        let counts = matrix.row(chosen[row]).iter().zip(&terms);
        values
            .iter_mut()
            .zip(counts)
            .for_each(|(value, (count, (added, shift)))| *value = log2_of(count + added, *shift));
        let centre = mean(values);
        values.iter_mut().for_each(|value| *value = (*value - centre) / unit);
    });
    // inner products have no negative eigenvalues: their sum is the trace
    let total = sum(products.diag().iter().copied());
    let eigen = leading_eigen(products.view(), DIMENSIONS_OF_MANY);
    let dimension = |(k, value): (usize, &f64)| -> Vec<f64> {
        let length = value.max(0.0).sqrt();
        eigen.vectors.column(k).iter().map(|coordinate| coordinate * length).collect()
    };
    SampleMap {
        method: options.method,
        samples: Arc::clone(matrix.samples()),
        dimensions: eigen.values.iter().enumerate().map(dimension).collect(),
        variance_explained: eigen.values.iter().map(|value| value.max(0.0) / total).collect(),
    }
}

/// What is added to a sample's counts, and the shift of their logarithms.
fn log_terms(sample: usize, prior: &PriorCounts) -> (f64, f64) {
    (prior.of(sample), 1e6f64.ln() - prior.augmented_sizes[sample].ln())
}

fn log2_of(augmented: f64, shift: f64) -> f64 {
    (augmented.ln() + shift) / std::f64::consts::LN_2
}

/// log2 CPM of one count.
fn log_cpm(count: f64, sample: usize, prior: &PriorCounts) -> f64 {
    let (added, shift) = log_terms(sample, prior);
    log2_of(count + added, shift)
}

/// log2 CPM of chosen genes, one row a sample.
fn log_cpm_by_sample(matrix: &CountMatrix, genes: &[usize], prior: &PriorCounts) -> Array2<f64> {
    let mut values = Array2::zeros((matrix.samples().len(), genes.len()));
    values.outer_iter_mut().into_par_iter().enumerate().for_each(|(sample, mut row)| {
        let counts = matrix.column(sample);
        row.iter_mut().zip(genes).for_each(|(value, &gene)| *value = log_cpm(counts[gene], sample, prior));
    });
    values
}

/// Mean of the `top` largest squared differences of every pair of samples.
fn pairwise_squares(samples: ArrayView2<'_, f64>, top: usize) -> Array2<f64> {
    let n = samples.nrows();
    let pairs: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |j| (i, j))).collect();
    let squares: Vec<f64> = pairs
        .par_iter()
        .map_init(Vec::new, |squares: &mut Vec<f64>, &(i, j)| {
            squares.clear();
            let pairs = samples.row_slice(i).iter().zip(samples.row_slice(j));
            squares.extend(pairs.map(|(a, b)| (a - b) * (a - b)));
            leading_mean(squares, top)
        })
        .collect();
    let mut distances = Array2::zeros((n, n));
    for (&(i, j), square) in pairs.iter().zip(squares) {
        distances[[i, j]] = square;
        distances[[j, i]] = square;
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

/// Mean squared difference over the `top` genes of largest variance. Only theirs are held as log CPM.
fn common_squares(matrix: &CountMatrix, prior: &PriorCounts, top: usize) -> Array2<f64> {
    pairwise_means(log_cpm_by_sample(matrix, &most_variable(matrix, prior, top), prior).view())
}

/// The `top` genes of largest variance, largest first.
fn most_variable(matrix: &CountMatrix, prior: &PriorCounts, top: usize) -> Vec<usize> {
    let terms: Vec<(f64, f64)> = (0..matrix.samples().len()).map(|sample| log_terms(sample, prior)).collect();
    let variance = |gene: usize| {
        let counts = matrix.row(gene).iter().zip(&terms);
        let values: Vec<f64> = counts.map(|(count, (added, shift))| log2_of(count + added, *shift)).collect();
        spread(&values)
    };
    let variances: Vec<f64> = (0..matrix.genes().len()).into_par_iter().map(variance).collect();
    let mut order: Vec<usize> = (0..variances.len()).collect();
    order.sort_by(|&a, &b| variances[b].total_cmp(&variances[a]));
    order.truncate(top);
    order
}

fn pairwise_means(samples: ArrayView2<'_, f64>) -> Array2<f64> {
    let n = samples.nrows();
    let mut means = Array2::zeros((n, n));
    means.outer_iter_mut().into_par_iter().enumerate().for_each(|(i, mut row)| {
        for (j, value) in row.iter_mut().enumerate() {
            let pairs = samples.row_slice(i).iter().zip(samples.row_slice(j));
            *value = pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>() / samples.ncols() as f64;
        }
    });
    means
}

/// Inner products about the centre from squared distances (Torgerson's double centring).
fn centred(squares: ArrayView2<'_, f64>) -> Array2<f64> {
    let row_means: Vec<f64> = (0..squares.nrows()).map(|i| mean(squares.row_slice(i))).collect();
    let grand = mean(&row_means);
    Array2::from_shape_fn(squares.dim(), |(i, j)| {
        -0.5 * (squares[[i, j]] - row_means[i] - row_means[j] + grand)
    })
}

#[cfg(test)]
mod tests {
    use alkaline_core::{ExpressionUnit, GeneIndex, PerSample, SampleIndex};

    use alkaline_math::order_statistics::larger;

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
    fn the_map_of_many_samples_has_the_leading_dimensions_of_the_usual_one() {
        let (genes, n) = (60, 12);
        let counts = (0..genes * n).map(|i| ((i * 37 + i / n * 11) % 101) as f64).collect();
        let genes = GeneIndex::new((0..genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..n).map(|i| format!("s{i}").into()).collect()).unwrap();
        let matrix = CountMatrix::new(genes, Arc::clone(&samples), counts).unwrap();
        let raw = PerSample::new(Arc::clone(&samples), matrix.column_sums()).unwrap();
        let sizes = LibrarySizes { raw, factors: PerSample::from_fn(samples, |_| 1.0) };
        for method in [MapMethod::Mds, MapMethod::Pca] {
            // all genes make all distances: whether pairs share them is then the same
            let options =
                |pairwise_up_to| MapOptions { method, top: 60, pairwise_up_to, ..MapOptions::default() };
            let usual = sample_map(&matrix, &sizes, &options(200)).unwrap();
            let many = sample_map(&matrix, &sizes, &options(5)).unwrap();
            assert_eq!((many.dimensions.len(), usual.dimensions.len()), (DIMENSIONS_OF_MANY, n));
            for (k, dimension) in many.dimensions.iter().enumerate() {
                assert!((many.variance_explained[k] - usual.variance_explained[k]).abs() < 1e-12);
                let difference = |(a, b): (&f64, &f64)| (a - b).abs();
                let worst = dimension.iter().zip(&usual.dimensions[k]).map(difference).fold(0.0, larger);
                assert!(worst < 1e-9, "dimension {k}: {worst}");
            }
        }
    }

    #[test]
    fn log_values_are_mapped_as_the_counts_that_they_were_made_of() {
        let counts = example(MapMethod::Mds);
        let (genes, n) = (40, 5);
        let raw: Vec<f64> = (0..genes * n).map(|i| ((i * 37) % 101) as f64).collect();
        let samples = Arc::clone(&counts.samples);
        let index = GeneIndex::new((0..genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let matrix = CountMatrix::new(Arc::clone(&index), Arc::clone(&samples), raw).unwrap();
        let prior = PriorCounts::new(&matrix.column_sums(), 2.0);
        let mut logs: Vec<f64> = (0..genes)
            .flat_map(|gene| matrix.row(gene).iter().enumerate().collect::<Vec<_>>())
            .map(|(sample, count)| log_cpm(*count, sample, &prior))
            .collect();
        // a gene with a gap says nothing
        logs.extend([f64::NAN, 9.0, 1.0, 5.0, 0.0]);
        let index = GeneIndex::new((0..=genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let values = ExpressionMatrix::new(ExpressionUnit::Log2, index, samples, logs).unwrap();
        let map = sample_map_of_values(&values, &MapOptions::default()).unwrap();
        for (own, wanted) in map.dimensions[0].iter().zip(&counts.dimensions[0]) {
            assert!((own - wanted).abs() < 1e-9, "{own} {wanted}");
        }
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
