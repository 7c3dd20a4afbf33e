//! Where read QC goes.

use std::path::{Path, PathBuf};

/// Where read QC goes unless a directory is named: beside the count table at `counts`.
pub fn qc_path(counts: &Path) -> PathBuf {
    let mut name = counts.as_os_str().to_owned();
    name.push(".qc");
    name.into()
}
