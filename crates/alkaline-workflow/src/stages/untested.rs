//! The genes that the expression filter removed: as rows of the test table where wanted, and as a table of their own.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::PerGene;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{Direction, TestRow, TestTable};
use alkaline_io::WriteError;
use alkaline_io::results::table::{header, write_rows};
use alkaline_norm::{FilterOutcome, RemovalReason};

use super::test::Prepared;

/// Columns of `filter.tsv`.
const COLUMNS: [&str; 5] = ["gene_id", "gene_name", "total_count", "samples_at_cpm", "reason"];

/// The genes that were not tested, as rows without values.
pub fn rows(table: &TestTable, labels: &PerGene<GeneLabel>) -> Vec<TestRow> {
    let tested: HashSet<&str> = table.rows.iter().map(|row| row.gene.as_str()).collect();
    let missing = labels.iter().filter(|(gene, _)| !tested.contains(gene.as_str()));
    missing
        .map(|(gene, label)| TestRow {
            gene: gene.clone(),
            name: label.name.clone(),
            log2_fold_change: f64::NAN,
            standard_error: None,
            interval: None,
            log2_cpm: f64::NAN,
            statistic: table.facts.statistic.as_ref().map(|_| f64::NAN),
            p_value: f64::NAN,
            log10_p: f64::NAN,
            fdr: f64::NAN,
            direction: Direction::NotSignificant,
            group_cpm: vec![f64::NAN; table.facts.groups.len()],
        })
        .collect()
}

/// Writes the genes that the expression filter removed, and why.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, prepared: &Prepared, labels: &PerGene<GeneLabel>) -> Result<(), WriteError> {
    let filter = &prepared.filter;
    let genes = labels.index().ids();
    // one of few texts, made once: the number of samples tells them apart
    let low: Vec<String> = (0..=filter.matrix.samples().len()).map(|samples| low(filter, samples)).collect();
    write_rows(path, &header(&COLUMNS), &filter.removed, |line, gene| {
        line.text(genes[gene.position].as_str()).optional(labels[gene.position].name.as_deref());
        line.real(gene.total).whole(gene.samples_at_cpm as u64).text(match gene.reason {
            RemovalReason::Silent => "no counts",
            RemovalReason::Low => &low[gene.samples_at_cpm],
            RemovalReason::SmallTotal => "too small a total count",
        });
    })
}

/// What is said of genes that reach the CPM threshold in so many samples.
fn low(filter: &FilterOutcome, samples: usize) -> String {
    format!("CPM {:.4} in {samples} samples, {} wanted", filter.cpm_threshold, filter.samples_wanted())
}
