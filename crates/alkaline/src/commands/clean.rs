//! `alkaline clean`: adapters and poor reads out of the FASTQ files of one sample, by fastp.

use std::path::PathBuf;

use alkaline_workflow::Observer;
use alkaline_workflow::stages::clean::{CleanFiles, CleanOptions, PolyG, clean};
use clap::Args;

use super::given::replace;
use super::reads_input::{ReadsArgs, refuse_to_replace, search_path};
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `clean`.
#[derive(Args, Clone, Debug)]
pub struct CleanArgs {
    #[command(flatten)]
    pub reads: ReadsArgs,
    /// Directory for `reads/NAME*.fastq.gz` and, for MultiQC, `multiqc/NAME.fastp.json`.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub options: CleanOptionArgs,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// fastp's options; every one left out is as fastp has it.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Cleaning")]
pub struct CleanOptionArgs {
    /// Leave adapters in.
    #[arg(long)]
    pub keep_adapters: bool,
    /// Adapter of the first read [default: found by fastp].
    #[arg(long, value_name = "SEQUENCE")]
    pub adapter: Option<String>,
    /// Adapter of the second read [default: found by fastp].
    #[arg(long, value_name = "SEQUENCE")]
    pub adapter_of_second: Option<String>,
    /// Look for the adapters of pairs, beside telling them by the overlap of the two reads.
    #[arg(long)]
    pub detect_adapter_of_pairs: bool,
    /// When to cut off tails of G [default: auto].
    #[arg(long, value_name = "WHEN")]
    pub poly_g: Option<PolyG>,
    /// Cut off tails of any one base.
    #[arg(long)]
    pub poly_x: bool,
    /// Bases to cut off at the front of every read [default: 0].
    #[arg(long, value_name = "N")]
    pub trim_front: Option<u32>,
    /// Bases to cut off at the tail of every read [default: 0].
    #[arg(long, value_name = "N")]
    pub trim_tail: Option<u32>,
    /// Cut off poor windows from the front.
    #[arg(long)]
    pub cut_front: bool,
    /// Cut off poor windows from the tail.
    #[arg(long)]
    pub cut_tail: bool,
    /// Cut off everything from the first poor window on.
    #[arg(long)]
    pub cut_right: bool,
    /// Bases of such a window [default: 4].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub cut_window: Option<u32>,
    /// Mean quality below which a window is poor [default: 20].
    #[arg(long, value_name = "Q", value_parser = clap::value_parser!(u32).range(1..=36))]
    pub cut_quality: Option<u32>,
    /// Quality that a base needs to count as good [default: 15].
    #[arg(long, value_name = "Q", value_parser = clap::value_parser!(u32).range(0..=93))]
    pub qualified_quality: Option<u32>,
    /// Largest share of other bases, in percent, of a read that is kept [default: 40].
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u32).range(0..=100))]
    pub unqualified_percent: Option<u32>,
    /// Largest number of N of a read that is kept [default: 5].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=50))]
    pub max_n: Option<u32>,
    /// Smallest mean quality of a read that is kept [default: 0].
    #[arg(long, value_name = "Q", value_parser = clap::value_parser!(u32).range(0..=93))]
    pub min_average_quality: Option<u32>,
    /// Smallest length of a read that is kept [default: 15].
    #[arg(long, value_name = "N")]
    pub min_length: Option<u32>,
    /// Correct bases where the two reads of a pair overlap.
    #[arg(long)]
    pub correct_overlaps: bool,
}

/// Cleans the reads of a sample.
pub fn run(args: &CleanArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let options = args.options.options();
    let sample = &args.reads.sample;
    let reads = args.reads.lanes()?;
    refuse_to_replace(
        &args.out,
        CleanFiles::of(sample, reads.is_paired()).reads.files().map(PathBuf::as_path),
    )?;
    console.stage_started("clean");
    let begun = std::time::Instant::now();
    let cleaned = clean(sample, &reads, &options, &search_path(), &args.out)?;
    cleaned.notices.iter().for_each(|notice| console.notice(notice));
    cleaned.warnings.iter().for_each(|warning| console.warning(warning));
    let (before, after) = (cleaned.reads_before, cleaned.reads_after);
    let share = 100.0 * after as f64 / before.max(1) as f64;
    let outcome = format!("{sample}: {after} of {before} reads kept ({share:.1} %)");
    console.stage_finished("clean", begun.elapsed().as_secs_f64(), &outcome);
    Ok(())
}

impl CleanOptionArgs {
    /// The options, with what was typed.
    fn options(&self) -> CleanOptions {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            keep_adapters,
            adapter,
            adapter_of_second,
            detect_adapter_of_pairs,
            poly_g,
            poly_x,
            trim_front,
            trim_tail,
            cut_front,
            cut_tail,
            cut_right,
            cut_window,
            cut_quality,
            qualified_quality,
            unqualified_percent,
            max_n,
            min_average_quality,
            min_length,
            correct_overlaps,
        } = self;
        let mut options = CleanOptions {
            trim_adapters: !keep_adapters,
            adapter: adapter.clone(),
            adapter_of_second: adapter_of_second.clone(),
            detect_adapter_of_pairs: *detect_adapter_of_pairs,
            poly_x: *poly_x,
            cut_front: *cut_front,
            cut_tail: *cut_tail,
            cut_right: *cut_right,
            correct_overlaps: *correct_overlaps,
            ..CleanOptions::default()
        };
        replace(&mut options.poly_g, poly_g.as_ref());
        replace(&mut options.trim_front, trim_front.as_ref());
        replace(&mut options.trim_tail, trim_tail.as_ref());
        replace(&mut options.cut_window, cut_window.as_ref());
        replace(&mut options.cut_quality, cut_quality.as_ref());
        replace(&mut options.qualified_quality, qualified_quality.as_ref());
        replace(&mut options.unqualified_percent, unqualified_percent.as_ref());
        replace(&mut options.max_n, max_n.as_ref());
        replace(&mut options.min_average_quality, min_average_quality.as_ref());
        replace(&mut options.min_length, min_length.as_ref());
        options
    }
}
