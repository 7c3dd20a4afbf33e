//! Transcripts summed up to genes.

use std::collections::BTreeMap;

use ndarray::{Array1, Array2, Axis};

use super::estimates::{Estimates, EstimatesError};

/// Genes, and what became of the transcripts.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneSummary {
    /// The genes, sorted by name.
    pub genes: Estimates,
    /// Transcripts that have no gene; their reads are lost.
    pub unmatched: Vec<String>,
    /// The reads that are lost with them, in each sample.
    pub lost: Vec<f64>,
}

/// Sums transcripts up to genes; `gene_of` tells the gene of a transcript.
///
/// # Errors
/// [`EstimatesError::NoneMatched`] when no transcript has a gene; `known` is shown as an example of those that have.
pub fn summarize_to_genes<'a>(
    transcripts: &Estimates,
    gene_of: impl Fn(&str) -> Option<&'a str>,
    known: &str,
) -> Result<GeneSummary, EstimatesError> {
    let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let mut unmatched = Vec::new();
    let (number, samples) = transcripts.shape();
    let mut lost = vec![0.0; samples];
    for row in 0..number {
        let transcript = &transcripts.features[row];
        match gene_of(transcript) {
            Some(gene) => members.entry(gene).or_default().push(row),
            None => {
                unmatched.push(transcript.clone());
                lost.iter_mut().zip(transcripts.counts.row(row)).for_each(|(sum, count)| *sum += count);
            }
        }
    }
    if members.is_empty() {
        let example = transcripts.features.first().cloned().unwrap_or_default();
        return Err(EstimatesError::NoneMatched { example, known: known.to_owned() });
    }
    let shape = (members.len(), samples);
    let mut genes = Estimates {
        features: members.keys().map(|gene| (*gene).to_owned()).collect(),
        abundance: Array2::zeros(shape),
        counts: Array2::zeros(shape),
        lengths: Array2::zeros(shape),
    };
    for (gene, rows) in members.values().enumerate() {
        sum_up(transcripts, rows, gene, &mut genes);
    }
    Ok(GeneSummary { genes, unmatched, lost })
}

/// Sums of the abundances and counts of `rows`, and the mean of their lengths.
fn sum_up(transcripts: &Estimates, rows: &[usize], gene: usize, genes: &mut Estimates) {
    let sum = |of: &Array2<f64>| of.select(Axis(0), rows).sum_axis(Axis(0));
    let abundance = sum(&transcripts.abundance);
    let weighted = sum_of_products(transcripts, rows);
    let lengths = fill_lengths(&(&weighted / &abundance), || {
        let means = rows.iter().map(|&row| transcripts.lengths.row(row).mean().unwrap_or(f64::NAN));
        means.sum::<f64>() / rows.len() as f64
    });
    genes.counts.row_mut(gene).assign(&sum(&transcripts.counts));
    genes.abundance.row_mut(gene).assign(&abundance);
    genes.lengths.row_mut(gene).assign(&lengths);
}

fn sum_of_products(transcripts: &Estimates, rows: &[usize]) -> Array1<f64> {
    let mut sum = Array1::zeros(transcripts.counts.ncols());
    for &row in rows {
        sum += &(&transcripts.abundance.row(row) * &transcripts.lengths.row(row));
    }
    sum
}

/// Lengths where a gene is not expressed (NaN): the geometric mean over the samples that express it; where none does, `unweighted`.
fn fill_lengths(lengths: &Array1<f64>, unweighted: impl Fn() -> f64) -> Array1<f64> {
    let known: Vec<f64> = lengths.iter().copied().filter(|length| !length.is_nan()).collect();
    let fill = if known.is_empty() {
        unweighted()
    } else {
        (known.iter().map(|length| length.ln()).sum::<f64>() / known.len() as f64).exp()
    };
    lengths.mapv(|length| if length.is_nan() { fill } else { length })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    /// t1 and t2 of gene B, t3 of A, t5 of none.
    fn transcripts() -> Estimates {
        Estimates {
            features: ["t1", "t2", "t3", "t5"].map(str::to_owned).to_vec(),
            abundance: array![[10.0, 0.0], [30.0, 0.0], [0.0, 0.0], [1.0, 2.0]],
            counts: array![[5.0, 0.0], [6.0, 0.0], [0.0, 0.0], [7.0, 8.0]],
            lengths: array![[100.0, 110.0], [200.0, 210.0], [300.0, 310.0], [1.0, 1.0]],
        }
    }

    fn gene(transcript: &str) -> Option<&'static str> {
        match transcript {
            "t1" | "t2" => Some("B"),
            "t3" => Some("A"),
            _ => None,
        }
    }

    #[test]
    fn lengths_are_weighted_by_abundance_and_filled_where_nothing_is_expressed() {
        let summary = summarize_to_genes(&transcripts(), gene, "t1").unwrap();
        assert_eq!(summary.genes.features, ["A", "B"]);
        assert_eq!(summary.genes.counts, array![[0.0, 0.0], [11.0, 0.0]]);
        // A nowhere: the mean of its lengths; B in one sample: that sample's length
        assert_eq!(summary.genes.lengths.row(0).to_vec(), [305.0, 305.0]);
        assert!((&summary.genes.lengths.row(1) - 175.0).iter().all(|difference| difference.abs() < 1e-12));
        assert_eq!((summary.unmatched, summary.lost), (vec!["t5".to_owned()], vec![7.0, 8.0]));
    }

    #[test]
    fn transcripts_without_any_gene_are_told_with_an_example_of_each_side() {
        let error = summarize_to_genes(&transcripts(), |_| None, "ENST1").unwrap_err().to_string();
        assert!(error.contains("`t1`") && error.contains("`ENST1`"), "{error}");
    }
}
