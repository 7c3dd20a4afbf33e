//! `clean`: adapters and poor ends cut off, poor reads left out, by fastp.
//!
//! fastp 0.23 reports success whatever happens to its input: a file that is cut off, mates that are missing or in another
//! order, a compressed file without `.gz`. So while it works every read is looked at here, the two counts are compared, and
//! what it wrote is read back.

mod inputs;
mod options;
mod report;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use alkaline_core::file_names::file_stem;
use alkaline_core::samples::{Lane, Reads};
use alkaline_io::ReadError;
use alkaline_io::fastp::FastpReport;
use alkaline_io::fastq::{FastqPairs, QualityEncoding, QualityRange, ReadPair};
use serde::{Deserialize, Serialize};

pub use options::{CleanOptions, PolyG};

use super::reads;
use crate::error::WorkflowError;
use crate::programs::{Program, ProgramError, Running, Scratch, SearchPath, Started, Trouble};

/// Threads of fastp: its own default, whatever else the machine has, because the insert sizes in its report depend on their
/// number.
const THREADS: &str = "3";

/// How often fastp and the reading beside it are looked after.
const INTERVAL: Duration = Duration::from_millis(10);

/// A smaller share of reads kept is worth a warning.
const FEW_KEPT: f64 = 0.5;

/// What cleaning left.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cleaned {
    /// The cleaned reads, below the root; of a sample that is not cleaned, its own.
    pub reads: Reads,
    /// All files that were made, below the root; the log is not among them.
    pub files: Vec<PathBuf>,
    /// Reads that came in; a pair counts twice.
    pub reads_before: u64,
    /// Reads that were kept.
    pub reads_after: u64,
    /// Reads that lost an adapter.
    pub adapter_trimmed: u64,
    /// Why reads were left out, and how many.
    pub left_out: Vec<(String, u64)>,
    /// fastp, with its version.
    pub program: Option<Program>,
    /// What was decided by evidence.
    pub notices: Vec<String>,
    /// What the user should look at.
    pub warnings: Vec<String>,
}

/// Where the files of a sample lie, below the root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanFiles {
    /// The cleaned reads: one lane.
    pub reads: Reads,
    /// fastp's report for MultiQC.
    pub json: PathBuf,
    /// fastp's report for people.
    pub html: PathBuf,
    /// What fastp said.
    pub log: PathBuf,
}

impl CleanFiles {
    /// The files of `sample`.
    pub fn of(sample: &str, is_paired: bool) -> Self {
        let stem = file_stem(sample);
        let [first, second] = names(&stem, is_paired);
        let lane = Lane {
            first: Path::new("reads").join(first),
            second: is_paired.then(|| Path::new("reads").join(second)),
        };
        Self {
            reads: Reads { lanes: vec![lane] },
            json: Path::new("multiqc").join(format!("{stem}.fastp.json")),
            html: Path::new("reads").join(format!("{stem}.fastp.html")),
            log: Path::new(".alkaline/logs").join(format!("clean-{stem}.log")),
        }
    }
}

/// Names of compressed FASTQ files: MultiQC calls the sample by what stands before `_R1`.
fn names(stem: &str, is_paired: bool) -> [String; 2] {
    let first = if is_paired { format!("{stem}_R1.fastq.gz") } else { format!("{stem}.fastq.gz") };
    [first, format!("{stem}_R2.fastq.gz")]
}

/// Cleans the reads of `sample`, and leaves the files that [`CleanFiles`] names below `root`.
///
/// # Errors
/// [`WorkflowError::Read`] for FASTQ files that are damaged or do not fit each other, [`WorkflowError::Design`] for a sample
/// without reads, or without any after cleaning, [`WorkflowError::Program`] when fastp is missing or fails, and
/// [`WorkflowError::Write`].
pub fn clean(
    sample: &str,
    reads: &Reads,
    options: &CleanOptions,
    search: &SearchPath,
    root: &Path,
) -> Result<Cleaned, WorkflowError> {
    reads::check(reads, sample)?;
    if !options.enabled {
        return Ok(not_cleaned(reads));
    }
    let program = search.program("fastp")?;
    let mut notices = Vec::new();
    let encoding = inputs::encoding(sample, reads, &mut notices)?;
    let scratch = Scratch::below(root)?;
    let files = CleanFiles::of(sample, reads.is_paired());
    let stem = file_stem(sample);
    let given = inputs::gather(reads, &stem, &scratch)?;
    let log = scratch.file("fastp.log");
    let started = Started {
        name: "fastp",
        program: &program,
        about: format!("sample {sample}"),
        log: &log,
        folder: scratch.path(),
        arguments: arguments(&given, &stem, options, encoding),
        fed: false,
        read: false,
    };
    let outcome = work(started, reads).and_then(|Worked { running, met, ended }| {
        refuse_without_reads(sample, reads, met.fragments)?;
        ended?;
        check_encoding(reads, encoding, met.range)?;
        check_outcome(sample, reads, &running, met.fragments, &scratch, &stem)
    });
    keep_log(&scratch, &files.log)?;
    let report = outcome.map_err(|error| error.with_log_moved(Some(&root.join(&files.log))))?;
    report::without_times(&scratch.file(format!("{stem}.fastp.html")))?;
    scratch.finish(&moves(&files, &stem))?;
    Ok(cleaned(sample, &report, files, program, notices))
}

