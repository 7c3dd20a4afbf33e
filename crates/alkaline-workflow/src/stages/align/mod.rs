//! `align`: reads to their places on the genome by HISAT2, into a BAM by samtools.
//!
//! The two programs are not joined by a pipe of their own: what flows between them passes through us, and samtools is told
//! that the alignments are complete only when HISAT2 has ended well and every read has come back. A BAM that is there is whole.

mod flow;
mod options;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use alkaline_core::file_names::file_stem;
use alkaline_core::samples::Reads;
use alkaline_io::ReadError;
use alkaline_io::hisat2::AlignmentSummary;
use serde::{Deserialize, Serialize};

pub use options::{AlignOptions, BamOrder};

use super::hisat2_index::Hisat2Index;
use super::hisat2_programs::aligner;
use super::reads;
use crate::error::WorkflowError;
use crate::programs::{Program, Running, Scratch, SearchPath, Started, Trouble};
use flow::{Alignments, Fed};

/// A smaller share of reads with a place is worth a warning.
const LOW_RATE: f64 = 0.5;

/// Longest contig that a BAI index can describe; beyond, CSI can.
const LONGEST_IN_BAI: u64 = (1 << 29) - 1;

/// Of so many threads one helps with sorting: HISAT2 is what takes time.
const THREADS_A_SORTER: usize = 4;

/// What alignment left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Aligned {
    /// The alignments, below the root.
    pub bam: PathBuf,
    /// All files that were made, below the root; the log is not among them.
    pub files: Vec<PathBuf>,
    /// Fragments: reads, or pairs.
    pub fragments: u64,
    /// Fragments with one place: pairs whose mates lie as they should, or single reads.
    pub once: u64,
    /// Fragments with several places.
    pub repeatedly: u64,
    /// Share of reads with a place, from 0 to 1.
    pub alignment_rate: f64,
    /// HISAT2 and samtools, with their versions.
    pub programs: Vec<Program>,
    /// What was decided by evidence.
    pub notices: Vec<String>,
    /// What the user should look at.
    pub warnings: Vec<String>,
}

/// Where the files of a sample lie, below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlignFiles {
    /// The alignments.
    pub bam: PathBuf,
    /// HISAT2's summary for MultiQC.
    pub summary: PathBuf,
    /// What both programs said.
    pub log: PathBuf,
}

impl AlignFiles {
    /// The files of `sample`.
    pub fn of(sample: &str) -> Self {
        let stem = file_stem(sample);
        Self {
            bam: Path::new("alignments").join(format!("{stem}.bam")),
            summary: Path::new("multiqc").join(format!("{stem}.hisat2.txt")),
            log: Path::new(".alkaline/logs").join(format!("align-{stem}.log")),
        }
    }
}

/// Everything that the alignment of a sample needs.
struct Alignment<'a> {
    sample: &'a str,
    reads: &'a Reads,
    index: &'a Hisat2Index,
    options: &'a AlignOptions,
    hisat2: Program,
    samtools: Program,
    threads: usize,
    log: PathBuf,
    scratch: Scratch,
}

/// Aligns the reads of `sample` to the genome of `index`, and leaves the files that [`AlignFiles`] names below `root`.
///
/// The same reads and options give the same BAM at any number of threads.
///
/// # Errors
/// [`WorkflowError::Read`] for FASTQ files that are damaged or do not fit each other, [`WorkflowError::Design`] for a sample
/// without reads, [`WorkflowError::Program`] when a program is missing or fails, and [`WorkflowError::Write`].
pub fn align(
    sample: &str,
    reads: &Reads,
    index: &Hisat2Index,
    options: &AlignOptions,
    search: &SearchPath,
    root: &Path,
    threads: usize,
) -> Result<Aligned, WorkflowError> {
    reads::check(reads, sample)?;
    let hisat2 = aligner(search, index.is_large)?;
    let samtools = search.program("samtools")?;
    let scratch = Scratch::below(root)?;
    let log = scratch.file("align.log");
    let work =
        Alignment { sample, reads, index, options, hisat2, samtools, threads: threads.max(1), log, scratch };
    let outcome = work.run();
    let files = AlignFiles::of(sample);
    if work.log.exists() {
        flow::cut_summary(&work.log)?;
        work.scratch.finish(&[("align.log".into(), files.log.clone())])?;
    }
    let (fed, summary, bam_index) =
        outcome.map_err(|error| error.with_log_moved(Some(&root.join(&files.log))))?;
    let index_place = Path::new("alignments").join(&bam_index);
    let mut moves: Vec<(PathBuf, PathBuf)> =
        vec![(work.bam_name().into(), files.bam.clone()), ("summary.txt".into(), files.summary.clone())];
    if !bam_index.as_os_str().is_empty() {
        moves.push((bam_index, index_place));
    }
    work.scratch.finish(&moves)?;
    let made = moves.into_iter().map(|(_, place)| place).collect();
    Ok(work.aligned(fed, &summary, files.bam, made))
}

