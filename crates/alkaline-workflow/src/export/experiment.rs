//! What all exports need of a run: samples, genes, counts, contrasts, and what is said of the run.

use std::io;
use std::path::{Path, PathBuf};

use alkaline_core::ContrastSpec;
use alkaline_core::expression::ExpressionUnit;
use alkaline_export::{Column, Table, Values};
use alkaline_io::results::{expression, library_sizes};
use alkaline_io::{contrasts, samples};

use super::rows::{read, typed};
use crate::error::WorkflowError;
use crate::record::RunManifest;
use crate::spec::request::TableOptions;
use crate::stages::count::read_table;
use crate::store::RunDirectory;

/// The expression tables that a run of counts may have.
const UNITS: [ExpressionUnit; 4] =
    [ExpressionUnit::Cpm, ExpressionUnit::LogCpm, ExpressionUnit::Fpkm, ExpressionUnit::Tpm];

/// A run, ready to be exported.
pub(super) struct Exported {
    pub directory: RunDirectory,
    pub manifest: RunManifest,
    /// Names of the samples, in the order of the columns of every matrix.
    pub samples: Vec<String>,
    /// Identifiers of the genes, in the order of the rows.
    pub genes: Vec<String>,
    /// What is known of the samples: the columns of the sheet, and library sizes.
    pub about_samples: Table,
    /// What is known of the genes: symbol, biotype, length.
    pub about_genes: Table,
    /// What the values are: `counts`, or `expression` where the run began with that.
    pub what: &'static str,
    /// The values, gene-major.
    pub values: Vec<f64>,
    pub contrasts: Vec<ContrastSpec>,
}

impl Exported {
    /// Reads what the exports share.
    pub fn read(directory: RunDirectory, manifest: RunManifest) -> Result<Self, WorkflowError> {
        let (what, samples, genes, values, about_genes) =
            if directory.counts().is_file() { counted(&directory)? } else { measured(&directory)? };
        let about_samples = about_samples(&directory, &samples)?;
        let contrasts = contrasts::read(&directory.contrasts_file())?;
        Ok(Self { directory, manifest, samples, genes, about_samples, about_genes, what, values, contrasts })
    }

    /// The expression tables that were made of the values: name and place.
    pub fn made(&self) -> Vec<(&'static str, PathBuf, ExpressionUnit)> {
        let tables = UNITS.into_iter().map(|unit| (unit.file_stem(), self.directory.expression(unit), unit));
        tables.filter(|(_, path, _)| path.is_file()).collect()
    }

    /// An expression table of the run, gene-major, with the genes and samples of the values.
    pub fn made_values(&self, path: &Path, unit: ExpressionUnit) -> io::Result<Vec<f64>> {
        let matrix = expression::read(path, unit).map_err(io::Error::other)?;
        let same =
            |ids: &mut dyn Iterator<Item = &str>, names: &[String]| ids.eq(names.iter().map(String::as_str));
        let fits = same(&mut matrix.genes().ids().iter().map(|id| id.as_str()), &self.genes)
            && same(&mut matrix.samples().ids().iter().map(|id| id.as_str()), &self.samples);
        if !fits {
            let message =
                format!("{}: other genes or samples than the {} of the run", path.display(), self.what);
            return Err(io::Error::new(io::ErrorKind::InvalidData, message));
        }
        Ok(matrix.rows().flatten().copied().collect())
    }

    /// The tables of a contrast that are there: name (`test`, `ora_up`, `panels/chemokines`, ...) and place.
    pub fn tables(&self, contrast: &ContrastSpec) -> Vec<(String, PathBuf)> {
        let place = self.directory.contrast(&contrast.id);
        let folder = place.test().with_file_name("");
        let mut names =
            ["test", "consensus", "ora", "ora_up", "ora_down", "gsea"].map(str::to_owned).to_vec();
        for (inner, kind) in
            [("tests", place.further_test("x").with_file_name("")), ("panels", place.panels())]
        {
            let files = std::fs::read_dir(kind).into_iter().flatten().flatten().map(|entry| entry.path());
            let tables = files.filter(|path| path.extension().is_some_and(|ending| ending == "tsv"));
            let mut stems: Vec<String> =
                tables.filter_map(|path| Some(path.file_stem()?.to_string_lossy().into_owned())).collect();
            stems.sort();
            names.extend(stems.into_iter().map(|stem| format!("{inner}/{stem}")));
        }
        let places = names.into_iter().map(|name| (name.clone(), folder.join(format!("{name}.tsv"))));
        places.filter(|(_, path)| path.is_file()).collect()
    }

    /// The main test of a contrast.
    pub fn test(&self, contrast: &ContrastSpec) -> Result<Table, WorkflowError> {
        Ok(read(&self.directory.contrast(&contrast.id).test())?)
    }

