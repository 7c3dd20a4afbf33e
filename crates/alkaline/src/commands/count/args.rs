//! The arguments of `count`: featureCounts' names, short and long, and a few of our own.

use std::path::PathBuf;

use alkaline_count::{
    Compat, CountOptions, CountUnit, DetailFormat, Details, FilterRule, OverlapRule, PairRule, ReadEnd,
    ReadShape, ShiftDirection, SplitRule, StrandRule,
};
use alkaline_io::annotation::{AnnotationFormat, AnnotationOptions};
use alkaline_io::contig_aliases;
use alkaline_io::table_format::TableFormat;
use clap::{ArgAction, Args};

use crate::console::sensible_threads;
use crate::failure::Failure;
use crate::global_options::{ColorChoice, GlobalOptions, LogFormat};

/// Most attributes that featureCounts hands on.
const MAX_EXTRA_ATTRIBUTES: usize = 15;

/// Attributes that name the transcript of a row: of GTF, of GFF3.
const TRANSCRIPT_ATTRIBUTES: [&str; 2] = ["transcript_id", "Parent"];

/// Arguments of `count`.
#[derive(Args, Clone, Debug)]
// An option given again replaces what it said before, as with featureCounts: wrappers append theirs.
#[command(allow_negative_numbers = true, args_override_self = true)]
pub struct CountArgs {
    /// Alignments: SAM, BAM or CRAM in any order; standard input when none is given.
    #[arg(value_name = "BAM")]
    pub alignments: Vec<PathBuf>,
    /// Annotation: GTF, GFF3 or SAF (.gz too), or hg38, hg19, mm10 [default: recognised from the alignments].
    #[arg(short = 'a', long = "annotation", value_name = "FILE|NAME")]
    pub annotation: Option<PathBuf>,
    /// Count table to write; the summary goes to FILE.summary.
    #[arg(short = 'o', long = "output", value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Follow every rule of this program, refusals included.
    #[arg(long, value_name = "PROGRAM", default_value = "none")]
    pub compat: Compat,

