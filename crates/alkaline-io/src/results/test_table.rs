//! `test.tsv`: one row per tested gene, sorted as edgeR's `topTags`.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::GeneId;
use alkaline_core::results::{Direction, TestFacts, TestRow, TestTable};
use alkaline_core::samples::ContrastSpec;
use serde::{Deserialize, Serialize};

use super::line::Line;
use super::table::{Row, Rows, companion_path, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};

/// The columns that every test table has, in order; `F` or `LR`, then [`LOG10_P`] and the group means follow.
pub const COLUMNS: [&str; 7] = ["gene_id", "gene_name", "logFC", "logCPM", "PValue", "FDR", "direction"];

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
    let has_statistic = table.facts.statistic.is_some();
    write_rows(path, &header, table.rows.iter().chain(untested), |line, row| {
        add_fields(line, row, has_statistic, has_error, has_interval);
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

/// Reads the rows of a test table; genes with a missing P (filtered ones) are left out.
///
/// # Errors
/// [`ReadError`] when `gene_id`, `logFC` or `PValue` is missing, or a value is no number.
pub fn read_rows(path: &Path) -> Result<Vec<TestRow>, ReadError> {
    let rows = Rows::read(path, &["gene_id", "logFC", "PValue"])?;
    let has = |name: &str| rows.header().iter().any(|column| column == name);
    let (has_log10_p, has_fdr, has_log_cpm) = (has(LOG10_P), has("FDR"), has("logCPM"));
    let has_error = has(STANDARD_ERROR);
    let has_interval = INTERVAL.iter().all(|name| has(name));
    let statistic = rows.header().iter().find(|name| matches!(name.as_str(), "F" | "LR")).cloned();
    let groups: Vec<String> =
        rows.header().iter().filter(|name| name.starts_with(GROUP_CPM)).cloned().collect();
    let read = rows.collect(|row| {
        let p_value = row.real("PValue");
        TestRow {
            gene: GeneId::from(row.text("gene_id")),
            name: row.optional_text("gene_name").map(Arc::from),
            log2_fold_change: row.real("logFC"),
            standard_error: if has_error { row.optional_real(STANDARD_ERROR) } else { None },
            interval: if has_interval {
                row.optional_real(INTERVAL[0]).zip(row.optional_real(INTERVAL[1]))
            } else {
                None
            },
            log2_cpm: if has_log_cpm { row.real("logCPM") } else { f64::NAN },
            statistic: statistic.as_deref().map(|name| row.real(name)),
            p_value,
            log10_p: if has_log10_p { row.real(LOG10_P) } else { p_value.log10() },
            fdr: if has_fdr { row.real("FDR") } else { f64::NAN },
            direction: read_direction(row),
            group_cpm: groups.iter().map(|name| row.real(name)).collect(),
        }
    })?;
    Ok(read.into_iter().filter(|row| !row.p_value.is_nan()).collect())
}

/// The call of a row; `ns` where the table has none.
fn read_direction(row: &mut Row<'_>) -> Direction {
    match row.text("direction") {
        "up" => Direction::Up,
        "down" => Direction::Down,
        "" | "ns" | "NA" => Direction::NotSignificant,
        other => {
            let message = format!("`{other}` is none of up, down, ns");
            row.problem("direction", message);
            Direction::NotSignificant
        }
    }
}

/// Reads a test table that alkaline wrote, companion included.
///
/// # Errors
/// [`ReadError`] when either file cannot be read.
pub fn read(path: &Path) -> Result<TestTable, ReadError> {
    let Companion { contrast, facts } = read_json(&companion_path(path))?;
    Ok(TestTable { contrast, facts, rows: read_rows(path)? })
}
