//! Writes contrasts.

use std::path::Path;

use alkaline_core::samples::ContrastSpec;

use super::{BLOCKING, REQUIRED};
use crate::error::WriteError;
use crate::file::write_atomically;

/// Writes `contrasts` as comma-separated text.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, contrasts: &[ContrastSpec]) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(REQUIRED.into_iter().chain([BLOCKING]))?;
        for contrast in contrasts {
            let blocking = contrast.blocking.join(";");
            let ContrastSpec { id, variable, reference, target, .. } = contrast;
            writer.write_record([id, variable, reference, target, &blocking])?;
        }
        writer.flush()
    })
}
