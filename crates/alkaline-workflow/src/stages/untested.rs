//! The genes that the expression filter removed: as rows of the test table where wanted, and as a table of their own.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::PerGene;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, Direction, TestRow, TestTable};
use alkaline_io::WriteError;
use alkaline_io::results::table::{Field, header, write_rows};
use alkaline_norm::FilterOutcome;

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
pub fn write(
    path: &Path,
    table: &CountTable,
    prepared: &Prepared,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WriteError> {
    let kept: HashSet<usize> = prepared.filter.kept.iter().copied().collect();
    let genes = table.matrix.genes().ids();
    let removed: Vec<usize> = (0..genes.len()).filter(|gene| !kept.contains(gene)).collect();
    let rule = Rule::new(table, &prepared.filter);
    write_rows(path, &header(&COLUMNS), removed, |&gene| {
        let row = table.matrix.row(gene);
        let (total, reaching) = (row.iter().sum(), rule.samples_at_cpm(row));
        vec![
            Field::Text(genes[gene].to_string()),
            Field::optional(labels[gene].name.as_deref()),
            Field::Real(total),
            Field::Whole(reaching as u64),
            Field::Text(rule.reason(total, reaching)),
        ]
    })
}

/// What the expression filter asked of a gene.
struct Rule<'a> {
    filter: &'a FilterOutcome,
    sizes: Vec<f64>,
}

impl<'a> Rule<'a> {
    fn new(table: &CountTable, filter: &'a FilterOutcome) -> Self {
        Self { filter, sizes: table.matrix.column_sums() }
    }

    fn samples_at_cpm(&self, row: &[f64]) -> usize {
        let reaches = |(y, size): (&f64, &f64)| y * 1e6 / size >= self.filter.cpm_threshold;
        row.iter().zip(&self.sizes).filter(|&pair| reaches(pair)).count()
    }

    fn reason(&self, total: f64, reaching: usize) -> String {
        /// The filter's slack for a fractional number of samples.
        const SLACK: f64 = 1e-14;
        let FilterOutcome { cpm_threshold, min_samples, .. } = self.filter;
        if total == 0.0 {
            "no counts".to_owned()
        } else if (reaching as f64) < min_samples - SLACK {
            // leverages give a whole number of samples but for rounding
            let wanted = (min_samples * 1e6).round() / 1e6;
            format!("CPM {cpm_threshold:.4} in {reaching} samples, {wanted} wanted")
        } else {
            "too small a total count".to_owned()
        }
    }
}
