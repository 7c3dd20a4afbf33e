//! `ora.tsv`: over-represented gene sets, with clusterProfiler's columns.

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{OraRow, OraTable, Query};
use serde::{Deserialize, Serialize};

use super::table::{Row, Rows, companion_path, header, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};

/// The columns, in order; [`SOURCE`] follows.
pub const COLUMNS: [&str; 13] = [
    "ONTOLOGY",
    "ID",
    "Description",
    "GeneRatio",
    "BgRatio",
    "RichFactor",
    "FoldEnrichment",
    "zScore",
    "pvalue",
    "p.adjust",
    "qvalue",
    "geneID",
    "Count",
];

/// Where a set came from, with its release. A comment line would say it once, but would break every reader that takes
/// the first line for the header; a companion file does not follow a table into a spreadsheet.
pub const SOURCE: &str = "source";

/// What the companion `ora.tsv.json` holds.
#[derive(Serialize, Deserialize)]
struct Companion {
    query: Query,
    universe: String,
    #[serde(default)]
    test: String,
    sources: Vec<GeneSetSource>,
}

/// Writes `table` to `path`, and where it came from to the JSON companion (but not beside `-`).
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &OraTable) -> Result<(), WriteError> {
    let columns: Vec<&str> = COLUMNS.into_iter().chain([SOURCE]).collect();
    write_rows(path, &header(&columns), &table.rows, |line, row| {
        line.text(&row.ontology)
            .text(&row.id)
            .text(&row.description)
            .text(&format!("{}/{}", row.hits, row.query_size))
            .text(&format!("{}/{}", row.set_size, row.universe_size))
            .real(row.rich_factor)
            .real(row.fold_enrichment)
            .real(row.z_score)
            .real(row.p_value)
            .real(row.p_adjusted)
            .real(row.q_value)
            .text(&row.genes.join("/"))
            .whole(row.hits as u64)
            .text(&GeneSetSource::label_of(&table.sources, &row.ontology));
    })?;
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let OraTable { query, universe, test, sources, rows: _ } = table.clone();
    write_json(&companion_path(path), &Companion { query, universe, test, sources })
}

/// Reads a table that alkaline wrote, companion included.
///
/// # Errors
/// [`ReadError`] when either file cannot be read.
pub fn read(path: &Path) -> Result<OraTable, ReadError> {
    let Companion { query, universe, test, sources } = read_json(&companion_path(path))?;
    let rows = Rows::read(path, &COLUMNS)?.collect(|row| {
        let (hits, query_size) = ratio(row, "GeneRatio");
        let (set_size, universe_size) = ratio(row, "BgRatio");
        let genes = row.text("geneID");
        OraRow {
            ontology: row.text("ONTOLOGY").to_owned(),
            id: row.text("ID").to_owned(),
            description: row.text("Description").to_owned(),
            genes: genes.split('/').filter(|gene| !gene.is_empty()).map(str::to_owned).collect(),
            hits,
            query_size,
            set_size,
            universe_size,
            rich_factor: row.real("RichFactor"),
            fold_enrichment: row.real("FoldEnrichment"),
            z_score: row.real("zScore"),
            p_value: row.real("pvalue"),
            p_adjusted: row.real("p.adjust"),
            q_value: row.real("qvalue"),
        }
    })?;
    Ok(OraTable { query, universe, test, sources, rows })
}

/// The two numbers of `k/n`.
fn ratio(row: &mut Row<'_>, name: &str) -> (usize, usize) {
    let text = row.text(name);
    let parsed = text.split_once('/').and_then(|(k, n)| Some((k.parse().ok()?, n.parse().ok()?)));
    parsed.unwrap_or_else(|| {
        let message = format!("`{text}` is not a ratio of two numbers");
        row.problem(name, message);
        (0, 0)
    })
}
