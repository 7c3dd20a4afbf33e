//! Counts of genes by samples.
//!
//! Counts are held as `f64`: every whole number below 2^53 is exact, and fractional counts (multi-mapping reads shared
//! out, expected counts of RSEM) need no second type. Whether fractions are welcome is the reader's decision.

use std::sync::Arc;

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};

use crate::{GeneIndex, IndexError, SampleIndex};

/// Non-negative, finite counts, gene-major: the samples of one gene lie side by side.
#[derive(Clone, Debug, PartialEq)]
pub struct CountMatrix {
    genes: Arc<GeneIndex>,
    samples: Arc<SampleIndex>,
    counts: Array2<f64>,
    /// Average lengths of the transcripts behind the counts, where they differ between samples.
    lengths: Option<Array2<f64>>,
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
        let counts = gene_major(&genes, &samples, counts)?;
        Self::from_array(genes, samples, counts)
    }

    /// A matrix from an array with one row a gene and one column a sample, in any memory order.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_array(
        genes: Arc<GeneIndex>,
        samples: Arc<SampleIndex>,
        counts: Array2<f64>,
    ) -> Result<Self, IndexError> {
        let counts = fitted(&genes, &samples, counts)?;
        let is_count = |count: &f64| count.is_finite() && *count >= 0.0;
        if let Some(place) = counts.iter().position(|count| !is_count(count)) {
            let (gene, sample) = (place / samples.len(), place % samples.len());
            return Err(IndexError::NotACount {
                gene: genes.ids()[gene].clone(),
                sample: samples.ids()[sample].clone(),
                value: counts[[gene, sample]],
            });
        }
        Ok(Self { genes, samples, counts, lengths: None })
    }

    /// The same counts with the average length of each gene's transcripts in each sample, of which tests make offsets.
    ///
    /// # Errors
    /// [`IndexError::Length`] when the size does not fit; [`IndexError::NotACount`] for a length that is not above zero.
    pub fn with_lengths(self, lengths: Array2<f64>) -> Result<Self, IndexError> {
        let lengths = fitted(&self.genes, &self.samples, lengths)?;
        let is_length = |length: &f64| length.is_finite() && *length > 0.0;
        if let Some(place) = lengths.iter().position(|length| !is_length(length)) {
            let (gene, sample) = (place / self.samples.len(), place % self.samples.len());
            return Err(IndexError::NotACount {
                gene: self.genes.ids()[gene].clone(),
                sample: self.samples.ids()[sample].clone(),
                value: lengths[[gene, sample]],
            });
        }
        Ok(Self { lengths: Some(lengths), ..self })
    }

    /// The same counts without lengths.
    #[must_use]
    pub fn without_lengths(self) -> Self {
        Self { lengths: None, ..self }
    }

    /// The same with every count as the nearest whole number, halves to the even one.
    #[must_use]
    pub fn rounded(&self) -> Self {
        Self { counts: self.counts.mapv(f64::round_ties_even), ..self.clone() }
    }

    /// Whether lengths of transcripts are known sample by sample.
    pub fn has_lengths(&self) -> bool {
        self.lengths.is_some()
    }

    /// How much longer the transcripts of a gene are in each sample than in the geometric mean of all; `None` where that is not known.
    pub fn length_factors(&self, gene: usize) -> Option<Vec<f64>> {
        let row = self.lengths.as_ref()?.row(gene);
        let centre = (row.iter().map(|length| length.ln()).sum::<f64>() / row.len() as f64).exp();
        Some(row.iter().map(|length| length / centre).collect())
    }

    /// The genes (rows).
    pub fn genes(&self) -> &Arc<GeneIndex> {
        &self.genes
    }

    /// The samples (columns).
    pub fn samples(&self) -> &Arc<SampleIndex> {
        &self.samples
    }

    /// All counts, one row a gene.
    pub fn view(&self) -> ArrayView2<'_, f64> {
        self.counts.view()
    }

    /// The counts of sample number `sample`, one per gene.
    pub fn column(&self, sample: usize) -> ArrayView1<'_, f64> {
        self.counts.column(sample)
    }

    /// The counts of gene number `gene`, one per sample, which lie side by side.
    pub fn row(&self, gene: usize) -> &[f64] {
        contiguous(self.counts.row(gene))
    }

    /// The rows in order.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.counts.outer_iter().map(contiguous)
    }

    /// All counts, gene-major.
    pub fn as_slice(&self) -> &[f64] {
        self.counts.as_slice().expect(GENE_MAJOR)
    }

    /// Number of genes and of samples.
    pub fn shape(&self) -> (usize, usize) {
        self.counts.dim()
    }

    /// Column sums: the raw library sizes, in counts.
    pub fn column_sums(&self) -> Vec<f64> {
        // gene after gene: `ndarray` sums in an order of its own, and fractional counts would show it
        let mut sums = vec![0.0; self.samples.len()];
        for row in self.rows() {
            sums.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        }
        sums
    }

    /// Whether every count is a whole number.
    pub fn is_integral(&self) -> bool {
        self.counts.iter().all(|count| count.fract() == 0.0)
    }

    /// The genes at `positions` (distinct), in that order.
    pub fn select_genes(&self, positions: &[usize]) -> Self {
        let counts = selected_rows(self.view(), positions);
        let lengths = self.lengths.as_ref().map(|lengths| selected_rows(lengths.view(), positions));
        Self { genes: self.genes.select(positions), samples: Arc::clone(&self.samples), counts, lengths }
    }

    /// The samples at `positions` (distinct), in that order.
    pub fn select_samples(&self, positions: &[usize]) -> Self {
        let shape = (self.genes.len(), positions.len());
        let chosen =
            |from: &Array2<f64>| Array2::from_shape_fn(shape, |(gene, place)| from[[gene, positions[place]]]);
        let (counts, lengths) = (chosen(&self.counts), self.lengths.as_ref().map(chosen));
        Self { genes: Arc::clone(&self.genes), samples: self.samples.select(positions), counts, lengths }
    }
}

