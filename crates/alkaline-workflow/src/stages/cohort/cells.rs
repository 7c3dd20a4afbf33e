//! The markers of the cohort beside the same genes in the contrasts of a run.

use std::path::Path;

use alkaline_core::results::TestRow;
use alkaline_io::results::test_table;

use super::options::CohortOptions;
use super::rows::{CellsRow, UnivariateRow};
use crate::error::WorkflowError;

/// Every marker that a contrast tested, endpoint by endpoint.
pub fn cells(markers: &[UnivariateRow], options: &CohortOptions) -> Result<Vec<CellsRow>, WorkflowError> {
    let Some(run) = &options.run else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for (contrast, path) in contrasts(run)? {
        let tested = test_table::read_any(&path)?.rows;
        for marker in markers {
            for row in tested.iter().filter(|row| is_same(row, &marker.marker)) {
                rows.push(beside(marker, &contrast, row));
            }
        }
    }
    if rows.is_empty() {
        let message = format!("none of the markers is a gene that {} tested", run.display());
        return Err(WorkflowError::design_with_hint(
            message,
            "call the markers as the genes are called (CCL20, CXCL8)",
        ));
    }
    Ok(rows)
}

/// The test tables of a run, by contrast.
fn contrasts(run: &Path) -> Result<Vec<(String, std::path::PathBuf)>, WorkflowError> {
    let folder = run.join("contrasts");
    let found =
        std::fs::read_dir(&folder).map_err(|source| alkaline_io::ReadError::from_io(&folder, source))?;
    let mut all: Vec<(String, std::path::PathBuf)> = found
        .filter_map(Result::ok)
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path().join("test.tsv")))
        .filter(|(_, path)| path.is_file())
        .collect();
    all.sort();
    if all.is_empty() {
        let message = format!("{} holds no test table of a contrast", folder.display());
        return Err(WorkflowError::design_with_hint(message, "give the directory that `alkaline run` left"));
    }
    Ok(all)
}

/// Whether a gene is called as the marker is: punctuation and case aside, and the part before a slash.
fn is_same(row: &TestRow, marker: &str) -> bool {
    let letters = |name: &str| {
        name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect::<String>()
    };
    let wanted = letters(marker);
    let gene = [Some(row.gene.as_str()), row.name.as_deref()];
    gene.into_iter()
        .flatten()
        .any(|name| letters(name) == wanted || marker.split('/').any(|part| letters(part) == letters(name)))
}

fn beside(marker: &UnivariateRow, contrast: &str, row: &TestRow) -> CellsRow {
    CellsRow {
        marker: marker.marker.clone(),
        gene: row.name.as_deref().unwrap_or(row.gene.as_str()).to_owned(),
        endpoint: marker.endpoint.clone(),
        hazard_ratio: marker.hazard_ratio,
        p: marker.p,
        contrast: contrast.to_owned(),
        log2_fold_change: row.log2_fold_change,
        cell_p: row.p_value,
        cell_fdr: row.fdr,
        direction: row.direction.word().to_owned(),
    }
}
