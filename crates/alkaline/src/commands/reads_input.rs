//! How the commands that take reads are told which, and where other programs are.

use std::path::{Path, PathBuf};

use alkaline_core::samples::Reads;
use alkaline_workflow::engine::slurm::Programs;
use alkaline_workflow::programs::SearchPath;
use alkaline_workflow::stages::reads;
use clap::Args;

use crate::failure::Failure;

/// The reads of one sample.
#[derive(Args, Clone, Debug)]
pub struct ReadsArgs {
    /// Name of the sample.
    #[arg(long, value_name = "NAME")]
    pub sample: String,
    /// FASTQ files of the sample, one a lane (compressed or not); of pairs, those of the first reads.
    #[arg(short = '1', long = "reads", value_name = "FASTQ", num_args = 1.., required = true)]
    pub reads: Vec<PathBuf>,
    /// Of pairs, the files of the second reads, in the same order.
    #[arg(short = '2', long = "mates", value_name = "FASTQ", num_args = 1..)]
    pub mates: Vec<PathBuf>,
}

impl ReadsArgs {
    /// The reads, lane by lane.
    pub fn lanes(&self) -> Result<Reads, Failure> {
        Ok(reads::of_files(&self.reads, &self.mates)?)
    }
}

/// Refuses to write over reads or alignments: they may be the only ones, or the input itself.
pub fn refuse_to_replace<'a>(out: &Path, files: impl IntoIterator<Item = &'a Path>) -> Result<(), Failure> {
    match files.into_iter().map(|file| out.join(file)).find(|file| file.symlink_metadata().is_ok()) {
        Some(file) => {
            Err(Failure::usage(format!("{} is there already, and is not overwritten", file.display()))
                .hint("choose another --out or --sample, or move it away"))
        }
        None => Ok(()),
    }
}

/// Where other programs are looked for.
pub fn search_path() -> SearchPath {
    SearchPath::of(&std::env::var_os("PATH").unwrap_or_default())
}

/// Slurm's own programs.
pub fn slurm_programs() -> Programs {
    Programs::new(search_path())
}

/// Threads that other programs may use.
pub fn threads() -> usize {
    rayon::current_num_threads()
}
