//! `--list`: what the files of a series hold, without importing anything.

use std::path::PathBuf;

use alkaline_core::words::{count, listed_up_to};
use alkaline_io::geo::GeoSample;

use super::gather::{Gathered, Maker, Source, gather};
use super::omitted::match_columns;
use crate::error::WorkflowError;

/// Values of a key that are shown.
const SHOWN: usize = 6;

/// What there is in `files`, line by line.
///
/// # Errors
/// [`WorkflowError`] when a file cannot be read.
pub fn list(files: &[PathBuf]) -> Result<Vec<String>, WorkflowError> {
    let gathered = gather(files)?;
    let mut lines = Vec::new();
    let series = &gathered.series;
    if !series.samples.is_empty() {
        let called = if series.accession.is_empty() { "series without accession" } else { &series.accession };
        lines.push(format!("{called}: {}", series.title()));
        lines.push(format!(
            "{}, platforms: {}",
            count(series.samples.len(), "sample"),
            series.platform_ids().join(", ")
        ));
        lines.extend(characteristics(&series.samples));
        lines.extend(series.supplementary().into_iter().map(|file| format!("supplementary file: {file}")));
    }
    lines.extend(gathered.sources.iter().flat_map(|source| of_source(&gathered, source)));
    lines.extend(script(&gathered));
    lines.extend(gathered.left_out.iter().map(|(name, why)| format!("{name}: not a table of values: {why}")));
    lines.extend(gathered.notices.iter().cloned());
    Ok(lines)
}

/// The characteristics with their values.
fn characteristics(samples: &[GeoSample]) -> Vec<String> {
    let mut keys: Vec<(String, Vec<String>)> = Vec::new();
    for found in samples.iter().flat_map(GeoSample::characteristics) {
        match keys.iter_mut().find(|(key, _)| *key == found.key) {
            Some((_, values)) if !values.contains(&found.value) => values.push(found.value),
            Some(_) => {}
            None => keys.push((found.key, vec![found.value])),
        }
    }
    let line = |(key, values): (String, Vec<String>)| {
        let key = if key.is_empty() { "without a key" } else { &key };
        format!("  {key}: {} ({})", listed_up_to(SHOWN, &values), count(values.len(), "value"))
    };
    keys.into_iter().map(line).collect()
}

/// What a table holds.
fn of_source(gathered: &Gathered, source: &Source) -> Vec<String> {
    let maker = match source.maker {
        Maker::Ncbi => "counted by NCBI",
        Maker::Submitter => "table of the submitters",
        Maker::Archive => "files of the submitters, one a sample",
        Maker::Series => "values of the samples",
    };
    let shape = format!(
        "{} x {}",
        count(source.table.rows.len(), "row"),
        count(source.table.samples.len(), "sample")
    );
    let what = match &source.verdict {
        Some(verdict) => format!("{} ({})", verdict.scale.words(), verdict.evidence),
        None => "not a single value".to_owned(),
    };
    let mut lines = vec![format!("{}: {maker}, {shape}: {what}", source.name)];
    lines.extend(source.verdict.iter().flat_map(|verdict| &verdict.doubts).map(|doubt| format!("  {doubt}")));
    if !gathered.series.samples.is_empty() {
        let matched = match_columns(gathered, source);
        lines.extend(matched.omitted.into_iter().map(|(sample, why)| format!("  without {sample}: {why}")));
    }
    lines
}

/// What a script of GEO2R asks for.
fn script(gathered: &Gathered) -> Vec<String> {
    gathered.script.iter().flat_map(super::import::script_in_words).collect()
}
