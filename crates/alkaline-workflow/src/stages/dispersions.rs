//! Dispersions that experiments without replicates borrow from others.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::results::DispersionSource;
use alkaline_dge::{BorrowedDispersion, GeneDispersion};
use alkaline_io::results::dispersions::DispersionRow;
use alkaline_io::results::table::Rows;
use alkaline_io::results::{dispersions, test_table};
use alkaline_io::{FileProblems, Problem, ReadError};

use crate::error::WorkflowError;

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
    if let Some(source) = dispersions::read_source(path)? {
        refuse_unless_estimated(path, &source)?;
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
    let rows = dispersions::read(path)?;
    let common = rows.last().map_or(f64::NAN, |row| row.common);
    let own = |row: &DispersionRow| GeneDispersion { trended: row.trended, tagwise: row.tagwise };
    let genes = rows.iter().map(|row| (row.gene.clone(), own(row))).collect();
    Ok(BorrowedDispersion { from: path.display().to_string(), common, genes })
}

fn of_test_table(path: &Path) -> Result<BorrowedDispersion, WorkflowError> {
    let table = test_table::read(path)?;
    refuse_unless_estimated(path, &table.facts.dispersion)?;
    let common = table.facts.common_dispersion.ok_or_else(|| {
        WorkflowError::design_with_hint(
            format!("{}: the test `{}` has no dispersions", path.display(), table.facts.method),
            "borrow it from a table of edgeR's tests",
        )
    })?;
    Ok(BorrowedDispersion { from: path.display().to_string(), common, genes: HashMap::new() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use alkaline_core::GeneIndex;

    use alkaline_core::annotation::GeneLabel;
    use alkaline_core::results::DispersionEstimates;
    use alkaline_core::{GeneId, PerGene};

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
        dispersions::write(&path, &estimates, &labels).unwrap();
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
        dispersions::write(&path, &estimates, &labels).unwrap();
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
