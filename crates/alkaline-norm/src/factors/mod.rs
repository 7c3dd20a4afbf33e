//! Library sizes, and the factors that correct them for composition.

mod library;
mod median_ratio;
mod options;
mod tmm;
mod tmm_singletons;

use std::sync::Arc;

use alkaline_core::{CountMatrix, LibrarySizes, PerSample};
use alkaline_math::linear::RowSlices;
use alkaline_math::summation::mean;
use ndarray::Array2;

use self::library::{Library, upper_quantiles};
pub use self::options::{NormMethod, NormOptions};
use crate::NormError;

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
    if matrix.has_lengths() {
        return sizes_at_equal_lengths(matrix, options);
    }
    let mut sizes = raw_sizes(matrix)?;
    let expressed = expressed_genes(matrix);
    if expressed.ncols() == 0 || expressed.nrows() < 2 {
        return Ok(sizes);
    }
    let with_size = |(i, &size)| Library { counts: expressed.row_slice(i), size };
    let libraries: Vec<Library<'_>> = sizes.raw.values().iter().enumerate().map(with_size).collect();
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

/// Library sizes where transcripts differ in length between samples: those of counts at equal lengths, brought to the scale of the
/// counts themselves.
///
/// Upstream: tximport's vignette for edgeR, `scaleOffset`.
fn sizes_at_equal_lengths(matrix: &CountMatrix, options: &NormOptions) -> Result<LibrarySizes, NormError> {
    let raw = raw_sizes(matrix)?.raw;
    let at_gene = |gene: usize| {
        let factors = matrix.length_factors(gene).unwrap_or_default();
        matrix.row(gene).iter().zip(factors).map(|(count, factor)| count / factor).collect::<Vec<f64>>()
    };
    let counts: Vec<f64> = (0..matrix.genes().len()).flat_map(at_gene).collect();
    let equal = CountMatrix::new(Arc::clone(matrix.genes()), Arc::clone(matrix.samples()), counts)?;
    let effective = library_sizes(&equal, options)?.effective();
    let factors = effective.iter().zip(raw.values()).map(|(own, raw)| own / raw).collect();
    Ok(LibrarySizes { factors: PerSample::new(Arc::clone(matrix.samples()), multiply_to_one(factors))?, raw })
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

/// The counts turned, one row a library, without the genes that are zero in every sample.
fn expressed_genes(matrix: &CountMatrix) -> Array2<f64> {
    let rows = || matrix.rows().filter(|row| row.iter().any(|&count| count > 0.0));
    let mut turned = Array2::zeros((matrix.samples().len(), rows().count()));
    for (mut gene, row) in turned.columns_mut().into_iter().zip(rows()) {
        gene.iter_mut().zip(row).for_each(|(place, count)| *place = *count);
    }
    turned
}

/// Divides by the geometric mean.
fn multiply_to_one(factors: Vec<f64>) -> Vec<f64> {
    let logs: Vec<f64> = factors.iter().map(|f| f.ln()).collect();
    let centre = mean(&logs).exp();
    factors.into_iter().map(|f| f / centre).collect()
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
