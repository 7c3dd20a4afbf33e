//! `sensitivity.tsv`: how many genes are called when another dispersion is assumed; and, gene by gene, up to which.

use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::SensitivityRow;
use alkaline_core::{GeneId, PerGene};

use super::table::{Rows, header, write_rows};
use crate::error::{ReadError, WriteError};

/// The columns, in order.
pub const COLUMNS: [&str; 3] = ["BCV", "up", "down"];

/// The columns of the table by gene, in order.
pub const GENE_COLUMNS: [&str; 3] = ["gene_id", "gene_name", "largest_BCV"];

/// Writes the calls at each dispersion to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, rows: &[SensitivityRow]) -> Result<(), WriteError> {
    write_rows(path, &header(&COLUMNS), rows, |line, row| {
        line.real(row.bcv).whole(row.up as u64).whole(row.down as u64);
    })
}

/// Reads a table that [`write()`] made.
///
/// # Errors
/// [`ReadError`].
pub fn read(path: &Path) -> Result<Vec<SensitivityRow>, ReadError> {
    Rows::read(path, &COLUMNS)?.collect(|row| SensitivityRow {
        bcv: row.real("BCV"),
        up: row.whole("up"),
        down: row.whole("down"),
    })
}

/// Writes the largest dispersion at which each gene is still called; `NA` for genes that are called at none.
///
/// # Errors
/// [`WriteError`].
pub fn write_by_gene(
    path: &Path,
    largest_bcv: &[(GeneId, Option<f64>)],
    labels: &PerGene<GeneLabel>,
) -> Result<(), WriteError> {
    write_rows(path, &header(&GENE_COLUMNS), largest_bcv, |line, (gene, largest)| {
        let name = labels.get(gene.as_str()).and_then(|label| label.name.as_deref());
        line.text(gene.as_str()).optional(name).optional_real(*largest);
    })
}

/// Reads what [`write_by_gene`] wrote: for each tested gene the largest BCV at which it is called.
///
/// # Errors
/// [`ReadError`].
pub fn read_by_gene(path: &Path) -> Result<Vec<(GeneId, Option<f64>)>, ReadError> {
    let rows = Rows::read(path, &GENE_COLUMNS)?;
    rows.collect(|row| (GeneId::from(row.text("gene_id")), row.optional_real("largest_BCV")))
}

#[cfg(test)]
mod tests {
    use alkaline_core::GeneIndex;

    use super::*;

    #[test]
    fn both_tables_are_read_as_they_were_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("sensitivity.tsv");
        let rows =
            vec![SensitivityRow { bcv: 0.05, up: 12, down: 9 }, SensitivityRow { bcv: 0.4, up: 1, down: 0 }];
        write(&path, &rows).unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "BCV\tup\tdown\n0.05\t12\t9\n0.4\t1\t0\n");
        assert_eq!(read(&path).unwrap(), rows);
        let genes = GeneIndex::new(vec!["a".into(), "b".into()]).unwrap();
        let labels =
            PerGene::from_fn(genes, |_| GeneLabel { name: Some("A".into()), ..GeneLabel::default() });
        let largest = vec![(GeneId::from("a"), Some(0.4)), (GeneId::from("b"), None)];
        write_by_gene(&path, &largest, &labels).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "gene_id\tgene_name\tlargest_BCV\na\tA\t0.4\nb\tA\tNA\n");
        assert_eq!(read_by_gene(&path).unwrap(), largest);
    }
}
