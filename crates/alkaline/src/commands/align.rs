//! `alkaline align`: the reads of one sample to their places on the genome, by HISAT2 and samtools.

use std::path::PathBuf;

use alkaline_core::genome::Strandedness;
use alkaline_workflow::Observer;
use alkaline_workflow::stages::align::{AlignFiles, AlignOptions, BamOrder, align};
use alkaline_workflow::stages::hisat2_index::Hisat2Index;
use clap::Args;

use super::given::replace;
use super::reads_input::{ReadsArgs, refuse_to_replace, search_path, threads};
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `align`.
#[derive(Args, Clone, Debug)]
pub struct AlignArgs {
    #[command(flatten)]
    pub reads: ReadsArgs,
    /// Index of the genome: the directory that `alkaline reference index` made, or what `hisat2 -x` takes.
    #[arg(short = 'x', long, value_name = "PATH")]
    pub hisat2_index: PathBuf,
    /// Directory for `alignments/NAME.bam` and, for MultiQC, `multiqc/NAME.hisat2.txt`.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub options: AlignOptionArgs,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// HISAT2's options; every one left out is as HISAT2 has it, but for `--learn-introns`.
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Alignment")]
pub struct AlignOptionArgs {
    /// How reads relate to the strand of the RNA, where it is known: it decides the strand of introns, and no count.
    #[arg(long, value_name = "RULE")]
    pub strandedness: Option<Strandedness>,
    /// Order of the alignments [default: coordinate].
    #[arg(long, value_name = "ORDER")]
    pub order: Option<BamOrder>,
    /// Align for a transcript assembler, which wants longer anchors beside introns (HISAT2's --dta).
    #[arg(long)]
    pub for_assembly: bool,
    /// Shortest intron that is looked for [default: 20].
    #[arg(long, value_name = "N")]
    pub min_intron: Option<u32>,
    /// Longest intron that is looked for [default: 500000].
    #[arg(long, value_name = "N")]
    pub max_intron: Option<u32>,
    /// Most places of a read that are reported [default: 5; 10 with an index that holds transcripts].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_places: Option<u32>,
    /// Let introns that earlier reads showed help later reads, as HISAT2 does by itself: the outcome then depends on the number of
    /// threads.
    #[arg(long)]
    pub learn_introns: bool,
}

/// Aligns the reads of a sample.
pub fn run(args: &AlignArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let sample = &args.reads.sample;
    let reads = args.reads.lanes()?;
    let index = Hisat2Index::find(&args.hisat2_index)?;
    refuse_to_replace(&args.out, [AlignFiles::of(sample).bam.as_path()])?;
    console.stage_started("align");
    let begun = std::time::Instant::now();
    let options = args.options.options();
    let aligned = align(sample, &reads, &index, &options, &search_path(), &args.out, threads())?;
    aligned.notices.iter().for_each(|notice| console.notice(notice));
    aligned.warnings.iter().for_each(|warning| console.warning(warning));
    let outcome = format!(
        "{sample}: {} fragments, {:.2} % of the reads have a place",
        aligned.fragments,
        100.0 * aligned.alignment_rate
    );
    console.stage_finished("align", begun.elapsed().as_secs_f64(), &outcome);
    Ok(())
}

impl AlignOptionArgs {
    /// The options, with what was typed.
    fn options(&self) -> AlignOptions {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self { strandedness, order, for_assembly, min_intron, max_intron, max_places, learn_introns } =
            self;
        let mut options = AlignOptions {
            strandedness: *strandedness,
            for_assembly: *for_assembly,
            max_places: *max_places,
            learn_introns: *learn_introns,
            ..AlignOptions::default()
        };
        replace(&mut options.order, order.as_ref());
        replace(&mut options.min_intron, min_intron.as_ref());
        replace(&mut options.max_intron, max_intron.as_ref());
        options
    }
}
