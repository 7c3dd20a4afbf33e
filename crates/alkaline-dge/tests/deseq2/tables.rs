//! Counts by formula, on which DESeq2 1.38.3 was run (`tests/golden/deseq2/simulated_counts/make.R`), and what it said of them.

use std::collections::HashMap;
use std::sync::Arc;

use alkaline_core::results::TestTable;
use alkaline_core::samples::{ModelFormula, SampleRecord};
use alkaline_core::{
    ContrastSpec, CountMatrix, GeneIndex, LibrarySizes, PerSample, SampleIndex, SampleSheet,
};
use alkaline_dge::{Contrast, DesignMatrix};

const GENES: usize = 600;
const SAMPLES: usize = 16;
const AGES: [&str; SAMPLES] =
    ["34", "51", "47", "62", "29", "55", "71", "38", "45", "58", "33", "66", "49", "41", "60", "37"];

/// Park and Miller's generator.
struct Generator(u64);

impl Generator {
    fn uniform(&mut self) -> f64 {
        const MODULUS: u64 = 2_147_483_647;
        self.0 = (16_807 * self.0) % MODULUS;
        self.0 as f64 / MODULUS as f64
    }
}

/// The counts of 600 genes in 16 samples, A in the first eight and B in the others; every 50th gene has an outlier.
pub fn counts() -> Vec<[f64; SAMPLES]> {
    let mut generator = Generator(20_261_130);
    let genes: Vec<[f64; SAMPLES]> = (1..=GENES).map(|gene| counts_of(&mut generator, gene)).collect();
    assert_eq!(genes.iter().flatten().sum::<f64>(), 4_502_995.0, "the counts are those that R was given");
    genes
}

fn counts_of(generator: &mut Generator, gene: usize) -> [f64; SAMPLES] {
    let mean = (1.0 + 7.0 * generator.uniform()).exp();
    let changes = generator.uniform() < 0.15;
    let change = if changes { (3.0 * (generator.uniform() - 0.5)).exp() } else { 1.0 };
    let shape = (3.0 + 9.0 * generator.uniform()).floor();
    std::array::from_fn(|place| {
        let sample = place + 1;
        let gamma: f64 = (0..shape as usize).map(|_| -generator.uniform().ln()).sum();
        let depth = 0.7 + 0.6 * ((5 * sample) % 7) as f64 / 6.0;
        let rate = mean * depth * if sample > 8 { change } else { 1.0 } * gamma / shape;
        let z = (0..12).fold(-6.0, |z, _| z + generator.uniform());
        let count = (rate + rate.sqrt() * z + 0.5).floor().max(0.0);
        let is_outlier = gene.is_multiple_of(50) && sample == 1 + (gene / 50) % SAMPLES;
        if is_outlier { 40.0 * count + 200.0 } else { count }
    })
}

/// A question about some of the samples.
pub struct Question {
    pub matrix: CountMatrix,
    pub sizes: LibrarySizes,
    pub design: DesignMatrix,
    pub contrast: Contrast,
}

/// B against A (or, of the variable `third`, C against B) in these samples, numbered from one.
pub fn question(samples: &[usize], formula: &str, variable: &str) -> Question {
    let names: Vec<String> = samples.iter().map(|i| format!("s{i}")).collect();
    let values = |i: &usize| {
        let group = if *i <= 8 { "A" } else { "B" };
        let batch = if i % 2 == 1 { "x" } else { "y" };
        let third = ["A", "C", "B"][(i - 1) % 3];
        [group, batch, third, AGES[i - 1]].map(str::to_owned).to_vec()
    };
    let records = samples.iter().zip(&names).map(|(i, name)| SampleRecord {
        id: name.as_str().into(),
        file: None,
        reads: None,
        values: values(i),
    });
    let variables = ["group", "batch", "third", "age"].map(str::to_owned).to_vec();
    let sheet = SampleSheet { variables, samples: records.collect() };
    let index = SampleIndex::new(names.iter().map(|name| name.as_str().into()).collect()).unwrap();
    let formula = ModelFormula(formula.to_owned());
    let (reference, target) = if variable == "third" { ("B", "C") } else { ("A", "B") };
    let baselines = [("group", "A"), ("batch", "x"), ("third", "A")];
    let named: Vec<(&str, &str)> =
        baselines.into_iter().filter(|(name, _)| formula.0.contains(name)).collect();
    let design = DesignMatrix::from_formula(&sheet, &index, &formula, &named).unwrap();
    let contrast = design.contrast(&ContrastSpec::between("q", variable, reference, target)).unwrap();
    let matrix = matrix_of(&index, samples);
    let totals = matrix.column_sums();
    let sizes = LibrarySizes {
        raw: PerSample::from_fn(Arc::clone(&index), |i| totals[i]),
        factors: PerSample::from_fn(index, |_| 1.0),
    };
    Question { matrix, sizes, design, contrast }
}