    /// What is said of the run in few words: keys and values.
    pub fn facts(&self) -> Vec<(String, String)> {
        let manifest = &self.manifest;
        let simulated = if manifest.simulated { "yes" } else { "no" };
        let mut facts: Vec<(String, String)> = [
            ("alkaline", manifest.version.as_str()),
            ("title", &manifest.title),
            ("date", &manifest.date),
            ("simulated", simulated),
            ("values", self.what),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
        let components = manifest.components.iter();
        facts.extend(components.map(|(name, version)| (format!("component: {name}"), version.clone())));
        facts
    }

    /// The contrasts as a table without their names.
    pub fn contrast_table(&self) -> (Vec<String>, Table) {
        let column = |name: &str, value: &dyn Fn(&ContrastSpec) -> &str| {
            let values: Vec<&str> = self.contrasts.iter().map(value).collect();
            let words = values.iter().map(|word| Some((*word).to_owned()).filter(|word| !word.is_empty()));
            Column::new(name, Values::Text(words.collect()))
        };
        let table = Table::new(vec![
            column("variable", &|contrast| &contrast.variable),
            column("reference", &|contrast| &contrast.reference),
            column("target", &|contrast| &contrast.target),
        ]);
        (self.contrasts.iter().map(|contrast| contrast.id.clone()).collect(), table)
    }
}

/// What the values are, samples, genes, values, and what is known of the genes.
type Matrix = (&'static str, Vec<String>, Vec<String>, Vec<f64>, Table);

/// The counts of a run.
fn counted(directory: &RunDirectory) -> Result<Matrix, WorkflowError> {
    let options = TableOptions { allow_fractional: true, transpose: false };
    let table = read_table(&directory.counts(), None, options)?.table;
    let mut columns = Vec::new();
    if let Some(labels) = &table.facts.labels {
        let name = |label: &alkaline_core::annotation::GeneLabel| label.name.as_deref().map(str::to_owned);
        columns.push(Column::new("gene_name", Values::Text(labels.values().iter().map(name).collect())));
        let biotypes: Vec<Option<String>> =
            labels.values().iter().map(|label| label.biotype.clone()).collect();
        if biotypes.iter().any(Option::is_some) {
            columns.push(Column::new("gene_biotype", Values::Text(biotypes)));
        }
    }
    if let Some(lengths) = table.facts.lengths() {
        let lengths = lengths.values().iter().map(|length| *length as i64).collect();
        columns.push(Column::new("length", Values::Whole(lengths)));
    }
    let names = |ids: &mut dyn Iterator<Item = String>| ids.collect::<Vec<_>>();
    let matrix = &table.matrix;
    let samples = names(&mut matrix.samples().ids().iter().map(ToString::to_string));
    let genes = names(&mut matrix.genes().ids().iter().map(ToString::to_string));
    Ok(("counts", samples, genes, matrix.as_slice().to_vec(), Table::new(columns)))
}

/// The expression values that a run began with.
fn measured(directory: &RunDirectory) -> Result<Matrix, WorkflowError> {
    let path = directory.expression(ExpressionUnit::Log2);
    let matrix = expression::read(&path, ExpressionUnit::Log2)?;
    let symbols =
        read(&path)?.columns().iter().filter(|column| column.name == "gene_name").cloned().collect();
    let samples = matrix.samples().ids().iter().map(ToString::to_string).collect();
    let genes = matrix.genes().ids().iter().map(ToString::to_string).collect();
    let values = matrix.rows().flatten().copied().collect();
    Ok(("expression", samples, genes, values, Table::new(symbols)))
}

/// The columns of the sample sheet, and library sizes, in the order of `names`.
fn about_samples(directory: &RunDirectory, names: &[String]) -> Result<Table, WorkflowError> {
    let sheet = samples::read(&directory.samples())?;
    let row = |name: &String| sheet.samples.iter().find(|sample| sample.id.as_str() == name);
    let mut columns: Vec<Column> = Vec::new();
    for (place, variable) in sheet.variables.iter().enumerate() {
        let values: Vec<&str> =
            names.iter().map(|name| row(name).map_or("", |sample| sample.values[place].as_str())).collect();
        columns.push(Column::new(variable, typed(variable, &values)));
    }
    if directory.library_sizes().is_file() {
        let (sizes, _) = library_sizes::read(&directory.library_sizes())?;
        let of = |values: &alkaline_core::PerSample<f64>| {
            let value = |name: &String| values.get(name).copied().unwrap_or(f64::NAN);
            Values::Real(names.iter().map(value).collect())
        };
        columns.push(Column::new("lib.size", of(&sizes.raw)));
        columns.push(Column::new("norm.factors", of(&sizes.factors)));
    }
    Ok(Table::new(columns))
}
