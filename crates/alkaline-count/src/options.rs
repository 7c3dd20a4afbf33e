//! What is counted, and how. Every option names featureCounts' argument that it stands for.

use std::path::PathBuf;

use alkaline_core::genome::Strandedness;
use serde::{Deserialize, Serialize};

use crate::CountError;

/// Largest number of threads that is believed.
const MAX_THREADS: usize = 1024;

/// Whose rules hold where featureCounts' own are unhelpful.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Compat {
    /// alkaline's: layout from the flags, contigs matched generously, an error where nothing matches.
    #[default]
    None,
    /// featureCounts 2.0.8's, refusals included.
    #[serde(rename = "featureCounts-2.0", alias = "featureCounts")]
    #[cfg_attr(
        feature = "clap",
        value(name = "featureCounts-2.0", aliases = ["featureCounts", "featurecounts", "featurecounts-2.0"])
    )]
    FeatureCounts,
    /// The same with the table of junctions that featureCounts 2.1 writes.
    #[serde(rename = "featureCounts-2.1")]
    #[cfg_attr(feature = "clap", value(name = "featureCounts-2.1", alias = "featurecounts-2.1"))]
    FeatureCounts21,
}

/// What one count stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CountUnit {
    /// Fragments where the flags say paired, reads elsewhere.
    #[default]
    Auto,
    /// Fragments; reads without a mate are fragments with one end (`-p --countReadPairs`).
    Fragments,
    /// Every alignment on its own; the strand of second reads is turned round (`-p`).
    Reads,
    /// Every alignment on its own, and none may be paired (neither option).
    SingleEnd,
}

/// How reads are held against the strand of a feature (`-s`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum StrandRule {
    /// As the data say, told by comparing all three rules; refused only when they leave it open.
    #[default]
    Auto,
    /// Either strand (`-s 0`).
    Unstranded,
    /// Read 1 has the strand of the feature (`-s 1`).
    Forward,
    /// Read 1 has the opposite strand (`-s 2`).
    Reverse,
}

impl StrandRule {
    /// The rule as told; `None` when the data shall decide.
    pub const fn given(self) -> Option<Strandedness> {
        match self {
            Self::Auto => None,
            Self::Unstranded => Some(Strandedness::Unstranded),
            Self::Forward => Some(Strandedness::Forward),
            Self::Reverse => Some(Strandedness::Reverse),
        }
    }
}

impl From<Strandedness> for StrandRule {
    fn from(value: Strandedness) -> Self {
        match value {
            Strandedness::Unstranded => Self::Unstranded,
            Strandedness::Forward => Self::Forward,
            Strandedness::Reverse => Self::Reverse,
        }
    }
}

/// Which alignments count by whether they cross a splice junction (`N` in the CIGAR).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum SplitRule {
    /// All.
    #[default]
    Any,
    /// Only those that do (`--splitOnly`).
    SplitOnly,
    /// Only those that do not (`--nonSplitOnly`).
    NonSplitOnly,
}

/// When a read (or fragment) belongs to a gene that it overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct OverlapRule {
    /// Counts for every gene that fits, rather than for none when several do (`-O`).
    pub allow_multiple: bool,
    /// Least number of overlapping bases; below 1, that gap is allowed (`--minOverlap`).
    pub min_overlap: i32,
    /// Least share of the read that overlaps, 0 to 1 (`--fracOverlap`).
    pub min_fraction: f64,
    /// Least share of the feature that is overlapped, 0 to 1 (`--fracOverlapFeature`).
    pub min_feature_fraction: f64,
    /// The gene with the largest overlap wins (`--largestOverlap`).
    pub largest: bool,
    /// Most bases of the read outside the gene (`--nonOverlap`).
    pub max_outside: Option<u32>,
    /// Most bases of the feature outside the read (`--nonOverlapFeature`).
    pub max_feature_outside: Option<u32>,
}

