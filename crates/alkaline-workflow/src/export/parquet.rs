//! A run as Parquet files, one for every table, laid out as the run is.

use std::path::{Path, PathBuf};

use alkaline_core::file_names::file_stem;
use alkaline_export::anndata::are_whole;
use alkaline_export::{Column, Table, Values, parquet};
use alkaline_io::WriteError;
use alkaline_io::file::write_atomically;

use super::experiment::Exported;
use super::rows::read;
use crate::error::WorkflowError;

/// Writes a directory of files.
pub(super) fn write(run: &Exported, out: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let facts = run.facts();
    let mut files = Vec::new();
    let mut put = |name: &str, table: &Table| -> Result<(), WorkflowError> {
        let path = out.join(format!("{name}.parquet"));
        write_atomically(&path, |file| parquet::write(file, table, &facts))?;
        files.push(path);
        Ok(())
    };
    put("samples", &named("sample", &run.samples, &run.about_samples))?;
    put("genes", &named("gene_id", &run.genes, &run.about_genes))?;
    put(run.what, &by_gene(run, &run.values))?;
    for (name, path, unit) in run.made() {
        let values =
            run.made_values(&path, unit).map_err(|source| WriteError { path: out.join(name), source })?;
        put(name, &by_gene(run, &values))?;
    }
    let (names, contrasts) = run.contrast_table();
    put("contrasts", &named("id", &names, &contrasts))?;
    for contrast in &run.contrasts {
        for (name, path) in run.tables(contrast) {
            put(&format!("contrasts/{}/{name}", file_stem(&contrast.id)), &read(&path)?)?;
        }
    }
    Ok(files)
}

/// A table with the names of its rows in front.
fn named(key: &str, names: &[String], table: &Table) -> Table {
    let names = Values::Text(names.iter().cloned().map(Some).collect());
    Table::new(std::iter::once(Column::new(key, names)).chain(table.columns().iter().cloned()).collect())
}

/// A matrix as a table: identifier and symbol, then a column a sample.
fn by_gene(run: &Exported, values: &[f64]) -> Table {
    let whole = are_whole(values);
    let symbols = run.about_genes.columns().iter().filter(|column| column.name == "gene_name").cloned();
    let width = run.samples.len();
    let sample = |(place, name): (usize, &String)| {
        let own = values.iter().skip(place).step_by(width).copied();
        let own = if whole {
            Values::Whole(own.map(|value| value as i64).collect())
        } else {
            Values::Real(own.collect())
        };
        Column::new(name, own)
    };
    let columns = symbols.chain(run.samples.iter().enumerate().map(sample)).collect();
    named("gene_id", &run.genes, &Table::new(columns))
}
