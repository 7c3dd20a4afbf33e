//! Writing what engines read.

use std::path::Path;

use alkaline_io::WriteError;
use alkaline_io::file::write_atomically;

/// Writes `text` to `path`, whole or not at all.
pub(super) fn write(path: &Path, text: &str) -> Result<(), WriteError> {
    write_atomically(path, |out| out.write_all(text.as_bytes()))
}
