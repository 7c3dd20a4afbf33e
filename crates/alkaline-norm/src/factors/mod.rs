//! Library sizes, and the factors that correct them for composition.

mod median_ratio;
mod tmm;
mod tmm_singletons;

use std::sync::Arc;

use alkaline_core::{CountMatrix, LibrarySizes, PerSample};
use alkaline_math::order_statistics::quantile;
use alkaline_math::summation::{mean, sum};
use serde::{Deserialize, Serialize};

use crate::NormError;

/// How libraries are made comparable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum NormMethod {
    /// Trimmed mean of M-values.
    #[default]
    Tmm,
    /// Trimmed mean of M-values with singleton pairing, for tables with many zeros.
    Tmmwsp,
    /// Relative log expression: the median ratio to the geometric mean (as in DESeq).
    Rle,
    /// The upper quartile of the counts.
    UpperQuartile,
    /// Library sizes as they are.
    None,
}

/// How to compute normalisation factors.
///
/// | option | default | upstream (`calcNormFactors`) |
/// |---|---|---|
/// | `method` | TMM | `method` |
/// | `log_ratio_trim` | 0.3 | `logratioTrim` |
/// | `sum_trim` | 0.05 | `sumTrim` |
/// | `weighted` | true | `doWeighting` |
/// | `abundance_cutoff` | -1e10 | `Acutoff` |
/// | `quantile` | 0.75 | `p` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NormOptions {
    /// The method.
    pub method: NormMethod,
    /// Share of the log ratios trimmed at either end.
    pub log_ratio_trim: f64,
    /// Share of the mean log abundances trimmed at either end.
    pub sum_trim: f64,
    /// Whether log ratios are weighted by their precision.
    pub weighted: bool,
    /// Genes of lower mean log2 abundance are left out.
    pub abundance_cutoff: f64,
    /// The quantile of `upper-quartile`.
    pub quantile: f64,
}

impl Default for NormOptions {
    fn default() -> Self {
        Self {
            method: NormMethod::Tmm,
            log_ratio_trim: 0.3,
            sum_trim: 0.05,
            weighted: true,
            abundance_cutoff: -1e10,
            quantile: 0.75,
        }
    }
}

impl From<NormMethod> for NormOptions {
    fn from(method: NormMethod) -> Self {
        Self { method, ..Self::default() }
    }
}

/// One library as normalisation sees it: the counts of the genes that are not silent everywhere, and its size.
#[derive(Clone, Copy, Debug)]
struct Library<'a> {
    counts: &'a [f64],
    size: f64,
}

/// Column sums and normalisation factors of a count matrix.
///
/// Factors multiply to one. Genes that are zero in every sample are left out.
///
/// # Errors
/// [`NormError::EmptySample`] for a sample without counts.
///
/// # References
/// TMM: Robinson & Oshlack (2010), doi:10.1186/gb-2010-11-3-r25. RLE: Anders & Huber (2010),
/// doi:10.1186/gb-2010-11-10-r106. Upper quartile: Bullard et al. (2010), doi:10.1186/1471-2105-11-94.
pub fn library_sizes(matrix: &CountMatrix, options: &NormOptions) -> Result<LibrarySizes, NormError> {
    let mut sizes = raw_sizes(matrix)?;
    let columns = expressed_columns(matrix);
    let expressed = columns.first().map_or(0, Vec::len);
    if expressed == 0 || columns.len() < 2 {
        return Ok(sizes);
    }
    let libraries: Vec<Library<'_>> =
        columns.iter().zip(sizes.raw.values()).map(|(counts, &size)| Library { counts, size }).collect();
    let factors = match options.method {
        NormMethod::Tmm => tmm::factors(&libraries, options),
        NormMethod::Tmmwsp => tmm_singletons::factors(&libraries, options),
        NormMethod::Rle => median_ratio::factors(&libraries),
        NormMethod::UpperQuartile => upper_quantiles(&libraries, options.quantile),
        NormMethod::None => return Ok(sizes),
    };
    sizes.factors = PerSample::new(Arc::clone(matrix.samples()), multiply_to_one(factors))?;
    Ok(sizes)
}

