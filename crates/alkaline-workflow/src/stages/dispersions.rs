//! `dispersions.tsv`: the dispersion of every tested gene, for the eye and for experiments that have no replicates to learn from.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{GeneId, PerGene};
use alkaline_dge::{BorrowedDispersion, GeneDispersion};
use alkaline_io::results::table::{Rows, header, write_rows};
use alkaline_io::results::test_table;
use alkaline_io::{ReadError, WriteError};

use crate::error::WorkflowError;

/// The columns, as edgeR names them.
const COLUMNS: [&str; 6] = ["gene_id", "gene_name", "AveLogCPM", "common", "trended", "tagwise"];

/// Writes the dispersions of the tested genes.
///
/// # Errors
/// [`WriteError`].
pub fn write(
    path: &Path,
    estimates: &DispersionEstimates,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WriteError> {
    let genes = estimates.average_log_cpm.index().ids();
    let value = |told: &Option<PerGene<f64>>, gene: usize| told.as_ref().map(|values| values[gene]);
    write_rows(path, &header(&COLUMNS), 0..genes.len(), |line, &gene| {
        let name = labels.get(genes[gene].as_str()).and_then(|label| label.name.as_deref());
        line.text(genes[gene].as_str())
            .optional(name)
            .real(estimates.average_log_cpm[gene])
            .real(estimates.common)
            .optional_real(value(&estimates.trended, gene))
            .optional_real(value(&estimates.tagwise, gene));
    })
}

/// The dispersion that another experiment told: gene by gene from its `dispersions.tsv`, or the common one behind its
/// `test.tsv`.
///
/// # Errors
/// [`WorkflowError::Read`] when the table is neither, [`WorkflowError::Design`] when its dispersion was assumed too.
pub fn borrow(path: &Path) -> Result<BorrowedDispersion, WorkflowError> {
    let rows = Rows::read(path, &["gene_id"])?;
    if rows.header().iter().any(|column| column == "PValue") {
        return of_test_table(path);
    }
    Ok(of_dispersions(path)?)
}

fn of_dispersions(path: &Path) -> Result<BorrowedDispersion, ReadError> {
    let rows = Rows::read(path, &["gene_id", "common", "trended", "tagwise"])?;
    let mut common = f64::NAN;
    let mut genes = HashMap::new();
    for (gene, all, told) in rows.collect(|row| {
        let own =
            GeneDispersion { trended: row.optional_real("trended"), tagwise: row.optional_real("tagwise") };
        (GeneId::from(row.text("gene_id")), row.real("common"), own)
    })? {
        common = all;
        genes.insert(gene, told);
    }
    Ok(BorrowedDispersion { from: path.display().to_string(), common, genes })
}

fn of_test_table(path: &Path) -> Result<BorrowedDispersion, WorkflowError> {
    let table = test_table::read(path)?;
    if table.facts.dispersion != DispersionSource::Estimated {
        return Err(WorkflowError::Design(format!(
            "{}: the dispersion of this table was not estimated either\n\
             hint: borrow it from an experiment with replicates",
            path.display()
        )));
    }
    let common = table.facts.common_dispersion;
    Ok(BorrowedDispersion { from: path.display().to_string(), common, genes: HashMap::new() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use alkaline_core::GeneIndex;

    use super::*;

    #[test]
    fn what_is_written_can_be_borrowed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dispersions.tsv");
        let genes = GeneIndex::new(vec!["a".into(), "b".into()]).unwrap();
        let values = |x: f64| PerGene::from_fn(Arc::clone(&genes), |gene| x + gene as f64);
        let estimates = DispersionEstimates {
            source: DispersionSource::Estimated,
            common: 0.1,
            trended: None,
            tagwise: Some(values(0.25)),
            prior_df: vec![7.0],
            average_log_cpm: values(3.0),
            span: None,
        };
        let labels = PerGene::from_fn(Arc::clone(&genes), |_| GeneLabel::default());
        write(&path, &estimates, &labels).unwrap();
        let borrowed = borrow(&path).unwrap();
        assert_eq!(borrowed.common, 0.1);
        assert_eq!(borrowed.genes[&GeneId::from("b")], GeneDispersion { trended: None, tagwise: Some(1.25) });
    }
}
