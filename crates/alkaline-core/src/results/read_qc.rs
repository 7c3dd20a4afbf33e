//! What the counting pass learned about the reads of one sample.

use serde::{Deserialize, Serialize};

use crate::genome::{Layout, Strandedness};

/// Alignments by flag, as `samtools flagstat` counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlignmentFlags {
    /// All records.
    pub total: u64,
    /// Neither secondary nor supplementary.
    pub primary: u64,
    /// Secondary alignments.
    pub secondary: u64,
    /// Supplementary alignments.
    pub supplementary: u64,
    /// Marked as duplicates.
    pub duplicates: u64,
    /// Primary records marked as duplicates.
    pub primary_duplicates: u64,
    /// Mapped records.
    pub mapped: u64,
    /// Mapped primary records.
    pub primary_mapped: u64,
    /// Primary records of paired reads.
    pub paired: u64,
    /// First reads of pairs.
    pub read1: u64,
    /// Second reads of pairs.
    pub read2: u64,
    /// Properly paired.
    pub properly_paired: u64,
    /// Mapped, with a mapped mate.
    pub with_mate_mapped: u64,
    /// Mapped, with an unmapped mate.
    pub singletons: u64,
    /// Mate on another contig.
    pub mate_on_other_contig: u64,
    /// Mate on another contig, mapping quality at least 5.
    pub mate_on_other_contig_q5: u64,
    /// Failed the vendor's quality check.
    pub qc_failed: u64,
}

/// How many fragments each strand rule would assign, and what follows.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StrandednessEvidence {
    /// Fragments assigned with `-s 0`.
    pub unstranded: u64,
    /// Fragments assigned with `-s 1`.
    pub forward: u64,
    /// Fragments assigned with `-s 2`.
    pub reverse: u64,
    /// Share of forward among forward + reverse, between 0 and 1; NaN without evidence (`null` in JSON).
    #[serde(deserialize_with = "nan_from_null")]
    pub forward_fraction: f64,
    /// What the data say; `None` when they are ambiguous or too few.
    pub verdict: Option<Strandedness>,
    /// The rule that the counts were made with.
    pub used: Strandedness,
}

/// JSON has no NaN.
fn nan_from_null<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Option::<f64>::deserialize(deserializer).map(|value| value.unwrap_or(f64::NAN))
}

/// Read QC of one sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SampleQc {
    /// Sample name.
    pub sample: String,
    /// Single-end, paired-end or mixed, from the flags.
    pub layout: Layout,
    /// Alignments by flag.
    pub flags: AlignmentFlags,
    /// Strand rules compared.
    pub strandedness: StrandednessEvidence,
    /// Reads or fragments that entered the assignment.
    pub fragments: u64,
    /// Of these, assigned to a gene.
    pub assigned: u64,
    /// Genes with at least one count.
    pub genes_detected: u64,
    /// Share of assigned fragments on mitochondrial contigs; `None` where the annotation has none that is known as such.
    pub mitochondrial_fraction: Option<f64>,
    /// Assigned fragments per biotype, most frequent first; empty when the annotation has no biotypes.
    pub biotypes: Vec<(String, u64)>,
    /// Median fragment (insert) length in bases; `None` for single-end data.
    pub median_insert_size: Option<u32>,
    /// Things the user should know, each with what to do next.
    pub warnings: Vec<String>,
    /// Further tables of the counting pass by name (coverage along the gene body, saturation, junctions, ...):
    /// column names, then rows.
    #[serde(default)]
    pub tables: Vec<QcTable>,
}

/// A small named table of the counting pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QcTable {
    /// Name, used for the file (`gene_body_coverage`).
    pub name: String,
    /// What it shows, in a sentence.
    pub description: String,
    /// Column names.
    pub columns: Vec<String>,
    /// One row per entry, as long as `columns`.
    pub rows: Vec<Vec<f64>>,
}