    /// Format of the annotation: GTF or SAF [default: recognised].
    #[arg(short = 'F', value_name = "FORMAT", help_heading = "Annotation")]
    pub format: Option<String>,
    /// Feature types to count on, separated by commas [default: exon].
    #[arg(
        short = 't',
        value_name = "TYPES",
        value_delimiter = ',',
        num_args = 1,
        action = ArgAction::Set,
        help_heading = "Annotation"
    )]
    pub feature_types: Vec<String>,
    /// Attribute that names the gene [default: gene_id].
    #[arg(short = 'g', value_name = "ATTRIBUTE", help_heading = "Annotation")]
    pub id_attribute: Option<String>,
    /// Attributes to hand on, separated by commas.
    #[arg(
        long = "extraAttributes",
        value_name = "NAMES",
        value_delimiter = ',',
        num_args = 1,
        action = ArgAction::Set,
        help_heading = "Annotation"
    )]
    pub extra_attributes: Vec<String>,
    /// Names of contigs that differ: lines of annotation name, comma, alignment name.
    #[arg(short = 'A', long = "contig-aliases", value_name = "FILE", help_heading = "Annotation")]
    pub aliases: Option<PathBuf>,
    /// Count every row of the annotation by itself.
    #[arg(short = 'f', help_heading = "Annotation")]
    pub by_feature: bool,

    /// Count for every gene that a read overlaps.
    #[arg(short = 'O', help_heading = "Overlap")]
    pub allow_multiple: bool,
    /// Least number of overlapping bases; a negative number allows a gap.
    #[arg(long = "minOverlap", value_name = "N", default_value_t = 1, help_heading = "Overlap")]
    pub min_overlap: i32,
    /// Least share of the read that overlaps.
    #[arg(long = "fracOverlap", value_name = "X", default_value_t = 0.0, help_heading = "Overlap")]
    pub min_fraction: f64,
    /// Least share of the feature that is overlapped.
    #[arg(long = "fracOverlapFeature", value_name = "X", default_value_t = 0.0, help_heading = "Overlap")]
    pub min_feature_fraction: f64,
    /// The gene with the largest overlap wins.
    #[arg(long = "largestOverlap", help_heading = "Overlap")]
    pub largest: bool,
    /// Most bases of the read outside the gene.
    #[arg(long = "nonOverlap", value_name = "N", help_heading = "Overlap")]
    pub max_outside: Option<u32>,
    /// Most bases of the feature outside the read.
    #[arg(long = "nonOverlapFeature", value_name = "N", help_heading = "Overlap")]
    pub max_feature_outside: Option<u32>,
    /// Extend reads before their 5' end.
    #[arg(long = "readExtension5", value_name = "N", default_value_t = 0, help_heading = "Overlap")]
    pub extend_5: u32,
    /// Extend reads behind their 3' end.
    #[arg(long = "readExtension3", value_name = "N", default_value_t = 0, help_heading = "Overlap")]
    pub extend_3: u32,
    /// Direction in which reads are shifted.
    #[arg(
        long = "readShiftType",
        value_name = "DIRECTION",
        default_value = "upstream",
        help_heading = "Overlap"
    )]
    pub shift_direction: ShiftDirection,
    /// Bases by which reads are shifted.
    #[arg(long = "readShiftSize", value_name = "N", default_value_t = 0, help_heading = "Overlap")]
    pub shift: u32,
    /// Reduce reads to their 5' or 3' base.
    #[arg(long = "read2pos", value_name = "5|3", value_parser = parse_read_end, help_heading = "Overlap")]
    pub reduce_to: Option<ReadEnd>,

    /// Count alignments of reads that map to several places.
    #[arg(short = 'M', help_heading = "Filters")]
    pub multi_mapping: bool,
    /// Share a read out among its alignments (with -M) and its genes (with -O).
    #[arg(long, help_heading = "Filters")]
    pub fraction: bool,
    /// Least mapping quality.
    #[arg(short = 'Q', value_name = "N", default_value_t = 0, help_heading = "Filters")]
    pub min_mapping_quality: u8,
    /// Count only alignments across a splice junction.
    #[arg(long = "splitOnly", conflicts_with = "non_split_only", help_heading = "Filters")]
    pub split_only: bool,
    /// Count only alignments without a splice junction.
    #[arg(long = "nonSplitOnly", help_heading = "Filters")]
    pub non_split_only: bool,
    /// Leave out secondary alignments.
    #[arg(long, help_heading = "Filters")]
    pub primary: bool,
    /// Leave out marked duplicates.
    #[arg(long = "ignoreDup", help_heading = "Filters")]
    pub ignore_duplicates: bool,

    /// Strandedness: 0 unstranded, 1 forward, 2 reverse; one value, or one per file separated by commas.
    #[arg(
        short = 's',
        value_name = "0|1|2[,...]",
        conflicts_with = "strandedness",
        help_heading = "Library"
    )]
    pub strand_codes: Option<String>,
    /// Strandedness in words; `auto` lets the data decide.
    #[arg(long, value_name = "RULE", help_heading = "Library")]
    pub strandedness: Option<StrandRule>,
    /// The reads are paired (without --countReadPairs: count each by itself).
    #[arg(short = 'p', help_heading = "Library")]
    pub paired: bool,
    /// Count fragments (pairs of reads).
    #[arg(long = "countReadPairs", help_heading = "Library")]
    pub count_read_pairs: bool,
    /// Count reads even where they are paired.
    #[arg(long, conflicts_with = "count_read_pairs", help_heading = "Library")]
    pub reads: bool,
    /// Both ends must be aligned.
    #[arg(short = 'B', help_heading = "Library")]
    pub require_both_ends: bool,
    /// Check the length of templates (with -B).
    #[arg(short = 'P', help_heading = "Library")]
    pub check_length: bool,
    /// Shortest template.
    #[arg(short = 'd', value_name = "N", default_value_t = 50, help_heading = "Library")]
    pub min_length: u32,
    /// Longest template.
    #[arg(short = 'D', value_name = "N", default_value_t = 600, help_heading = "Library")]
    pub max_length: u32,
    /// Leave out pairs whose ends lie on different contigs or the same strand.
    #[arg(short = 'C', help_heading = "Library")]
    pub reject_chimeras: bool,
    /// Take records two by two as they come.
    #[arg(long = "donotsort", help_heading = "Library")]
    pub adjacent_only: bool,
    /// Long reads.
    #[arg(short = 'L', help_heading = "Library")]
    pub long_reads: bool,

    /// Also count splice junctions, to FILE.jcounts.
    #[arg(short = 'J', help_heading = "Further output")]
    pub junctions: bool,
    /// Genome (FASTA), which tells the strand of junctions.
    #[arg(short = 'G', value_name = "FASTA", help_heading = "Further output")]
    pub genome: Option<PathBuf>,
    /// Write what became of every read: CORE, SAM or BAM.
    #[arg(short = 'R', value_name = "FORMAT", help_heading = "Further output")]
    pub details: Option<DetailFormat>,
    /// Where the files of -R go [default: beside the count table].
    #[arg(long = "Rpath", value_name = "DIR", help_heading = "Further output")]
    pub details_directory: Option<PathBuf>,
    /// One column for each read group.
    #[arg(long = "byReadGroup", help_heading = "Further output")]
    pub by_read_group: bool,
    /// Write read QC into this directory [default: FILE.qc; none with --compat or to standard output].
    #[arg(long, value_name = "DIR", help_heading = "Further output")]
    pub qc: Option<PathBuf>,
    /// Gather no read QC.
    #[arg(long, conflicts_with = "qc", help_heading = "Further output")]
    pub no_qc: bool,
    /// Names of the columns, separated by commas; `auto`: the files' names without directory and ending.
    #[arg(
        long,
        value_name = "NAMES",
        value_delimiter = ',',
        num_args = 1,
        action = ArgAction::Set,
        help_heading = "Further output"
    )]
    pub names: Vec<String>,

    /// Genome that CRAM files were made with.
    #[arg(long, value_name = "FASTA", help_heading = "General options")]
    pub reference: Option<PathBuf>,
    /// Threads to use [default: all cores, 1 with --compat]; the counts do not depend on it.
    #[arg(short = 'T', short_alias = 'j', long, value_name = "N", help_heading = "General options")]
    pub threads: Option<usize>,
    /// Say more.
    #[arg(long, help_heading = "General options")]
    pub verbose: bool,
    /// Say nothing but errors.
    #[arg(short, long, conflicts_with = "verbose", help_heading = "General options")]
    pub quiet: bool,
    /// Do not show what is going on, even in a terminal.
    #[arg(long, help_heading = "General options")]
    pub no_progress: bool,
    /// When to colour messages (NO_COLOR is honoured).
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "General options")]
    pub color: ColorChoice,
    /// How to print messages.
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "General options")]
    pub log: LogFormat,
    /// Print the version and end.
    #[arg(short = 'v', help_heading = "General options")]
    pub show_version: bool,
    /// Accepted for featureCounts' sake: there is no limit to aligned stretches.
    #[arg(long = "maxMOp", value_name = "N", hide = true)]
    pub max_operations: Option<u32>,
    /// Accepted for featureCounts' sake: no temporary files are written.
    #[arg(long = "tmpDir", value_name = "DIR", hide = true)]
    pub temporary: Option<PathBuf>,
}

