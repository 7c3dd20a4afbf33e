//! Writes a sample sheet.

use std::path::{Path, PathBuf};

use alkaline_core::samples::{Lane, SampleRecord, SampleSheet};

use crate::error::WriteError;
use crate::file::write_atomically;

/// Writes `sheet` as comma-separated text; the columns `bam`, `fastq_1` and `fastq_2` stand only if a sample has such files. A sample has
/// a row for each of its lanes.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, sheet: &SampleSheet) -> Result<(), WriteError> {
    let columns = Columns::of(sheet);
    let mut header = vec!["sample".to_owned()];
    header.extend(columns.names().map(str::to_owned));
    header.extend(sheet.variables.iter().cloned());
    write_atomically(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&header)?;
        for sample in &sheet.samples {
            for lane in lanes(sample) {
                let mut row = vec![sample.id.to_string()];
                row.extend(columns.files(sample, lane));
                row.extend(sample.values.iter().cloned());
                writer.write_record(&row)?;
            }
        }
        writer.flush()
    })
}

/// The lanes of a sample; one that is none where there are no reads.
fn lanes(sample: &SampleRecord) -> Vec<Option<&Lane>> {
    match &sample.reads {
        Some(reads) => reads.lanes.iter().map(Some).collect(),
        None => vec![None],
    }
}

/// Which columns of files there are.
struct Columns {
    alignments: bool,
    first: bool,
    second: bool,
}

impl Columns {
    fn of(sheet: &SampleSheet) -> Self {
        let reads = || sheet.samples.iter().filter_map(|sample| sample.reads.as_ref());
        Self {
            alignments: sheet.samples.iter().any(|sample| sample.file.is_some()),
            first: reads().next().is_some(),
            second: reads().any(|reads| reads.is_paired()),
        }
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        let columns = [(self.alignments, "bam"), (self.first, "fastq_1"), (self.second, "fastq_2")];
        columns.into_iter().filter_map(|(is_there, name)| is_there.then_some(name))
    }

    fn files(&self, sample: &SampleRecord, lane: Option<&Lane>) -> Vec<String> {
        let text = |file: Option<&PathBuf>| file.map_or_else(String::new, |file| file.display().to_string());
        let mut files = Vec::new();
        files.extend(self.alignments.then(|| text(sample.file.as_ref())));
        files.extend(self.first.then(|| text(lane.map(|lane| &lane.first))));
        files.extend(self.second.then(|| text(lane.and_then(|lane| lane.second.as_ref()))));
        files
    }
}
