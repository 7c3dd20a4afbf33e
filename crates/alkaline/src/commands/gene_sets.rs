//! Options of every command that tests gene sets: which sets.

use std::path::PathBuf;

use alkaline_workflow::stages::enrich::{EnrichSettings, GoAspect};
use clap::Args;

use super::experiment::replace;
use crate::failure::Failure;

/// Which gene sets are tested; every option left out keeps its default (or what the workflow file says).
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Gene sets")]
pub struct GeneSetArgs {
    /// Ontologies of the built-in human Gene Ontology, or `none` [default: bp,mf,cc].
    #[arg(long, value_name = "LIST")]
    pub go: Option<String>,
    /// Release of the built-in Gene Ontology (see `alkaline reference list`) [default: the newest].
    #[arg(long, value_name = "YYYY-MM")]
    pub go_release: Option<String>,
    /// Gene sets of your own (GMT; symbols, Entrez or Ensembl ids).
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub gene_sets: Vec<PathBuf>,
    /// Smallest set tested [default: 10].
    #[arg(long, value_name = "N")]
    pub min_size: Option<usize>,
    /// Largest set tested [default: 500].
    #[arg(long, value_name = "N")]
    pub max_size: Option<usize>,
}

impl GeneSetArgs {
    /// Writes what was typed over `settings`.
    pub fn apply(&self, settings: &mut EnrichSettings) -> Result<(), Failure> {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self { go, go_release, gene_sets, min_size, max_size } = self;
        if let Some(go) = go {
            settings.go = parse_go(go)?;
        }
        settings.go_release = go_release.clone().or(settings.go_release.take());
        if !gene_sets.is_empty() {
            settings.gene_sets.clone_from(gene_sets);
        }
        for (size, given) in [
            (&mut settings.ora.min_size, min_size),
            (&mut settings.gsea.min_size, min_size),
            (&mut settings.ora.max_size, max_size),
            (&mut settings.gsea.max_size, max_size),
        ] {
            replace(size, given.as_ref());
        }
        Ok(())
    }
}

/// `bp,mf,cc` or `none`.
fn parse_go(text: &str) -> Result<Vec<GoAspect>, Failure> {
    if text.eq_ignore_ascii_case("none") {
        return Ok(Vec::new());
    }
    let aspects = text.split(',').map(|name| match name.trim().to_lowercase().as_str() {
        "bp" => Ok(GoAspect::Bp),
        "mf" => Ok(GoAspect::Mf),
        "cc" => Ok(GoAspect::Cc),
        other => Err(Failure::usage(format!("--go {other}: bp, mf, cc (joined by commas) or none"))),
    });
    aspects.collect()
}
