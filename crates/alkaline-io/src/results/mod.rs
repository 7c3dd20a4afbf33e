//! Tables that stages hand on or that people open: one module per table.

pub mod consensus;
pub mod dispersions;
pub mod expression;
pub mod filter;
pub mod gsea;
pub mod gsea_permutation;
pub mod id_mapping;
pub mod library_sizes;
pub mod line;
pub mod ora;
pub mod panel;
pub mod power;
pub mod qc;
pub mod sample_map;
pub mod sensitivity;
pub mod table;
pub mod test_table;
mod workbook;
