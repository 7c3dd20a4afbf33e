//! A run as tables, and the R script that builds a `SummarizedExperiment` of them.

use std::path::{Path, PathBuf};

use alkaline_core::file_names::file_stem;
use alkaline_export::summarized::{FACTS, GENES, SAMPLES, SCRIPT, script};
use alkaline_export::{Column, Table, Values};
use alkaline_io::WriteError;
use alkaline_io::file::write_atomically;
use alkaline_io::results::table::write_rows;

use super::experiment::Exported;
use super::rows::by_gene;
use crate::error::WorkflowError;

/// Writes a directory: the script, its tables.
pub(super) fn write(run: &Exported, out: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let made = run.made();
    let mut assays = vec![run.what];
    assays.extend(made.iter().map(|(name, _, _)| *name));
    let place = |name: &str| out.join(format!("{name}.tsv"));
    assay(run, &place(run.what), &run.values)?;
    for (name, path, unit) in &made {
        let values =
            run.made_values(path, *unit).map_err(|source| WriteError { path: place(name), source })?;
        assay(run, &place(name), &values)?;
    }
    table(&out.join(SAMPLES), "sample", &run.samples, &run.about_samples)?;
    table(&out.join(GENES), "gene_id", &run.genes, &about_genes(run)?)?;
    let facts = run.facts();
    write_rows(&out.join(FACTS), &["key".to_owned(), "value".to_owned()], &facts, |line, (key, value)| {
        line.text(key).text(value);
    })?;
    let text = script(&assays);
    write_atomically(&out.join(SCRIPT), |file| file.write_all(text.as_bytes()))?;
    let files = [SCRIPT, SAMPLES, GENES, FACTS].map(|name| out.join(name));
    Ok(files.into_iter().chain(assays.into_iter().map(place)).collect())
}

/// A matrix: gene identifier, then a column a sample.
fn assay(run: &Exported, path: &Path, values: &[f64]) -> Result<(), WriteError> {
    let header: Vec<String> =
        std::iter::once("gene_id".to_owned()).chain(run.samples.iter().cloned()).collect();
    let rows = run.genes.iter().zip(values.chunks(run.samples.len().max(1)));
    write_rows(path, &header, rows, |line, (gene, values)| {
        line.text(gene).reals(values.iter().copied());
    })
}

/// What is known of the genes, and what became of them under each contrast: `CONTRAST.logFC`, `CONTRAST.FDR`, ...
fn about_genes(run: &Exported) -> Result<Table, WorkflowError> {
    let mut columns = run.about_genes.columns().to_vec();
    for contrast in &run.contrasts {
        let tested = by_gene(&run.test(contrast)?, &run.genes);
        let name = |column: &Column| format!("{}.{}", file_stem(&contrast.id), column.name);
        columns
            .extend(tested.columns().iter().map(|column| Column::new(name(column), column.values.clone())));
    }
    Ok(Table::new(columns))
}

/// A table with the names of its rows in front.
fn table(path: &Path, key: &str, names: &[String], table: &Table) -> Result<(), WriteError> {
    let columns = table.columns();
    let header: Vec<String> =
        std::iter::once(key.to_owned()).chain(columns.iter().map(|column| column.name.clone())).collect();
    write_rows(path, &header, 0..names.len(), |line, &row| {
        line.text(&names[row]);
        for column in columns {
            match &column.values {
                Values::Text(values) => line.optional(values[row].as_deref()),
                Values::Real(values) => line.real(values[row]),
                Values::Whole(values) => line.real(values[row] as f64),
            };
        }
    })
}