fn matrix_of(index: &Arc<SampleIndex>, samples: &[usize]) -> CountMatrix {
    let genes = GeneIndex::new((1..=GENES).map(|i| format!("g{i}").into()).collect()).unwrap();
    let values =
        counts().iter().flat_map(|row| samples.iter().map(|i| row[i - 1]).collect::<Vec<_>>()).collect();
    CountMatrix::new(genes, Arc::clone(index), values).unwrap()
}

/// A column of what DESeq2 said, by gene; NaN where it said NA.
pub type Column = HashMap<String, f64>;

/// What DESeq2 said, by column.
pub fn expected(case: &str) -> HashMap<String, Column> {
    let path = format!(
        "{}/../../tests/golden/deseq2/simulated_counts/expected/{case}.tsv",
        env!("CARGO_MANIFEST_DIR")
    );
    let text = std::fs::read_to_string(path).unwrap();
    let mut lines = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().unwrap();
    let mut columns: HashMap<String, Column> = HashMap::new();
    for line in lines {
        for (name, cell) in header.iter().zip(&line).skip(1) {
            let value = if *cell == "NA" { f64::NAN } else { cell.parse().unwrap() };
            columns.entry((*name).to_owned()).or_default().insert(line[0].to_owned(), value);
        }
    }
    columns
}

/// Fails where a table differs from what DESeq2 said by more than `tolerance` of it (base means by more than 1e-12), but for
/// `exceptions`, whose fits did not converge.
#[track_caller]
pub fn agree(table: &TestTable, case: &str, tolerance: f64, exceptions: &[&str]) {
    let expected = expected(case);
    let mut worst: HashMap<&str, (f64, String)> = HashMap::new();
    assert_eq!(table.rows.len(), expected["baseMean"].len());
    for row in &table.rows {
        let gene = row.gene.as_str();
        let found = [
            ("baseMean", row.of_method.base_mean),
            ("log2FoldChange", Some(row.log2_fold_change)),
            ("lfcSE", row.standard_error),
            ("stat", row.statistic),
            ("pvalue", Some(row.p_value)),
            ("padj", Some(row.fdr)),
        ];
        for (column, value) in found {
            let (value, wanted) = (value.unwrap_or(f64::NAN), expected[column][gene]);
            assert_eq!(value.is_nan(), wanted.is_nan(), "{case} {gene} {column}: {value} for {wanted}");
            // what is near zero is compared with the standard error, or one
            let scale = if matches!(column, "log2FoldChange" | "stat") {
                wanted.abs().max(0.01)
            } else {
                wanted.abs()
            };
            let apart = if value == wanted || value.is_nan() { 0.0 } else { (value - wanted).abs() / scale };
            let so_far = worst.entry(column).or_insert((0.0, String::new()));
            if apart > so_far.0 && !exceptions.contains(&gene) {
                *so_far = (apart, format!("{gene}: {value} for {wanted}"));
            }
        }
    }
    for (column, (apart, words)) in &worst {
        let allowed = if *column == "baseMean" { 1e-12 } else { tolerance };
        assert!(*apart <= allowed, "{case} {column} {words}: {apart:e}; all: {worst:?}");
    }
}
