//! The stage: alignment files and an annotation in, counts out.

use std::path::{Path, PathBuf};

use alkaline_core::annotation::GeneLocus;
use alkaline_core::genome::{Contig, Layout, Strandedness};
use alkaline_core::results::{
    Assignment, CountSummary, CountTable, GeneFacts, JunctionTable, SampleQc, StrandednessEvidence,
};
use alkaline_core::{Annotation, CountMatrix, PerGene, SampleId, SampleIndex};

use crate::counters::{MeasuredCounter, MeasuredFile, Tally, TouchCounter};
use crate::details::{DetailSink, detail_paths};
use crate::doubts::Doubts;
use crate::engine::{self, Glance, Threads, first_records};
use crate::error::CountError;
use crate::genome_fit::{Elsewhere, GenomeFit};
use crate::input::{self, AlignmentHeader, OpenInput, OpenOptions};
use crate::junctions::{FileJunctions, GenomeSequence, tabulate, without_sequence};
use crate::meter::Meter;
use crate::options::{CountOptions, CountUnit, DetailFormat, StrandRule};
use crate::plan::Plan;
use crate::qc::{QcCollector, QcInput, rule_number, summarise};
use crate::strandedness::{evidence, is_thin};

/// Records at the start of a file that are looked at again, where something is odd.
const LOOKED_AT_AGAIN: usize = 10_000;

/// One alignment file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BamInput {
    /// Name of its column.
    pub sample: SampleId,
    /// The file; `-` is standard input.
    pub path: PathBuf,
    /// Its own strand rule, in place of [`CountOptions::strandedness`].
    pub strandedness: Option<StrandRule>,
}

impl BamInput {
    /// The file at `path`, counted under the name `sample`.
    pub fn new(sample: impl Into<SampleId>, path: impl Into<PathBuf>) -> Self {
        Self { sample: sample.into(), path: path.into(), strandedness: None }
    }
}

/// Counts by gene, and what was learned on the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Counted {
    /// Counts, with the place, length, symbol and biotype of each gene.
    pub table: CountTable,
    /// What became of every read.
    pub summary: CountSummary,
    /// Read QC, one per file.
    pub qc: Vec<SampleQc>,
}

/// Counts by unit: by gene, or with [`CountOptions::by_feature`] by row of the annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitCounts {
    /// Counts, one row per unit in the order of the annotation, one value per column of `summary`.
    pub rows: Vec<Vec<f64>>,
    /// What became of every read; its samples name the columns.
    pub summary: CountSummary,
    /// Read QC, one per file.
    pub qc: Vec<SampleQc>,
    /// Splice junctions, with [`CountOptions::junctions`].
    pub junctions: Option<JunctionTable>,
    /// What the user should know about all files together.
    pub warnings: Vec<String>,
}

/// Counts the reads of `inputs` on the genes of `annotation`.
///
/// Rows are the genes in order of first appearance, columns the inputs in the order given. Every file is read once; with
/// [`StrandRule::Auto`] the counts are those of the rule that the data call for. The result does not depend on
/// [`CountOptions::threads`].
///
/// # Errors
/// [`CountError`]: files that are missing, truncated, corrupt or no alignments; no contig in common with the annotation;
/// a strandedness that the data leave open; sample names that repeat; options that contradict each other.
///
/// # Differences
/// The entries C-01 to C-15 of docs/explanation/deviations.md, few of them under [`Compat::FeatureCounts`](crate::Compat).
///
/// # References
/// Liao, Smyth & Shi (2014), Bioinformatics 30:923, doi:10.1093/bioinformatics/btt656.
pub fn count_reads(
    inputs: &[BamInput],
    annotation: &Annotation,
    options: &CountOptions,
) -> Result<Counted, CountError> {
    count_reads_watched(inputs, annotation, options, None)
}

/// As [`count_reads`]; `meter` tells those who watch how much of the file that is being read was read.
///
/// # Errors
/// As [`count_reads`].
pub fn count_reads_watched(
    inputs: &[BamInput],
    annotation: &Annotation,
    options: &CountOptions,
    meter: Option<&Meter>,
) -> Result<Counted, CountError> {
    if options.by_feature {
        return Err(CountError::Options("a gene table cannot hold counts by feature".to_owned()));
    }
    options.check()?;
    let counts = count_planned(inputs, None, Plan::new(options, annotation).watched(meter))?;
    let genes = annotation.gene_index()?;
    let values = counts.rows.into_iter().flatten().collect();
    let matrix = CountMatrix::new(genes.clone(), counts.summary.samples.clone(), values)?;
    let loci: Vec<GeneLocus> = annotation.loci();
    let facts = GeneFacts { loci: Some(PerGene::new(genes, loci)?), labels: Some(annotation.labels()?) };
    Ok(Counted { table: CountTable { matrix, facts }, summary: counts.summary, qc: counts.qc })
}

