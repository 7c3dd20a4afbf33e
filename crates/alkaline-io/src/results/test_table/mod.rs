//! `test.tsv`: one row per tested gene, sorted as edgeR's `topTags`; and the tables of other programs, which hold the same.

mod columns;
mod of_method;
mod reader;

use std::path::Path;

use alkaline_core::results::{TestFacts, TestRow, TestTable, Thresholds};
use alkaline_core::samples::ContrastSpec;
use serde::{Deserialize, Serialize};

use self::of_method::OfMethod;
use super::line::Line;
use super::table::{companion_path, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};

pub use reader::{TestInput, read_any};

/// The columns that every test table has, in order; `F` or `LR`, then [`LOG10_P`] and the group means follow.
pub const COLUMNS: [&str; 7] = ["gene_id", "gene_name", "logFC", "logCPM", "PValue", "FDR", "direction"];

/// What statistics of tests are called: of edgeR's, of limma's, of DESeq2's.
const STATISTICS: [&str; 4] = ["F", "LR", "t", "stat"];

/// log10 of P, finite even where P underflows.
pub const LOG10_P: &str = "log10P";

/// Standard error of the log fold change, in tables of tests under a linear model.
pub const STANDARD_ERROR: &str = "logFC.SE";

/// Ends of the confidence interval of the log fold change, as limma's `topTable` names them; [`TestFacts::interval`] is its coverage.
pub const INTERVAL: [&str; 2] = ["CI.L", "CI.R"];

/// Before a group's name: the group's mean CPM.
const GROUP_CPM: &str = "CPM.";

/// What the companion `test.tsv.json` holds.
#[derive(Serialize, Deserialize)]
struct Companion {
    contrast: ContrastSpec,
    #[serde(flatten)]
    facts: TestFacts,
}

/// Writes `table` to `path`, and how it came about to the JSON companion beside it (but not beside `-`).
///
/// `untested` are rows without values for the genes that the expression filter removed; they follow the tested ones.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &TestTable, untested: &[TestRow]) -> Result<(), WriteError> {
    let mut header = super::table::header(&COLUMNS);
    header.extend(table.facts.statistic.clone());
    header.push(LOG10_P.to_owned());
    let has_error = table.rows.iter().any(|row| row.standard_error.is_some());
    header.extend(has_error.then(|| STANDARD_ERROR.to_owned()));
    let has_interval = table.rows.iter().any(|row| row.interval.is_some());
    header.extend(INTERVAL.iter().filter(|_| has_interval).map(|name| (*name).to_owned()));
    header.extend(table.facts.groups.iter().map(|group| format!("{GROUP_CPM}{group}")));
    let of_method = OfMethod::of(&table.rows);
    header.extend(of_method.names().map(str::to_owned));
    let has_statistic = table.facts.statistic.is_some();
    write_rows(path, &header, table.rows.iter().chain(untested), |line, row| {
        add_fields(line, row, has_statistic, has_error, has_interval);
        of_method.add(line, &row.of_method);
    })?;
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let companion = Companion { contrast: table.contrast.clone(), facts: table.facts.clone() };
    write_json(&companion_path(path), &companion)
}

/// Appends the fields of one row.
fn add_fields(line: &mut Line, row: &TestRow, has_statistic: bool, has_error: bool, has_interval: bool) {
    line.text(row.gene.as_str()).optional(row.name.as_deref()).real(row.log2_fold_change).real(row.log2_cpm);
    line.real(row.p_value).real(row.fdr);
    line.optional((!row.p_value.is_nan()).then(|| row.direction.word()));
    if has_statistic {
        line.optional_real(row.statistic);
    }
    line.real(row.log10_p);
    if has_error {
        line.optional_real(row.standard_error);
    }
    if has_interval {
        let (low, high) = row.interval.unzip();
        line.optional_real(low).optional_real(high);
    }
    line.reals(row.group_cpm.iter().copied());
}

/// Reads a test table that alkaline wrote, companion included.
///
/// # Errors
/// [`ReadError`] when either file cannot be read.
pub fn read(path: &Path) -> Result<TestTable, ReadError> {
    let Companion { contrast, facts } = read_json(&companion_path(path))?;
    Ok(TestTable { contrast, facts, rows: read_any(path)?.rows })
}

/// What the companion of a test table tells: what was compared, and how.
#[derive(Clone, Debug, PartialEq)]
pub struct TestHead {
    /// What was compared.
    pub contrast: ContrastSpec,
    /// How.
    pub facts: TestFacts,
}

/// Reads the companion of the test table at `path` alone.
///
/// # Errors
/// [`ReadError`] when it cannot be read.
pub fn read_facts(path: &Path) -> Result<TestHead, ReadError> {
    let Companion { contrast, facts } = read_json(&companion_path(path))?;
    Ok(TestHead { contrast, facts })
}

/// The thresholds behind the `direction` column, where a companion tells them.
fn recorded_thresholds(path: &Path) -> Result<Option<Thresholds>, ReadError> {
    let companion = companion_path(path);
    if path.as_os_str() == "-" || !companion.exists() {
        return Ok(None);
    }
    read_json::<Companion>(&companion).map(|companion| Some(companion.facts.thresholds))
}

#[cfg(test)]
mod tests;