impl Default for OverlapRule {
    fn default() -> Self {
        Self {
            allow_multiple: false,
            min_overlap: 1,
            min_fraction: 0.0,
            min_feature_fraction: 0.0,
            largest: false,
            max_outside: None,
            max_feature_outside: None,
        }
    }
}

impl OverlapRule {
    /// Whether it is enough to know which genes are touched, without knowing by how many bases.
    pub(crate) fn is_touch(&self) -> bool {
        self.min_overlap <= 1
            && self.min_fraction == 0.0
            && self.min_feature_fraction == 0.0
            && !self.largest
            && self.max_outside.is_none()
            && self.max_feature_outside.is_none()
    }
}

/// Where reads are moved to before they are held against features (`--readShiftType`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ShiftDirection {
    /// Against the read's own direction.
    #[default]
    Upstream,
    /// In the read's own direction.
    Downstream,
    /// To smaller positions.
    Left,
    /// To larger positions.
    Right,
}

/// The end of a read that stands for the whole (`--read2pos`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReadEnd {
    /// The first base sequenced.
    Five,
    /// The last base sequenced.
    Three,
}

/// How the place of a read is changed before it is held against features, in this order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ReadShape {
    /// Direction of the shift (`--readShiftType`).
    pub shift_direction: ShiftDirection,
    /// Bases to shift by (`--readShiftSize`).
    pub shift: u32,
    /// Bases added before the first base (`--readExtension5`).
    pub extend_5: u32,
    /// Bases added behind the last base (`--readExtension3`).
    pub extend_3: u32,
    /// Reduces the read to one base (`--read2pos`).
    pub reduce_to: Option<ReadEnd>,
}

/// Which alignments are set aside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FilterRule {
    /// Least mapping quality; the better end of a fragment decides (`-Q`).
    pub min_mapping_quality: u8,
    /// Counts alignments of reads that map to several places (`-M`).
    pub multi_mapping: bool,
    /// Leaves out secondary alignments (`--primary`).
    pub primary_only: bool,
    /// Leaves out marked duplicates (`--ignoreDup`).
    pub ignore_duplicates: bool,
    /// Splice junctions.
    pub split: SplitRule,
}

/// Which pairs count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PairRule {
    /// Both ends must be aligned (`-B`).
    pub require_both_ends: bool,
    /// The template length must lie within the limits (`-P`).
    pub check_length: bool,
    /// Shortest template (`-d`).
    pub min_length: u32,
    /// Longest template (`-D`).
    pub max_length: u32,
    /// Both ends must lie on one contig and opposite strands (`-C`).
    pub reject_chimeras: bool,
    /// Takes records two by two as they come (`--donotsort`).
    pub adjacent_only: bool,
}

impl Default for PairRule {
    fn default() -> Self {
        Self {
            require_both_ends: false,
            check_length: false,
            min_length: 50,
            max_length: 600,
            reject_chimeras: false,
            adjacent_only: false,
        }
    }
}

/// Layout of the file that says what became of each read (`-R`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum DetailFormat {
    /// Name, status, number of targets, targets.
    #[cfg_attr(feature = "clap", value(name = "CORE", alias = "core"))]
    Core,
    /// The alignments with tags XS, XN and XT.
    #[cfg_attr(feature = "clap", value(name = "SAM", alias = "sam"))]
    Sam,
    /// The same as BAM.
    #[cfg_attr(feature = "clap", value(name = "BAM", alias = "bam"))]
    Bam,
}

/// What became of each read, written to a file of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Details {
    /// Layout.
    pub format: DetailFormat,
    /// Where the files go, one for each input: its name followed by `.featureCounts` (`--Rpath`).
    pub directory: PathBuf,
}

