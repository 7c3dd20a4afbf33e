//! What can be chosen about a simulated experiment, and what is not allowed.

use alkaline_core::genome::Strandedness;
use serde::{Deserialize, Serialize};

use crate::SimulateError;

/// An experiment of two groups: its size, its noise and what differs.
///
/// | option | default | range |
/// |---|---|---|
/// | `seed` | 1 | any; below 2^63 in a TOML file |
/// | `reference`, `target` | parental, resistant | different names |
/// | `replicates` | 3 | 1 to 1,000 samples a group |
/// | `library_size` | 300,000 fragments on exons | at least 1 |
/// | `library_size_spread` | 0.25 log2 units | 0 to 5 |
/// | `expressed_genes` | 12,000 | as many as there are |
/// | `abundance_spread` | 1.5 log2 units | 0 to 5 |
/// | `bcv` | 0.12 | 0 to 5 |
/// | `dispersion_trend` | 0.3 | 0 to 100 |
/// | `prior_df` | 15 | above 0 |
/// | `fraction_changed` | 0.04 | 0 to 1 |
/// | `up_fraction` | 0.5 | 0 to 1 |
/// | `smallest_log2_fold_change` | 0.6 | 0 to 20 |
/// | `excess_log2_fold_change` | 0.5 | 0 to 20 |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimulateOptions {
    /// Seed: the same seed and options give the same bytes on every machine.
    pub seed: u64,
    /// Name of the group that the other is compared with.
    pub reference: String,
    /// Name of the group in which genes change.
    pub target: String,
    /// Samples in each group.
    pub replicates: usize,
    /// Expected number of fragments that come from exons, per sample.
    pub library_size: f64,
    /// Library sizes vary by a factor of up to two to this power, up or down.
    pub library_size_spread: f64,
    /// Number of genes with appreciable expression; protein-coding genes are preferred where biotypes are known.
    pub expressed_genes: usize,
    /// Standard deviation of log2 abundance among expressed genes.
    pub abundance_spread: f64,
    /// Biological coefficient of variation of abundant genes: the square root of their dispersion.
    pub bcv: f64,
    /// What a mean of one count adds to the dispersion; at a mean of m counts it is this divided by m.
    pub dispersion_trend: f64,
    /// Degrees of freedom of the scatter of gene-wise dispersions about the trend (scaled inverse chi-square).
    pub prior_df: f64,
    /// Fraction of expressed genes, beside those of the programmes, that change.
    pub fraction_changed: f64,
    /// Fraction of those that are higher in the target group.
    pub up_fraction: f64,
    /// Smallest absolute log2 fold change of those genes.
    pub smallest_log2_fold_change: f64,
    /// Mean of the exponentially distributed part above the smallest.
    pub excess_log2_fold_change: f64,
    /// Sets of genes that change together.
    pub programmes: Vec<Programme>,
    /// How fragments become reads.
    pub reads: ReadOptions,
}

impl Default for SimulateOptions {
    fn default() -> Self {
        Self {
            seed: 1,
            reference: "parental".to_owned(),
            target: "resistant".to_owned(),
            replicates: 3,
            library_size: 300_000.0,
            library_size_spread: 0.25,
            expressed_genes: 12_000,
            abundance_spread: 1.5,
            bcv: 0.12,
            dispersion_trend: 0.3,
            prior_df: 15.0,
            fraction_changed: 0.04,
            up_fraction: 0.5,
            smallest_log2_fold_change: 0.6,
            excess_log2_fold_change: 0.5,
            programmes: Vec::new(),
            reads: ReadOptions::default(),
        }
    }
}

/// Genes that change together: a planted story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// Name, written into the truth table.
    pub name: String,
    /// Mean log2 fold change, target against reference.
    pub log2_fold_change: f64,
    /// Standard deviation of the genes' log2 fold changes about the mean; no gene changes sign.
    #[serde(default = "Programme::default_spread")]
    pub spread: f64,
    /// Range of the genes' log2 abundance above that of the median expressed gene.
    #[serde(default = "Programme::default_abundance")]
    pub abundance: [f64; 2],
    /// Symbols or identifiers; those that the annotation lacks are left out.
    pub genes: Vec<String>,
}

impl Programme {
    /// A programme with the default spread and abundance.
    pub fn new(name: impl Into<String>, log2_fold_change: f64, genes: Vec<String>) -> Self {
        Self {
            name: name.into(),
            log2_fold_change,
            spread: Self::default_spread(),
            abundance: Self::default_abundance(),
            genes,
        }
    }

    fn default_spread() -> f64 {
        0.35
    }

    /// High enough for a few hundred thousand fragments to tell a change.
    fn default_abundance() -> [f64; 2] {
        [0.5, 3.5]
    }
}

/// One or two reads per fragment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum ReadLayout {
    /// Two reads per fragment, one from each end.
    #[default]
    PairedEnd,
    /// One read per fragment.
    SingleEnd,
}

