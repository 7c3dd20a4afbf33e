//! A sample sheet on the command line.

use std::path::Path;

use alkaline_io::samples::SheetFile;
use alkaline_io::{counts, samples};

use crate::failure::Failure;

/// Reads a sample sheet; the columns of `counts` tell which of its columns names the samples.
pub fn read_sheet(path: &Path, counts: Option<&Path>) -> Result<SheetFile, Failure> {
    let is_file = |path: &&Path| path.as_os_str() != "-";
    let names = counts.filter(is_file).map(counts::column_names).transpose()?.unwrap_or_default();
    Ok(samples::read_for(path, &names)?)
}
