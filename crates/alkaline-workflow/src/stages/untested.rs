//! The genes that the expression filter removed: as rows of the test table where wanted, and as a table of their own.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::PerGene;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{Direction, MethodColumns, TestRow, TestTable};
use alkaline_io::WriteError;
use alkaline_io::results::filter::{self, FilteredGene};
use alkaline_norm::{FilterOutcome, RemovalReason};

use super::test::Prepared;

/// What is said of genes without any count.
const SILENT: &str = "no counts";

/// What is said of genes with too few counts in all.
const SMALL_TOTAL: &str = "too small a total count";

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
            of_method: MethodColumns::default(),
        })
        .collect()
}

/// Writes the genes that the expression filter removed, and why.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, prepared: &Prepared, labels: &PerGene<GeneLabel>) -> Result<(), WriteError> {
    let outcome = &prepared.filter;
    let genes = labels.index().ids();
    // one of few texts, made once: the number of samples tells them apart
    let low: Vec<String> =
        (0..=outcome.matrix.samples().len()).map(|samples| low(outcome, samples)).collect();
    let rows = outcome.removed.iter().map(|gene| FilteredGene {
        id: genes[gene.position].as_str(),
        name: labels[gene.position].name.as_deref(),
        total_count: gene.total,
        samples_at_cpm: gene.samples_at_cpm,
        reason: match gene.reason {
            RemovalReason::Silent => SILENT,
            RemovalReason::Low => &low[gene.samples_at_cpm],
            RemovalReason::SmallTotal => SMALL_TOTAL,
        },
    });
    filter::write(path, rows)
}

/// Why a gene was removed, from the words for it.
pub(crate) fn reason_called(words: &str) -> RemovalReason {
    match words {
        SILENT => RemovalReason::Silent,
        SMALL_TOTAL => RemovalReason::SmallTotal,
        _ => RemovalReason::Low,
    }
}

/// What is said of genes that reach the CPM threshold in so many samples.
fn low(filter: &FilterOutcome, samples: usize) -> String {
    let (what, threshold) = filter.threshold_in_words();
    format!("{what} {threshold} in {samples} samples, {} wanted", filter.samples_wanted())
}
