//! `dispersions.tsv`: the dispersion of every tested gene, for the eye and for experiments that have no replicates to learn from.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{GeneId, PerGene};
use alkaline_dge::{BorrowedDispersion, GeneDispersion};
use alkaline_io::results::table::{Rows, companion_path, header, read_json, write_json, write_rows};
use alkaline_io::results::test_table;
use alkaline_io::{FileProblems, Problem, ReadError, WriteError};
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;

/// The columns, as edgeR names them.
const COLUMNS: [&str; 6] = ["gene_id", "gene_name", "AveLogCPM", "common", "trended", "tagwise"];

/// What the companion `dispersions.tsv.json` holds.
#[derive(Serialize, Deserialize)]
struct Companion {
    dispersion: DispersionSource,
}

/// Writes the dispersions of the tested genes, and to the companion how they came about.
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
    if path.as_os_str() != "-" {
        write_json(&companion_path(path), &Companion { dispersion: estimates.source.clone() })?;
    }
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
    let rows = Rows::read(path, &[])?;
    let has = |name: &str| rows.header().iter().any(|column| column == name);
    if !has("gene_id") || !(has("PValue") || has("tagwise")) {
        let problem = Problem::at_line(1, "this is neither a table of dispersions nor a test table")
            .hint("--bcv-from takes expression/dispersions.tsv of a run, or a test.tsv with its test.tsv.json beside it");
        return Err(ReadError::from(FileProblems::one(path, problem)).into());
    }
    if rows.header().iter().any(|column| column == "PValue") {
        return of_test_table(path);
    }
    let companion = companion_path(path);
    if companion.exists() {
        refuse_unless_estimated(path, &read_json::<Companion>(&companion)?.dispersion)?;
    }
    Ok(of_dispersions(path)?)
}

/// A guess does not become better by being borrowed.
fn refuse_unless_estimated(path: &Path, source: &DispersionSource) -> Result<(), WorkflowError> {
    if *source == DispersionSource::Estimated {
        return Ok(());
    }
    Err(WorkflowError::design_with_hint(
        format!("{}: the dispersion of this table was not estimated either", path.display()),
        "borrow it from an experiment with replicates",
    ))
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
    refuse_unless_estimated(path, &table.facts.dispersion)?;
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

    #[test]
    fn what_was_assumed_or_is_no_table_of_dispersions_cannot_be_borrowed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dispersions.tsv");
        let genes = GeneIndex::new(vec!["a".into()]).unwrap();
        let estimates = DispersionEstimates {
            source: DispersionSource::Assumed { dispersion: 0.04 },
            common: 0.04,
            trended: None,
            tagwise: None,
            prior_df: Vec::new(),
            average_log_cpm: PerGene::from_fn(Arc::clone(&genes), |_| 3.0),
            span: None,
        };
        let labels = PerGene::from_fn(Arc::clone(&genes), |_| GeneLabel::default());
        write(&path, &estimates, &labels).unwrap();
        assert!(borrow(&path).unwrap_err().to_string().contains("was not estimated either"));
        let counts = directory.path().join("counts.tsv");
        std::fs::write(&counts, "gene\ts1\na\t3\n").unwrap();
        let message = borrow(&counts).unwrap_err().to_string();
        assert!(
            message.contains("counts.tsv, line 1: this is neither") && message.contains("hint:"),
            "{message}"
        );
    }
}
