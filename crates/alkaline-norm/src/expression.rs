//! Expression values: CPM, log CPM, FPKM and TPM, with edgeR's definitions.

use std::sync::Arc;

use alkaline_core::{CountMatrix, ExpressionMatrix, ExpressionUnit, LibrarySizes, PerGene};
use alkaline_math::summation::{mean, sum};
use serde::{Deserialize, Serialize};

use crate::NormError;

/// Which library size counts are divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum LibrarySizeKind {
    /// Raw for FPKM (the usual definition), effective for CPM and log CPM (edgeR's).
    #[default]
    ByUnit,
    /// The plain number of counts.
    Raw,
    /// Raw size times normalisation factor.
    Effective,
}

/// How to compute expression values.
///
/// | option | default | upstream |
/// |---|---|---|
/// | `library_size` | by unit | `cpm(normalized.lib.sizes)` |
/// | `prior_count` | 2 | `cpm(log = TRUE, prior.count)` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExpressionOptions {
    /// Which library size to divide by; TPM does not depend on it.
    pub library_size: LibrarySizeKind,
    /// Average count added before logs are taken.
    pub prior_count: f64,
}

impl Default for ExpressionOptions {
    fn default() -> Self {
        Self { library_size: LibrarySizeKind::ByUnit, prior_count: 2.0 }
    }
}

/// Expression values of a count matrix in the given unit; `lengths` are exonic lengths in bases.
///
/// FPKM is CPM over kilobases (featureCounts' `Length`: the union of a gene's exons); TPM columns sum to one million.
///
/// # Errors
/// [`NormError::NoLengths`] or [`NormError::ZeroLength`] for FPKM and TPM; [`NormError::OtherSamples`] when the sizes
/// belong to other samples; [`NormError::Index`] when the lengths belong to another number of genes.
pub fn expression(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    unit: ExpressionUnit,
    lengths: Option<&PerGene<u64>>,
    options: &ExpressionOptions,
) -> Result<ExpressionMatrix, NormError> {
    if sizes.samples() != matrix.samples() {
        return Err(NormError::OtherSamples);
    }
    let libraries = match (options.library_size, unit) {
        (LibrarySizeKind::Raw, _) | (LibrarySizeKind::ByUnit, ExpressionUnit::Fpkm) => {
            sizes.raw.values().to_vec()
        }
        _ => sizes.effective(),
    };
    let values = match unit {
        ExpressionUnit::Cpm => cpm(matrix, &libraries),
        ExpressionUnit::LogCpm => log_cpm(matrix, &libraries, options.prior_count),
        ExpressionUnit::Fpkm => per_kilobase(cpm(matrix, &libraries), &kilobases(matrix, lengths, "FPKM")?),
        ExpressionUnit::Tpm => tpm(matrix, &kilobases(matrix, lengths, "TPM")?),
    };
    Ok(ExpressionMatrix::new(unit, Arc::clone(matrix.genes()), Arc::clone(matrix.samples()), values)?)
}

fn cpm(matrix: &CountMatrix, libraries: &[f64]) -> Vec<f64> {
    let units: Vec<f64> = libraries.iter().map(|size| 1e6 / size).collect();
    matrix.rows().flat_map(|row| row.iter().zip(&units).map(|(count, unit)| count * unit)).collect()
}

/// `log2((y + prior) / (L + 2 prior) 10^6)` with the prior in proportion to the library size.
fn log_cpm(matrix: &CountMatrix, libraries: &[f64], prior_count: f64) -> Vec<f64> {
    let centre = mean(libraries);
    let scaled: Vec<(f64, f64)> = libraries
        .iter()
        .map(|size| {
            let prior = prior_count * size / centre;
            (prior, 1e6f64.ln() - (size + 2.0 * prior).ln())
        })
        .collect();
    let per_row = |row: &[f64]| {
        let pairs = row.iter().zip(&scaled);
        pairs
            .map(|(y, (prior, shift))| ((y + prior).ln() + shift) / std::f64::consts::LN_2)
            .collect::<Vec<_>>()
    };
    matrix.rows().flat_map(per_row).collect()
}