/// A sample that goes on as it is.
fn not_cleaned(reads: &Reads) -> Cleaned {
    Cleaned {
        reads: reads.clone(),
        files: Vec::new(),
        reads_before: 0,
        reads_after: 0,
        adapter_trimmed: 0,
        left_out: Vec::new(),
        program: None,
        notices: Vec::new(),
        warnings: Vec::new(),
    }
}

fn cleaned(
    sample: &str,
    report: &FastpReport,
    files: CleanFiles,
    program: Program,
    notices: Vec<String>,
) -> Cleaned {
    let (before, after) = (report.reads_before(), report.reads_after());
    let mut warnings = Vec::new();
    if (after as f64) < FEW_KEPT * before as f64 {
        warnings.push(format!(
            "sample {sample}: only {after} of {before} reads are left after cleaning ({})",
            reasons(report)
        ));
    }
    let made = files.reads.files().cloned().chain([files.json.clone(), files.html.clone()]).collect();
    Cleaned {
        reads: files.reads,
        files: made,
        reads_before: before,
        reads_after: after,
        adapter_trimmed: report.adapter_trimmed(),
        left_out: report.left_out().into_iter().map(|(why, reads)| (why.to_owned(), reads)).collect(),
        program: Some(program),
        notices,
        warnings,
    }
}

/// Where fastp writes, below its folder.
fn written(stem: &str, is_paired: bool) -> Lane {
    let [first, second] = names(stem, is_paired);
    Lane {
        first: Path::new("cleaned").join(first),
        second: is_paired.then(|| Path::new("cleaned").join(second)),
    }
}

fn moves(files: &CleanFiles, stem: &str) -> Vec<(PathBuf, PathBuf)> {
    let lane = written(stem, files.reads.is_paired());
    let from = [Some(lane.first), lane.second].into_iter().flatten();
    let mut moves: Vec<_> = from.zip(files.reads.files().cloned()).collect();
    moves.push((format!("{stem}.fastp.json").into(), files.json.clone()));
    moves.push((format!("{stem}.fastp.html").into(), files.html.clone()));
    moves
}

/// fastp's arguments: names alone, so that its report is the same wherever the reads lie.
fn arguments(given: &Lane, stem: &str, options: &CleanOptions, encoding: QualityEncoding) -> Vec<OsString> {
    let out = written(stem, given.second.is_some());
    let mut words: Vec<OsString> = vec!["--in1".into(), given.first.clone().into()];
    words.extend(["--out1".into(), out.first.into()]);
    if let (Some(given), Some(out)) = (&given.second, out.second) {
        words.extend(["--in2".into(), given.into(), "--out2".into(), out.into()]);
    }
    words.extend(["--json".into(), format!("{stem}.fastp.json").into()]);
    words.extend(["--html".into(), format!("{stem}.fastp.html").into()]);
    words.extend(["--thread".into(), THREADS.into()]);
    if encoding == QualityEncoding::Phred64 {
        words.push("--phred64".into());
    }
    words.extend(options.arguments(given.second.is_some()).into_iter().map(OsString::from));
    words
}

/// The reads as they were met beside fastp.
#[derive(Clone, Copy, Debug, Default)]
struct Met {
    fragments: u64,
    range: QualityRange,
}

/// fastp at its end.
struct Worked {
    running: Running,
    met: Met,
    ended: Result<(), ProgramError>,
}

