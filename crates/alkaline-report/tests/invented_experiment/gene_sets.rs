//! Gene sets: over-representation, ranked enrichment, a running score.

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GseaRow, GseaTable, OraRow, OraTable, RunningScore};

use super::genes::{noise, symbol};

const TERMS: [(&str, &str, &str); 12] = [
    ("BP", "GO:0030593", "neutrophil chemotaxis"),
    ("BP", "GO:0070098", "chemokine-mediated signaling pathway"),
    ("BP", "GO:0001525", "angiogenesis"),
    ("BP", "GO:0030198", "extracellular matrix organization"),
    (
        "BP",
        "GO:2000027",
        "negative regulation of transmembrane receptor protein serine/threonine kinase signaling pathway",
    ),
    ("BP", "GO:0007259", "receptor signaling pathway via JAK-STAT"),
    ("MF", "GO:0008009", "chemokine activity"),
    ("MF", "GO:0005125", "cytokine activity"),
    ("MF", "GO:0005201", "extracellular matrix structural constituent"),
    ("CC", "GO:0062023", "collagen-containing extracellular matrix"),
    ("CC", "GO:0005615", "extracellular space"),
    ("CC", "GO:0009897", "external side of plasma membrane"),
];

pub fn sources() -> Vec<GeneSetSource> {
    let source = |collection: &str| GeneSetSource {
        collection: collection.into(),
        name: "Gene Ontology".into(),
        version: Some("2022-07-01".into()),
        licence: Some("CC BY 4.0".into()),
    };
    ["BP", "MF", "CC"].map(source).into()
}

/// Over-representation of `query`: the first terms strong, the last not enriched.
pub fn ora_table(query: &str) -> OraTable {
    let rows = TERMS.iter().enumerate().map(|(i, &(ontology, id, description))| {
        let hits = 26 - 2 * i;
        let p = if i < 10 { 10f64.powi(-12 + i as i32) } else { 0.2 };
        let (query_size, universe_size, set_size) = (420, 15_300, 90 + 10 * i);
        let expected = set_size as f64 / universe_size as f64 * query_size as f64;
        OraRow {
            ontology: ontology.into(),
            id: id.into(),
            description: description.into(),
            hits,
            query_size,
            set_size,
            universe_size,
            rich_factor: hits as f64 / set_size as f64,
            fold_enrichment: hits as f64 / expected,
            z_score: (hits as f64 - expected) / expected.sqrt(),
            p_value: p,
            p_adjusted: (p * 30.0).min(1.0),
            q_value: (p * 20.0).min(1.0),
            genes: (0..hits).map(|gene| symbol(gene * (1 + i / 3))).collect(),
        }
    });
    OraTable {
        query: query.into(),
        sources: sources(),
        universe: "the 15,300 tested genes with an annotation".into(),
        test: "hypergeometric test".into(),
        rows: rows.collect(),
    }
}

/// Ranked enrichment: the first sets up, some down, the last not enriched.
pub fn gsea_table() -> GseaTable {
    let rows = TERMS.iter().enumerate().map(|(i, &(ontology, id, description))| {
        let sign = if i % 4 == 3 { -1.0 } else { 1.0 };
        let p = if i < 10 { 10f64.powi(-14 + i as i32) } else { 0.4 };
        GseaRow {
            ontology: ontology.into(),
            id: id.into(),
            description: description.into(),
            set_size: 60 + 14 * i,
            enrichment_score: sign * (0.7 - 0.03 * i as f64),
            normalized_score: sign * (2.6 - 0.12 * i as f64),
            p_value: p,
            p_adjusted: (p * 40.0).min(1.0),
            q_value: (p * 30.0).min(1.0),
            log2_error: 0.04,
            rank: 900 + 40 * i,
            leading_edge: "tags=41%, list=9%, signal=38%".into(),
            core_enrichment: (0..24 - i).map(|gene| symbol(gene * (1 + i / 4))).collect(),
            camera_p: (p * 1e4).min(1.0),
        }
    });
    GseaTable {
        sources: sources(),
        ranked_by: "signed −log10 P".into(),
        genes_ranked: 15_300,
        tied_fraction: 0.0,
        seed: 42,
        rows: rows.collect(),
    }
}

/// The running score of the first set over a list of `genes` genes.
pub fn running_score(genes: usize) -> RunningScore {
    let mut hits: Vec<u32> = (0..40).map(|i| 1 + (noise(i).powi(3) * (genes - 1) as f64) as u32).collect();
    hits.sort_unstable();
    hits.dedup();
    let (step, fall) = (1.0 / hits.len() as f64, 1.0 / (genes - hits.len()) as f64);
    let scores = hits
        .iter()
        .enumerate()
        .map(|(i, &hit)| {
            let before = i as f64 * step - (f64::from(hit) - 1.0 - i as f64) * fall;
            [before, before + step]
        })
        .collect();
    let (ontology, id, description) = TERMS[0];
    RunningScore {
        ontology: ontology.into(),
        id: id.into(),
        description: description.into(),
        genes_ranked: genes,
        hits,
        scores,
    }
}