/// Gene lengths in kilobases, one per gene of the matrix.
fn kilobases(
    matrix: &CountMatrix,
    lengths: Option<&PerGene<u64>>,
    unit: &'static str,
) -> Result<Vec<f64>, NormError> {
    let lengths = lengths.ok_or(NormError::NoLengths { unit })?;
    let mut out = Vec::with_capacity(matrix.genes().len());
    let same = lengths.index() == matrix.genes();
    for (position, gene) in matrix.genes().ids().iter().enumerate() {
        let length = if same { Some(&lengths[position]) } else { lengths.get(gene.as_str()) };
        match length {
            None => return Err(NormError::NoLengths { unit }),
            Some(0) => return Err(NormError::ZeroLength { gene: gene.to_string(), unit }),
            Some(&length) => out.push(length as f64 / 1000.0),
        }
    }
    Ok(out)
}

fn per_kilobase(mut values: Vec<f64>, kilobases: &[f64]) -> Vec<f64> {
    let width = values.len() / kilobases.len().max(1);
    for (row, length) in values.chunks_mut(width.max(1)).zip(kilobases) {
        row.iter_mut().for_each(|value| *value /= length);
    }
    values
}

fn tpm(matrix: &CountMatrix, kilobases: &[f64]) -> Vec<f64> {
    let mut rates = per_kilobase(matrix.as_slice().to_vec(), kilobases);
    let width = matrix.samples().len();
    let totals: Vec<f64> = (0..width).map(|j| sum(rates.iter().skip(j).step_by(width).copied())).collect();
    for row in rates.chunks_mut(width.max(1)) {
        row.iter_mut().zip(&totals).for_each(|(rate, total)| *rate *= 1e6 / total);
    }
    rates
}

#[cfg(test)]
mod tests {
    use alkaline_core::{GeneIndex, SampleIndex};

    use super::*;
    use crate::{NormMethod, library_sizes};

    fn example() -> (CountMatrix, LibrarySizes, PerGene<u64>) {
        let genes = GeneIndex::new(vec!["a".into(), "b".into(), "c".into()]).unwrap();
        let samples = SampleIndex::new(vec!["x".into(), "y".into()]).unwrap();
        let matrix =
            CountMatrix::new(Arc::clone(&genes), samples, vec![100.0, 50.0, 300.0, 450.0, 600.0, 500.0])
                .unwrap();
        let sizes = library_sizes(&matrix, &NormMethod::None.into()).unwrap();
        (matrix, sizes, PerGene::new(genes, vec![1000, 500, 4000]).unwrap())
    }

    #[test]
    fn tpm_columns_sum_to_one_million() {
        let (matrix, sizes, lengths) = example();
        let options = ExpressionOptions::default();
        let tpm = expression(&matrix, &sizes, ExpressionUnit::Tpm, Some(&lengths), &options).unwrap();
        for sample in 0..2 {
            let total: f64 = tpm.rows().map(|row| row[sample]).sum();
            assert!((total - 1e6).abs() < 1e-6);
        }
    }

    #[test]
    fn fpkm_is_cpm_over_kilobases() {
        let (matrix, sizes, lengths) = example();
        let options = ExpressionOptions::default();
        let fpkm = expression(&matrix, &sizes, ExpressionUnit::Fpkm, Some(&lengths), &options).unwrap();
        assert!((fpkm.row(1)[0] - 300.0 / 1000.0 * 1e6 / 0.5).abs() < 1e-9);
    }

    #[test]
    fn lengths_are_asked_for() {
        let (matrix, sizes, _) = example();
        let error = expression(&matrix, &sizes, ExpressionUnit::Tpm, None, &ExpressionOptions::default());
        assert_eq!(error.unwrap_err(), NormError::NoLengths { unit: "TPM" });
    }
}
