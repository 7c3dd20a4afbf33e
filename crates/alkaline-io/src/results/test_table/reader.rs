//! Reading test tables: alkaline's own, and those that edgeR, limma, DESeq2 and others leave.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::GeneId;
use alkaline_core::results::{Direction, TestRow, Thresholds};
use alkaline_core::words::count;

use super::super::table::{Row, Rows};
use super::columns::Columns;
use super::of_method::OfMethod;
use super::{GROUP_CPM, INTERVAL, LOG10_P, STANDARD_ERROR, STATISTICS, recorded_thresholds};
use crate::error::{FileProblems, ReadError};
use crate::number;

/// A test table of whatever origin, and what it does not tell.
#[derive(Clone, Debug, PartialEq)]
pub struct TestInput {
    /// The tested genes, in the order of the table.
    pub rows: Vec<TestRow>,
    /// Whether the table has adjusted P values.
    pub has_fdr: bool,
    /// Whether the table says which genes are called (`direction`).
    pub has_calls: bool,
    /// The thresholds of those calls, where the companion of the table tells them.
    pub thresholds: Option<Thresholds>,
    /// Genes whose P is exactly zero; log10 P is that of the smallest double then.
    pub zero_p: usize,
    /// What was decided, or left out.
    pub notes: Vec<String>,
}

/// Reads a test table; rows without gene, P or log fold change are left out and counted.
///
/// # Errors
/// [`ReadError`] when genes, log fold changes or P values are not to be found, a value is no number, or a P value is none.
pub fn read_any(path: &Path) -> Result<TestInput, ReadError> {
    let rows = Rows::read(path, &[])?;
    let columns = Columns::find(&rows).map_err(|problem| FileProblems::one(path, problem))?;
    let mut notes: Vec<String> = columns.in_words().into_iter().collect();
    let has = |name: &str| rows.header().iter().any(|column| column == name);
    let has_calls = has("direction");
    let layout = Layout::of(&rows, columns);
    let has_fdr = layout.columns.fdr.is_some();
    let read = rows.collect(|row| layout.row(row))?;
    let thresholds = recorded_thresholds(path)?;
    let (rows, left_out) = usable(read);
    // The genes that the expression filter of a run removed are meant to have no P.
    notes.extend(left_out.filter(|_| thresholds.is_none()));
    let zero_p = rows.iter().filter(|row| row.p_value == 0.0 && row.log10_p == smallest_log10()).count();
    Ok(TestInput { rows, has_fdr, has_calls, thresholds, zero_p, notes })
}

/// log10 of the smallest double above zero.
fn smallest_log10() -> f64 {
    5e-324_f64.log10()
}

/// The columns of a table, found once.
struct Layout {
    columns: Columns,
    has_log10_p: bool,
    has_log_cpm: bool,
    has_error: bool,
    has_interval: bool,
    statistic: Option<String>,
    groups: Vec<String>,
    of_method: OfMethod,
}

impl Layout {
    fn of(rows: &Rows, columns: Columns) -> Self {
        let has = |name: &str| rows.header().iter().any(|column| column == name);
        let is_statistic = |name: &&String| STATISTICS.contains(&name.as_str());
        Self {
            columns,
            has_log10_p: has(LOG10_P),
            has_log_cpm: has("logCPM"),
            has_error: has(STANDARD_ERROR),
            has_interval: INTERVAL.iter().all(|name| has(name)),
            statistic: rows.header().iter().find(is_statistic).cloned(),
            of_method: OfMethod::among(|name| rows.header().iter().any(|column| column == name)),
            groups: rows.header().iter().filter(|name| name.starts_with(GROUP_CPM)).cloned().collect(),
        }
    }

    fn row(&self, row: &mut Row<'_>) -> TestRow {
        let p_value = probability(row, &self.columns.p_value);
        TestRow {
            gene: GeneId::from(row.text(&self.columns.gene).trim()),
            name: row.optional_text("gene_name").map(Arc::from),
            log2_fold_change: row.real(&self.columns.log_fold_change),
            standard_error: if self.has_error { row.optional_real(STANDARD_ERROR) } else { None },
            interval: if self.has_interval {
                row.optional_real(INTERVAL[0]).zip(row.optional_real(INTERVAL[1]))
            } else {
                None
            },
            log2_cpm: if self.has_log_cpm { row.real("logCPM") } else { f64::NAN },
            statistic: self.statistic.as_deref().and_then(|name| row.optional_real(name)),
            p_value,
            log10_p: self.log10_p(row, p_value),
            fdr: self.columns.fdr.as_deref().map_or(f64::NAN, |name| probability(row, name)),
            direction: direction(row),
            group_cpm: self.groups.iter().map(|name| row.real(name)).collect(),
            of_method: self.of_method.read(row),
        }
    }

    /// log10 of P, as the table tells it, else of P itself; a P of zero counts as the smallest double.
    fn log10_p(&self, row: &mut Row<'_>, p_value: f64) -> f64 {
        let told = if self.has_log10_p { row.optional_real(LOG10_P) } else { None };
        told.filter(|log10| log10.is_finite()).unwrap_or_else(|| match p_value {
            0.0 => smallest_log10(),
            p => p.log10(),
        })
    }
}

/// A number that must lie between 0 and 1; NaN when missing.
fn probability(row: &mut Row<'_>, column: &str) -> f64 {
    let value = row.real(column);
    if !value.is_nan() && !(0.0..=1.0).contains(&value) {
        row.problem_with_hint(
            column,
            format!("{value} is no P value: it does not lie between 0 and 1"),
            "is this another statistic, or its logarithm? Call the column of the P values PValue",
        );
    }
    value
}

/// The call of a row; `ns` where the table has none.
fn direction(row: &mut Row<'_>) -> Direction {
    let text = row.text("direction");
    match text.trim().to_ascii_lowercase().as_str() {
        "up" => Direction::Up,
        "down" => Direction::Down,
        "" | "ns" | "na" | "no" | "none" | "notsig" | "not significant" => Direction::NotSignificant,
        _ => {
            row.problem("direction", format!("`{text}` is none of up, down, ns"));
            Direction::NotSignificant
        }
    }
}

/// The rows that can be used, and how many cannot and why.
fn usable(rows: Vec<TestRow>) -> (Vec<TestRow>, Option<String>) {
    let (mut no_gene, mut no_p, mut no_change) = (0, 0, 0);
    let all = rows.len();
    let kept: Vec<TestRow> = rows
        .into_iter()
        .filter(|row| {
            let reason = match row {
                row if matches!(row.gene.as_str(), "" | number::MISSING) => &mut no_gene,
                row if row.p_value.is_nan() => &mut no_p,
                row if row.log2_fold_change.is_nan() => &mut no_change,
                _ => return true,
            };
            *reason += 1;
            false
        })
        .collect();
    let reasons =
        [(no_p, "without P"), (no_change, "without a log fold change"), (no_gene, "without a gene")];
    let reasons: Vec<String> = reasons
        .iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, why)| format!("{number} {why}"))
        .collect();
    let left_out = all - kept.len();
    let note = (left_out > 0)
        .then(|| format!("{} of {all} left out: {}", count(left_out, "row"), reasons.join(", ")));
    (kept, note)
}
