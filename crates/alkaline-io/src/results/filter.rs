//! `filter.tsv`: the genes that were not tested, and why.

use std::path::Path;

use alkaline_core::GeneId;

use super::table::{Rows, header, write_rows};
use crate::error::{ReadError, WriteError};

/// The columns, in order.
pub const COLUMNS: [&str; 5] = ["gene_id", "gene_name", "total_count", "samples_at_cpm", "reason"];

/// A gene that the expression filter removed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilteredGene<'a> {
    /// Its identifier.
    pub id: &'a str,
    /// Its name, where it has one.
    pub name: Option<&'a str>,
    /// Sum of its counts.
    pub total_count: f64,
    /// Samples that reach the CPM threshold.
    pub samples_at_cpm: usize,
    /// Why it was removed.
    pub reason: &'a str,
}

/// Writes `genes` to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write<'a>(path: &Path, genes: impl IntoIterator<Item = FilteredGene<'a>>) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), genes, |line, gene| {
        line.text(gene.id).optional(gene.name);
        line.real(gene.total_count).whole(gene.samples_at_cpm as u64).text(gene.reason);
    })
}

/// A row of the table, as it is read.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterRow {
    /// The gene.
    pub gene: GeneId,
    /// Sum of its counts.
    pub total_count: f64,
    /// Samples that reach the CPM threshold.
    pub samples_at_cpm: usize,
    /// Why it was removed, in words.
    pub reason: String,
}

/// Reads the genes that [`write()`] wrote to `path`.
///
/// # Errors
/// [`ReadError`] when a column is missing or a value is no number.
pub fn read(path: &Path) -> Result<Vec<FilterRow>, ReadError> {
    Rows::read(path, &["gene_id", "total_count", "samples_at_cpm", "reason"])?.collect(|row| FilterRow {
        gene: GeneId::from(row.text("gene_id")),
        total_count: row.real("total_count"),
        samples_at_cpm: row.whole("samples_at_cpm"),
        reason: row.text("reason").to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gene_without_a_name_has_na() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("filter.tsv");
        let gene =
            FilteredGene { id: "g1", name: None, total_count: 2.5, samples_at_cpm: 1, reason: "no counts" };
        write(&path, [gene, FilteredGene { name: Some("ACTB"), ..gene }]).unwrap();
        let expected = "gene_id\tgene_name\ttotal_count\tsamples_at_cpm\treason\n\
                        g1\tNA\t2.5\t1\tno counts\ng1\tACTB\t2.5\t1\tno counts\n";
        assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
        let row =
            FilterRow { gene: "g1".into(), total_count: 2.5, samples_at_cpm: 1, reason: "no counts".into() };
        assert_eq!(read(&path).unwrap(), [row.clone(), row]);
    }
}
