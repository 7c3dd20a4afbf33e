//! Exonic lengths for FPKM and TPM: from the count table, else from an annotation, by identifier or by symbol.

use std::collections::HashMap;

use alkaline_core::GenomeBuild;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::CountTable;
use alkaline_core::{Annotation, PerGene};

use super::annotations;
use crate::error::WorkflowError;

/// Lengths of the genes whose length is known, and where they came from.
#[derive(Clone, Debug, PartialEq)]
pub struct KnownLengths {
    /// Places in the count table of the genes with a known length.
    pub genes: Vec<usize>,
    /// Their lengths in bases, in the same order.
    pub lengths: Vec<u64>,
    /// In words.
    pub source: String,
}

impl KnownLengths {
    /// The lengths that the count table tells, if it does.
    pub fn of_table(table: &CountTable) -> Option<Self> {
        let lengths = table.facts.lengths()?;
        let known = |gene: &usize| lengths[*gene] > 0;
        let genes: Vec<usize> = (0..lengths.values().len()).filter(known).collect();
        let lengths: Vec<u64> = genes.iter().map(|&gene| lengths[gene]).collect();
        (!genes.is_empty()).then(|| Self { genes, lengths, source: "the count table".to_owned() })
    }

    /// The lengths of `annotation`, matched by identifier (Ensembl versions aside), else by symbol.
    pub fn of_annotation(table: &CountTable, labels: &PerGene<GeneLabel>, annotation: &Annotation) -> Self {
        let lengths = annotation.exonic_lengths();
        let mut by_name: HashMap<&str, u64> = HashMap::with_capacity(2 * lengths.len());
        for (gene, &length) in annotation.genes.iter().zip(&lengths) {
            if let Some(name) = &gene.name {
                by_name.entry(name).or_insert(length);
            }
        }
        // Identifiers come last: where one is spelled like another gene's symbol, the identifier is meant.
        by_name.extend(
            annotation.genes.iter().zip(&lengths).map(|(gene, &length)| (gene.id.unversioned(), length)),
        );
        let find = |gene: usize| {
            let id = table.matrix.genes().ids()[gene].unversioned();
            let symbol = labels[gene].name.as_deref();
            by_name.get(id).or_else(|| by_name.get(symbol?)).copied().map(|length| (gene, length))
        };
        let (genes, lengths): (Vec<usize>, Vec<u64>) =
            (0..table.matrix.genes().len()).filter_map(find).unzip();
        Self { genes, lengths, source: annotation.source.name.clone() }
    }

    /// Share of the table's genes with a known length, between 0 and 1.
    pub fn fraction(&self, table: &CountTable) -> f64 {
        self.genes.len() as f64 / table.matrix.genes().len().max(1) as f64
    }
}

/// Share of the genes that must be found before the built-in human lengths are trusted to be meant.
const ENOUGH_HUMAN: f64 = 0.5;

/// Lengths from the annotation called `name`, or, where at least half of the genes are found there, from the built-in
/// human one.
///
/// # Errors
/// [`WorkflowError`] when the annotation cannot be read.
pub fn from_reference(
    table: &CountTable,
    labels: &PerGene<GeneLabel>,
    name: Option<&str>,
) -> Result<Option<KnownLengths>, WorkflowError> {
    let known = |annotation: &Annotation| KnownLengths::of_annotation(table, labels, annotation);
    match name {
        Some(name) => {
            let found = known(&annotations::named(name, &Default::default())?);
            Ok((!found.genes.is_empty()).then_some(found))
        }
        None => {
            let found = known(&alkaline_reference::annotation(GenomeBuild::Hg38));
            Ok((found.fraction(table) >= ENOUGH_HUMAN).then_some(found))
        }
    }
}
