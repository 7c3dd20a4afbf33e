//! Figures of enriched gene sets.

pub mod enrichment;
pub mod enrichment_map;
pub mod gene_network;
pub mod gsea_summary;
pub mod ora_bars;
pub mod ora_dots;
pub mod ridges;
pub mod running_score;
pub mod upset;
