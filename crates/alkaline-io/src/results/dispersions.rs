//! `dispersions.tsv`: the dispersion of every tested gene; its companion tells how they came about.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{DispersionEstimates, DispersionSource};
use alkaline_core::{GeneId, GeneIndex, PerGene};
use serde::{Deserialize, Serialize};

use super::table::{Rows, companion_path, header, read_json, write_json, write_rows};
use crate::error::{FileProblems, Problem, ReadError, WriteError};

/// The columns, as edgeR names them.
pub const COLUMNS: [&str; 6] = ["gene_id", "gene_name", "AveLogCPM", "common", "trended", "tagwise"];

/// The dispersions of one gene.
#[derive(Clone, Debug, PartialEq)]
pub struct DispersionRow {
    /// The gene.
    pub gene: GeneId,
    /// The dispersion that all genes have in common.
    pub common: f64,
    /// The trend at its abundance, where there is one.
    pub trended: Option<f64>,
    /// Its own, where there is one.
    pub tagwise: Option<f64>,
}

/// What the companion `dispersions.tsv.json` holds.
#[derive(Serialize, Deserialize)]
struct Companion {
    dispersion: DispersionSource,
    /// Prior degrees of freedom, as text: they may be infinite, which JSON cannot say.
    #[serde(default)]
    prior_df: Vec<String>,
    #[serde(default)]
    span: Option<f64>,
}

impl Companion {
    fn of(estimates: &DispersionEstimates) -> Self {
        Self {
            dispersion: estimates.source.clone(),
            prior_df: estimates.prior_df.iter().map(f64::to_string).collect(),
            span: estimates.span,
        }
    }
}

/// Writes the dispersions of the tested genes, and to the companion how they came about (but not beside `-`).
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
        write_json(&companion_path(path), &Companion::of(estimates))?;
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

/// Reads the dispersions of a table that [`write()`] or edgeR's user made.
///
/// # Errors
/// [`ReadError`] when a column is missing or a value is no number.
pub fn read(path: &Path) -> Result<Vec<DispersionRow>, ReadError> {
    Rows::read(path, &["gene_id", "common", "trended", "tagwise"])?.collect(|row| DispersionRow {
        gene: GeneId::from(row.text("gene_id")),
        common: row.real("common"),
        trended: row.optional_real("trended"),
        tagwise: row.optional_real("tagwise"),
    })
}

/// How the dispersions of the table at `path` came about; `None` where it has no companion.
///
/// # Errors
/// [`ReadError`] when the companion cannot be read.
pub fn read_source(path: &Path) -> Result<Option<DispersionSource>, ReadError> {
    let companion = companion_path(path);
    if !companion.exists() {
        return Ok(None);
    }
    read_json(&companion).map(|companion: Companion| Some(companion.dispersion))
}

/// Reads the estimates that [`write()`] wrote to `path` and its companion; `genes` are those of the table, in its order.
///
/// # Errors
/// [`ReadError`] when the table is of other genes, or is damaged.
pub fn read_estimates(path: &Path, genes: &Arc<GeneIndex>) -> Result<DispersionEstimates, ReadError> {
    let companion: Companion = read_json(&companion_path(path))?;
    let rows = Rows::read(path, &COLUMNS)?.collect(|row| {
        let gene = GeneId::from(row.text("gene_id"));
        let own = (row.optional_real("trended"), row.optional_real("tagwise"));
        (gene, row.real("AveLogCPM"), row.real("common"), own)
    })?;
    let damaged = |message: &str| ReadError::from(FileProblems::one(path, Problem::of_file(message)));
    if rows.len() != genes.len() || rows.iter().zip(genes.ids()).any(|(row, gene)| row.0 != *gene) {
        return Err(damaged("these are not the dispersions of the tested genes, in their order"));
    }
    let values = |own: Option<Vec<f64>>| own.and_then(|values| PerGene::new(Arc::clone(genes), values).ok());
    let (trended, tagwise) =
        (values(rows.iter().map(|row| row.3.0).collect()), values(rows.iter().map(|row| row.3.1).collect()));
    let prior_df: Result<Vec<f64>, _> = companion.prior_df.iter().map(|text| text.parse()).collect();
    let some = !rows.is_empty();
    Ok(DispersionEstimates {
        source: companion.dispersion,
        common: rows.first().map_or(f64::NAN, |row| row.2),
        trended: trended.filter(|_| some),
        tagwise: tagwise.filter(|_| some),
        prior_df: prior_df
            .map_err(|_| damaged("its companion tells prior degrees of freedom that are no numbers"))?,
        average_log_cpm: PerGene::from_fn(Arc::clone(genes), |gene| rows[gene].1),
        span: companion.span,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_with_its_source() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dispersions.tsv");
        let genes = GeneIndex::new(vec!["a".into()]).unwrap();
        let estimates = DispersionEstimates {
            source: DispersionSource::Assumed { dispersion: 0.04 },
            common: 0.04,
            trended: None,
            tagwise: Some(PerGene::from_fn(Arc::clone(&genes), |_| 0.25)),
            prior_df: vec![f64::INFINITY, 0.1 + 0.2],
            average_log_cpm: PerGene::from_fn(Arc::clone(&genes), |_| 3.0),
            span: None,
        };
        let labels = PerGene::from_fn(Arc::clone(&genes), |_| GeneLabel::default());
        assert_eq!(read_source(&path).unwrap(), None);
        write(&path, &estimates, &labels).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(
            text,
            "gene_id\tgene_name\tAveLogCPM\tcommon\ttrended\ttagwise\na\tNA\t3\t0.04\tNA\t0.25\n"
        );
        let row = DispersionRow { gene: "a".into(), common: 0.04, trended: None, tagwise: Some(0.25) };
        assert_eq!(read(&path).unwrap(), [row]);
        assert_eq!(read_source(&path).unwrap(), Some(estimates.source.clone()));
        assert_eq!(read_estimates(&path, &genes).unwrap(), estimates);
    }
}
