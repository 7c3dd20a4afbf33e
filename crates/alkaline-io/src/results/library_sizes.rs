//! `library_sizes.tsv`: `sample group lib.size norm.factors`, as edgeR's `y$samples`.

use std::path::Path;

use alkaline_core::{Groups, LibrarySizes, PerSample, SampleId, SampleIndex};

use super::table::{Rows, header, write_rows};
use crate::error::{FileProblems, Problem, ReadError, WriteError};

/// The columns, in order.
pub const COLUMNS: [&str; 4] = ["sample", "group", "lib.size", "norm.factors"];

/// Writes `sizes` to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, sizes: &LibrarySizes, groups: &Groups) -> Result<(), WriteError> {
    let samples = sizes.samples().ids();
    write_rows(path, &header(&COLUMNS), 0..samples.len(), |line, &sample| {
        line.text(samples[sample].as_str())
            .text(&groups.levels()[groups.codes()[sample]])
            .real(sizes.raw[sample])
            .real(sizes.factors[sample]);
    })
}

/// Reads library sizes, and the group of each sample.
///
/// # Errors
/// [`ReadError`] when the table is not as [`write()`] makes it.
pub fn read(path: &Path) -> Result<(LibrarySizes, Groups), ReadError> {
    let rows = Rows::read(path, &COLUMNS)?.collect(|row| {
        let (sample, group) = (SampleId::from(row.text("sample")), row.text("group").to_owned());
        (sample, group, row.real("lib.size"), row.real("norm.factors"))
    })?;
    let samples = SampleIndex::new(rows.iter().map(|row| row.0.clone()).collect())
        .map_err(|error| FileProblems::one(path, Problem::of_file(error.to_string())))?;
    let labels: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    let sizes = LibrarySizes {
        raw: PerSample::from_fn(samples.clone(), |sample| rows[sample].2),
        factors: PerSample::from_fn(samples.clone(), |sample| rows[sample].3),
    };
    Ok((sizes, Groups::new(samples, &labels)))
}