/// How fragments become reads and alignments.
///
/// | option | default | range |
/// |---|---|---|
/// | `layout` | paired-end | |
/// | `strandedness` | reverse | |
/// | `read_length` | 75 bases | 20 to 1,000 |
/// | `fragment_mean`, `fragment_sd` | 220, 60 bases | 20 to 10,000; 0 to 5,000 |
/// | `intronic` | 0.06 of all fragments | these six: |
/// | `intergenic` | 0.03 | 0 or more, |
/// | `multi_mapped` | 0.04 | together at most 0.9 |
/// | `unmapped` | 0.03 | |
/// | `duplicates` | 0.08 of the fragments on exons | 0 to 1 |
/// | `half_mapped` | 0.005 of the fragments on exons | 0 to 1 |
/// | `mismatches` | 0.002 a base | 0 to 0.1 |
/// | `compression` | 1 | 0 to 12 |
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// One or two reads per fragment.
    pub layout: ReadLayout,
    /// How the strand of a read relates to the strand of the RNA.
    pub strandedness: Strandedness,
    /// Length of a read in bases.
    pub read_length: u32,
    /// Mean length of a fragment in bases; none is shorter than a read or longer than its transcript.
    pub fragment_mean: f64,
    /// Standard deviation of fragment lengths in bases.
    pub fragment_sd: f64,
    /// Fraction of all fragments that lie within introns, clear of every exon.
    pub intronic: f64,
    /// Fraction of all fragments that lie anywhere clear of every exon.
    pub intergenic: f64,
    /// Fraction of all fragments that fit two genes (`NH:i:2`, one secondary alignment).
    pub multi_mapped: f64,
    /// Fraction of all fragments that are not aligned.
    pub unmapped: f64,
    /// Fraction of fragments on exons that repeat another one and are flagged as its duplicate.
    pub duplicates: f64,
    /// Fraction of fragments on exons of which one read is not aligned (paired-end only).
    pub half_mapped: f64,
    /// Probability of a base that differs from the genome.
    pub mismatches: f64,
    /// Compression level of the BAM files (libdeflate); invented bases hardly shrink at higher levels.
    pub compression: i32,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            layout: ReadLayout::default(),
            strandedness: Strandedness::Reverse,
            read_length: 75,
            fragment_mean: 220.0,
            fragment_sd: 60.0,
            intronic: 0.06,
            intergenic: 0.03,
            multi_mapped: 0.04,
            unmapped: 0.03,
            duplicates: 0.08,
            half_mapped: 0.005,
            mismatches: 0.002,
            compression: 1,
        }
    }
}

impl SimulateOptions {
    /// Names of the samples: `parental_1`, `parental_2`, ..., `resistant_1`, ...
    pub fn sample_names(&self) -> Vec<String> {
        let named = |group: &str| (1..=self.replicates).map(|n| format!("{group}_{n}")).collect::<Vec<_>>();
        [named(&self.reference), named(&self.target)].concat()
    }

    /// Refuses what has no meaning.
    pub(crate) fn check(&self) -> Result<(), SimulateError> {
        if self.reference == self.target || self.reference.is_empty() || self.target.is_empty() {
            return Err(SimulateError::SameGroups(self.reference.clone()));
        }
        let between = |option, value: f64, low, high| {
            if value >= low && value <= high {
                Ok(())
            } else {
                Err(SimulateError::OutOfRange { option, value, low, high })
            }
        };
        between("replicates", self.replicates as f64, 1.0, 1_000.0)?;
        between("library_size", self.library_size, 1.0, 1e10)?;
        between("library_size_spread", self.library_size_spread, 0.0, 5.0)?;
        between("abundance_spread", self.abundance_spread, 0.0, 5.0)?;
        between("bcv", self.bcv, 0.0, 5.0)?;
        between("dispersion_trend", self.dispersion_trend, 0.0, 100.0)?;
        between("prior_df", self.prior_df, f64::MIN_POSITIVE, f64::MAX)?;
        between("fraction_changed", self.fraction_changed, 0.0, 1.0)?;
        between("up_fraction", self.up_fraction, 0.0, 1.0)?;
        between("smallest_log2_fold_change", self.smallest_log2_fold_change, 0.0, 20.0)?;
        between("excess_log2_fold_change", self.excess_log2_fold_change, 0.0, 20.0)?;
        for programme in &self.programmes {
            between("programme log2_fold_change", programme.log2_fold_change, -20.0, 20.0)?;
            between("programme spread", programme.spread, 0.0, 20.0)?;
            between("programme abundance", programme.abundance[0], -20.0, programme.abundance[1])?;
            between("programme abundance", programme.abundance[1], programme.abundance[0], 20.0)?;
        }
        let reads = &self.reads;
        between("read_length", f64::from(reads.read_length), 20.0, 1_000.0)?;
        between("fragment_mean", reads.fragment_mean, 20.0, 10_000.0)?;
        between("fragment_sd", reads.fragment_sd, 0.0, 5_000.0)?;
        let fractions = [
            ("intronic", reads.intronic),
            ("intergenic", reads.intergenic),
            ("multi_mapped", reads.multi_mapped),
            ("unmapped", reads.unmapped),
            ("duplicates", reads.duplicates),
            ("half_mapped", reads.half_mapped),
        ];
        for (option, fraction) in fractions {
            between(option, fraction, 0.0, 1.0)?;
        }
        between("fraction of fragments off the exons", reads.off_exons(), 0.0, 0.9)?;
        between("mismatches", reads.mismatches, 0.0, 0.1)?;
        between("compression", f64::from(reads.compression), 0.0, 12.0)
    }
}

impl ReadOptions {
    /// Fraction of all fragments that are not counted to the gene they belong to.
    pub(crate) fn off_exons(&self) -> f64 {
        self.intronic + self.intergenic + self.multi_mapped + self.unmapped
    }
}
