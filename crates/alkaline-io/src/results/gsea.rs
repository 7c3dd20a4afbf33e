//! `gsea.tsv`: gene sets tested on the ranked list, with clusterProfiler's columns, and the curves behind the plots.

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GseaRow, GseaTable, RunningScore};
use serde::{Deserialize, Serialize};

use super::line::Line;
use super::ora::SOURCE;
use super::table::{Rows, companion_path, header, read_json, write_json, write_rows};
use crate::error::{ReadError, WriteError};

/// The columns, in order; [`CAMERA_P`] and [`SOURCE`] follow.
pub const COLUMNS: [&str; 13] = [
    "ONTOLOGY",
    "ID",
    "Description",
    "setSize",
    "enrichmentScore",
    "NES",
    "pvalue",
    "p.adjust",
    "qvalue",
    "log2err",
    "rank",
    "leading_edge",
    "core_enrichment",
];

/// P of cameraPR.
pub const CAMERA_P: &str = "cameraP";

/// What the companion `gsea.tsv.json` holds.
#[derive(Serialize, Deserialize)]
struct Companion {
    ranked_by: String,
    genes_ranked: usize,
    /// Absent where an earlier version wrote the table.
    #[serde(default)]
    tied_fraction: f64,
    seed: u64,
    sources: Vec<GeneSetSource>,
    /// Running scores of the sets that the report draws.
    curves: Vec<RunningScore>,
}

/// Writes `table` to `path`, and where it came from, with the `curves` to draw, to the JSON companion (not beside `-`).
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &GseaTable, curves: &[RunningScore]) -> Result<(), WriteError> {
    let mut columns = header(&COLUMNS);
    columns.extend([CAMERA_P, SOURCE].map(str::to_owned));
    write_rows(path, &columns, &table.rows, |line, row| add_fields(line, row, &table.sources))?;
    if path.as_os_str() == "-" {
        return Ok(());
    }
    let GseaTable { ranked_by, genes_ranked, tied_fraction, seed, sources, rows: _ } = table.clone();
    let companion =
        Companion { ranked_by, genes_ranked, tied_fraction, seed, sources, curves: curves.to_vec() };
    write_json(&companion_path(path), &companion)
}

/// One row as fields.
fn add_fields(line: &mut Line, row: &GseaRow, sources: &[GeneSetSource]) {
    line.text(&row.ontology)
        .text(&row.id)
        .text(&row.description)
        .whole(row.set_size as u64)
        .real(row.enrichment_score)
        .real(row.normalized_score)
        .real(row.p_value)
        .real(row.p_adjusted)
        .real(row.q_value)
        .real(row.log2_error)
        .whole(row.rank as u64)
        .text(&row.leading_edge)
        .text(&row.core_enrichment.join("/"))
        .real(row.camera_p)
        .text(&GeneSetSource::label_of(sources, &row.ontology));
}

/// Reads a table that alkaline wrote, companion included.
///
/// # Errors
/// [`ReadError`] when either file cannot be read.
pub fn read(path: &Path) -> Result<(GseaTable, Vec<RunningScore>), ReadError> {
    let Companion { ranked_by, genes_ranked, tied_fraction, seed, sources, curves } =
        read_json(&companion_path(path))?;
    let rows = Rows::read(path, &COLUMNS)?.collect(|row| {
        let core = row.text("core_enrichment");
        GseaRow {
            ontology: row.text("ONTOLOGY").to_owned(),
            id: row.text("ID").to_owned(),
            description: row.text("Description").to_owned(),
            leading_edge: row.text("leading_edge").to_owned(),
            core_enrichment: core.split('/').filter(|gene| !gene.is_empty()).map(str::to_owned).collect(),
            set_size: row.whole("setSize"),
            enrichment_score: row.real("enrichmentScore"),
            normalized_score: row.real("NES"),
            p_value: row.real("pvalue"),
            p_adjusted: row.real("p.adjust"),
            q_value: row.real("qvalue"),
            log2_error: row.real("log2err"),
            rank: row.whole("rank"),
            camera_p: row.real(CAMERA_P),
        }
    })?;
    Ok((GseaTable { sources, ranked_by, genes_ranked, tied_fraction, seed, rows }, curves))
}
