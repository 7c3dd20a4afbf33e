//! Tables and figures of gene sets.

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GseaTable, OraTable};

use super::figures::{FigureView, marks, take};
use crate::figures::gene_sets::provenance::query_in_words;
use crate::figures::{ENRICHED, Figure};
use crate::words;

/// Gene sets listed in a table of the report; the rest are in the file.
const SETS_LISTED: usize = 150;
/// Genes of a set that a table names.
const GENES_NAMED: usize = 12;

pub(super) struct OraView {
    pub(super) heading: String,
    pub(super) note: String,
    pub(super) rows: Vec<SetLine>,
    pub(super) first: Vec<FigureView>,
    pub(super) further: Vec<FigureView>,
}

pub(super) struct GseaView {
    pub(super) note: String,
    pub(super) rows: Vec<SetLine>,
    pub(super) first: Vec<FigureView>,
    pub(super) running: Vec<FigureView>,
    pub(super) further: Vec<FigureView>,
}

/// A row of an enrichment table.
pub(super) struct SetLine {
    pub(super) ontology: String,
    pub(super) id: String,
    pub(super) description: String,
    pub(super) numbers: Vec<String>,
    pub(super) genes: String,
    /// All genes of the row, for the script.
    pub(super) marks: String,
}

pub(super) fn ora_view(table: &OraTable, all: &mut Vec<Figure>, id: &str) -> OraView {
    let query = words::slug(table.query.name());
    let mut enriched: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    enriched.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let note = format!(
        "{} of {} with adjusted P < {ENRICHED}{}. Background: {}. Gene sets: {}.",
        enriched.len(),
        words::count_of(table.rows.len(), "tested set"),
        if table.test.is_empty() { String::new() } else { format!(" ({})", table.test) },
        table.universe,
        sources_in_words(&table.sources)
    );
    let rows = enriched.iter().take(SETS_LISTED).map(|row| SetLine {
        ontology: row.ontology.clone(),
        id: row.id.clone(),
        description: words::set_name(&row.id, &row.description),
        numbers: vec![
            format!("{}/{}", row.hits, row.query_size),
            format!("{}/{}", row.set_size, row.universe_size),
            words::significant(row.fold_enrichment, 3),
            words::p_value(row.p_value),
            words::p_value(row.p_adjusted),
        ],
        genes: named_genes(&row.genes),
        marks: marks(&row.genes),
    });
    OraView {
        heading: query_in_words(&table.query),
        note,
        rows: rows.collect(),
        first: take(all, id, &[&format!("ora_dots_{query}")]),
        further: take(
            all,
            id,
            &[&format!("ora_bars_{query}"), &format!("map_{query}"), &format!("gene_network_{query}")],
        ),
    }
}

pub(super) fn gsea_view(table: &GseaTable, all: &mut Vec<Figure>, id: &str) -> GseaView {
    let mut enriched: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    enriched.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let note = format!(
        "{} of {} with adjusted P < {ENRICHED}. {} ranked by {}; random seed {}. Gene sets: {}.",
        enriched.len(),
        words::count_of(table.rows.len(), "tested set"),
        words::count_of(table.genes_ranked, "gene"),
        table.ranked_by,
        table.seed,
        sources_in_words(&table.sources)
    );
    let rows = enriched.iter().take(SETS_LISTED).map(|row| SetLine {
        ontology: row.ontology.clone(),
        id: row.id.clone(),
        description: words::set_name(&row.id, &row.description),
        numbers: vec![
            row.set_size.to_string(),
            words::significant(row.normalized_score, 3),
            words::p_value(row.p_value),
            words::p_value(row.p_adjusted),
            words::p_value(row.camera_p),
        ],
        genes: named_genes(&row.core_enrichment),
        marks: marks(&row.core_enrichment),
    });
    let rows = rows.collect();
    let first = take(all, id, &["gsea_summary"]);
    let further = take(all, id, &["gsea_ridges", "gsea_map", "gsea_upset"]);
    GseaView { note, rows, first, running: take(all, id, &["gsea_*"]), further }
}

fn named_genes(genes: &[String]) -> String {
    let mut out = genes.iter().take(GENES_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
    if genes.len() > GENES_NAMED {
        out.push_str(&format!(" and {} more", genes.len() - GENES_NAMED));
    }
    out
}

fn sources_in_words(sources: &[GeneSetSource]) -> String {
    let mut named: Vec<String> = sources
        .iter()
        .map(|source| {
            let version =
                source.version.as_ref().map_or_else(String::new, |version| format!(", release {version}"));
            let licence = source.licence.as_ref().map_or_else(String::new, |licence| format!(", {licence}"));
            format!("{}{version}{licence}", source.name)
        })
        .collect();
    named.dedup();
    named.join("; ")
}
