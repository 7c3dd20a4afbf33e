//! Counts in featureCounts' widest layout: genes or single rows of the annotation, with further attributes.

use crate::annotation::{Annotation, GeneLocus};
use crate::{GeneId, SampleId};

/// A row of a feature table.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureRow {
    /// The gene; it repeats where every row of the annotation is counted by itself.
    pub id: GeneId,
    /// Place and length.
    pub locus: GeneLocus,
    /// One value for each of [`FeatureTable::attributes`].
    pub attributes: Vec<String>,
    /// One count for each of [`FeatureTable::samples`].
    pub counts: Vec<f64>,
}

/// Counts by gene or by row of the annotation.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureTable {
    /// Names of the attributes between length and counts.
    pub attributes: Vec<String>,
    /// Names of the count columns.
    pub samples: Vec<SampleId>,
    /// The rows, in the order of the annotation.
    pub rows: Vec<FeatureRow>,
}

/// What stands for an attribute that a row lacks.
const MISSING: &str = "NA";

impl FeatureTable {
    /// A table of `counts`, one list per gene of `annotation`, or per exon with `by_feature`.
    ///
    /// `attributes` are names with one value per exon: those of a gene are joined by `;` in the order of its locus, or
    /// given once when all are equal.
    pub fn new(
        annotation: &Annotation,
        by_feature: bool,
        attributes: &[(&str, &[Option<String>])],
        samples: Vec<SampleId>,
        counts: Vec<Vec<f64>>,
    ) -> Self {
        let rows_of: Vec<Vec<u32>> = if by_feature {
            (0..annotation.exons.len() as u32).map(|row| vec![row]).collect()
        } else {
            annotation.rows_by_gene()
        };
        let loci = if by_feature {
            (0..annotation.exons.len()).map(|row| annotation.row_locus(row)).collect()
        } else {
            annotation.loci()
        };
        let gene_of = |unit: usize| if by_feature { annotation.exons[unit].gene as usize } else { unit };
        let rows = loci.into_iter().zip(counts).enumerate().map(|(unit, (locus, counts))| FeatureRow {
            id: annotation.genes[gene_of(unit)].id.clone(),
            locus,
            attributes: attributes.iter().map(|(_, values)| joined(values, &rows_of[unit])).collect(),
            counts,
        });
        Self {
            attributes: attributes.iter().map(|(name, _)| (*name).to_owned()).collect(),
            samples,
            rows: rows.collect(),
        }
    }
}

/// The values of `rows`, or the only one.
fn joined(values: &[Option<String>], rows: &[u32]) -> String {
    let value = |row: &u32| values[*row as usize].as_deref().unwrap_or(MISSING);
    let mut all = rows.iter().map(value);
    match all.next() {
        Some(first) if all.all(|other| other == first) => first.to_owned(),
        _ => rows.iter().map(value).collect::<Vec<_>>().join(";"),
    }
}
