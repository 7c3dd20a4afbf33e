//! Figures of enriched gene sets.

pub mod enrichment;
pub mod enrichment_map;
pub mod gene_network;
pub mod gene_values;
pub mod gsea_summary;
pub mod leading_edges;
pub mod ora_bars;
pub mod ora_dots;
mod ora_rows;
pub(crate) mod provenance;
pub mod ridges;
pub mod running_score;
