//! Small tables, made by formula, on which limma 3.54.1 was run.

#![expect(clippy::unwrap_used, reason = "what is made here is right, or the test fails")]

use std::sync::Arc;

use alkaline_core::samples::{ModelFormula, SampleRecord};
use alkaline_core::{
    ContrastSpec, CountMatrix, ExpressionMatrix, ExpressionUnit, GeneIndex, LibrarySizes, PerSample,
    SampleIndex, SampleSheet,
};
use alkaline_dge::{Contrast, DesignMatrix};

/// Fails where two numbers differ by more than a few billionths.
#[track_caller]
pub fn close(found: f64, expected: f64) {
    let tolerance = 2e-9 * expected.abs();
    assert!((found - expected).abs() <= tolerance, "{found:.15} instead of {expected:.15}");
}

/// Six samples, A A A B B B.
pub fn samples() -> (SampleSheet, Arc<SampleIndex>) {
    let names = ["a1", "a2", "a3", "b1", "b2", "b3"];
    let samples = names.iter().enumerate().map(|(i, name)| SampleRecord {
        id: (*name).into(),
        file: None,
        reads: None,
        values: vec![if i < 3 { "A" } else { "B" }.to_owned()],
    });
    let sheet = SampleSheet { variables: vec!["group".to_owned()], samples: samples.collect() };
    (sheet, SampleIndex::new(names.iter().map(|name| (*name).into()).collect()).unwrap())
}

/// B against A under a formula.
pub fn question(formula: &str) -> (DesignMatrix, Contrast) {
    let (sheet, samples) = samples();
    let formula = ModelFormula(formula.to_owned());
    let design = DesignMatrix::from_formula(&sheet, &samples, &formula, &[("group", "A")]).unwrap();
    let contrast = design.contrast(&ContrastSpec::between("b", "group", "A", "B")).unwrap();
    (design, contrast)
}

fn expression(prefix: &str, rows: &[[f64; 6]]) -> ExpressionMatrix {
    let names = (1..=rows.len()).map(|i| format!("{prefix}{i}").into()).collect();
    let genes = GeneIndex::new(names).unwrap();
    ExpressionMatrix::new(ExpressionUnit::Log2, genes, samples().1, rows.concat()).unwrap()
}

/// Eight genes.
pub fn eight_genes() -> ExpressionMatrix {
    expression("g", &EIGHT)
}

/// Their values.
pub const EIGHT: [[f64; 6]; 8] = [
    [7.12, 6.98, 7.31, 9.05, 8.77, 9.21],
    [5.40, 5.61, 5.22, 5.35, 5.70, 5.41],
    [10.02, 9.87, 10.15, 9.11, 9.38, 8.90],
    [3.10, 3.85, 2.60, 3.95, 4.40, 3.05],
    [8.00, 8.04, 7.97, 8.11, 8.15, 8.08],
    [6.50, 6.10, 7.02, 6.31, 6.88, 6.45],
    [12.33, 12.41, 12.29, 12.90, 12.71, 12.85],
    [4.21, 4.95, 4.02, 3.10, 3.63, 2.71],
];

/// Forty genes, one of them an outlier in its variance.
pub fn forty_genes() -> ExpressionMatrix {
    expression("f", &FORTY.map(|gene| [1, 2, 3, 4, 5, 6].map(|sample| value(gene, sample))))
}

/// Their numbers.
pub const FORTY: [u32; 40] = {
    let mut numbers = [0; 40];
    let mut i = 0;
    while i < 40 {
        numbers[i] = i as u32 + 1;
        i += 1;
    }
    numbers
};

fn value(gene: u32, sample: u32) -> f64 {
    let (g, i) = (f64::from(gene), f64::from(sample));
    let noise = (0.2 + 0.1 * f64::from(gene % 5)) * (1.7 * g * i + i * i).sin();
    let changed = if gene.is_multiple_of(8) && sample > 3 { 1.5 } else { 0.0 };
    let wild = if gene == 13 { 3.0 * f64::from(sample % 2) } else { 0.0 };
    ((7.0 + 2.0 * (1.3 * g).sin() + noise + changed + wild) * 1000.0).round() / 1000.0
}

/// Counts of forty genes, those that are wanted; library sizes are the sums over all.
pub fn counts(wanted: impl Fn(u32) -> bool) -> (CountMatrix, LibrarySizes) {
    let rows: Vec<(u32, [f64; 6])> = FORTY.map(|gene| (gene, counts_of(gene))).to_vec();
    let samples = samples().1;
    let totals: Vec<f64> = (0..6).map(|i| rows.iter().map(|(_, row)| row[i]).sum()).collect();
    let kept: Vec<&(u32, [f64; 6])> = rows.iter().filter(|(gene, _)| wanted(*gene)).collect();
    let genes = GeneIndex::new(kept.iter().map(|(gene, _)| format!("f{gene}").into()).collect()).unwrap();
    let values: Vec<f64> = kept.iter().flat_map(|(_, row)| *row).collect();
    let sizes = LibrarySizes {
        raw: PerSample::from_fn(Arc::clone(&samples), |i| totals[i]),
        factors: PerSample::from_fn(Arc::clone(&samples), |_| 1.0),
    };
    (CountMatrix::new(genes, samples, values).unwrap(), sizes)
}

fn counts_of(gene: u32) -> [f64; 6] {
    if gene == 3 {
        return [0.0; 6];
    }
    if gene == 7 {
        return [0.0, 1.0, 0.0, 0.0, 0.0, 2.0];
    }
    let depth = [1.0, 1.4, 0.8, 1.1, 0.7, 1.3];
    let g = f64::from(gene);
    [1, 2, 3, 4, 5, 6].map(|sample: u32| {
        let i = f64::from(sample);
        let changed = if gene.is_multiple_of(8) && sample > 3 { 0.9 } else { 0.0 };
        let log = 2.2 + 1.1 * (1.9 * g).sin() + 0.09 * g + 0.25 * (2.3 * g * i + i).sin() + changed;
        (log.exp() * depth[sample as usize - 1]).floor()
    })
}
