//! Why counting stopped.

use std::io;
use std::path::PathBuf;

use alkaline_core::{GenomeBuild, IndexError, SampleId};
use thiserror::Error;

/// Why reads could not be counted.
#[derive(Debug, Error)]
pub enum CountError {
    /// An alignment file is not there.
    #[error("{}: no such file", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// The file is not what its name or position promises.
    #[error("{}: {problem}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: FormatProblem,
    },
    /// No contig of the alignments is in the annotation.
    #[error(transparent)]
    NoCommonContig(Box<ContigMismatch>),
    /// Paired reads where single-end ones were promised.
    #[error("{}: paired-end reads were detected in a single-end read library", path.display())]
    PairedReads {
        /// The file.
        path: PathBuf,
    },
    /// No paired read where pairs were promised.
    #[error("{}: no paired-end reads were detected in a paired-end read library", path.display())]
    NoPairedReads {
        /// The file.
        path: PathBuf,
    },
    /// The strand rule cannot be told from the data.
    #[error(
        "{}: the strandedness is ambiguous: {forward} fragments fit forward, {reverse} reverse, {unstranded} either",
        path.display()
    )]
    AmbiguousStrandedness {
        /// The file.
        path: PathBuf,
        /// Fragments assigned with `-s 0`.
        unstranded: u64,
        /// Fragments assigned with `-s 1`.
        forward: u64,
        /// Fragments assigned with `-s 2`.
        reverse: u64,
    },
    /// Two alignment files of the same sample name, or two genes of the same identifier.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// Options that contradict each other.
    #[error("{0}")]
    Options(String),
    /// A part to be merged does not fit the others.
    #[error("part `{sample}` does not fit the first: {problem}")]
    PartMismatch {
        /// First sample of the part.
        sample: SampleId,
        /// How it differs.
        problem: String,
    },
}

impl CountError {
    /// Whether the input (rather than the machine or the usage) is at fault.
    pub fn is_bad_input(&self) -> bool {
        match self {
            Self::Io { source, .. } => source.kind() == io::ErrorKind::IsADirectory,
            Self::Options(_) => false,
            _ => true,
        }
    }

    /// What to do next, where something helps.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Format { problem, .. } => problem.hint(),
            Self::NoCommonContig(mismatch) => Some(mismatch.hint()),
            Self::PairedReads { .. } => {
                Some("count fragments with -p --countReadPairs, or reads with -p".into())
            }
            Self::NoPairedReads { .. } => Some("leave -p out for single-end reads".into()),
            Self::AmbiguousStrandedness { .. } => {
                Some("say how the library was made: -s 0 (unstranded), 1 (forward) or 2 (reverse)".into())
            }
            _ => None,
        }
    }
}

/// What is wrong with an alignment file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FormatProblem {
    /// Neither SAM nor BAM nor CRAM.
    #[error("this is not a BAM, SAM or CRAM file (it begins with {start})")]
    NotAlignments {
        /// The first bytes, readable.
        start: String,
    },
    /// CRAM that is no file: htslib opens it by its name, and what was read to recognise it is gone.
    #[error("CRAM is read from files only, not from a pipe")]
    PipedCram,
    /// Empty file.
    #[error("the file is empty")]
    Empty,
    /// The last block is cut short.
    #[error("the file is truncated: it ends inside the block at byte {offset}")]
    TruncatedBlock {
        /// Where the block begins.
        offset: u64,
    },
    /// The end-of-file marker is missing.
    #[error("the file is truncated: its end-of-file marker is missing")]
    NoEndMarker,
    /// The last record is cut short.
    #[error("the file is truncated: it ends inside a record")]
    TruncatedRecord,
    /// A block that does not inflate to what it says.
    #[error("the file is corrupt: the block at byte {offset} {problem}")]
    CorruptBlock {
        /// Where the block begins.
        offset: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A record that makes no sense.
    #[error("the file is corrupt: record {number} {problem}")]
    CorruptRecord {
        /// 1-based number of the record.
        number: u64,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A SAM line that makes no sense.
    #[error("line {line}: {problem}")]
    SamLine {
        /// 1-based number of the line.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The header makes no sense.
    #[error("the header is corrupt: {0}")]
    Header(&'static str),
    /// The genome is not in the format that is read.
    #[error("this is not a FASTA file: {0}")]
    NotFasta(String),
    /// A CRAM file that htslib could not read.
    #[error("htslib cannot read it: {problem}")]
    Cram {
        /// What htslib says.
        problem: String,
        /// Whether a genome was given to read it with.
        reference_given: bool,
    },
    /// Compressed text that does not inflate, and the like.
    #[error("{0}")]
    Unreadable(String),
}

impl FormatProblem {
    fn hint(&self) -> Option<String> {
        let text = match self {
            Self::TruncatedBlock { .. } | Self::NoEndMarker | Self::TruncatedRecord => {
                "the copy or the program that wrote it was interrupted; fetch or write the file again"
            }
            Self::CorruptBlock { .. } | Self::CorruptRecord { .. } | Self::Unreadable(_) => {
                "compare the checksum with the original; `samtools quickcheck` and `samtools view -c` test a file"
            }
            Self::PipedCram => "give the path of the file, or pipe BAM: `samtools view -u -T genome.fa FILE`",
            Self::NotFasta(_) => {
                "give the sequences of the genome as FASTA, plain or gzipped; `samtools faidx` makes its index anew"
            }
            Self::Cram { reference_given: false, .. } => {
                "a CRAM file needs the genome it was made with: --reference genome.fa"
            }
            Self::Cram { reference_given: true, .. } => {
                "the file is damaged, or the genome given is not the one it was made with (`samtools view -H` shows its \
                 name under UR: and the checksum of each contig under M5:)"
            }
            _ => return None,
        };
        Some(text.to_owned())
    }
}

/// What the alignments and the annotation call their contigs, when none agrees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContigMismatch {
    /// The alignments.
    pub path: PathBuf,
    /// Contigs in the header of the alignments.
    pub alignment_contigs: Vec<String>,
    /// The build that the contig lengths tell.
    pub build: Option<GenomeBuild>,
    /// The annotation.
    pub annotation: String,
    /// Contigs in the annotation.
    pub annotation_contigs: Vec<String>,
}

/// How many names of either side are shown.
const NAMES_SHOWN: usize = 3;

impl ContigMismatch {
    fn hint(&self) -> String {
        match self.build {
            Some(build) => format!(
                "the alignments were made on {}: give an annotation of that build (built in: {})",
                build.description(),
                build.name()
            ),
            None => {
                "give an annotation of the genome that the reads were aligned to, or a table of names with -A"
                    .into()
            }
        }
    }
}

impl std::error::Error for ContigMismatch {}

impl std::fmt::Display for ContigMismatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = |names: &[String]| {
            if names.is_empty() {
                return "no contig at all".to_owned();
            }
            let shown: Vec<String> = names.iter().take(NAMES_SHOWN).map(|name| format!("`{name}`")).collect();
            shown.join(", ")
        };
        let lengths = self.build.map(|build| format!(" ({} lengths)", build.name())).unwrap_or_default();
        writeln!(
            f,
            "none of the {} contigs of {} is in the annotation",
            self.alignment_contigs.len(),
            self.path.display()
        )?;
        write!(
            f,
            "  the alignments say {}{lengths}; {} says {}",
            names(&self.alignment_contigs),
            self.annotation,
            names(&self.annotation_contigs)
        )
    }
}