/// Counts the reads of `inputs` on the genes or, with [`CountOptions::by_feature`], on the rows of `annotation`.
///
/// `genome` tells the strand of splice junctions, where these are counted too.
///
/// # Errors
/// As [`count_reads`].
pub fn count_units(
    inputs: &[BamInput],
    annotation: &Annotation,
    genome: Option<&GenomeSequence>,
    options: &CountOptions,
) -> Result<UnitCounts, CountError> {
    options.check()?;
    count_planned(inputs, genome, Plan::new(options, annotation))
}

fn count_planned(
    inputs: &[BamInput],
    genome: Option<&GenomeSequence>,
    plan: Plan<'_>,
) -> Result<UnitCounts, CountError> {
    let (options, annotation) = (plan.options, plan.annotation);
    let samples: Vec<SampleId> = inputs.iter().map(|input| input.sample.clone()).collect();
    if !options.is_compat() {
        SampleIndex::new(samples.clone())?;
    }
    let detail_files = detail_files(inputs, options)?;
    let (mut columns, mut qc, mut junctions) = (Vec::new(), Vec::new(), Vec::new());
    for (input, details) in inputs.iter().zip(detail_files) {
        let input = &with_rule(input, annotation, options)?;
        let file = count_file(&plan, input, details)?;
        columns.extend(file.columns);
        qc.push(file.qc);
        junctions.extend(file.junctions);
    }
    let junctions = match options.junctions {
        true => Some(tabulate(&plan, genome, samples, &junctions)?),
        false => None,
    };
    let warnings = match (genome, &junctions) {
        (Some(genome), Some(table)) => without_sequence(genome, table).into_iter().collect(),
        _ => Vec::new(),
    };
    let rows =
        (0..plan.units).map(|unit| columns.iter().map(|column| column.counts[unit]).collect()).collect();
    let summary = CountSummary {
        // featureCounts counts a file that is named twice twice.
        samples: SampleIndex::with_repeats(columns.iter().map(|column| column.name.clone()).collect()),
        reads: columns.iter().map(|column| column.summary).collect(),
        non_split_only: options.filter.split == crate::SplitRule::NonSplitOnly,
    };
    Ok(UnitCounts { rows, summary, qc, junctions, warnings })
}

/// The file of `-R` for each input, where it was asked for.
fn detail_files(
    inputs: &[BamInput],
    options: &CountOptions,
) -> Result<Vec<Option<(DetailFormat, PathBuf)>>, CountError> {
    let Some(details) = &options.details else { return Ok(vec![None; inputs.len()]) };
    let paths: Vec<&Path> = inputs.iter().map(|input| input.path.as_path()).collect();
    let files = detail_paths(details, &paths, options)?;
    Ok(files.into_iter().map(|file| Some((details.format, file))).collect())
}

/// The header of the alignment file at `path`: contigs with lengths, read groups.
///
/// # Errors
/// [`CountError`] when the file is missing or its header cannot be read.
pub fn read_header(path: &Path) -> Result<AlignmentHeader, CountError> {
    let options = OpenOptions { reference: None, threads: 1, meter: None };
    input::open(path, options).map(|open| open.header)
}

/// What one file gave.
struct FileCounts {
    /// One, or one for each read group.
    columns: Vec<Column>,
    qc: SampleQc,
    junctions: Option<FileJunctions>,
}

/// Counts of a sample or read group.
struct Column {
    name: SampleId,
    counts: Vec<f64>,
    summary: [u64; Assignment::COUNT],
}

