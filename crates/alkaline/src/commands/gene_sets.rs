//! Options of every command that tests gene sets: which sets.

use std::path::PathBuf;

use alkaline_enrich::similarity::RelationWeights;
use alkaline_workflow::stages::enrich::{EnrichSettings, GoAspect, SimplifyRelations, SimplifySettings};
use clap::Args;

use super::given::replace;
use crate::failure::Failure;

/// Which gene sets are tested; every option left out keeps its default (or what the workflow file says).
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Gene sets")]
pub struct GeneSetArgs {
    /// Ontologies of the Gene Ontology: bp, mf, cc (joined by commas), all, or none [default: all].
    #[arg(long, value_name = "LIST")]
    pub go: Option<String>,
    /// Release of the built-in Gene Ontology (see `alkaline reference list`) [default: the newest].
    #[arg(long, value_name = "YYYY-MM")]
    pub go_release: Option<String>,
    /// Gene Ontology made by `alkaline reference build go`, in place of the built-in human one.
    #[arg(long, value_name = "FILE", conflicts_with = "go_release")]
    pub go_file: Option<PathBuf>,
    /// Gene sets of your own (GMT; symbols, Entrez or Ensembl ids).
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub gene_sets: Vec<PathBuf>,
    /// Smallest set tested [default: 10].
    #[arg(long, value_name = "N")]
    pub min_size: Option<usize>,
    /// Largest set tested [default: 500].
    #[arg(long, value_name = "N")]
    pub max_size: Option<usize>,
    /// Keep one of terms that are more alike than this, by Wang's similarity [default without a value: 0.7].
    #[arg(long, value_name = "CUTOFF", num_args = 0..=1, default_missing_value = "0.7")]
    pub simplify: Option<f64>,
    /// Weights of relations in the similarity [default: wang; flat07 under the rules of clusterProfiler 4.18].
    #[arg(long, value_name = "WEIGHTS", requires = "simplify")]
    pub simplify_weights: Option<RelationWeights>,
    /// Relations that the similarity climbs [default: release; gosemsim under clusterProfiler's rules].
    #[arg(long, value_name = "WHOSE", requires = "simplify")]
    pub simplify_relations: Option<SimplifyRelations>,
}

impl GeneSetArgs {
    /// Writes what was typed over `settings`.
    pub fn apply(&self, settings: &mut EnrichSettings) -> Result<(), Failure> {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            go,
            go_release,
            go_file,
            gene_sets,
            min_size,
            max_size,
            simplify,
            simplify_weights,
            simplify_relations,
        } = self;
        if let Some(go) = go {
            settings.go = parse_go(go)?;
        }
        settings.go_release = go_release.clone().or(settings.go_release.take());
        settings.go_file = go_file.clone().or(settings.go_file.take());
        if let Some(cutoff) = *simplify {
            let before = settings.simplify.take().unwrap_or_default();
            settings.simplify = Some(SimplifySettings {
                cutoff,
                weights: simplify_weights.or(before.weights),
                relations: simplify_relations.or(before.relations),
            });
        }
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

/// `bp,mf,cc`, `all` or `none`; what is named twice counts once.
fn parse_go(text: &str) -> Result<Vec<GoAspect>, Failure> {
    match text.to_lowercase().as_str() {
        "none" => return Ok(Vec::new()),
        "all" => return Ok(vec![GoAspect::Bp, GoAspect::Mf, GoAspect::Cc]),
        _ => {}
    }
    let aspects = text.split(',').map(|name| match name.trim().to_lowercase().as_str() {
        "bp" => Ok(GoAspect::Bp),
        "mf" => Ok(GoAspect::Mf),
        "cc" => Ok(GoAspect::Cc),
        other => Err(Failure::usage(format!("--go {other}: bp, mf, cc (joined by commas), all or none"))),
    });
    let mut named: Vec<GoAspect> = Vec::new();
    for aspect in aspects {
        let aspect = aspect?;
        if !named.contains(&aspect) {
            named.push(aspect);
        }
    }
    Ok(named)
}
