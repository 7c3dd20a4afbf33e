//! Joins counts that were made one sample at a time: the same bytes as counting all samples in one call.

use alkaline_core::SampleIndex;
use alkaline_core::results::{CountSummary, FeatureRow, FeatureTable, JunctionTable, SampleQc};

use crate::error::CountError;
use crate::junctions::merge_tables;

/// Everything that counting some samples gave: a part, or the whole.
#[derive(Clone, Debug, PartialEq)]
pub struct CountPart {
    /// Counts by gene, or by row of the annotation.
    pub table: FeatureTable,
    /// What became of every read.
    pub summary: CountSummary,
    /// Splice junctions, where they were counted.
    pub junctions: Option<JunctionTable>,
    /// Read QC, where it was gathered.
    pub qc: Option<Vec<SampleQc>>,
}

/// Joins `parts`, each counted on the same annotation with the same options, sample after sample in the order given.
///
/// The genes of a splice junction are told anew: they depend on the reads of all samples.
///
/// # Errors
/// [`CountError::PartMismatch`] when rows, attributes or kinds of output differ; [`CountError::Index`] when a sample
/// appears twice; [`CountError::Options`] without parts.
pub fn merge_counts(parts: Vec<CountPart>) -> Result<CountPart, CountError> {
    let Some(first) = parts.first() else {
        return Err(CountError::Options("no part to merge".to_owned()));
    };
    parts.iter().try_for_each(|part| check(first, part))?;
    let samples = parts.iter().flat_map(|part| part.summary.samples.ids()).cloned().collect();
    let summary = CountSummary {
        samples: SampleIndex::new(samples)?,
        reads: parts.iter().flat_map(|part| &part.summary.reads).copied().collect(),
        non_split_only: first.summary.non_split_only,
    };
    let junctions = parts.iter().map(|part| part.junctions.as_ref()).collect::<Option<Vec<_>>>();
    let junctions = match junctions {
        Some(tables) => Some(merge_tables(&tables, &first.table).map_err(|(part, problem)| {
            mismatch(&parts[part], format!("{problem}: merge parts that were counted with the same options"))
        })?),
        None => None,
    };
    let qc = parts.iter().map(|part| part.qc.as_deref()).collect::<Option<Vec<_>>>().map(|qc| qc.concat());
    let table = merge_rows(parts.into_iter().map(|part| part.table).collect());
    Ok(CountPart { table, summary, junctions, qc })
}

/// The columns of all tables beside each other.
fn merge_rows(tables: Vec<FeatureTable>) -> FeatureTable {
    let mut tables = tables.into_iter();
    let Some(mut merged) = tables.next() else { unreachable!("parts were checked to be there") };
    for table in tables {
        merged.samples.extend(table.samples);
        for (row, further) in merged.rows.iter_mut().zip(table.rows) {
            row.counts.extend(further.counts);
        }
    }
    merged
}

fn mismatch(part: &CountPart, problem: String) -> CountError {
    let sample = part.summary.samples.ids().first().cloned();
    CountError::PartMismatch { sample: sample.unwrap_or_else(|| "".into()), problem }
}

fn check(first: &CountPart, part: &CountPart) -> Result<(), CountError> {
    let (own, other) = (&first.table, &part.table);
    let refuse = |problem: String| Err(mismatch(part, problem));
    if own.attributes != other.attributes {
        return refuse("it has other attributes (--extraAttributes)".to_owned());
    }
    if own.rows.len() != other.rows.len() {
        return refuse(format!("{} rows instead of {}", other.rows.len(), own.rows.len()));
    }
    let differs = |(own, other): &(&FeatureRow, &FeatureRow)| {
        own.id != other.id || own.locus != other.locus || own.attributes != other.attributes
    };
    if let Some((own, other)) = own.rows.iter().zip(&other.rows).find(differs) {
        return refuse(if own.id == other.id {
            format!("`{}` is another: it was counted on another annotation", own.id)
        } else {
            format!("gene `{}` where the first has `{}`", other.id, own.id)
        });
    }
    if first.summary.non_split_only != part.summary.non_split_only {
        return refuse("it counted other kinds of alignments (--splitOnly, --nonSplitOnly)".to_owned());
    }
    if first.junctions.is_some() != part.junctions.is_some() {
        return refuse("only some of the parts have splice junctions (.jcounts, -J)".to_owned());
    }
    if first.qc.is_some() != part.qc.is_some() {
        return refuse("only some of the parts have read QC (.qc)".to_owned());
    }
    Ok(())
}
