//! The genes that two experiments have in common, and what each says of them.

use std::collections::{BTreeMap, HashMap};
use std::f64::consts::LN_10;

use alkaline_core::results::{Direction, TestRow};

/// What one experiment says of a gene.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Side {
    /// Log2 fold change.
    pub log2_fold_change: f64,
    /// Its standard error, where the test has one.
    pub standard_error: Option<f64>,
    /// Natural logarithm of the two-sided P.
    pub ln_p: f64,
    /// False discovery rate, of the experiment's whole table.
    pub fdr: f64,
    /// Its call.
    pub direction: Direction,
}

impl Side {
    fn of(row: &TestRow) -> Self {
        Self {
            log2_fold_change: row.log2_fold_change,
            standard_error: row.standard_error.filter(|error| error.is_finite() && *error > 0.0),
            ln_p: row.log10_p * LN_10,
            fdr: row.fdr,
            direction: row.direction,
        }
    }
}

/// A gene that both experiments tested.
#[derive(Clone, Debug, PartialEq)]
pub struct Gene {
    /// The name by which both were found to be the same gene.
    pub key: String,
    /// What the first experiment says.
    pub first: Side,
    /// What the second says.
    pub second: Side,
}

/// The genes that two experiments have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct Pairing {
    /// The genes, in the order of their keys.
    pub genes: Vec<Gene>,
    /// Genes that the first, and the second, experiment tested; a gene in several rows is one.
    pub tested: (usize, usize),
    /// Rows of each that stood for a gene that another row stands for, with a smaller P.
    pub repeated: (usize, usize),
}

/// Pairs the tested rows of two experiments, each with the key of its gene (rows without a key are no part of it).
///
/// Of several rows with one key that with the smallest P stands for the gene, as when several probes measure one gene.
pub fn pair<'a>(
    first: impl IntoIterator<Item = (String, &'a TestRow)>,
    second: impl IntoIterator<Item = (String, &'a TestRow)>,
) -> Pairing {
    let (first, repeated_first) = by_key(first);
    let (second, repeated_second) = by_key(second);
    let tested = (first.len(), second.len());
    let in_both: BTreeMap<String, (Side, Side)> = first
        .into_iter()
        .filter_map(|(key, row)| second.get(&key).map(|other| (key, (Side::of(row), Side::of(other)))))
        .collect();
    let genes = in_both.into_iter().map(|(key, (first, second))| Gene { key, first, second }).collect();
    Pairing { genes, tested, repeated: (repeated_first, repeated_second) }
}

/// The rows by key, and how many were left out for another.
fn by_key<'a>(
    rows: impl IntoIterator<Item = (String, &'a TestRow)>,
) -> (HashMap<String, &'a TestRow>, usize) {
    let mut kept: HashMap<String, &TestRow> = HashMap::new();
    let mut repeated = 0;
    let is_tested = |row: &TestRow| row.p_value.is_finite() && row.log2_fold_change.is_finite();
    for (key, row) in rows.into_iter().filter(|(_, row)| is_tested(row)) {
        match kept.get_mut(&key) {
            None => {
                kept.insert(key, row);
            }
            Some(known) => {
                repeated += 1;
                if row.log10_p < known.log10_p {
                    *known = row;
                }
            }
        }
    }
    (kept, repeated)
}

impl Pairing {
    /// Log2 fold changes of both experiments.
    pub fn fold_changes(&self) -> (Vec<f64>, Vec<f64>) {
        self.genes.iter().map(|gene| (gene.first.log2_fold_change, gene.second.log2_fold_change)).unzip()
    }
}
