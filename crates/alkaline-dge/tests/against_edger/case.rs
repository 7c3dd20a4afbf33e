//! One experiment with edgeR's answers to every step.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::samples::{ModelFormula, SampleRecord};
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes, PerGene, SampleSheet};
use alkaline_dge::{Contrast, DesignMatrix};
use alkaline_norm::{FilterOptions, NormOptions, filter_by_expression, library_sizes};

use super::tolerances::{ROBUST, Tolerances};
use super::{Difference, Table, difference};

/// A case with its experiment prepared as the scripts prepared it for edgeR.
pub struct Case {
    pub name: String,
    golden: PathBuf,
    pub samples: Table,
    pub matrix: CountMatrix,
    pub sizes: LibrarySizes,
    pub groups: Groups,
    pair: (String, String),
    pub tolerances: Tolerances,
    /// Worst difference per checked quantity, to be printed.
    report: std::cell::RefCell<Vec<String>>,
}

/// The genes that pass the filter, after comparing the flags.
fn filter(name: &str, golden: &Path, all: &CountMatrix, groups: &Groups) -> CountMatrix {
    let kept = filter_by_expression(all, groups, &FilterOptions::default()).unwrap();
    let file =
        ["keep.tsv.gz", "keep.tsv"].map(|file| golden.join(file)).into_iter().find(|file| file.exists());
    let flags = Table::read(&file.unwrap()).numbers("keep");
    let mut ours = vec![0.0; all.genes().len()];
    kept.kept.iter().for_each(|&gene| ours[gene] = 1.0);
    assert_eq!(flags, ours, "{name}: keep flags");
    kept.matrix
}

impl Case {
    /// A committed case: `input/`, `expected/` and the tolerances of `case.toml`.
    pub fn golden(directory: &Path) -> Self {
        let text = std::fs::read_to_string(directory.join("case.toml")).unwrap();
        let facts: toml::Table = text.parse().unwrap();
        let tolerance = |name: &str| facts["tolerance"][name]["limit"].as_float().unwrap();
        let tolerances = Tolerances {
            factors: tolerance("factors"),
            dispersion: tolerance("dispersion"),
            search: tolerance("search"),
            log_fold_change: tolerance("log_fold_change"),
            p: tolerance("p"),
            robust: facts["tolerance"].get("robust").map_or(ROBUST, |t| t["limit"].as_float().unwrap()),
        };
        let pair = facts["pair"].as_array().unwrap();
        let pair = (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
        let samples = Table::read(&directory.join("input/samples.tsv"));
        let all = Table::read(&directory.join("input/counts.tsv")).counts(&samples.names());
        let name = directory.file_name().unwrap().to_str().unwrap();
        Self::prepare(name, directory.join("expected"), samples, all, Some(pair), true, tolerances)
    }

    /// A case of the external collection.
    pub fn external(cases: &Path, data: &Path, name: &str, version: &str) -> Self {
        let directory = cases.join("edger").join(name);
        let samples = Table::read(&directory.join("samples.tsv"));
        let counts = directory.join("counts.tsv");
        let counts = if counts.exists() { counts } else { data.join("counts/GSE60450/countdata.tsv") };
        let all = Table::read(&counts).counts(&samples.names());
        let big = name == "gse60450";
        let pair = big.then(|| ("luminalpregnant".to_owned(), "luminallactate".to_owned()));
        Self::prepare(name, directory.join(version), samples, all, pair, big, Tolerances::of_external(name))
    }

    fn prepare(
        name: &str,
        golden: PathBuf,
        samples: Table,
        all: CountMatrix,
        pair: Option<(String, String)>,
        filtered: bool,
        tolerances: Tolerances,
    ) -> Self {
        let groups = super::groups(&all, &samples.text("group"));
        let matrix = if filtered { filter(name, &golden, &all, &groups) } else { all };
        let sizes = library_sizes(&matrix, &NormOptions::default()).unwrap();
        let levels = groups.levels();
        let pair = pair.unwrap_or_else(|| (levels[0].clone(), levels[1].clone()));
        let report = Vec::new().into();
        Self { name: name.to_owned(), golden, samples, matrix, sizes, groups, pair, tolerances, report }
    }

    pub fn table(&self, file: &str) -> Option<Table> {
        let candidates = ["tsv.gz", "tsv"].map(|ending| self.golden.join(format!("{file}.{ending}")));
        candidates.iter().find(|path| path.exists()).map(|path| Table::read(path))
    }

    pub fn scalars(&self) -> HashMap<String, String> {
        let table = self.table("scalars").unwrap();
        table.names().into_iter().zip(table.text("value")).collect()
    }

    /// The BCV that was assumed, in cases without replicates.
    pub fn assumed_bcv(&self) -> Option<f64> {
        self.scalars().get("bcv").map(|value| value.parse().unwrap())
    }

    pub fn contrast(&self) -> ContrastSpec {
        ContrastSpec::between(&self.name, "group", &self.pair.0, &self.pair.1)
    }

    /// Notes the difference and fails when it is beyond the tolerance.
    pub fn check(&self, what: &str, found: Difference, measure: fn(&Difference) -> f64, tolerance: f64) {
        let value = measure(&found);
        self.report.borrow_mut().push(format!("{what} {value:.1e}"));
        assert!(
            found.compared > 0 || self.matrix.genes().len() == 1,
            "{}: {what}: nothing compared",
            self.name
        );
        if value > tolerance {
            self.report.borrow_mut().push(format!("!!! {what} beyond {tolerance:e}"));
        }
    }

    pub fn check_column(&self, file: &str, column: &str, actual: &[f64], tolerance: f64) {
        let Some(table) = self.table(file) else { return };
        if table.has(column) {
            let found = difference(&table.numbers(column), actual);
            self.check(&format!("{file}.{column}"), found, |d| d.relative, tolerance);
        }
    }

    /// Prints the differences; whether all were within tolerance.
    pub fn finish(self) -> bool {
        let report = self.report.into_inner();
        eprintln!("{}: {}", self.name, report.join(", "));
        !report.iter().any(|line| line.starts_with("!!!"))
    }
}

pub fn values(per_gene: Option<&PerGene<f64>>) -> Vec<f64> {
    per_gene.map(|values| values.values().to_vec()).unwrap_or_default()
}

/// The design of a case: batches where the sheet has them, then groups; the pair is target minus reference.
pub fn design(case: &Case) -> (DesignMatrix, Contrast) {
    let batches = case.samples.has("batch").then(|| case.samples.text("batch"));
    let labels = case.samples.text("group");
    let values = |i: usize| batches.iter().map(|b| b[i].clone()).chain([labels[i].clone()]).collect();
    let names = case.samples.names();
    let rows = names.iter().enumerate().map(|(i, name)| SampleRecord {
        id: name.into(),
        file: None,
        reads: None,
        values: values(i),
    });
    let variables = batches.iter().map(|_| "batch".to_owned()).chain(["group".to_owned()]).collect();
    let sheet = SampleSheet { variables, samples: rows.collect() };
    let formula = if batches.is_some() { "~ factor(batch) + group" } else { "~ 0 + group" };
    let samples = case.matrix.samples();
    let design = DesignMatrix::from_formula(&sheet, samples, &ModelFormula(formula.into()), &[]).unwrap();
    let contrast = design.contrast(&case.contrast()).unwrap();
    (design, contrast)
}
