//! Expression tables: gene identifier, symbol, one column a sample.

use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::expression::ExpressionUnit;
use alkaline_core::{ExpressionMatrix, GeneId, GeneIndex, IndexError, PerGene, SampleId, SampleIndex};

use super::table::{header, write_rows};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError, WriteError};
use crate::number;

/// The columns before the samples.
pub const COLUMNS: [&str; 2] = ["gene_id", "gene_name"];

/// Writes `matrix` to `path`; a `gene_name` column stands where `labels` are known.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    path: &Path,
    matrix: &ExpressionMatrix,
    labels: Option<&PerGene<GeneLabel>>,
) -> Result<(), WriteError> {
    let rows = RowsToWrite { genes: matrix.genes().ids(), samples: matrix.samples().ids(), labels };
    rows.write(path, |gene, values| values.copy_from_slice(matrix.row(gene)))
}

/// The names of an expression table whose values are made while it is written, so that they are never in memory at once.
pub struct RowsToWrite<'a> {
    /// The genes, in the order of the rows.
    pub genes: &'a [GeneId],
    /// The samples, in the order of the columns.
    pub samples: &'a [SampleId],
    /// Symbols, where they are known.
    pub labels: Option<&'a PerGene<GeneLabel>>,
}

impl RowsToWrite<'_> {
    /// Writes the table to `path`; `fill` is given the place of a gene, and room for one value a sample.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(&self, path: &Path, fill: impl Fn(usize, &mut [f64]) + Sync) -> Result<(), WriteError> {
        let mut columns = header(&COLUMNS);
        columns.extend(self.samples.iter().map(ToString::to_string));
        write_rows(path, &columns, 0..self.genes.len(), |line, &gene| {
            let id = self.genes[gene].as_str();
            let label = self.labels.and_then(|labels| labels.get(id));
            let mut values = vec![0.0; self.samples.len()];
            fill(gene, &mut values);
            line.text(id).optional(label.and_then(|label| label.name.as_deref())).reals(values);
        })
    }
}

/// Reads an expression table that [`write()`] made, as values in `unit`.
///
/// # Errors
/// [`ReadError`] when a value is no number or a name stands twice.
pub fn read(path: &Path, unit: ExpressionUnit) -> Result<ExpressionMatrix, ReadError> {
    read_part(path, unit, |_| true, |_| true)
}

/// Reads the genes and samples of an expression table that are wanted; of the other genes nothing but the name.
///
/// # Errors
/// As [`read`].
pub fn read_part(
    path: &Path,
    unit: ExpressionUnit,
    wants_gene: impl Fn(&str) -> bool,
    wants_sample: impl Fn(&str) -> bool,
) -> Result<ExpressionMatrix, ReadError> {
    let mut table = Delimited::open(path)?;
    let columns = wanted_columns(&table, wants_sample)?;
    let (mut genes, mut values, mut problems) = (Vec::new(), Vec::new(), Vec::new());
    let mut row = Record::default();
    while let Some(line) = table.next_row(&mut row)? {
        if !row.get(0).is_some_and(&wants_gene) {
            continue;
        }
        genes.push(GeneId::from(&row[0]));
        for (sample, column) in &columns {
            let text = row.get(*column).unwrap_or_default();
            values.push(number::parse(text).unwrap_or_else(|| {
                let message = format!("`{text}` is not a number");
                problems.push(Problem::at_line(line, message).in_column(sample.as_str()));
                f64::NAN
            }));
        }
    }
    FileProblems::check(path, problems)?;
    let wrong = |error: IndexError| FileProblems::one(path, Problem::of_file(error.to_string()));
    let genes = GeneIndex::new(genes).map_err(wrong)?;
    let samples = SampleIndex::new(columns.into_iter().map(|column| column.0).collect()).map_err(wrong)?;
    Ok(ExpressionMatrix::new(unit, genes, samples, values).map_err(wrong)?)
}

/// The samples that are wanted, with the places of their columns.
fn wanted_columns(
    table: &Delimited,
    wants_sample: impl Fn(&str) -> bool,
) -> Result<Vec<(SampleId, usize)>, ReadError> {
    if table.header.len() < COLUMNS.len()
        || table.header.iter().zip(COLUMNS).any(|(found, name)| found != name)
    {
        let message = format!("the first columns are not `{}`", COLUMNS.join("`, `"));
        return Err(FileProblems::one(&table.path, Problem::at_line(table.header_line, message)).into());
    }
    let samples = table.header.iter().enumerate().skip(COLUMNS.len());
    Ok(samples
        .filter(|(_, name)| wants_sample(name))
        .map(|(place, name)| (SampleId::from(name), place))
        .collect())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    /// A table of more fields than one block holds, so that several threads make its text.
    fn large() -> ExpressionMatrix {
        let genes = GeneIndex::new((0..900).map(|gene| format!("g{gene}").into()).collect()).unwrap();
        let samples = SampleIndex::new((0..400).map(|sample| format!("s{sample}").into()).collect()).unwrap();
        let values = (0..900 * 400).map(|i| f64::from(i) / 7.0).collect();
        ExpressionMatrix::new(ExpressionUnit::Cpm, genes, samples, values).unwrap()
    }

    #[test]
    fn what_is_written_on_many_threads_reads_back_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cpm.tsv");
        let matrix = large();
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| write(&path, &matrix, None)).unwrap();
            assert_eq!(read(&path, ExpressionUnit::Cpm).unwrap(), matrix, "{threads} threads");
        }
    }

    #[test]
    fn a_part_is_read_by_names() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cpm.tsv");
        let matrix = large();
        write(&path, &matrix, None).unwrap();
        let part =
            read_part(&path, ExpressionUnit::Cpm, |gene| gene == "g7", |sample| sample == "s3").unwrap();
        assert_eq!((part.genes().len(), part.samples().len(), part.row(0)), (1, 1, &[matrix.row(7)[3]][..]));
    }

    #[test]
    fn a_value_that_is_no_number_is_named_by_line_and_sample() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("cpm.tsv");
        std::fs::write(&path, "gene_id\tgene_name\ta\tb\ng\tNA\t1\tx\n").unwrap();
        let error = read(&path, ExpressionUnit::Cpm).unwrap_err().to_string();
        assert!(error.contains("line 2, column `b`: `x` is not a number"), "{error}");
        let labels = PerGene::new(Arc::clone(large().genes()), vec![GeneLabel::default(); 900]).unwrap();
        write(&path, &large(), Some(&labels)).unwrap();
        std::fs::write(&path, "gene\ta\n").unwrap();
        assert!(read(&path, ExpressionUnit::Cpm).unwrap_err().to_string().contains("line 1"));
    }
}
