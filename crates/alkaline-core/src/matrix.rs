//! Counts of genes by samples.
//!
//! Counts are held as `f64`: every whole number below 2^53 is exact, and fractional counts (multi-mapping reads shared
//! out, expected counts of RSEM) need no second type. Whether fractions are welcome is the reader's decision.

use std::sync::Arc;

use crate::{GeneIndex, IndexError, SampleIndex};

/// Non-negative, finite counts, gene-major: the samples of one gene lie side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct CountMatrix {
    genes: Arc<GeneIndex>,
    samples: Arc<SampleIndex>,
    counts: Vec<f64>,
}

impl CountMatrix {
    /// A matrix of `genes.len()` rows by `samples.len()` columns from gene-major `counts`.
    ///
    /// # Errors
    /// [`IndexError::Length`] when the size does not fit; [`IndexError::NotACount`] for a negative, infinite or
    /// missing (NaN) value.
    pub fn new(
        genes: Arc<GeneIndex>,
        samples: Arc<SampleIndex>,
        counts: Vec<f64>,
    ) -> Result<Self, IndexError> {
        let expected = genes.len() * samples.len();
        if counts.len() != expected {
            return Err(IndexError::Length { expected, found: counts.len() });
        }
        if let Some(place) = counts.iter().position(|count| !(count.is_finite() && *count >= 0.0)) {
            return Err(IndexError::NotACount {
                gene: genes.ids()[place / samples.len()].clone(),
                sample: samples.ids()[place % samples.len()].clone(),
                value: counts[place],
            });
        }
        Ok(Self { genes, samples, counts })
    }

    /// The genes (rows).
    pub fn genes(&self) -> &Arc<GeneIndex> {
        &self.genes
    }

    /// The samples (columns).
    pub fn samples(&self) -> &Arc<SampleIndex> {
        &self.samples
    }

    /// The counts of gene number `gene`, one per sample.
    pub fn row(&self, gene: usize) -> &[f64] {
        let width = self.samples.len();
        &self.counts[gene * width..(gene + 1) * width]
    }

    /// The rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        (0..self.genes.len()).map(|gene| self.row(gene))
    }

    /// All counts, gene-major.
    pub fn as_slice(&self) -> &[f64] {
        &self.counts
    }

    /// Number of genes and of samples.
    pub fn shape(&self) -> (usize, usize) {
        (self.genes.len(), self.samples.len())
    }

    /// Column sums: the raw library sizes, in counts.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.samples.len()];
        for row in self.rows() {
            for (sum, count) in sums.iter_mut().zip(row) {
                *sum += count;
            }
        }
        sums
    }

    /// Whether every count is a whole number.
    pub fn is_integral(&self) -> bool {
        self.counts.iter().all(|count| count.fract() == 0.0)
    }

    /// The genes at `positions` (distinct), in that order.
    pub fn select_genes(&self, positions: &[usize]) -> Self {
        let counts = positions.iter().flat_map(|&gene| self.row(gene)).copied().collect();
        Self { genes: self.genes.select(positions), samples: Arc::clone(&self.samples), counts }
    }

    /// The samples at `positions` (distinct), in that order.
    pub fn select_samples(&self, positions: &[usize]) -> Self {
        let counts = self.rows().flat_map(|row| positions.iter().map(|&sample| row[sample])).collect();
        Self { genes: Arc::clone(&self.genes), samples: self.samples.select(positions), counts }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(counts: Vec<f64>) -> Result<CountMatrix, IndexError> {
        let genes = GeneIndex::new(vec!["a".into(), "b".into()]).unwrap();
        let samples = SampleIndex::new(vec!["x".into(), "y".into(), "z".into()]).unwrap();
        CountMatrix::new(genes, samples, counts)
    }

    #[test]
    fn a_value_that_is_no_count_is_named_with_gene_and_sample() {
        let error = matrix(vec![0.0, 1.0, 2.0, 3.0, -4.0, 5.0]).unwrap_err();
        assert_eq!(error.to_string(), "gene `b`, sample `y`: -4 is not a count");
        assert!(matrix(vec![f64::NAN; 6]).is_err());
    }

    #[test]
    fn selections_keep_rows_and_columns_together() {
        let all = matrix(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        assert_eq!(all.select_genes(&[1]).as_slice(), [3.0, 4.0, 5.0]);
        assert_eq!(all.select_samples(&[2, 0]).as_slice(), [2.0, 0.0, 5.0, 3.0]);
        assert_eq!(all.column_sums(), [3.0, 5.0, 7.0]);
    }
}