/// Everything that decides what is counted.
///
/// | option | default | featureCounts |
/// |---|---|---|
/// | `unit` | fragments where paired | `-p`, `--countReadPairs` |
/// | `strandedness` | auto | `-s` |
/// | `by_feature` | false: by gene | `-f` |
/// | `overlap` | 1 base, one gene | `-O --minOverlap --fracOverlap --largestOverlap ...` |
/// | `filter` | unique alignments of any quality | `-Q -M --primary --ignoreDup --splitOnly ...` |
/// | `pairs` | any | `-B -P -d -D -C --donotsort` |
/// | `shape` | as aligned | `--readShiftType --readExtension5 --read2pos ...` |
/// | `fraction` | false | `--fraction` |
/// | `long_reads` | false | `-L` |
/// | `junctions` | false | `-J` |
/// | `by_read_group` | false | `--byReadGroup` |
/// | `details` | none | `-R`, `--Rpath` |
/// | `contig_aliases` | none | `-A` |
/// | `compat` | none | |
/// | `threads` | 1 | `-T` |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CountOptions {
    /// What one count stands for.
    pub unit: CountUnit,
    /// Strand rule; an input may have its own.
    pub strandedness: StrandRule,
    /// Counts every row of the annotation by itself rather than genes.
    pub by_feature: bool,
    /// Overlap of reads and features.
    pub overlap: OverlapRule,
    /// Alignments set aside.
    pub filter: FilterRule,
    /// Pairs set aside.
    pub pairs: PairRule,
    /// Where reads lie.
    pub shape: ReadShape,
    /// Shares a read out among its alignments (with `multi_mapping`) and its genes (with `allow_multiple`).
    pub fraction: bool,
    /// Long reads: every alignment on its own.
    pub long_reads: bool,
    /// Also counts splice junctions.
    pub junctions: bool,
    /// One column for each read group of the header.
    pub by_read_group: bool,
    /// Also writes what became of each read.
    pub details: Option<Details>,
    /// Contig names that differ: in the annotation, in the alignments.
    pub contig_aliases: Vec<(String, String)>,
    /// The genome that CRAM files were made with.
    pub reference: Option<PathBuf>,
    /// Whose rules hold.
    pub compat: Compat,
    /// Gathers read QC in the same pass.
    pub qc: bool,
    /// Number of threads; results do not depend on it.
    pub threads: usize,
}

impl Default for CountOptions {
    fn default() -> Self {
        Self {
            unit: CountUnit::default(),
            strandedness: StrandRule::default(),
            by_feature: false,
            overlap: OverlapRule::default(),
            filter: FilterRule::default(),
            pairs: PairRule::default(),
            shape: ReadShape::default(),
            fraction: false,
            long_reads: false,
            junctions: false,
            by_read_group: false,
            details: None,
            contig_aliases: Vec::new(),
            reference: None,
            compat: Compat::default(),
            qc: true,
            threads: 1,
        }
    }
}

impl CountOptions {
    /// Whether featureCounts' own rules hold everywhere.
    pub fn is_compat(&self) -> bool {
        self.compat != Compat::None
    }

    /// Refuses combinations that make no sense, in featureCounts' way.
    ///
    /// # Errors
    /// [`CountError::Options`].
    pub(crate) fn check(&self) -> Result<(), CountError> {
        let refuse = |message: &str| Err(CountError::Options(message.to_owned()));
        if self.pairs.check_length && !self.pairs.require_both_ends {
            return refuse("-P needs -B: the length of a template is known only when both ends are aligned");
        }
        if self.long_reads && self.unit == CountUnit::Fragments {
            return refuse("-L counts reads: leave --countReadPairs out");
        }
        if !(0.0..=1.0).contains(&self.overlap.min_fraction)
            || !(0.0..=1.0).contains(&self.overlap.min_feature_fraction)
        {
            return refuse("--fracOverlap and --fracOverlapFeature lie between 0 and 1");
        }
        // featureCounts takes it, and sets every pair aside.
        if self.pairs.min_length > self.pairs.max_length && !self.is_compat() {
            return refuse("-d must not be larger than -D: no template has such a length");
        }
        if self.threads == 0 || self.threads > MAX_THREADS {
            return refuse("the number of threads must be at least 1 and at most 1024");
        }
        Ok(())
    }
}
