//! Writes a sample sheet.

use std::path::Path;

use alkaline_core::samples::SampleSheet;

use crate::error::WriteError;
use crate::file::write_atomically;

/// Writes `sheet` as comma-separated text; the `bam` column stands only if a sample has a file.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, sheet: &SampleSheet) -> Result<(), WriteError> {
    let has_files = sheet.samples.iter().any(|sample| sample.file.is_some());
    write_atomically(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        let mut header = vec!["sample"];
        if has_files {
            header.push("bam");
        }
        header.extend(sheet.variables.iter().map(String::as_str));
        writer.write_record(&header)?;
        for sample in &sheet.samples {
            let mut row = vec![sample.id.to_string()];
            if has_files {
                row.push(sample.file.as_ref().map_or_else(String::new, |file| file.display().to_string()));
            }
            row.extend(sample.values.iter().cloned());
            writer.write_record(&row)?;
        }
        writer.flush()
    })
}