/// The input with the strand rule that the list of fates needs to know beforehand.
///
/// Under [`StrandRule::Auto`] the file is counted once for the rule alone.
fn with_rule(
    input: &BamInput,
    annotation: &Annotation,
    options: &CountOptions,
) -> Result<BamInput, CountError> {
    if options.details.is_none() || told_rule(options, input) != StrandRule::Auto {
        return Ok(input.clone());
    }
    if !input::can_be_read_twice(&input.path)? {
        return Err(CountError::Options(
            "-R with strandedness `auto` reads the alignments twice, which a pipe does not allow: give -s"
                .to_owned(),
        ));
    }
    let rule_only = CountOptions { details: None, junctions: false, qc: false, ..options.clone() };
    let found = count_file(&Plan::new(&rule_only, annotation), input, None)?.qc.strandedness.used;
    Ok(BamInput { strandedness: Some(found.into()), ..input.clone() })
}

/// How the files of a run are opened.
fn open_options<'a>(plan: &'a Plan<'_>) -> OpenOptions<'a> {
    let options = plan.options;
    OpenOptions { reference: options.reference.as_deref(), threads: options.threads, meter: plan.meter }
}

fn count_file(
    plan: &Plan<'_>,
    input: &BamInput,
    details: Option<(DetailFormat, PathBuf)>,
) -> Result<FileCounts, CountError> {
    let options = plan.options;
    let open_options = open_options(plan);
    let open = input::open(&input.path, open_options)?;
    check_contigs(plan, &open, &input.path)?;
    let threads = if options.pairs.adjacent_only { Threads::InOrder } else { Threads::Any(options.threads) };
    let reopen = || input::open(&input.path, open_options);
    let contigs = open.header.contigs.clone();
    match &plan.segments {
        Some(segments) => {
            let make = || Ok(TouchCounter::new(plan, segments));
            let counted = engine::run(open, &input.path, threads, reopen, make)?;
            let total = TouchCounter::total(counted);
            let layout = [total.paired, total.unpaired];
            let found = Gathered {
                tallies: vec![total.tally],
                collector: total.qc,
                layout,
                elsewhere: total.elsewhere,
                contigs: &contigs,
                doubts: total.doubts,
            };
            conclude(plan, input, &found)
        }
        None => measure_file(plan, input, open, threads, details),
    }
}

/// Counts a file where more must be known of each read than the genes it touches.
fn measure_file(
    plan: &Plan<'_>,
    input: &BamInput,
    open: OpenInput,
    threads: Threads,
    details: Option<(DetailFormat, PathBuf)>,
) -> Result<FileCounts, CountError> {
    let options = plan.options;
    let header = open.header.clone();
    let groups = if options.by_read_group { header.read_groups() } else { Vec::new() };
    let sink = match details {
        Some((format, file)) => Some(DetailSink::create(format, file, &header)?),
        None => None,
    };
    let threads = match &sink {
        Some(sink) if !sink.is_repeatable() => Threads::InOrder,
        _ => threads,
    };
    let file = MeasuredFile { plan, rule: told_rule(options, input), groups, sink: sink.as_ref() };
    let reopen = || {
        if let Some(sink) = &sink {
            sink.restart()?;
        }
        input::open(&input.path, open_options(plan))
    };
    let make = || Ok(MeasuredCounter::new(&file));
    let mut total = MeasuredCounter::total(engine::run(open, &input.path, threads, reopen, make)?)?;
    let junctions = options.junctions.then(|| FileJunctions {
        contigs: total.contigs().iter().map(|contig| contig.name.to_string()).collect(),
        targets: plan.targets(total.contigs()),
        counts: std::mem::take(&mut total.junctions),
    });
    let layout = [total.paired, total.unpaired];
    let elsewhere = total.take_elsewhere();
    let (tallies, collector, doubts) = (total.tallies, total.qc, total.doubts);
    let found = Gathered { tallies, collector, layout, elsewhere, contigs: &header.contigs, doubts };
    let mut counts = conclude(plan, input, &found)?;
    if !file.groups.is_empty() {
        let names = counts.columns.iter_mut().zip(&file.groups);
        names.for_each(|(column, group)| column.name = format!("{}:{group}", input.sample).into());
    }
    counts.junctions = junctions;
    if let Some(sink) = sink {
        sink.finish()?;
    }
    Ok(counts)
}

/// An annotation of another genome is an error, not a table of zeros.
fn check_contigs(plan: &Plan<'_>, open: &OpenInput, path: &Path) -> Result<(), CountError> {
    if plan.options.is_compat() {
        return Ok(());
    }
    GenomeFit::new(plan.annotation, &open.header.contigs, plan.options).check(path)
}

