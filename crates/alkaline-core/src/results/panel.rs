//! A chosen set of genes, side by side: the chemokine panel of the paper, and its like.

use super::Direction;
use crate::{GeneId, SampleId};

/// Whether a gene of a panel was there, and tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PanelStatus {
    /// Tested.
    Tested,
    /// Too lowly expressed to test.
    Filtered,
    /// Not in the table.
    Absent,
}

impl PanelStatus {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Tested, Self::Filtered, Self::Absent];

    /// The word in tables.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Filtered => "filtered",
            Self::Absent => "absent",
        }
    }
}

/// One gene of a panel, whether or not it was tested.
#[derive(Clone, Debug, PartialEq)]
pub struct PanelRow {
    /// Symbol as the panel spells it.
    pub symbol: String,
    /// The gene of the count table that it is; `None` when the table has no such gene.
    pub gene: Option<GeneId>,
    /// Whether it was there, and tested.
    pub status: PanelStatus,
    /// Log2 fold change, where tested.
    pub log2_fold_change: Option<f64>,
    /// P value, where tested.
    pub p_value: Option<f64>,
    /// FDR, where tested.
    pub fdr: Option<f64>,
    /// Its call, where tested.
    pub direction: Option<Direction>,
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