/// Column sums with factors of one.
pub(crate) fn raw_sizes(matrix: &CountMatrix) -> Result<LibrarySizes, NormError> {
    let sums = matrix.column_sums();
    if let Some(sample) = sums.iter().position(|&sum| sum <= 0.0) {
        return Err(NormError::EmptySample { sample: matrix.samples().ids()[sample].clone() });
    }
    let samples = || Arc::clone(matrix.samples());
    Ok(LibrarySizes {
        factors: PerSample::from_fn(samples(), |_| 1.0),
        raw: PerSample::new(samples(), sums)?,
    })
}

/// The matrix column by column, without the genes that are zero in every sample.
fn expressed_columns(matrix: &CountMatrix) -> Vec<Vec<f64>> {
    let (genes, samples) = matrix.shape();
    let mut columns = vec![Vec::with_capacity(genes); samples];
    for row in matrix.rows().filter(|row| row.iter().any(|&count| count > 0.0)) {
        columns.iter_mut().zip(row).for_each(|(column, &count)| column.push(count));
    }
    columns
}

/// Divides by the geometric mean.
fn multiply_to_one(factors: Vec<f64>) -> Vec<f64> {
    let logs: Vec<f64> = factors.iter().map(|f| f.ln()).collect();
    let centre = mean(&logs).exp();
    factors.into_iter().map(|f| f / centre).collect()
}

/// The quantile of each library's counts over its size.
fn upper_quantiles(libraries: &[Library<'_>], probability: f64) -> Vec<f64> {
    libraries
        .iter()
        .map(|library| quantile(&mut library.counts.to_vec(), probability) / library.size)
        .collect()
}

/// The library whose counts have the largest sum of square roots.
fn deepest(libraries: &[Library<'_>]) -> usize {
    let depth = |library: &Library<'_>| sum(library.counts.iter().map(|count| count.sqrt()));
    let mut best = (f64::NEG_INFINITY, 0);
    for (i, library) in libraries.iter().enumerate() {
        let depth = depth(library);
        if depth > best.0 {
            best = (depth, i);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use alkaline_core::{GeneIndex, SampleIndex};

    use super::*;

    fn matrix(columns: usize) -> CountMatrix {
        let genes = 300;
        let counts = (0..genes * columns)
            .map(|i| {
                let (gene, sample) = (i / columns, i % columns);
                let base = ((gene * gene * 31 + 7) % 1009) as f64;
                let wobble = ((gene * 17 + sample * 29) % 13) as f64 / 13.0 + 0.5;
                (base * wobble * (1.0 + sample as f64)).round()
            })
            .collect();
        let genes = GeneIndex::new((0..genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..columns).map(|i| format!("s{i}").into()).collect()).unwrap();
        CountMatrix::new(genes, samples, counts).unwrap()
    }

    const METHODS: [NormMethod; 5] =
        [NormMethod::Tmm, NormMethod::Tmmwsp, NormMethod::Rle, NormMethod::UpperQuartile, NormMethod::None];

    #[test]
    fn factors_multiply_to_one() {
        for method in METHODS {
            let sizes = library_sizes(&matrix(5), &method.into()).unwrap();
            let product: f64 = sizes.factors.values().iter().product();
            assert!((product - 1.0).abs() < 1e-13, "{method:?}");
        }
    }

    #[test]
    fn proportional_libraries_need_no_correction() {
        let (genes, samples) = (50, 3);
        let counts = (0..genes * samples).map(|i| ((i / samples + 1) * (i % samples + 1)) as f64).collect();
        let genes = GeneIndex::new((0..genes).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..samples).map(|i| format!("s{i}").into()).collect()).unwrap();
        let matrix = CountMatrix::new(genes, samples, counts).unwrap();
        for method in METHODS {
            let sizes = library_sizes(&matrix, &method.into()).unwrap();
            assert!(sizes.factors.values().iter().all(|f| (f - 1.0).abs() < 1e-12), "{method:?}");
        }
    }

    #[test]
    fn a_single_sample_has_factor_one() {
        assert_eq!(library_sizes(&matrix(1), &NormOptions::default()).unwrap().factors.values(), [1.0]);
    }
}
