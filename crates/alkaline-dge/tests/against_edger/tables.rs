//! Test tables against edgeR's, gene by gene.

use std::collections::HashMap;

use alkaline_core::results::TestTable;

use super::case::Case;
use super::{Difference, difference};

pub fn check_table(case: &Case, file: &str, table: &TestTable) {
    check_table_within(case, file, table, case.tolerances.log_fold_change);
}

/// Log fold changes and abundances within `tolerance`, P values within that or 1e-6.
pub fn check_table_within(case: &Case, file: &str, table: &TestTable, tolerance: f64) {
    let Some(expected) = case.table(file) else { return };
    let mut order: HashMap<&str, usize> = HashMap::new();
    table.rows.iter().enumerate().for_each(|(i, row)| {
        order.insert(row.gene.as_str(), i);
    });
    let rows: Vec<_> = expected.names().iter().map(|gene| &table.rows[order[gene.as_str()]]).collect();
    let column =
        |f: fn(&alkaline_core::results::TestRow) -> f64| rows.iter().map(|row| f(row)).collect::<Vec<f64>>();
    let absolute = |d: &Difference| d.absolute;
    let relative = |d: &Difference| d.relative;
    // Where upstream has no answer (a gene without counts in a general design) ours is P = 1.
    let compare = |name: &str, actual: Vec<f64>| {
        let golden = expected.numbers(name);
        let known = golden.iter().zip(&actual).filter(|(golden, _)| !golden.is_nan());
        let (golden, actual): (Vec<f64>, Vec<f64>) = known.unzip();
        difference(&golden, &actual)
    };
    case.check(
        &format!("{file}.logFC"),
        compare("logFC", column(|r| r.log2_fold_change)),
        absolute,
        tolerance,
    );
    case.check(&format!("{file}.logCPM"), compare("logCPM", column(|r| r.log2_cpm)), absolute, tolerance);
    case.check(
        &format!("{file}.P"),
        compare("PValue", column(|r| r.p_value)),
        relative,
        tolerance.max(case.tolerances.p),
    );
    case.check(
        &format!("{file}.FDR"),
        compare("FDR", column(|r| r.fdr)),
        relative,
        tolerance.max(case.tolerances.p),
    );
}
