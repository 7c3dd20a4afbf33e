//! Where the values came from: files with their checksums.

use std::fs::File;
use std::path::Path;

use alkaline_io::ReadError;
use serde_json::{Value, json};

use crate::error::WorkflowError;

/// A file with its size and checksum.
pub(super) fn input(path: &Path) -> Result<Value, WorkflowError> {
    let in_context = |source| WorkflowError::from(ReadError::from_io(path, source));
    let mut hasher = blake3::Hasher::new();
    let file = File::open(path).map_err(in_context)?;
    hasher.update_reader(&file).map_err(in_context)?;
    let bytes = file.metadata().map_err(in_context)?.len();
    Ok(json!({"path": path, "bytes": bytes, "blake3": hasher.finalize().to_hex().to_string()}))
}
