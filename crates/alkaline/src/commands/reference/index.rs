//! `alkaline reference index`: the index of a genome for HISAT2, made once.

use std::path::PathBuf;

use alkaline_workflow::Observer;
use alkaline_workflow::stages::hisat2_index::IntronUse;
use alkaline_workflow::stages::reference_index::{IndexRequest, build};
use clap::Args;

use super::super::reads_input::{search_path, threads};
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::GlobalOptions;

/// Arguments of `reference index`.
#[derive(Args, Clone, Debug)]
pub struct IndexArgs {
    /// The genome, FASTA (compressed or not).
    #[arg(value_name = "GENOME")]
    pub genome: PathBuf,
    /// Annotation whose introns reads may reach over by a few bases: GTF or GFF3 of the same genome.
    #[arg(long, value_name = "FILE")]
    pub annotation: Option<PathBuf>,
    /// Where these introns are used.
    #[arg(long, value_name = "WHERE", default_value = "alignment", requires = "annotation")]
    pub introns: IntronUse,
    /// Directory for the index; a finished index of the same genome and introns is left as it is.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Makes the index, or finds it made.
pub fn run(args: &IndexArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let request = IndexRequest {
        genome: args.genome.clone(),
        annotation: args.annotation.clone(),
        introns: args.introns,
        memory: available_memory(),
    };
    console.stage_started("index");
    let begun = std::time::Instant::now();
    let built = build(&request, &args.out, &search_path(), threads())?;
    built.notices.iter().for_each(|notice| console.notice(notice));
    let record = &built.record;
    let what = if built.reused { "was there already" } else { "is ready" };
    let outcome = format!(
        "{} {what}: {} contigs, {} bases, {} introns",
        args.out.display(),
        record.contigs,
        record.bases,
        record.splice_sites
    );
    console.stage_finished("index", begun.elapsed().as_secs_f64(), &outcome);
    Ok(())
}

/// Memory that programs can have, in bytes, where the system tells.
fn available_memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