impl Alignment<'_> {
    fn bam_name(&self) -> String {
        format!("{}.bam", file_stem(self.sample))
    }

    /// Runs both programs; gives what went in, what HISAT2 says of it, and the name of the BAM's index, if there is one.
    fn run(&self) -> Result<(Fed, AlignmentSummary, PathBuf), WorkflowError> {
        let mut hisat2 = self.start_hisat2()?;
        let (Some(input), Some(output)) = (hisat2.input(), hisat2.output()) else {
            return Err(hisat2.failure(Trouble::Wrong("has no input or output".to_owned())).into());
        };
        std::thread::scope(|scope| {
            let feeder = scope.spawn(|| flow::feed(self.reads, input));
            let joined = |feeder: std::thread::ScopedJoinHandle<'_, Result<Fed, ReadError>>| {
                feeder.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            let in_output = |hisat2: &Running, error: std::io::Error| {
                hisat2.failure(Trouble::Wrong(format!("cannot be listened to: {error}")))
            };
            let alignments = match Alignments::begin(output) {
                Ok(alignments) => alignments,
                Err(error) => {
                    hisat2.kill();
                    return Err(in_output(&hisat2, error).into());
                }
            };
            if alignments.header.is_empty() {
                // It ended before it began: it will say why, unless the reads are to blame.
                let ended = hisat2.wait();
                joined(feeder)?;
                ended?;
                return Err(hisat2.failure(Trouble::Wrong("gave no alignments".to_owned())).into());
            }
            let longest = alignments.longest_contig;
            let mut samtools = self.start_samtools(longest)?;
            let Some(writer) = samtools.input() else {
                return Err(samtools.failure(Trouble::Wrong("has no input".to_owned())).into());
            };
            let relay = scope.spawn(|| alignments.hand_on(writer));
            let fed = joined(feeder);
            if fed.is_err() {
                hisat2.kill();
            }
            let handed_on = relay.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let fed = fed?;
            let (writer, came_back) = match handed_on {
                Ok(handed_on) => handed_on,
                Err(error) => return Err(self.interrupted_flow(hisat2, samtools, &error)),
            };
            // Only now may samtools finish: an error drops it, and it is killed before its input ends.
            hisat2.wait().inspect_err(|_| samtools.kill())?;
            self.check(fed, came_back, &hisat2).inspect_err(|_| samtools.kill())?;
            drop(writer);
            samtools.wait()?;
            let summary = AlignmentSummary::read(&self.scratch.file("summary.txt")).map_err(|error| {
                hisat2.failure(Trouble::Wrong(format!("left no summary: {}", error.message())))
            })?;
            Ok((fed, summary, self.bam_index(longest)))
        })
    }

    /// The flow between the programs broke: whose fault it is.
    fn interrupted_flow(
        &self,
        mut hisat2: Running,
        mut samtools: Running,
        error: &std::io::Error,
    ) -> WorkflowError {
        if error.kind() == std::io::ErrorKind::UnexpectedEof {
            samtools.kill();
            let ended = hisat2.wait();
            let cut_off =
                || hisat2.failure(Trouble::Wrong("stopped in the middle of an alignment".to_owned()));
            return ended.err().unwrap_or_else(cut_off).into();
        }
        // samtools wants no more; HISAT2 would not end by itself.
        hisat2.kill();
        match samtools.wait() {
            Err(failure) => failure.into(),
            Ok(()) => samtools.failure(Trouble::Wrong(format!("stopped reading ({error})"))).into(),
        }
    }

    /// Refuses a sample without reads, and an aligner that lost some.
    fn check(&self, fed: Fed, came_back: u64, hisat2: &Running) -> Result<(), WorkflowError> {
        if fed.fragments == 0 {
            let files: Vec<String> = self.reads.files().map(|file| file.display().to_string()).collect();
            return Err(WorkflowError::design_with_hint(
                format!("sample {} has no reads: {} hold none", self.sample, files.join(", ")),
                "leave the sample out, or fetch its files again",
            ));
        }
        let expected = fed.fragments * if self.reads.is_paired() { 2 } else { 1 };
        if fed.refused || came_back != expected {
            let what = format!("gave back {came_back} of {expected} reads, and said nothing");
            return Err(hisat2.failure(Trouble::Wrong(what)).into());
        }
        Ok(())
    }

    fn start_hisat2(&self) -> Result<Running, WorkflowError> {
        let mut words: Vec<OsString> = ["--wrapper", "basic-0", "-x"].map(OsString::from).to_vec();
        words.push(self.index.prefix.clone().into());
        words.extend(["-p".into(), self.threads.to_string().into(), "--reorder".into()]);
        words.extend(["--tab5".into(), "-".into()]);
        words.extend(["--new-summary", "--summary-file", "summary.txt"].map(OsString::from));
        words.extend(["--rg-id".into(), self.read_group().into()]);
        words.extend(["--rg".into(), format!("SM:{}", self.read_group()).into()]);
        if let Some(sites) = &self.index.splice_sites {
            words.extend(["--known-splicesite-infile".into(), sites.clone().into()]);
        }
        words.extend(self.options.arguments(self.reads.is_paired()).into_iter().map(OsString::from));
        self.start("hisat2", &self.hisat2, words, true)
    }

    /// The sample's name as a header may hold it.
    fn read_group(&self) -> String {
        self.sample.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect()
    }

    fn start_samtools(&self, longest_contig: u64) -> Result<Running, WorkflowError> {
        let helpers = (self.threads / THREADS_A_SORTER).to_string();
        let bam = self.bam_name();
        let words: Vec<OsString> = match self.options.order {
            BamOrder::Coordinate => {
                let out = format!("{bam}##idx##{}", self.bam_index(longest_contig).display());
                let fixed = ["sort", "--no-PG", "--write-index", "-O", "bam", "-T", "sort", "-@"];
                fixed
                    .iter()
                    .map(OsString::from)
                    .chain([helpers.into(), "-o".into(), out.into(), "-".into()])
                    .collect()
            }
            BamOrder::Name => {
                let fixed = ["view", "--no-PG", "-b", "-@"];
                fixed
                    .iter()
                    .map(OsString::from)
                    .chain([helpers.into(), "-o".into(), bam.into(), "-".into()])
                    .collect()
            }
        };
        self.start("samtools", &self.samtools, words, false)
    }

    /// The name of the index beside the BAM; empty where there is none.
    fn bam_index(&self, longest_contig: u64) -> PathBuf {
        let ending = if longest_contig > LONGEST_IN_BAI { "csi" } else { "bai" };
        match self.options.order {
            BamOrder::Coordinate => format!("{}.{ending}", self.bam_name()).into(),
            BamOrder::Name => PathBuf::new(),
        }
    }

    fn start(
        &self,
        name: &'static str,
        program: &Program,
        arguments: Vec<OsString>,
        read: bool,
    ) -> Result<Running, WorkflowError> {
        let about = format!("sample {}", self.sample);
        let folder = self.scratch.path();
        Started { name, program, about, log: &self.log, folder, arguments, fed: true, read }.start()
    }

    fn aligned(self, fed: Fed, summary: &AlignmentSummary, bam: PathBuf, files: Vec<PathBuf>) -> Aligned {
        let sample = self.sample;
        let mut notices = Vec::new();
        if fed.converted {
            notices.push(format!("sample {sample}: its qualities are those of machines before 2011 (Phred+64); they were converted"));
        }
        let mut warnings = Vec::new();
        if summary.rate < LOW_RATE {
            warnings.push(format!(
                "sample {sample}: only {:.1} % of its reads have a place on the genome of {}; is it the right genome, \
                 were adapters left in, is there RNA of another organism?",
                100.0 * summary.rate,
                self.index.prefix.display()
            ));
        }
        let is_paired = self.reads.is_paired();
        Aligned {
            bam,
            files,
            fragments: fed.fragments,
            once: if is_paired { summary.concordant_once } else { summary.once },
            repeatedly: if is_paired { summary.concordant_repeatedly } else { summary.repeatedly },
            alignment_rate: summary.rate,
            programs: vec![self.hisat2, self.samtools],
            notices,
            warnings,
        }
    }
}
