//! The genes that the expression filter removed: as rows of the test table where wanted, and as a table of their own.

use std::collections::HashSet;
use std::path::Path;

use alkaline_core::PerGene;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, Direction, TestRow, TestTable};
use alkaline_io::WriteError;
use alkaline_io::results::table::{Field, header, write_rows};

use super::test::Prepared;

/// Columns of `filter.tsv`.
const COLUMNS: [&str; 4] = ["gene_id", "gene_name", "total_count", "reason"];

/// The genes that were not tested, as rows without values.
pub fn rows(table: &TestTable, labels: &PerGene<GeneLabel>) -> Vec<TestRow> {
    let tested: HashSet<&str> = table.rows.iter().map(|row| row.gene.as_str()).collect();
    let missing = labels.iter().filter(|(gene, _)| !tested.contains(gene.as_str()));
    missing
        .map(|(gene, label)| TestRow {
            gene: gene.clone(),
            name: label.name.clone(),
            log2_fold_change: f64::NAN,
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
    write_rows(path, &header(&COLUMNS), removed, |&gene| {
        let total: f64 = table.matrix.row(gene).iter().sum();
        let reason = if total == 0.0 { "no counts" } else { "too few counts" };
        vec![
            Field::Text(genes[gene].to_string()),
            Field::optional(labels[gene].name.as_deref()),
            Field::Real(total),
            Field::Text(reason.to_owned()),
        ]
    })
}
