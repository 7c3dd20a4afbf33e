//! One row a gene, from several probes (limma `avereps`): the mean of the rows, missing values left out.

use std::sync::Arc;

use alkaline_core::{ExpressionMatrix, GeneId, GeneIndex, IndexError};
use rustc_hash::FxHashMap;

/// The rows averaged by identifier, in the order in which identifiers first appear; `None` leaves a row out.
///
/// # Errors
/// [`IndexError`] when there is not one identifier a row.
pub fn average_replicates(
    values: &ExpressionMatrix,
    ids: &[Option<GeneId>],
) -> Result<ExpressionMatrix, IndexError> {
    let samples = values.samples().len();
    if ids.len() != values.genes().len() {
        return Err(IndexError::Length { expected: values.genes().len(), found: ids.len() });
    }
    let mut places: FxHashMap<&GeneId, usize> = FxHashMap::default();
    let (mut genes, mut sums, mut numbers): (Vec<GeneId>, Vec<f64>, Vec<f64>) = Default::default();
    for (id, row) in ids.iter().zip(values.rows()) {
        let Some(id) = id else { continue };
        let place = *places.entry(id).or_insert_with(|| {
            genes.push(id.clone());
            sums.resize(genes.len() * samples, 0.0);
            numbers.resize(genes.len() * samples, 0.0);
            genes.len() - 1
        });
        for (sample, value) in row.iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            sums[place * samples + sample] += value;
            numbers[place * samples + sample] += 1.0;
        }
    }
    // nothing by nothing is missing
    let means = sums.iter().zip(&numbers).map(|(sum, number)| sum / number).collect();
    ExpressionMatrix::new(values.unit, GeneIndex::new(genes)?, Arc::clone(values.samples()), means)
}

#[cfg(test)]
mod tests {
    use alkaline_core::{ExpressionUnit, SampleIndex};

    use super::*;

    #[test]
    fn probes_of_a_gene_are_averaged_where_they_have_values() {
        let ids = |names: &[&str]| names.iter().map(|name| GeneId::from(*name)).collect::<Vec<_>>();
        let genes = GeneIndex::new(ids(&["p1", "p2", "p3", "p4"])).unwrap();
        let samples = SampleIndex::new(vec!["x".into(), "y".into()]).unwrap();
        let values = vec![1.0, f64::NAN, 7.0, 8.0, 3.0, f64::NAN, 9.0, 9.0];
        let probes = ExpressionMatrix::new(ExpressionUnit::Log2, genes, samples, values).unwrap();
        let names = [Some(GeneId::from("B")), Some("A".into()), Some("B".into()), None];
        let averaged = average_replicates(&probes, &names).unwrap();
        assert_eq!(averaged.genes().ids(), ids(&["B", "A"]));
        assert_eq!(averaged.row(1), [7.0, 8.0]);
        assert!(averaged.row(0)[0] == 2.0 && averaged.row(0)[1].is_nan());
        assert!(average_replicates(&probes, &names[1..]).is_err());
    }
}
