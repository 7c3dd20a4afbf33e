//! The stage: alignment files and an annotation in, counts out.

use std::path::{Path, PathBuf};

use alkaline_core::annotation::GeneLocus;
use alkaline_core::genome::{Layout, Strandedness};
use alkaline_core::results::{
    Assignment, CountSummary, CountTable, GeneFacts, SampleQc, StrandednessEvidence,
};
use alkaline_core::{Annotation, CountMatrix, PerGene, SampleId, SampleIndex};

use crate::build::recognise_build;
use crate::counters::{Tally, TouchCounter};
use crate::engine;
use crate::error::{ContigMismatch, CountError};
use crate::input::{self, AlignmentHeader, OpenInput, OpenOptions};
use crate::options::{CountOptions, CountUnit, StrandRule};
use crate::plan::Plan;
use crate::qc::{QcCollector, QcInput, rule_number, summarise};
use crate::strandedness::{evidence, is_thin};

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
/// The entries C-1 to C-9 of docs/explanation/deviations.md, none of them under [`Compat::FeatureCounts`](crate::Compat).
///
/// # References
/// Liao, Smyth & Shi (2014), Bioinformatics 30:923, doi:10.1093/bioinformatics/btt656.
pub fn count_reads(
    inputs: &[BamInput],
    annotation: &Annotation,
    options: &CountOptions,
) -> Result<Counted, CountError> {
    if options.by_feature {
        return Err(CountError::Options("a gene table cannot hold counts by feature".to_owned()));
    }
    let counts = count_units(inputs, annotation, options)?;
    let genes = annotation.gene_index()?;
    let values = counts.rows.into_iter().flatten().collect();
    let matrix = CountMatrix::new(genes.clone(), counts.summary.samples.clone(), values)?;
    let loci: Vec<GeneLocus> = annotation.loci();
    let facts = GeneFacts { loci: Some(PerGene::new(genes, loci)?), labels: Some(annotation.labels()?) };
    Ok(Counted { table: CountTable { matrix, facts }, summary: counts.summary, qc: counts.qc })
}

/// Counts the reads of `inputs` on the genes or, with [`CountOptions::by_feature`], on the rows of `annotation`.
///
/// # Errors
/// As [`count_reads`].
pub fn count_units(
    inputs: &[BamInput],
    annotation: &Annotation,
    options: &CountOptions,
) -> Result<UnitCounts, CountError> {
    options.check()?;
    let samples: Vec<SampleId> = inputs.iter().map(|input| input.sample.clone()).collect();
    let samples = SampleIndex::new(samples)?;
    let plan = Plan::new(options, annotation);
    let files = inputs.iter().map(|input| count_file(&plan, input)).collect::<Result<Vec<_>, _>>()?;
    let rows = (0..plan.units).map(|unit| files.iter().map(|file| file.counts[unit]).collect()).collect();
    let reads = files.iter().map(|file| file.summary).collect();
    let non_split_only = options.filter.split == crate::SplitRule::NonSplitOnly;
    let summary = CountSummary { samples, reads, non_split_only };
    Ok(UnitCounts { rows, summary, qc: files.into_iter().map(|file| file.qc).collect() })
}

/// The header of the alignment file at `path`: contigs with lengths, read groups.
///
/// # Errors
/// [`CountError`] when the file is missing or its header cannot be read.
pub fn read_header(path: &Path) -> Result<AlignmentHeader, CountError> {
    let options = OpenOptions { reference: None, require_end_marker: false, threads: 1 };
    input::open(path, options).map(|open| open.header)
}

/// What one file gave.
struct FileCounts {
    counts: Vec<f64>,
    summary: [u64; Assignment::COUNT],
    qc: SampleQc,
}

fn count_file(plan: &Plan<'_>, input: &BamInput) -> Result<FileCounts, CountError> {
    let options = plan.options;
    let reopen = || {
        let open_options = OpenOptions {
            reference: options.reference.as_deref(),
            require_end_marker: !options.is_compat(),
            threads: options.threads,
        };
        input::open(&input.path, open_options)
    };
    let open = reopen()?;
    check_contigs(plan, &open, &input.path)?;
    let Some(segments) = &plan.segments else {
        return Err(CountError::Options("measured overlaps are not ready".to_owned()));
    };
    let make = || Ok(TouchCounter::new(plan, segments));
    let mut counters = engine::run(open, &input.path, options.threads, reopen, make)?.into_iter();
    let Some(mut total) = counters.next() else { unreachable!("a run gives at least one counter") };
    total.finish();
    counters.for_each(|counter| total.merge(counter));
    conclude(plan, input, &total.tally, total.qc.as_ref(), [total.paired, total.unpaired])
}

/// An annotation of another genome is an error, not a table of zeros.
fn check_contigs(plan: &Plan<'_>, open: &OpenInput, path: &Path) -> Result<(), CountError> {
    let contigs = &open.header.contigs;
    if plan.options.is_compat() || contigs.is_empty() {
        return Ok(());
    }
    if plan.targets(&std::sync::Arc::new(contigs.clone())).iter().any(Option::is_some) {
        return Ok(());
    }
    Err(CountError::NoCommonContig(Box::new(ContigMismatch {
        path: path.to_owned(),
        alignment_contigs: contigs.iter().map(|contig| contig.name.to_string()).collect(),
        build: recognise_build(contigs),
        annotation: plan.annotation.source.name.clone(),
        annotation_contigs: plan.annotation.contigs.iter().map(ToString::to_string).collect(),
    })))
}

/// Chooses the strand rule and sums up.
fn conclude(
    plan: &Plan<'_>,
    input: &BamInput,
    tally: &Tally,
    collector: Option<&QcCollector<'_>>,
    [paired, unpaired]: [u64; 2],
) -> Result<FileCounts, CountError> {
    check_layout(plan.options, &input.path, paired, unpaired)?;
    let strandedness = choose_rule(plan.options, input, tally)?;
    let rule = rule_number(strandedness.used);
    let whole = tally.whole() as f64;
    let counts: Vec<f64> = tally.counts.iter().map(|counts| counts[rule] as f64 / whole).collect();
    let summary = tally.summary(rule);
    let layout = match (paired, unpaired) {
        (0, _) => Layout::SingleEnd,
        (_, 0) => Layout::PairedEnd,
        _ => Layout::Mixed,
    };
    let qc = summarise(&QcInput {
        sample: &input.sample,
        annotation: plan.annotation,
        layout,
        strandedness,
        summary: &summary,
        counts: &counts,
        by_feature: plan.options.by_feature,
        collector,
    });
    Ok(FileCounts { counts, summary, qc })
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

/// The rule as told or, under [`StrandRule::Auto`], as the data say.
fn choose_rule(
    options: &CountOptions,
    input: &BamInput,
    tally: &Tally,
) -> Result<StrandednessEvidence, CountError> {
    let mut found = evidence(tally.assigned());
    let told = input.strandedness.unwrap_or(options.strandedness).given();
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
