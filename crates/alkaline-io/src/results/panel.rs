//! `panels/<name>.tsv`: a chosen set of genes, side by side.

use std::path::Path;

use alkaline_core::results::{Direction, PanelRow, PanelStatus, PanelTable};
use alkaline_core::{GeneId, SampleId};
use serde::{Deserialize, Serialize};

use super::table::{Row, Rows, companion_path, header, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};

/// The columns before the expression of each sample.
pub const COLUMNS: [&str; 7] = ["gene_name", "gene_id", "status", "logFC", "PValue", "FDR", "direction"];

/// What the companion holds.
#[derive(Serialize, Deserialize)]
struct Companion {
    name: String,
    description: String,
    unit: String,
    samples: Vec<SampleId>,
}

/// Before a sample's name in the header: the unit of its column.
fn sample_column(unit: &str, sample: &SampleId) -> String {
    format!("{unit}.{sample}")
}

/// Writes `table` to `path`, and what it is to the JSON companion (but not beside `-`).
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &PanelTable) -> Result<(), WriteError> {
    let mut columns = header(&COLUMNS);
    columns.extend(table.samples.iter().map(|sample| sample_column(&table.unit, sample)));
    let absent = vec![f64::NAN; table.samples.len()];
    write_rows(path, &columns, &table.rows, |line, row| {
        line.text(&row.symbol).optional(row.gene.as_ref().map(GeneId::as_str)).text(row.status.word());
        line.optional_real(row.log2_fold_change).optional_real(row.p_value).optional_real(row.fdr);
        line.optional(row.direction.map(Direction::word));
        let expression = if row.expression.is_empty() { &absent } else { &row.expression };
        line.reals(expression.iter().copied());
    })?;
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let PanelTable { name, description, unit, samples, rows: _ } = table.clone();
    write_json(&companion_path(path), &Companion { name, description, unit, samples })
}

/// Reads a panel that alkaline wrote, companion included.
///
/// # Errors
/// [`ReadError`] when either file cannot be read.
pub fn read(path: &Path) -> Result<PanelTable, ReadError> {
    let Companion { name, description, unit, samples } = read_json(&companion_path(path))?;
    let columns: Vec<String> = samples.iter().map(|sample| sample_column(&unit, sample)).collect();
    let rows = Rows::read(path, &COLUMNS)?.collect(|row| {
        let gene = row.optional_text("gene_id").map(GeneId::from);
        let expression = columns.iter().map(|column| row.real(column)).collect();
        PanelRow {
            symbol: row.text("gene_name").to_owned(),
            status: status(row),
            log2_fold_change: row.optional_real("logFC"),
            p_value: row.optional_real("PValue"),
            fdr: row.optional_real("FDR"),
            direction: direction(row),
            expression: if gene.is_some() { expression } else { Vec::new() },
            gene,
        }
    })?;
    Ok(PanelTable { name, description, unit, samples, rows })
}

/// The status of a row.
fn status(row: &mut Row<'_>) -> PanelStatus {
    let text = row.text("status");
    let known = PanelStatus::ALL.into_iter().find(|status| status.word() == text);
    known.unwrap_or_else(|| {
        row.problem("status", format!("`{text}` is none of tested, filtered, absent"));
        PanelStatus::Absent
    })
}

/// The call of a row, where there is one.
fn direction(row: &mut Row<'_>) -> Option<Direction> {
    let text = row.optional_text("direction")?;
    let known = Direction::ALL.into_iter().find(|direction| direction.word() == text);
    if known.is_none() {
        row.problem("direction", format!("`{text}` is none of up, down, ns"));
    }
    known
}
