//! How GSEA p-values come about, and which sets stand for others: arguments of `enrich gsea`.

use std::path::{Path, PathBuf};

use alkaline_core::results::{GseaTable, RankedGenes, SIGNIFICANT_SET};
use alkaline_core::samples::ContrastSpec;
use alkaline_core::{GeneSetCollection, IdentifierMap};
use alkaline_enrich::GseaOptions;
use alkaline_enrich::gsea::{GseaEngine, collapse};
use alkaline_workflow::WorkflowError;
use clap::{Args, ValueEnum};

use super::outputs::write_representatives;
use crate::commands::contrast::parse_contrast;
use crate::commands::given::replace;
use crate::commands::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;

/// How p-values come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Engine {
    /// Importance sampling of gene sets: unbiased, with a standard error for each set, no floor.
    Importance,
    /// Multilevel splitting, as fgsea does it: slower and noisier; a cross-check.
    Fgsea,
    /// Permutation of samples, as the Broad Institute defines it; needs replicates and --counts, --samples, --contrast.
    Permutation,
}

/// Arguments about engines.
#[derive(Args, Clone, Debug)]
pub struct EngineArgs {
    /// How P is estimated [default: importance].
    #[arg(long, value_name = "ENGINE")]
    pub engine: Option<Engine>,
    /// Sets that climb together (engine fgsea) [default: 101].
    #[arg(long, value_name = "N")]
    pub sample_size: Option<usize>,
    /// Smallest P (engine fgsea); 0 for none [default: 1e-50].
    #[arg(long, value_name = "P")]
    pub eps: Option<f64>,
    /// Labellings of the samples (engine permutation); all of them where there are no more.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub permutations: usize,
    /// Count table (engine permutation).
    #[arg(long, value_name = "FILE", requires_all = ["samples", "contrast"], conflicts_with_all = ["table", "ranks"])]
    pub counts: Option<PathBuf>,
    /// Sample sheet (engine permutation).
    #[arg(long, value_name = "FILE", requires = "counts")]
    pub samples: Option<PathBuf>,
    /// What to compare (engine permutation): a column of the sample sheet, its reference and its target.
    #[arg(long, value_name = "VARIABLE,REFERENCE,TARGET", value_parser = parse_contrast, requires = "counts")]
    pub contrast: Option<ContrastSpec>,
    /// Also write which significant set (adjusted P below 0.05) stands for which, leaving out what another explains.
    #[arg(long, value_name = "FILE", value_parser = table_name, conflicts_with = "counts")]
    pub collapse: Option<PathBuf>,
}

impl EngineArgs {
    /// Writes what was given over the options.
    pub fn apply(&self, options: &mut GseaOptions) {
        if self.engine == Some(Engine::Fgsea) {
            options.engine = GseaEngine::Fgsea;
        }
        replace(&mut options.sample_size, self.sample_size.as_ref());
        replace(&mut options.eps, self.eps.as_ref());
    }

    /// Whether samples are permuted.
    pub fn is_permutation(&self) -> Result<bool, Failure> {
        let wanted = self.engine == Some(Engine::Permutation);
        match (wanted, &self.counts) {
            (true, None) => Err(Failure::usage(
                "--engine permutation ranks the genes anew for every labelling of the samples: a finished ranking is not enough\n\
                 hint: give --counts, --samples and --contrast instead of --table or --ranks",
            )),
            (false, Some(_)) => Err(Failure::usage(
                "--counts is for --engine permutation\nhint: the other engines take --table or --ranks",
            )),
            _ => Ok(wanted),
        }
    }
}

/// Writes which significant set stands for which.
pub fn write_collapsed(
    path: &Path,
    ranks: &RankedGenes,
    collections: &[GeneSetCollection],
    identifiers: &IdentifierMap,
    options: &GseaOptions,
    table: &GseaTable,
    console: &Console,
) -> Result<(), Failure> {
    let collapsed = collapse(ranks, collections, Some(identifiers), options, table, SIGNIFICANT_SET)
        .map_err(WorkflowError::from)?;
    write_representatives(path, collapsed, &table.sources, console)
}
