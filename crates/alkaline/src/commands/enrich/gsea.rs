//! `alkaline enrich gsea`: enrichment along a ranked list.

use std::path::Path;

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{RankBy, RankedGenes, TestRow, ranked_by};
use alkaline_core::words::count;
use alkaline_io::results::{gsea, test_table};
use alkaline_io::rnk;
use alkaline_report::figures::gene_sets::enrichment::of_gsea;
use alkaline_workflow::stages::enrich::{self, Simplifier};
use alkaline_workflow::{Observer, WorkflowError};

use super::engine;
use super::gsea_args::GseaArgs;
use super::inputs::{collections, gene_values, settings};
use super::outputs::{warn_if_untested, write_figures};
use super::permutation;
use crate::commands::given::replace;
use crate::console::Console;
use crate::failure::Failure;

/// Enrichment along the ranked list.
pub fn run(args: &GseaArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let settings = settings(&args.sets, args.readable)?;
    let mut options = settings.gsea.clone();
    replace(&mut options.seed, args.seed.as_ref());
    replace(&mut options.draws, args.draws.as_ref());
    replace(&mut options.exponent, args.exponent.as_ref());
    args.engine.apply(&mut options);
    if args.engine.is_permutation()? {
        return permutation::run(args, &settings, &options, &console);
    }
    let Ranking { ranks, words, tested } = ranked_list(args, &console)?;
    let collections = collections(&settings, &console)?;
    let identifiers = enrich::identifiers(&settings)?;
    let mut ranked = enrich::ranked(&ranks, &words, &collections, &identifiers, &options)?;
    if let Some(path) = &args.engine.collapse {
        engine::write_collapsed(path, &ranks, &collections, &identifiers, &options, &ranked.table, &console)?;
    }
    let warnings = match &tested {
        Some(rows) => enrich::warnings_of_test(rows, args.rank_by.unwrap_or_default(), &ranks, &ranked.table),
        None => enrich::warnings_of_ranking(&ranks, &ranked.table),
    };
    for warning in warnings {
        console.warning(&warning);
    }
    let sets_tested = ranked.table.rows.len();
    warn_if_untested(sets_tested, options.min_size, options.max_size, &console);
    let significant = ranked.table.significant().count();
    let mut stay = String::new();
    if let Some(simplifier) = Simplifier::new(&settings)? {
        ranked.table = simplifier.gsea(&ranked.table).map_err(WorkflowError::from)?;
        stay = format!(", {} of which stay", ranked.table.rows.len());
    }
    gsea::write(&args.output, &ranked.table, &ranked.curves)?;
    if let Some(directory) = &args.figures {
        let scores = ranks.genes.iter().zip(&ranks.scores).map(|(gene, score)| (gene.as_str(), *score));
        let values = gene_values("score", scores, &identifiers);
        let outcomes = ranked.mapping.entries.iter().map(|entry| (entry.id.as_str(), entry.outcome.name()));
        let part = enrich::tested_part(ranks.clone(), outcomes, ranked.table.genes_ranked);
        let figures = of_gsea("", &ranked.table, &ranked.curves, Some(&part), &values);
        write_figures(directory, &figures, &console)?;
    }
    console.mapping(&ranked.mapping);
    enrich::write_mapping(&args.output, &ranked.mapping)?;
    console.result(&format!(
        "{}: {} tested, {significant} with adjusted P < 0.05{stay}",
        GeneSetSource::labels(&ranked.table.sources),
        count(sets_tested, "set")
    ));
    Ok(())
}

/// The ranked list.
struct Ranking {
    ranks: RankedGenes,
    /// What it is ranked by.
    words: String,
    /// The test table that it was made of.
    tested: Option<Vec<TestRow>>,
}

fn ranked_list(args: &GseaArgs, console: &Console) -> Result<Ranking, Failure> {
    if let Some(path) = &args.ranks {
        let (ranks, notes) = rnk::read(path)?;
        console.rank_notes(path, &notes);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        return Ok(Ranking { ranks, words: format!("the scores of {name}"), tested: None });
    }
    let by = args.rank_by.unwrap_or_default();
    let path = args.table.as_deref().unwrap_or(Path::new("-"));
    let input = test_table::read_any(path)?;
    console.notes(path, &input.notes);
    if by == RankBy::SignedLogP
        && let Some(note) = enrich::note_on_zero_p(&input)
    {
        console.notes(path, &[note]);
    }
    let words = enrich::ranking_in_words(by).to_owned();
    Ok(Ranking { ranks: ranked_by(&input.rows, by), words, tested: Some(input.rows) })
}
