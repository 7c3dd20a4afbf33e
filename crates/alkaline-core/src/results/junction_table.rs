//! Reads across each splice junction, in featureCounts' layout.

use super::JunctionSites;
use crate::{GeneId, SampleId};

/// The strand of a splice site, told by the genome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteStrand {
    /// `GT..AG`.
    Forward,
    /// `CT..AC`.
    Reverse,
    /// Neither, or no genome given.
    Unknown,
}

impl SiteStrand {
    /// The text in the table.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Forward => "+",
            Self::Reverse => "-",
            Self::Unknown => "NA",
        }
    }
}

/// One junction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunctionRow {
    /// The gene it most likely belongs to.
    pub primary_gene: Option<GeneId>,
    /// Other genes that hold one of its sites.
    pub secondary_genes: Vec<GeneId>,
    /// Contig, as the alignments call it.
    pub contig: String,
    /// Last base before the gap.
    pub left: u32,
    /// First base after it.
    pub right: u32,
    /// Strand of both sites.
    pub strand: SiteStrand,
    /// Fragments across it, one per sample.
    pub counts: Vec<u64>,
}

/// Junctions of all samples, in featureCounts' order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JunctionTable {
    /// The samples.
    pub samples: Vec<SampleId>,
    /// The junctions.
    pub rows: Vec<JunctionRow>,
    /// What the annotation says of each junction, where the layout of featureCounts 2.1 was asked for.
    pub sites: Option<Vec<JunctionSites>>,
}
