//! Reading of small tables and comparing of columns, shared by the tests against edgeR.
#![allow(dead_code, reason = "each test uses its own part")]

pub mod case;
pub mod classic;
pub mod edger_4;
pub mod linear;
pub mod normalisation;
pub mod tables;
pub mod tolerances;

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use alkaline_core::{CountMatrix, GeneIndex, Groups, SampleIndex};

/// A table with named rows and columns, all cells as text.
pub struct Table {
    pub columns: Vec<String>,
    pub rows: Vec<(String, Vec<String>)>,
}

impl Table {
    /// Reads a CSV or TSV file, gzipped or not; the first column names the rows.
    pub fn read(path: &Path) -> Self {
        let bytes = std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut text = String::new();
        if bytes.starts_with(&[0x1f, 0x8b]) {
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes).unwrap();
        }
        let separator = if text.lines().next().unwrap().contains('\t') { '\t' } else { ',' };
        let cells = |line: &str| -> Vec<String> {
            line.split(separator).map(|cell| cell.trim_matches('"').to_owned()).collect()
        };
        let mut lines = text.lines();
        let mut columns = cells(lines.next().unwrap());
        let rows: Vec<(String, Vec<String>)> = lines
            .map(|line| {
                let mut row = cells(line);
                (row.remove(0), row)
            })
            .collect();
        if rows.first().is_some_and(|(_, row)| row.len() < columns.len()) {
            columns.remove(0);
        }
        Self { columns, rows }
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|column| column == name)
    }

    pub fn text(&self, name: &str) -> Vec<String> {
        let column = self.columns.iter().position(|column| column == name);
        let column = column.unwrap_or_else(|| panic!("no column {name} in {:?}", self.columns));
        self.rows.iter().map(|(_, row)| row[column].clone()).collect()
    }

    pub fn numbers(&self, name: &str) -> Vec<f64> {
        self.text(name).iter().map(|cell| number(cell)).collect()
    }

    pub fn by_row(&self, name: &str) -> HashMap<String, f64> {
        self.rows.iter().map(|(row, _)| row.clone()).zip(self.numbers(name)).collect()
    }

    pub fn names(&self) -> Vec<String> {
        self.rows.iter().map(|(name, _)| name.clone()).collect()
    }

    /// The counts of some samples; all cells of the other columns are ignored.
    pub fn counts(&self, samples: &[String]) -> CountMatrix {
        let places: Vec<usize> = samples
            .iter()
            .map(|sample| self.columns.iter().position(|c| c == sample).unwrap_or_else(|| panic!("{sample}")))
            .collect();
        let counts = self.rows.iter().flat_map(|(_, row)| places.iter().map(|&i| number(&row[i]))).collect();
        let genes = GeneIndex::new(self.rows.iter().map(|(name, _)| name.into()).collect()).unwrap();
        let samples = SampleIndex::new(samples.iter().map(Into::into).collect()).unwrap();
        CountMatrix::new(genes, samples, counts).unwrap()
    }
}

fn number(cell: &str) -> f64 {
    match cell {
        "NA" | "NaN" => f64::NAN,
        "Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        _ => cell.parse().unwrap_or_else(|_| panic!("`{cell}` is not a number")),
    }
}

pub fn groups(matrix: &CountMatrix, labels: &[String]) -> Groups {
    Groups::new(Arc::clone(matrix.samples()), labels)
}

/// Largest differences of two columns.
#[derive(Debug, Default, Clone, Copy)]
pub struct Difference {
    pub absolute: f64,
    pub relative: f64,
    pub compared: usize,
}

pub fn difference(expected: &[f64], actual: &[f64]) -> Difference {
    assert_eq!(expected.len(), actual.len(), "number of values");
    let mut out = Difference::default();
    for (&e, &a) in expected.iter().zip(actual) {
        out.compared += 1;
        if e == a || (e.is_nan() && a.is_nan()) {
            continue;
        }
        let gap = (e - a).abs();
        let gap = if gap.is_nan() { f64::INFINITY } else { gap };
        out.absolute = out.absolute.max(gap);
        let relative = if gap.is_infinite() { gap } else { gap / e.abs().max(1e-300) };
        out.relative = out.relative.max(relative);
    }
    out
}