/// Warnings about contigs: genes and alignments that never meet, and an annotation of another build.
fn warnings_of_contigs(plan: &Plan<'_>, found: &Gathered<'_>) -> Vec<String> {
    let fit = GenomeFit::new(plan.annotation, found.contigs, plan.options);
    let records = found.layout.iter().sum();
    let warning = fit.warning_with_reads(&found.elsewhere, records);
    warning.into_iter().chain(fit.build_doubt().map(|doubt| doubt.in_words())).collect()
}

/// What all threads together found in a file.
struct Gathered<'a> {
    /// One, or one for each read group.
    tallies: Vec<Tally>,
    collector: Option<QcCollector<'a>>,
    /// Records with and without flag 0x1.
    layout: [u64; 2],
    /// Alignments on contigs that the annotation lacks.
    elsewhere: Elsewhere,
    /// Contigs in the header of the file.
    contigs: &'a [Contig],
    doubts: Doubts,
}

/// Chooses the strand rule and sums up.
fn conclude(plan: &Plan<'_>, input: &BamInput, found: &Gathered<'_>) -> Result<FileCounts, CountError> {
    let [paired, unpaired] = found.layout;
    check_layout(plan.options, &input.path, paired, unpaired)?;
    let mut total = found.tallies[0].clone();
    found.tallies[1..].iter().for_each(|tally| total.merge(tally));
    let strandedness = choose_rule(plan.options, input, &total)?;
    let rule = rule_number(strandedness.used);
    let column = |tally: &Tally| Column {
        name: input.sample.clone(),
        counts: tally.counts.iter().map(|counts| counts[rule] as f64 / tally.whole() as f64).collect(),
        summary: tally.summary(rule),
    };
    let whole = column(&total);
    let layout = match (paired, unpaired) {
        (0, _) => Layout::SingleEnd,
        (_, 0) => Layout::PairedEnd,
        _ => Layout::Mixed,
    };
    let mut qc = summarise(&QcInput {
        sample: &input.sample,
        annotation: plan.annotation,
        layout,
        strandedness,
        summary: &whole.summary,
        counts: &whole.counts,
        by_feature: plan.options.by_feature,
        collector: found.collector.as_ref(),
    });
    qc.warnings.extend(found.doubts.warnings(plan.options, &look_again(plan.options, input, &found.doubts)));
    qc.warnings.extend(warnings_of_contigs(plan, found));
    Ok(FileCounts { columns: found.tallies.iter().map(column).collect(), qc, junctions: None })
}

/// The first records of a file whose mates did not meet, where it can be opened a second time.
fn look_again(options: &CountOptions, input: &BamInput, doubts: &Doubts) -> Vec<Glance> {
    if !doubts.has_lonely_mates() || !input::can_be_read_twice(&input.path).unwrap_or(false) {
        return Vec::new();
    }
    let open_options = OpenOptions { reference: options.reference.as_deref(), threads: 1, meter: None };
    let start = input::open(&input.path, open_options).and_then(|open| first_records(open, LOOKED_AT_AGAIN));
    start.unwrap_or_default()
}

/// featureCounts' refusals of the wrong layout.
fn check_layout(options: &CountOptions, path: &Path, paired: u64, unpaired: u64) -> Result<(), CountError> {
    let path = || path.to_owned();
    match options.unit {
        CountUnit::SingleEnd if paired > 0 => Err(CountError::PairedReads { path: path() }),
        CountUnit::Fragments | CountUnit::Reads if options.is_compat() && paired == 0 && unpaired > 0 => {
            Err(CountError::NoPairedReads { path: path() })
        }
        _ => Ok(()),
    }
}

/// The rule that the user asked for.
fn told_rule(options: &CountOptions, input: &BamInput) -> StrandRule {
    input.strandedness.unwrap_or(options.strandedness)
}

/// The rule as told or, under [`StrandRule::Auto`], as the data say.
fn choose_rule(
    options: &CountOptions,
    input: &BamInput,
    tally: &Tally,
) -> Result<StrandednessEvidence, CountError> {
    let mut found = evidence(tally.assigned());
    let told = told_rule(options, input).given();
    if told.is_none() && found.verdict.is_none() && !is_thin(&found) {
        return Err(CountError::AmbiguousStrandedness {
            path: input.path.clone(),
            unstranded: found.unstranded,
            forward: found.forward,
            reverse: found.reverse,
        });
    }
    found.used = told.or(found.verdict).unwrap_or(Strandedness::Unstranded);
    Ok(found)
}
