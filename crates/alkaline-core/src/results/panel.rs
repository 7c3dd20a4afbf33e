//! A chosen set of genes, side by side: the chemokine panel of the paper, and its like.

use crate::{GeneId, SampleId};

/// One gene of a panel, whether or not it was tested.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelRow {
    /// Symbol as the panel spells it.
    pub symbol: String,
    /// The gene of the count table that it is; `None` when the table has no such gene.
    pub gene: Option<GeneId>,
    /// `tested`, `filtered` (too lowly expressed to test) or `absent`.
    pub status: String,
    /// Log2 fold change, where tested.
    pub log2_fold_change: Option<f64>,
    /// P value, where tested.
    pub p_value: Option<f64>,
    /// FDR, where tested.
    pub fdr: Option<f64>,
    /// `up`, `down`, `ns`, where tested.
    pub direction: Option<String>,
    /// Expression per sample, in the order of [`PanelTable::samples`]; empty when the gene is absent.
    pub expression: Vec<f64>,
}

/// A panel of genes under one contrast.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelTable {
    /// Name of the panel (`chemokines`).
    pub name: String,
    /// What the panel is, in a sentence.
    pub description: String,
    /// Unit of the expression columns (`FPKM`, `CPM`).
    pub unit: String,
    /// The samples of the expression columns.
    pub samples: Vec<SampleId>,
    /// The genes, in the panel's order.
    pub rows: Vec<PanelRow>,
}
