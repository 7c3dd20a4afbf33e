//! The companion of a count table: symbol and biotype of each gene (`counts.tsv.genes`).
//!
//! featureCounts' layout has no room for them without changing its columns, which other people's scripts count.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::{GeneIndex, PerGene};

use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError, WriteError};
use crate::file::write_atomically;
use crate::number::MISSING;

/// Columns of the companion file.
const COLUMNS: [&str; 3] = ["gene_id", "gene_name", "gene_biotype"];

/// Where the companion of the count table at `counts` lies: its name with `.genes` behind it.
pub fn companion_path(counts: &Path) -> PathBuf {
    let mut name = counts.as_os_str().to_owned();
    name.push(".genes");
    name.into()
}

/// Writes the companion file.
///
/// # Errors
/// [`WriteError`].
pub fn write_labels(path: &Path, labels: &PerGene<GeneLabel>) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        writeln!(out, "{}", COLUMNS.join("\t"))?;
        for (gene, label) in labels.iter() {
            let (name, biotype) = (label.name.as_deref(), label.biotype.as_deref());
            writeln!(out, "{gene}\t{}\t{}", name.unwrap_or(MISSING), biotype.unwrap_or(MISSING))?;
        }
        Ok(())
    })
}

/// Reads symbols and biotypes for `genes`; genes that the file does not name get none.
///
/// # Errors
/// [`ReadError`] when the file cannot be read or lacks its columns.
pub fn read_labels(path: &Path, genes: &Arc<GeneIndex>) -> Result<PerGene<GeneLabel>, ReadError> {
    let table = Delimited::open(path)?;
    let places: Vec<Option<usize>> = COLUMNS.iter().map(|name| table.column(name)).collect();
    let (Some(id), Some(name)) = (places[0], places[1]) else {
        let message =
            format!("columns `gene_id` and `gene_name` are wanted; found {}", table.header.join(", "));
        return Err(FileProblems::one(path, Problem::at_line(table.header_line, message)).into());
    };
    let mut labels = vec![GeneLabel::default(); genes.len()];
    for (_, row) in table.rows()? {
        let text = |column: Option<usize>| {
            column.and_then(|column| row.get(column)).filter(|text| !matches!(*text, "" | MISSING))
        };
        if let Some(gene) = row.get(id).and_then(|gene| genes.position(gene)) {
            labels[gene] = GeneLabel {
                name: text(Some(name)).map(Arc::from),
                biotype: text(places[2]).map(str::to_owned),
            };
        }
    }
    Ok(PerGene::from_fn(Arc::clone(genes), |gene| std::mem::take(&mut labels[gene])))
}
