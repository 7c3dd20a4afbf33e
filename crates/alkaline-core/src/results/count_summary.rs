//! What became of every read: featureCounts' assignment categories.

use std::sync::Arc;

use crate::SampleIndex;

/// What became of a read or fragment; the variants stand in the order of featureCounts' `.summary`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Assignment {
    /// Counted for a gene (or for several, where asked for).
    Assigned,
    /// Not aligned.
    Unmapped,
    /// Of a type that is not counted; always zero, kept for the layout.
    ReadType,
    /// One end only, where both are required.
    Singleton,
    /// Mapping quality below the threshold.
    MappingQuality,
    /// Ends on different contigs or strands.
    Chimera,
    /// Fragment length outside the limits.
    FragmentLength,
    /// Marked as a duplicate.
    Duplicate,
    /// Aligned to several places.
    MultiMapping,
    /// Secondary alignment.
    Secondary,
    /// Without (or, where only unsplit reads count, with) a splice junction.
    NonSplit,
    /// Outside every exon.
    NoFeatures,
    /// Overlap with the gene too short.
    OverlappingLength,
    /// Fits several genes equally well.
    Ambiguity,
}

impl Assignment {
    /// Number of categories.
    pub const COUNT: usize = 14;

    /// All categories in the order of the `.summary` file.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Assigned,
        Self::Unmapped,
        Self::ReadType,
        Self::Singleton,
        Self::MappingQuality,
        Self::Chimera,
        Self::FragmentLength,
        Self::Duplicate,
        Self::MultiMapping,
        Self::Secondary,
        Self::NonSplit,
        Self::NoFeatures,
        Self::OverlappingLength,
        Self::Ambiguity,
    ];

    /// The row's name in the `.summary` file.
    pub const fn status(self) -> &'static str {
        match self {
            Self::Assigned => "Assigned",
            Self::Unmapped => "Unassigned_Unmapped",
            Self::ReadType => "Unassigned_Read_Type",
            Self::Singleton => "Unassigned_Singleton",
            Self::MappingQuality => "Unassigned_MappingQuality",
            Self::Chimera => "Unassigned_Chimera",
            Self::FragmentLength => "Unassigned_FragmentLength",
            Self::Duplicate => "Unassigned_Duplicate",
            Self::MultiMapping => "Unassigned_MultiMapping",
            Self::Secondary => "Unassigned_Secondary",
            Self::NonSplit => "Unassigned_NonSplit",
            Self::NoFeatures => "Unassigned_NoFeatures",
            Self::OverlappingLength => "Unassigned_Overlapping_Length",
            Self::Ambiguity => "Unassigned_Ambiguity",
        }
    }
}

/// Reads (or fragments, where pairs are counted) per sample and category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountSummary {
    /// The samples.
    pub samples: Arc<SampleIndex>,
    /// For each sample the number in every category, in the order of [`Assignment::ALL`].
    pub reads: Vec<[u64; Assignment::COUNT]>,
    /// Whether unsplit reads alone were counted: row 11 is then named `Unassigned_Split`.
    pub non_split_only: bool,
}

impl CountSummary {
    /// The name of `category`'s row in the file.
    pub fn status(&self, category: Assignment) -> &'static str {
        if self.non_split_only && category == Assignment::NonSplit {
            "Unassigned_Split"
        } else {
            category.status()
        }
    }

    /// Share of the reads of sample number `sample` that were assigned, between 0 and 1; NaN without reads.
    pub fn assigned_fraction(&self, sample: usize) -> f64 {
        let row = &self.reads[sample];
        row[Assignment::Assigned as usize] as f64 / row.iter().sum::<u64>() as f64
    }
}
