//! Joins counts that were made one sample at a time: the same bytes as counting all samples in one call.

use alkaline_core::results::{CountSummary, CountTable};
use alkaline_core::{CountMatrix, SampleId, SampleIndex};

use crate::error::CountError;
use crate::stage::Counted;

/// Joins `parts`, each counted on the same annotation, sample after sample in the order given.
///
/// # Errors
/// [`CountError::PartMismatch`] when genes, their places or the kind of summary differ; [`CountError::Index`] when a sample
/// appears twice; [`CountError::Options`] without parts.
pub fn merge_counts(parts: Vec<Counted>) -> Result<Counted, CountError> {
    let Some(first) = parts.first() else {
        return Err(CountError::Options("no part to merge".to_owned()));
    };
    let (genes, facts) = (first.table.matrix.genes().clone(), first.table.facts.clone());
    let non_split_only = first.summary.non_split_only;
    for part in &parts {
        check(first, part)?;
    }
    let samples: Vec<SampleId> =
        parts.iter().flat_map(|part| part.table.matrix.samples().ids()).cloned().collect();
    let samples = SampleIndex::new(samples)?;
    let rows =
        (0..genes.len()).flat_map(|gene| parts.iter().flat_map(move |part| part.table.matrix.row(gene)));
    let matrix = CountMatrix::new(genes, samples.clone(), rows.copied().collect())?;
    let reads = parts.iter().flat_map(|part| &part.summary.reads).copied().collect();
    let summary = CountSummary { samples, reads, non_split_only };
    let qc = parts.into_iter().flat_map(|part| part.qc).collect();
    Ok(Counted { table: CountTable { matrix, facts }, summary, qc })
}

fn check(first: &Counted, part: &Counted) -> Result<(), CountError> {
    let mismatch = |problem: String| {
        let sample = part.table.matrix.samples().ids().first().cloned();
        Err(CountError::PartMismatch { sample: sample.unwrap_or_else(|| SampleId::from("")), problem })
    };
    let (own, other) = (first.table.matrix.genes().ids(), part.table.matrix.genes().ids());
    if own.len() != other.len() {
        return mismatch(format!("{} genes instead of {}", other.len(), own.len()));
    }
    if let Some((own, other)) = own.iter().zip(other).find(|(own, other)| own != other) {
        return mismatch(format!("gene `{other}` where the first has `{own}`"));
    }
    if first.table.facts.loci != part.table.facts.loci {
        return mismatch("its genes lie elsewhere: it was counted on another annotation".to_owned());
    }
    if first.summary.non_split_only != part.summary.non_split_only {
        return mismatch("it counted other kinds of alignments (--splitOnly, --nonSplitOnly)".to_owned());
    }
    Ok(())
}
