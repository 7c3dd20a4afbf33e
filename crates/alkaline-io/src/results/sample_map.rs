//! `mds.tsv`, `pca.tsv`: samples on a plane.

use std::path::Path;

use alkaline_core::results::{MapMethod, SampleMap};
use alkaline_core::{SampleId, SampleIndex};

use super::table::{Rows, companion_path, read_json, write_json, write_rows};
use crate::error::{FileProblems, Problem, ReadError, WriteError};

/// Writes one row per sample with one column per dimension, and the variance explained to the JSON companion.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, map: &SampleMap) -> Result<(), WriteError> {
    let mut header = vec!["sample".to_owned()];
    header.extend((1..=map.dimensions.len()).map(|dimension| format!("dim{dimension}")));
    let samples = map.samples.ids();
    write_rows(path, &header, 0..samples.len(), |line, &sample| {
        let coordinates = map.dimensions.iter().map(|dimension| dimension[sample]);
        line.text(samples[sample].as_str()).reals(coordinates);
    })?;
    write_json(&companion_path(path), &(map.method, &map.variance_explained))
}

/// Reads a map.
///
/// # Errors
/// [`ReadError`] when the table is not as [`write()`] makes it.
pub fn read(path: &Path) -> Result<SampleMap, ReadError> {
    let (method, variance_explained): (MapMethod, Vec<f64>) = read_json(&companion_path(path))?;
    let rows = Rows::read(path, &["sample"])?;
    let columns = rows.header()[1..].to_vec();
    let rows = rows.collect(|row| {
        let coordinates: Vec<f64> = columns.iter().map(|column| row.real(column)).collect();
        (SampleId::from(row.text("sample")), coordinates)
    })?;
    let samples = SampleIndex::new(rows.iter().map(|row| row.0.clone()).collect())
        .map_err(|error| FileProblems::one(path, Problem::of_file(error.to_string())))?;
    let dimensions =
        (0..columns.len()).map(|dimension| rows.iter().map(|row| row.1[dimension]).collect()).collect();
    Ok(SampleMap { method, samples, dimensions, variance_explained })
}
