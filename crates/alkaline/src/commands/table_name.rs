//! Names of tables to write, checked while the command line is read: a format that is not written costs no work.

use std::path::{Path, PathBuf};

use alkaline_io::table_format::{TableFormat, UnknownFormat};

/// A table whose name tells how it is written: by tabs, by commas (`.csv`), or as a workbook (`.xlsx`).
pub fn table_name(text: &str) -> Result<PathBuf, UnknownFormat> {
    TableFormat::of(Path::new(text)).map(|_| PathBuf::from(text))
}

/// A count table, which has featureCounts' layout.
pub fn count_table_name(text: &str) -> Result<PathBuf, UnknownFormat> {
    TableFormat::of_counts(Path::new(text)).map(|_| PathBuf::from(text))
}