/// What holds for every matrix here: rows follow each other in memory, and so do the values of a row.
const GENE_MAJOR: &str = "matrices are gene-major";

/// The values of a row as a slice.
pub(crate) fn contiguous(row: ArrayView1<'_, f64>) -> &[f64] {
    row.to_slice().expect(GENE_MAJOR)
}

/// Gene-major values as an array of the size that the names ask for.
pub(crate) fn gene_major(
    genes: &GeneIndex,
    samples: &SampleIndex,
    values: Vec<f64>,
) -> Result<Array2<f64>, IndexError> {
    let (expected, found) = (genes.len() * samples.len(), values.len());
    let shape = (genes.len(), samples.len());
    Array2::from_shape_vec(shape, values).map_err(|_| IndexError::Length { expected, found })
}

/// The array in gene-major order, after checking that it has the size that the names ask for.
pub(crate) fn fitted(
    genes: &GeneIndex,
    samples: &SampleIndex,
    values: Array2<f64>,
) -> Result<Array2<f64>, IndexError> {
    if values.dim() != (genes.len(), samples.len()) {
        let expected = genes.len() * samples.len();
        return Err(IndexError::Length { expected, found: values.len() });
    }
    Ok(if values.is_standard_layout() { values } else { values.as_standard_layout().into_owned() })
}

/// The rows at `positions`, copied. (`ndarray`'s own `select` pays for every row what a dozen values cost.)
pub(crate) fn selected_rows(values: ArrayView2<'_, f64>, positions: &[usize]) -> Array2<f64> {
    let width = values.ncols();
    let mut rows = Vec::with_capacity(positions.len() * width);
    positions
        .iter()
        .for_each(|&row| rows.extend_from_slice(contiguous(values.index_axis_move(Axis(0), row))));
    Array2::from_shape_vec((positions.len(), width), rows).expect(GENE_MAJOR)
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

    #[test]
    fn lengths_follow_their_genes_and_samples() {
        let counts = matrix(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
        let lengths = Array2::from_shape_vec((2, 3), vec![100.0, 400.0, 200.0, 5.0, 5.0, 5.0]).unwrap();
        let all = counts.clone().with_lengths(lengths).unwrap();
        let close = |found: Option<Vec<f64>>, wanted: &[f64]| {
            found.unwrap().iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-12)
        };
        assert!(close(all.length_factors(0), &[0.5, 2.0, 1.0]));
        assert!(close(all.select_genes(&[1]).length_factors(0), &[1.0; 3]));
        assert!(close(all.select_samples(&[1, 0]).length_factors(0), &[2.0, 0.5]));
        assert_eq!(counts.length_factors(0), None);
        assert!(counts.with_lengths(Array2::zeros((2, 3))).is_err());
    }

    #[test]
    fn an_array_in_any_order_becomes_gene_major() {
        let genes = GeneIndex::new(vec!["a".into(), "b".into()]).unwrap();
        let samples = SampleIndex::new(vec!["x".into(), "y".into(), "z".into()]).unwrap();
        let by_sample = Array2::from_shape_vec((3, 2), vec![0.0, 3.0, 1.0, 4.0, 2.0, 5.0]).unwrap();
        let turned = by_sample.reversed_axes();
        let all = CountMatrix::from_array(genes.clone(), samples.clone(), turned.clone()).unwrap();
        assert_eq!(all, matrix(vec![0.0, 1.0, 2.0, 3.0, 4.0, 5.0]).unwrap());
        assert_eq!((all.row(1), all.column(1).to_vec()), (&[3.0, 4.0, 5.0][..], vec![1.0, 4.0]));
        let wrong = CountMatrix::from_array(genes, samples, turned.reversed_axes());
        assert_eq!(wrong, Err(IndexError::Length { expected: 6, found: 6 }));
    }
}
