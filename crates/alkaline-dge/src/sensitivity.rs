//! How conclusions depend on an assumed dispersion: the test repeated over a range of biological coefficients of variation.
//!
//! Without replicates the dispersion is a guess; this shows which genes would be called whatever the guess.

use alkaline_core::results::{Direction, SensitivityRow, TestTable};
use alkaline_core::{CountMatrix, GeneId};

/// The coefficients of variation tried by default: technical replicates to unrelated human samples.
pub const DEFAULT_BCVS: [f64; 6] = [0.05, 0.1, 0.2, 0.3, 0.4, 0.6];

/// Calls over a range of assumed coefficients of variation.
#[derive(Clone, Debug, PartialEq)]
pub struct Sensitivity {
    /// One row per coefficient, ascending.
    pub rows: Vec<SensitivityRow>,
    /// For each tested gene, in the order of the count matrix, the largest coefficient at which it is still called; `None`
    /// when it is called at none.
    pub largest_bcv: Vec<(GeneId, Option<f64>)>,
}

/// Repeats a test at each of `bcvs`; `test` takes the dispersion, the square of the coefficient.
///
/// # Errors
/// Those of `test`.
pub fn bcv_sensitivity<E>(
    matrix: &CountMatrix,
    bcvs: &[f64],
    test: impl Fn(f64) -> Result<TestTable, E>,
) -> Result<Sensitivity, E> {
    let mut ascending = bcvs.to_vec();
    ascending.sort_by(f64::total_cmp);
    let mut largest = vec![None; matrix.genes().len()];
    let mut rows = Vec::new();
    for bcv in ascending {
        let table = test(bcv * bcv)?;
        let (up, down) = table.called();
        rows.push(SensitivityRow { bcv, up, down });
        note_called(matrix, &table, bcv, &mut largest);
    }
    let largest_bcv = matrix.genes().ids().iter().cloned().zip(largest).collect();
    Ok(Sensitivity { rows, largest_bcv })
}

fn note_called(matrix: &CountMatrix, table: &TestTable, bcv: f64, largest: &mut [Option<f64>]) {
    for row in table.rows.iter().filter(|row| row.direction != Direction::NotSignificant) {
        if let Some(gene) = matrix.genes().position(row.gene.as_str()) {
            largest[gene] = Some(bcv);
        }
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::{ContrastSpec, GeneIndex, Groups, LibrarySizes, PerSample, SampleIndex};

    use super::*;
    use crate::{ExactTestOptions, assumed_dispersion, exact_test};

    #[test]
    fn fewer_genes_survive_larger_variation() {
        let genes = GeneIndex::new((0..60).map(|i| format!("g{i}").into()).collect()).unwrap();
        let samples = SampleIndex::new(vec!["p".into(), "r".into()]).unwrap();
        let counts = (0..60).flat_map(|i| [200.0, 200.0 * 1.07f64.powi(i)]).collect();
        let matrix = CountMatrix::new(genes, samples.clone(), counts).unwrap();
        let groups = Groups::new(samples.clone(), &["parental", "resistant"]);
        let one = || PerSample::from_fn(samples.clone(), |_| 1.0);
        let sizes = LibrarySizes { raw: PerSample::from_fn(samples.clone(), |_| 1e6), factors: one() };
        let contrast = ContrastSpec::between("c", "condition", "parental", "resistant");
        let options = ExactTestOptions::default();
        let found = bcv_sensitivity(&matrix, &DEFAULT_BCVS, |dispersion| {
            let estimates = assumed_dispersion(&matrix, &sizes, dispersion)?;
            exact_test(&matrix, &sizes, &groups, &estimates, &contrast, &options)
        });
        let found = found.unwrap();
        assert!(found.rows[0].up > 0 && found.rows.windows(2).all(|pair| pair[0].up >= pair[1].up));
        assert!(found.largest_bcv[59].1 > found.largest_bcv[30].1);
        assert_eq!(found.largest_bcv[0].1, None);
    }
}