/// Lets fastp work, and looks at every read meanwhile; what is wrong with the reads is told before what fastp says.
fn work(started: Started<'_>, reads: &Reads) -> Result<Worked, WorkflowError> {
    let mut running = started.start()?;
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let beside = scope.spawn(|| look_at(reads, &stop));
        let mut ended = None;
        while ended.is_none() && !beside.is_finished() {
            ended = match running.try_wait() {
                Ok(false) => None,
                Ok(true) => Some(Ok(())),
                Err(error) => Some(Err(error)),
            };
            std::thread::sleep(INTERVAL);
        }
        // Whether the input is to blame for a failure is told by reading it to its end.
        stop.store(matches!(&ended, Some(Err(error)) if !error.is_bad_input()), Ordering::Relaxed);
        let met = beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let ended = ended.unwrap_or_else(|| running.wait());
        Ok(Worked { running, met, ended })
    })
}

/// Reads all files of a sample.
fn look_at(reads: &Reads, stop: &AtomicBool) -> Result<Met, ReadError> {
    let mut met = Met::default();
    let mut pair = ReadPair::default();
    for lane in &reads.lanes {
        let mut pairs = FastqPairs::open(&lane.first, lane.second.as_deref())?;
        while pairs.advance(&mut pair)? {
            met.range.add(&pair.first.qualities);
            if lane.second.is_some() {
                met.range.add(&pair.second.qualities);
            }
            if stop.load(Ordering::Relaxed) {
                return Ok(met);
            }
        }
        met.fragments += pairs.fragments();
    }
    Ok(met)
}

/// Refuses reads whose qualities began like old ones and did not go on so.
fn check_encoding(
    reads: &Reads,
    encoding: QualityEncoding,
    range: QualityRange,
) -> Result<(), WorkflowError> {
    if encoding == range.encoding() || encoding == QualityEncoding::Phred33 {
        return Ok(());
    }
    let files: Vec<String> = reads.files().map(|file| file.display().to_string()).collect();
    Err(WorkflowError::design_with_hint(
        format!(
            "{}: the qualities begin as Phred+64, and later hold `{}`, which only Phred+33 has",
            files.join(", "),
            char::from(range.lowest)
        ),
        "files of different machines were joined: give them as lanes, or clean them by themselves",
    ))
}

fn refuse_without_reads(sample: &str, reads: &Reads, fragments: u64) -> Result<(), WorkflowError> {
    if fragments > 0 {
        return Ok(());
    }
    let files: Vec<String> = reads.files().map(|file| file.display().to_string()).collect();
    Err(WorkflowError::design_with_hint(
        format!("sample {sample} has no reads: {} hold none", files.join(", ")),
        "leave the sample out, or fetch its files again",
    ))
}

/// fastp's report, if it read all reads, kept some, and what it wrote is whole.
fn check_outcome(
    sample: &str,
    reads: &Reads,
    running: &Running,
    fragments: u64,
    scratch: &Scratch,
    stem: &str,
) -> Result<FastpReport, WorkflowError> {
    let per_fragment = if reads.is_paired() { 2 } else { 1 };
    let wrong = |what: String| WorkflowError::from(running.failure(Trouble::Wrong(what)));
    let report = FastpReport::read(&scratch.file(format!("{stem}.fastp.json")))
        .map_err(|error| wrong(format!("left no report: {}", error.message())))?;
    let expected = per_fragment * fragments;
    if report.reads_before() != expected {
        return Err(wrong(format!(
            "read {} of {expected} reads and said nothing: its version cannot read these files \
             (1.3 stops at the first empty block of a file compressed by bgzip); unpack them and compress them by gzip",
            report.reads_before()
        )));
    }
    if report.reads_after() == 0 {
        return Err(WorkflowError::design_with_hint(
            format!(
                "sample {sample}: none of its {expected} reads is left after cleaning ({})",
                reasons(&report)
            ),
            "is this the right file? loosen the thresholds of [clean], or leave the sample out",
        ));
    }
    let lane = written(stem, reads.is_paired());
    let out = reads::below(&Reads { lanes: vec![lane] }, scratch.path());
    let met = look_at(&out, &AtomicBool::new(false))
        .map_err(|error| wrong(format!("left a damaged file ({})", error.message())))?;
    if per_fragment * met.fragments != report.reads_after() {
        let written = per_fragment * met.fragments;
        return Err(wrong(format!("left {written} reads, and says {}", report.reads_after())));
    }
    Ok(report)
}

fn reasons(report: &FastpReport) -> String {
    let each = report.left_out().into_iter().map(|(why, reads)| format!("{reads} {why}"));
    each.collect::<Vec<_>>().join(", ")
}

/// The log stays, also of a work that failed.
fn keep_log(scratch: &Scratch, place: &Path) -> Result<(), WorkflowError> {
    if scratch.file("fastp.log").exists() {
        scratch.finish(&[("fastp.log".into(), place.to_owned())])?;
    }
    Ok(())
}
