//! Expression values: CPM, log CPM, FPKM and TPM, with edgeR's definitions.

use std::sync::Arc;

use alkaline_core::{CountMatrix, ExpressionMatrix, ExpressionUnit, LibrarySizes, PerGene};
use alkaline_math::linear::slice_mut;
use alkaline_math::summation::{CompensatedSum, mean};
use ndarray::Array2;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::NormError;

/// Which library size counts are divided by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    let genes: Vec<usize> = (0..matrix.genes().len()).collect();
    let lengths = lengths.and_then(|lengths| lengths_in_order(matrix, lengths));
    let rule = ExpressionRule::new(matrix, &genes, sizes, unit, lengths.as_deref(), options)?;
    let mut values = Array2::zeros(matrix.shape());
    let rows = values.outer_iter_mut().into_par_iter().enumerate();
    rows.for_each(|(gene, values)| rule.fill(gene, matrix.row(gene), slice_mut(values)));
    Ok(ExpressionMatrix::from_array(unit, Arc::clone(matrix.genes()), Arc::clone(matrix.samples()), values)?)
}

/// The lengths of the genes of `matrix`; `None` when one of them is unknown.
fn lengths_in_order(matrix: &CountMatrix, lengths: &PerGene<u64>) -> Option<Vec<u64>> {
    if lengths.index() == matrix.genes() {
        return Some(lengths.values().to_vec());
    }
    matrix.genes().ids().iter().map(|gene| lengths.get(gene.as_str()).copied()).collect()
}

/// What turns the counts of one gene after the other into expression values, so that tables of many samples can be written
/// without a second matrix in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpressionRule {
    unit: ExpressionUnit,
    /// What counts are multiplied by, sample by sample; for log CPM the shift of the logarithm.
    per_sample: Vec<f64>,
    /// For log CPM: what is added to the counts of each sample.
    priors: Vec<f64>,
    /// For FPKM and TPM: the lengths of the genes, in kilobases.
    kilobases: Vec<f64>,
}

impl ExpressionRule {
    /// The rule for the genes at places `genes` of `matrix`, whose lengths in bases are `lengths`, in the same order.
    ///
    /// # Errors
    /// As [`expression`].
    pub fn new(
        matrix: &CountMatrix,
        genes: &[usize],
        sizes: &LibrarySizes,
        unit: ExpressionUnit,
        lengths: Option<&[u64]>,
        options: &ExpressionOptions,
    ) -> Result<Self, NormError> {
        if sizes.samples() != matrix.samples() {
            return Err(NormError::OtherSamples);
        }
        let libraries = match (options.library_size, unit) {
            (LibrarySizeKind::Raw, _) | (LibrarySizeKind::ByUnit, ExpressionUnit::Fpkm) => {
                sizes.raw.values().to_vec()
            }
            _ => sizes.effective(),
        };
        let per_million = || libraries.iter().map(|size| 1e6 / size).collect();
        let mut rule = Self { unit, per_sample: Vec::new(), priors: Vec::new(), kilobases: Vec::new() };
        match unit {
            ExpressionUnit::Cpm => rule.per_sample = per_million(),
            // of counts, logs are those of CPM
            ExpressionUnit::LogCpm | ExpressionUnit::Log2 => {
                (rule.priors, rule.per_sample) = log_terms(&libraries, options.prior_count);
            }
            ExpressionUnit::Fpkm => {
                rule.kilobases = kilobases(matrix, genes, lengths, "FPKM")?;
                rule.per_sample = per_million();
            }
            ExpressionUnit::Tpm => {
                rule.kilobases = kilobases(matrix, genes, lengths, "TPM")?;
                rule.per_sample = per_million_of_rates(matrix, genes, &rule.kilobases);
            }
        }
        Ok(rule)
    }

    /// Fills `values` with the expression of the gene at `place` (of the genes that the rule was made for) from its `counts`.
    pub fn fill(&self, place: usize, counts: &[f64], values: &mut [f64]) {
        let terms = counts.iter().zip(&self.per_sample);
        let places = values.iter_mut();
        match self.unit {
            ExpressionUnit::Cpm => places.zip(terms).for_each(|(value, (y, unit))| *value = y * unit),
            ExpressionUnit::Fpkm => {
                let length = self.kilobases[place];
                places.zip(terms).for_each(|(value, (y, unit))| *value = y * unit / length);
            }
            ExpressionUnit::Tpm => {
                let length = self.kilobases[place];
                places.zip(terms).for_each(|(value, (y, unit))| *value = y / length * unit);
            }
            // of counts, logs are those of CPM
            ExpressionUnit::LogCpm | ExpressionUnit::Log2 => {
                places.zip(terms.zip(&self.priors)).for_each(|(value, ((y, shift), prior))| {
                    *value = ((y + prior).ln() + shift) / std::f64::consts::LN_2;
                });
            }
        }
    }
}

/// Priors in proportion to the library sizes, and the shifts of `log2((y + prior) / (L + 2 prior) 10^6)`.
fn log_terms(libraries: &[f64], prior_count: f64) -> (Vec<f64>, Vec<f64>) {
    let centre = mean(libraries);
    let terms = libraries.iter().map(|size| {
        let prior = prior_count * size / centre;
        (prior, 1e6f64.ln() - (size + 2.0 * prior).ln())
    });
    terms.unzip()
}

/// The lengths of `genes` in kilobases.
fn kilobases(
    matrix: &CountMatrix,
    genes: &[usize],
    lengths: Option<&[u64]>,
    unit: &'static str,
) -> Result<Vec<f64>, NormError> {
    let lengths = lengths.filter(|lengths| lengths.len() == genes.len());
    let lengths = lengths.ok_or(NormError::NoLengths { unit })?;
    if let Some(place) = lengths.iter().position(|length| *length == 0) {
        return Err(NormError::ZeroLength { gene: matrix.genes().ids()[genes[place]].to_string(), unit });
    }
    Ok(lengths.iter().map(|&length| length as f64 / 1000.0).collect())
}

/// One million over the sum of each sample's rates (counts per kilobase).
fn per_million_of_rates(matrix: &CountMatrix, genes: &[usize], kilobases: &[f64]) -> Vec<f64> {
    let mut totals = vec![CompensatedSum::default(); matrix.samples().len()];
    for (&gene, length) in genes.iter().zip(kilobases) {
        totals.iter_mut().zip(matrix.row(gene)).for_each(|(total, y)| total.add(y / length));
    }
    totals.iter().map(|total| 1e6 / total.total()).collect()
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