fn parse_read_end(text: &str) -> Result<ReadEnd, String> {
    match text {
        "5" => Ok(ReadEnd::Five),
        "3" => Ok(ReadEnd::Three),
        _ => Err("5 or 3".to_owned()),
    }
}

impl CountArgs {
    /// Whether featureCounts' own rules hold.
    pub fn is_compat(&self) -> bool {
        self.compat != Compat::None
    }

    /// Whether the junction table is that of featureCounts 2.1, which tells transcripts.
    pub fn sites_are_told(&self) -> bool {
        self.junctions && self.compat == Compat::FeatureCounts21
    }

    /// The table to write.
    pub fn output(&self) -> Result<PathBuf, Failure> {
        let output =
            self.output.clone().ok_or_else(|| Failure::usage("no output given").hint("-o counts.tsv"))?;
        // featureCounts takes any name; but a table of its layout that is called .csv is misread by everybody else
        if !self.is_compat() {
            TableFormat::of_counts(&output).map_err(|error| Failure::usage(error.to_string()))?;
        }
        Ok(output)
    }

    /// Where read QC is written, if at all: a script that swaps the program in finds no file that it does not know.
    pub fn qc_directory(&self) -> Option<PathBuf> {
        let beside = || {
            let counts = self.output.as_deref().filter(|path| path.as_os_str() != "-")?;
            (!self.no_qc && !self.is_compat()).then(|| super::qc_path::qc_path(counts))
        };
        self.qc.clone().or_else(beside)
    }

    /// The options that all commands share.
    pub fn global(&self) -> GlobalOptions {
        GlobalOptions {
            // Counting has its own threads; this only tells what number makes sense.
            threads: self.threads,
            verbose: self.verbose,
            quiet: self.quiet,
            no_progress: self.no_progress,
            color: self.color,
            log: self.log,
        }
    }

    /// How the annotation is read.
    pub fn annotation_options(&self) -> Result<AnnotationOptions, Failure> {
        if self.extra_attributes.len() > MAX_EXTRA_ATTRIBUTES {
            return Err(Failure::usage("--extraAttributes takes at most 15 names"));
        }
        let format = match self.format.as_deref().map(str::to_ascii_uppercase).as_deref() {
            None => AnnotationFormat::Auto,
            Some("GTF" | "GFF") => AnnotationFormat::Gtf,
            Some("GFF3") => AnnotationFormat::Gff3,
            Some("SAF") => AnnotationFormat::Saf,
            Some(other) => return Err(Failure::usage(format!("-F {other}: GTF, GFF3 or SAF"))),
        };
        let mut extra_attributes = self.extra_attributes.clone();
        if self.sites_are_told() && format != AnnotationFormat::Saf {
            extra_attributes.extend(TRANSCRIPT_ATTRIBUTES.map(str::to_owned));
        }
        Ok(AnnotationOptions {
            format,
            feature_types: self.feature_types.clone(),
            id_attribute: self.id_attribute.clone(),
            extra_attributes,
            strict: self.is_compat(),
        })
    }

