//! What the methods paragraph is written from: the facts of the run at hand.

use alkaline_core::ContrastSpec;
use alkaline_core::genome::{Layout, Strandedness};
use alkaline_core::results::TestFacts;

/// What the methods text is made of.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct MethodsFacts {
    /// Version of alkaline.
    pub version: String,
    /// How reads were aligned; `None` when the run began with alignments or counts.
    #[serde(default)]
    pub alignment: Option<AlignmentFacts>,
    /// How reads were counted; `None` when the run began with a count table.
    pub counting: Option<CountingFacts>,
    /// Where the counts came from when they were not made here (a file, an accession), in words.
    pub counts_from: Option<String>,
    /// Where expression values came from that stand in place of counts, in words.
    #[serde(default)]
    pub values_from: Option<String>,
    /// What was decided while they were read: logarithms, averages, one sentence each without its full stop.
    #[serde(default)]
    pub decisions: Vec<String>,
    /// Whether average lengths of transcripts that differ between samples were offsets of the tests.
    #[serde(default)]
    pub offsets: bool,
    /// How genes were filtered, as the option is called (`by-expr`, `none`).
    pub filter: String,
    /// Normalisation, as the option is called (`tmm`, `tmmwsp`, `rle`, `upper-quartile`, `none`).
    pub normalization: String,
    /// Expression units that were written (`FPKM`, `TPM`, `CPM`).
    pub units: Vec<String>,
    /// How the contrasts were tested.
    pub testing: Vec<TestingFacts>,
    /// Gene sets by over-representation.
    pub over_representation: Option<EnrichmentFacts>,
    /// Gene sets on the ranked list.
    pub ranked_enrichment: Option<EnrichmentFacts>,
    /// Whether a map of the samples by leading fold changes was drawn.
    pub sample_map: bool,
    /// Whether the data were simulated.
    pub simulated: bool,
}

/// The versions of the programs that made alignments of reads.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct AlignmentFacts {
    /// fastp; `None` where reads were not cleaned.
    pub fastp: Option<String>,
    /// HISAT2.
    pub hisat2: String,
    /// samtools.
    pub samtools: String,
}

/// How reads were counted.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct CountingFacts {
    /// Annotation with its version, in words (`GENCODE v24`, `RefSeq hg38, built in`).
    pub annotation: String,
    /// Rows of this type were counted on (`exon`).
    pub feature_type: String,
    /// Whether fragments (read pairs) were counted rather than reads.
    pub paired: bool,
    /// The strand rule that was used.
    pub strandedness: Strandedness,
    /// Whether the strand rule was found from the data.
    pub strandedness_detected: bool,
    /// Layout and strand rule of each library, where they are not the same for all; empty where they are.
    #[serde(default)]
    pub libraries: Vec<LibraryFacts>,
    /// Smallest mapping quality that counted.
    pub minimum_mapping_quality: u8,
    /// Whether reads aligned to several places were counted.
    pub multi_mapping_counted: bool,
}

/// How one library was counted.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct LibraryFacts {
    /// The sample.
    pub sample: String,
    /// One or two reads a fragment, or both.
    pub layout: Layout,
    /// The strand rule that was used.
    pub strandedness: Strandedness,
    /// Whether the rule was found from the data.
    pub detected: bool,
}

/// How contrasts were tested that were tested alike.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct TestingFacts {
    /// The facts of the tests; those of the first of these contrasts stand for all.
    pub facts: TestFacts,
    /// The contrasts.
    pub contrasts: Vec<ContrastSpec>,
    /// The model formula, where one was fitted.
    pub formula: Option<String>,
}

/// How gene sets were tested.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct EnrichmentFacts {
    /// The collections: `BP`, `MF`, `CC` for the Gene Ontology, the file for a GMT.
    pub collections: Vec<String>,
    /// Whether the Gene Ontology is among them.
    pub gene_ontology: bool,
    /// Release of the Gene Ontology, where it is known.
    pub ontology_release: Option<String>,
    /// The genes behind the test, in words: the universe, or the ranked list and what it is ranked by.
    pub background: String,
    /// Smallest and largest set that was tested.
    pub sizes: (usize, usize),
    /// Random seed, where there is one.
    pub seed: Option<u64>,
    /// Whether cameraPR was computed as well.
    pub camera: bool,
}
