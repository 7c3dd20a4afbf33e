//! The gene of every transcript, though files and annotation spell transcripts differently.

use std::path::Path;

use alkaline_core::words::{count, listed_up_to};
use alkaline_io::quantifiers::{TranscriptGenes, read_transcript_genes};
use alkaline_norm::transcripts::{Estimates, GeneSummary, summarize_to_genes};

use super::joined::Joined;
use crate::error::WorkflowError;

/// Transcripts shown that have no gene.
const SHOWN: usize = 5;

/// A way to spell a transcript, and what it is called.
type Spelling = (&'static str, fn(&str) -> &str);

/// Spellings in the order in which they are tried; the first with the most matches is taken.
const SPELLINGS: [Spelling; 3] = [
    ("as they stand", as_it_is),
    ("up to the first bar", before_bar),
    ("without their versions", unversioned),
];

/// Sums transcripts up to genes, by `annotation` or, where there is none, by the genes that the files name, in a column or in the names of
/// transcripts.
///
/// # Errors
/// [`WorkflowError`] when no transcript has a gene.
pub(super) fn to_genes(
    joined: &Joined,
    annotation: Option<&Path>,
    said: &mut Vec<String>,
) -> Result<(GeneSummary, TranscriptGenes), WorkflowError> {
    let transcripts = &joined.estimates;
    let names = || transcripts.features.iter().map(String::as_str);
    let known = match annotation {
        Some(path) => read_transcript_genes(path)?,
        None if !joined.genes.is_empty() => {
            said.push("the genes of the transcripts are those that the files name".to_owned());
            TranscriptGenes::of_pairs(names().zip(joined.genes.iter().map(String::as_str)))
        }
        None => TranscriptGenes::of_names(names()),
    };
    if known.is_empty() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "the rows are transcripts (`{}`), and nothing says of which genes",
                transcripts.features[0]
            ),
            "--annotation takes the GTF of the index, or a table of transcript and gene (tx2gene)",
        ));
    }
    if known.repeated > 0 {
        said.push(format!("{} under a second gene: the first counts", count(known.repeated, "transcript")));
    }
    let (how, spelling, known) = best_spelling(transcripts, &known);
    let summary = summarize_to_genes(transcripts, |name| known.gene(spelling(name)), &known.example)
        .map_err(|error| {
            WorkflowError::design_with_hint(
                error.to_string(),
                "the annotation must be that of the index: same source, same version, same species",
            )
        })?;
    said.push(format!("transcripts were matched {how}: {}", matched(transcripts, &summary)));
    Ok((summary, known))
}

/// The spelling that matches most transcripts, and the genes spelt so.
fn best_spelling(
    transcripts: &Estimates,
    known: &TranscriptGenes,
) -> (&'static str, fn(&str) -> &str, TranscriptGenes) {
    let matches = |spelling: fn(&str) -> &str, known: &TranscriptGenes| {
        transcripts.features.iter().filter(|name| known.gene(spelling(name)).is_some()).count()
    };
    let mut best = (SPELLINGS[0].0, SPELLINGS[0].1, known.clone());
    let mut most = matches(best.1, known);
    for (how, spelling) in SPELLINGS.into_iter().skip(1) {
        if most == transcripts.features.len() {
            break;
        }
        let respelt = known.renamed(|name| spelling(name).to_owned());
        let number = matches(spelling, &respelt);
        if number > most {
            most = number;
            best = (how, spelling, respelt);
        }
    }
    best
}

/// How many transcripts have a gene, and what is lost with the others.
fn matched(transcripts: &Estimates, summary: &GeneSummary) -> String {
    let genes = count(summary.genes.features.len(), "gene");
    if summary.unmatched.is_empty() {
        return format!("all of them, of {genes}");
    }
    let total: f64 = transcripts.counts.sum();
    let lost: f64 = summary.lost.iter().sum();
    format!(
        "{genes}; {} of {} have no gene ({}), and {:.2} % of the reads with them are left out",
        summary.unmatched.len(),
        transcripts.features.len(),
        listed_up_to(SHOWN, &summary.unmatched),
        100.0 * lost / total.max(f64::MIN_POSITIVE)
    )
}

fn as_it_is(name: &str) -> &str {
    name
}

fn before_bar(name: &str) -> &str {
    name.split('|').next().unwrap_or(name)
}

/// Without what stands behind the last dot, when these are digits.
fn unversioned(name: &str) -> &str {
    let name = before_bar(name);
    match name.rsplit_once('.') {
        Some((stem, version)) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => {
            stem
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_bars_are_cut() {
        assert_eq!(
            [unversioned("ENST1.12"), unversioned("ENST1.2|x"), unversioned("NM_1"), unversioned("a.b")],
            ["ENST1", "ENST1", "NM_1", "a.b"]
        );
    }
}
