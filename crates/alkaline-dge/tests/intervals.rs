//! Standard errors and confidence intervals of log fold changes against computation by hand.
//!
//! With libraries of equal size and one coefficient a group, a fit is the mean of the group (plus the prior count), its expected
//! information the sum of `μ / (1 + φ μ)`, and a contrast has the variance `Σ weight² / information`.
#![cfg(test)]

use std::sync::Arc;

use alkaline_core::results::{DispersionEstimates, TestRow, TestTable};
use alkaline_core::{ContrastSpec, CountMatrix, GeneIndex, Groups, LibrarySizes, PerSample, SampleIndex};
use alkaline_dge::{
    Contrast, DesignMatrix, DgeError, GlmTestOptions, assumed_dispersion, likelihood_ratio_test,
    quasi_likelihood_test,
};

type Test = fn(
    &CountMatrix,
    &LibrarySizes,
    &DesignMatrix,
    &DispersionEstimates,
    &Contrast,
    &GlmTestOptions,
) -> Result<TestTable, DgeError>;

const DISPERSION: f64 = 0.07;
const PRIOR_COUNT: f64 = 0.125;
const WEIGHTS: [f64; 3] = [0.5, 0.5, -1.0];

struct Experiment {
    matrix: CountMatrix,
    sizes: LibrarySizes,
    design: DesignMatrix,
    dispersion: DispersionEstimates,
    contrast: Contrast,
}

/// Three groups of three; (A + B)/2 - C.
fn experiment() -> Experiment {
    let names = ["a1", "a2", "a3", "b1", "b2", "b3", "c1", "c2", "c3"];
    let samples = SampleIndex::new(names.iter().map(|name| (*name).into()).collect()).unwrap();
    let genes = GeneIndex::new((0..40).map(|gene| format!("g{gene}").into()).collect()).unwrap();
    let count =
        |gene: usize, i: usize| ((gene * 13 + i * 29 + gene * i * 5) % 37 + gene * (1 + i / 3)) as f64;
    let counts = (0..40).flat_map(|gene| (0..9).map(move |i| count(gene, i))).collect();
    let matrix = CountMatrix::new(genes, Arc::clone(&samples), counts).unwrap();
    let all = |value: f64| PerSample::from_fn(Arc::clone(&samples), |_| value);
    let sizes = LibrarySizes { raw: all(1e6), factors: all(1.0) };
    let groups = Groups::new(Arc::clone(&samples), &["A", "A", "A", "B", "B", "B", "C", "C", "C"]);
    let design = DesignMatrix::from_groups("condition", &groups);
    let dispersion = assumed_dispersion(&matrix, &sizes, DISPERSION).unwrap();
    let contrast = design.contrast(&ContrastSpec::of_expression("x", "(A + B)/2 - C")).unwrap();
    assert_eq!(contrast.weights, WEIGHTS);
    Experiment { matrix, sizes, design, dispersion, contrast }
}

impl Experiment {
    /// Log2 fold change and standard error of a gene by the formulas above.
    fn by_hand(&self, row: &TestRow) -> (f64, f64) {
        let gene = self.matrix.genes().position(row.gene.as_str()).unwrap();
        let groups = self.matrix.row(gene).chunks(3).zip(WEIGHTS);
        let (mut change, mut variance) = (0.0, 0.0);
        for (counts, weight) in groups {
            let mu = counts.iter().sum::<f64>() / 3.0 + PRIOR_COUNT;
            change += weight * mu.log2();
            variance += weight * weight / (3.0 * mu / (1.0 + DISPERSION * mu));
        }
        (change, variance.sqrt() / std::f64::consts::LN_2)
    }

    fn test(&self, run: Test, options: &GlmTestOptions) -> TestTable {
        run(&self.matrix, &self.sizes, &self.design, &self.dispersion, &self.contrast, options).unwrap()
    }
}

#[track_caller]
fn close(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= 1e-8 * expected.abs().max(1.0), "{what}: {found}, not {expected}");
}

#[test]
fn likelihood_ratio_intervals_are_normal() {
    let experiment = experiment();
    let options = GlmTestOptions { interval: 0.9, ..GlmTestOptions::default() };
    let ordinary = experiment.test(likelihood_ratio_test, &options);
    let treat = experiment.test(likelihood_ratio_test, &GlmTestOptions { lfc: 0.4, ..options });
    assert_eq!(ordinary.facts.interval, Some(0.9));
    // R: qnorm(0.95)
    let reach = 1.644_853_626_951_472_7;
    for table in [&ordinary, &treat] {
        assert_eq!(table.rows.len(), 40);
        for row in &table.rows {
            let (change, error) = experiment.by_hand(row);
            close(row.log2_fold_change, change, "logFC");
            close(row.standard_error.unwrap(), error, "standard error");
            close(row.interval.unwrap().0, change - reach * error, "CI.L");
            close(row.interval.unwrap().1, change + reach * error, "CI.R");
        }
    }
    assert_eq!(ordinary.facts.groups, ["A", "B", "C"]);
}

#[test]
fn quasi_likelihood_intervals_are_of_students_t_and_as_wide_as_the_quasi_dispersion_says() {
    let experiment = experiment();
    let options = GlmTestOptions::default();
    let quasi = experiment.test(quasi_likelihood_test, &options);
    let ratio = experiment.test(likelihood_ratio_test, &options);
    let df = quasi.facts.prior_df.unwrap() + 6.0;
    let reach = alkaline_math::special::student_upper_quantile(0.025, df);
    assert!(reach > 1.96 && reach < 2.45, "{reach} at {df} degrees of freedom");
    let mut compared = 0;
    for row in &quasi.rows {
        let likelihood = ratio.rows.iter().find(|other| other.gene == row.gene).unwrap();
        let (f, lr) = (row.statistic.unwrap(), likelihood.statistic.unwrap());
        if f < 1e-3 {
            continue;
        }
        let (change, error) = experiment.by_hand(row);
        let error = error * (lr / f).sqrt();
        close(row.standard_error.unwrap(), error, "standard error");
        close(row.interval.unwrap().0, change - reach * error, "CI.L");
        close(row.interval.unwrap().1, change + reach * error, "CI.R");
        compared += 1;
    }
    assert!(compared > 30);
}

#[test]
fn a_coverage_that_is_none_is_refused() {
    let experiment = experiment();
    let options = GlmTestOptions { interval: 1.0, ..GlmTestOptions::default() };
    let Experiment { matrix, sizes, design, dispersion, contrast } = &experiment;
    let error = likelihood_ratio_test(matrix, sizes, design, dispersion, contrast, &options).unwrap_err();
    assert!(error.to_string().contains("coverage 1"), "{error}");
}