    /// What is counted.
    pub fn count_options(&self) -> Result<CountOptions, Failure> {
        Ok(CountOptions {
            unit: self.unit()?,
            strandedness: self.strand_rule()?,
            by_feature: self.by_feature,
            overlap: OverlapRule {
                allow_multiple: self.allow_multiple,
                min_overlap: self.min_overlap,
                min_fraction: self.min_fraction,
                min_feature_fraction: self.min_feature_fraction,
                largest: self.largest,
                max_outside: self.max_outside,
                max_feature_outside: self.max_feature_outside,
            },
            filter: FilterRule {
                min_mapping_quality: self.min_mapping_quality,
                multi_mapping: self.multi_mapping,
                primary_only: self.primary,
                ignore_duplicates: self.ignore_duplicates,
                split: self.split_rule(),
            },
            pairs: PairRule {
                require_both_ends: self.require_both_ends,
                check_length: self.check_length,
                min_length: self.min_length,
                max_length: self.max_length,
                reject_chimeras: self.reject_chimeras,
                adjacent_only: self.adjacent_only,
            },
            shape: ReadShape {
                shift_direction: self.shift_direction,
                shift: self.shift,
                extend_5: self.extend_5,
                extend_3: self.extend_3,
                reduce_to: self.reduce_to,
            },
            fraction: self.fraction,
            long_reads: self.long_reads,
            junctions: self.junctions,
            by_read_group: self.by_read_group,
            details: self.detail_files()?,
            contig_aliases: self.contig_aliases()?,
            reference: self.reference.clone(),
            compat: self.compat,
            qc: self.qc_directory().is_some(),
            threads: match self.threads {
                Some(asked) => sensible_threads(asked)?.0,
                None => self.default_threads(),
            },
        })
    }

    /// featureCounts takes one thread unless told otherwise.
    fn default_threads(&self) -> usize {
        if self.is_compat() { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) }
    }

    /// The strand rule of files that have none of their own: what `-s` says when it has one value, else `-s 0`.
    fn strand_rule(&self) -> Result<StrandRule, Failure> {
        if let Some(rule) = self.strandedness {
            return Ok(rule);
        }
        Ok(self.strand_rules()?.first().copied().unwrap_or(StrandRule::Unstranded))
    }

    /// The values of `-s`.
    pub fn strand_rules(&self) -> Result<Vec<StrandRule>, Failure> {
        let Some(codes) = &self.strand_codes else { return Ok(Vec::new()) };
        let rule = |code: &str| match code {
            "0" => Ok(StrandRule::Unstranded),
            "1" => Ok(StrandRule::Forward),
            "2" => Ok(StrandRule::Reverse),
            _ => Err(Failure::usage(format!("-s {codes}: 0, 1 or 2 for each file"))),
        };
        codes.split(',').map(rule).collect()
    }

    fn unit(&self) -> Result<CountUnit, Failure> {
        if self.is_compat() && self.count_read_pairs && !self.paired && !self.long_reads {
            return Err(Failure::usage("--countReadPairs needs -p"));
        }
        if self.long_reads && self.count_read_pairs && self.paired {
            return Err(Failure::usage("-L counts reads: leave --countReadPairs out"));
        }
        Ok(match (self.count_read_pairs, self.paired || self.reads, self.is_compat()) {
            (true, _, _) => CountUnit::Fragments,
            (false, true, _) => CountUnit::Reads,
            (false, false, true) => CountUnit::SingleEnd,
            (false, false, false) => CountUnit::Auto,
        })
    }

    fn contig_aliases(&self) -> Result<Vec<(String, String)>, Failure> {
        match &self.aliases {
            Some(path) => Ok(contig_aliases::read(path, self.is_compat())?),
            None => Ok(Vec::new()),
        }
    }

    fn split_rule(&self) -> SplitRule {
        match (self.split_only, self.non_split_only) {
            (true, _) => SplitRule::SplitOnly,
            (_, true) => SplitRule::NonSplitOnly,
            _ => SplitRule::Any,
        }
    }

    fn detail_files(&self) -> Result<Option<Details>, Failure> {
        let Some(format) = self.details else { return Ok(None) };
        if self.alignments.is_empty() {
            return Err(Failure::usage("-R needs files: reads from standard input have no name for it"));
        }
        let beside = |path: PathBuf| match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let directory = match &self.details_directory {
            Some(directory) => directory.clone(),
            None => beside(self.output()?),
        };
        Ok(Some(Details { format, directory }))
    }
}
