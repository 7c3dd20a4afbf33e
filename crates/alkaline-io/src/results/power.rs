//! The table of `power`: what came out of the simulated experiments of each setting.

use std::path::Path;

use super::table::{header, write_rows};
use crate::error::WriteError;

/// The columns, in order.
pub const COLUMNS: [&str; 7] = ["BCV", "log2FC", "replicates", "tested", "called", "power", "FDR"];

/// What came out of the experiments of one setting.
#[derive(Clone, Debug, PartialEq)]
pub struct PowerRow {
    /// Biological coefficient of variation; `None` for that of the pilot.
    pub bcv: Option<f64>,
    /// Absolute log2 fold change.
    pub log2_fold_change: f64,
    /// Samples in each group.
    pub replicates: usize,
    /// Genes that had enough reads to be tested, on average.
    pub tested: f64,
    /// Genes called, on average.
    pub called: f64,
    /// Share of the genes that change which were called, tested or not, on average.
    pub power: f64,
    /// Mean false discovery proportion: the false discovery rate.
    pub false_discovery_rate: f64,
}

/// Writes `rows` to `path`; the BCV of a pilot is `NA`.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, rows: &[PowerRow]) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), rows, |line, row| {
        line.optional_real(row.bcv)
            .real(row.log2_fold_change)
            .whole(row.replicates as u64)
            .real(row.tested)
            .real(row.called)
            .real(row.power)
            .real(row.false_discovery_rate);
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_coefficient_of_a_pilot_is_na() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("power.tsv");
        let row = PowerRow {
            bcv: None,
            log2_fold_change: 1.0,
            replicates: 3,
            tested: 9_000.5,
            called: 12.0,
            power: 0.25,
            false_discovery_rate: 0.0625,
        };
        write(&path, &[row.clone(), PowerRow { bcv: Some(0.2), ..row }]).unwrap();
        let expected = "BCV\tlog2FC\treplicates\ttested\tcalled\tpower\tFDR\n\
                        NA\t1\t3\t9000.5\t12\t0.25\t0.0625\n0.2\t1\t3\t9000.5\t12\t0.25\t0.0625\n";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    }
}
