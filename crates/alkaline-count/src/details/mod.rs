//! What became of each read, in a file of its own (`-R`).

mod names;
mod own_tags;
mod sam_text;

use std::convert::Infallible;
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use alkaline_core::results::Assignment;
use alkaline_core::unfinished::{self, Kind, Unfinished};
use bgzf::CompressionLevel;

use crate::counters::Detail;
use crate::error::CountError;
use crate::input::{AlignmentHeader, in_file};
use crate::options::{DetailFormat, SplitRule};
use crate::plan::Plan;
pub(crate) use names::detail_paths;
use own_tags::{NUMBER, STATUS, TARGETS, push_without_own};

/// Compression of a BAM of fates: the fastest, as it is read once.
const DETAIL_LEVEL: u8 = 1;

/// The fate of a read.
pub(crate) enum Targets {
    /// Counted for these units.
    Units(Vec<u32>),
    /// Not counted.
    None(Assignment),
}

/// Receives the fate of every read of one file.
pub(crate) struct DetailSink {
    format: DetailFormat,
    path: PathBuf,
    /// Written beside `path` and renamed; `None` where `path` is a pipe or device, which is written into.
    temporary: Option<PathBuf>,
    _entry: Option<Unfinished>,
    header: AlignmentHeader,
    output: Mutex<Output>,
}

enum Output {
    Text(BufWriter<File>),
    Bam(bgzf::Writer<File>),
    Closed,
}

impl DetailSink {
    /// The sink that writes `path`, for alignments with that header.
    pub fn create(format: DetailFormat, path: PathBuf, header: &AlignmentHeader) -> Result<Self, CountError> {
        let is_stream = path.metadata().is_ok_and(|found| !found.is_file());
        let mut beside = path.clone().into_os_string();
        beside.push(".part");
        let temporary = (!is_stream).then(|| PathBuf::from(beside));
        let enter = |path: &PathBuf| {
            unfinished::begin(Kind::File, || Ok::<_, Infallible>(path.clone()), PathBuf::as_path)
        };
        let entry = temporary.as_ref().and_then(|path| enter(path).ok());
        let sink = Self {
            format,
            path,
            temporary,
            _entry: entry.map(|(_, entry)| entry),
            header: header.clone(),
            output: Mutex::new(Output::Closed),
        };
        sink.restart()?;
        Ok(sink)
    }

    pub fn format(&self) -> DetailFormat {
        self.format
    }

    /// Whether it can begin anew: what went into a pipe cannot be taken back.
    pub fn is_repeatable(&self) -> bool {
        self.temporary.is_some()
    }

    /// Begins anew, when a file is read a second time.
    pub fn restart(&self) -> Result<(), CountError> {
        let open = || -> io::Result<Output> {
            let file = match &self.temporary {
                Some(temporary) => File::create(temporary)?,
                None => OpenOptions::new().write(true).open(&self.path)?,
            };
            Ok(match self.format {
                DetailFormat::Core => Output::Text(BufWriter::new(file)),
                DetailFormat::Sam => {
                    let mut file = BufWriter::new(file);
                    file.write_all(&self.header.text)?;
                    Output::Text(file)
                }
                DetailFormat::Bam => {
                    let level = CompressionLevel::new(DETAIL_LEVEL).map_err(io::Error::other)?;
                    let mut writer = bgzf::Writer::new(file, level);
                    writer.write_all(&bam_header(&self.header))?;
                    Output::Bam(writer)
                }
            })
        };
        // What is still held back of the file before must not end up in the new one.
        *self.output.lock().unwrap_or_else(PoisonError::into_inner) = Output::Closed;
        let output = open().map_err(|source| self.failed(source))?;
        *self.output.lock().unwrap_or_else(PoisonError::into_inner) = output;
        Ok(())
    }

    /// Appends the fate of a fragment to `out`, which is later given to [`DetailSink::write`].
    pub fn note(&self, plan: &Plan<'_>, targets: &Targets, ends: [Option<&Detail>; 2], out: &mut Vec<u8>) {
        let names: Vec<&str> = match targets {
            Targets::Units(units) => units.iter().map(|&unit| plan.unit_name(unit)).collect(),
            Targets::None(_) => Vec::new(),
        };
        let status = match targets {
            Targets::Units(_) => Assignment::Assigned.status(),
            Targets::None(Assignment::NonSplit) if plan.options.filter.split == SplitRule::NonSplitOnly => {
                "Unassigned_Split"
            }
            Targets::None(category) => category.status(),
        };
        if self.format == DetailFormat::Core {
            let Some(end) = ends[0] else { return };
            out.extend_from_slice(&end.kept);
            let (number, list) = if names.is_empty() {
                (number_of_no_targets(targets).to_owned(), "NA".to_owned())
            } else {
                (names.len().to_string(), names.join(","))
            };
            out.extend_from_slice(format!("\t{status}\t{number}\t{list}\n").as_bytes());
            return;
        }
        for end in ends.into_iter().flatten() {
            let start = out.len();
            out.extend_from_slice(&[0; 4]);
            if plan.options.is_compat() {
                out.extend_from_slice(&end.kept);
            } else {
                push_without_own(&end.kept, out);
            }
            push_text(out, STATUS, status);
            if !names.is_empty() {
                out.extend_from_slice(NUMBER);
                out.push(b'i');
                out.extend_from_slice(&(names.len() as i32).to_le_bytes());
                push_text(out, TARGETS, &names.join(","));
            }
            let length = (out.len() - start - 4) as u32;
            out[start..start + 4].copy_from_slice(&length.to_le_bytes());
        }
    }

    /// Writes what [`DetailSink::note`] gathered.
    pub fn write(&self, bytes: &[u8]) -> Result<(), CountError> {
        let mut output = self.output.lock().unwrap_or_else(PoisonError::into_inner);
        let written = match &mut *output {
            Output::Bam(writer) => writer.write_all(bytes),
            Output::Text(file) if self.format == DetailFormat::Core => file.write_all(bytes),
            Output::Text(file) => sam_text::write_records(file, bytes, &self.header.contigs),
            Output::Closed => Ok(()),
        };
        written.map_err(|source| self.failed(source))
    }

    /// Gives the finished file its name.
    pub fn finish(self) -> Result<(), CountError> {
        let output = std::mem::replace(
            &mut *self.output.lock().unwrap_or_else(PoisonError::into_inner),
            Output::Closed,
        );
        let closed = match output {
            Output::Bam(writer) => writer.finish().map(drop),
            Output::Text(mut file) => file.flush(),
            Output::Closed => Ok(()),
        };
        let renamed = || match &self.temporary {
            Some(temporary) => unfinished::undisturbed(|| std::fs::rename(temporary, &self.path)),
            None => Ok(()),
        };
        closed.and_then(|()| renamed()).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> CountError {
        match in_file(&self.path, source) {
            CountError::Missing { path } => CountError::Io { path, source: io::ErrorKind::NotFound.into() },
            other => other,
        }
    }
}

impl Drop for DetailSink {
    fn drop(&mut self) {
        // After success the temporary file has been renamed; after a failure it must not stay behind.
        if let Some(temporary) = &self.temporary {
            let _ = std::fs::remove_file(temporary);
        }
    }
}

/// featureCounts writes 0 for reads that fail the first filters, and -1 for all others that are not counted.
fn number_of_no_targets(targets: &Targets) -> &'static str {
    match targets {
        Targets::None(Assignment::Unmapped | Assignment::Singleton | Assignment::MappingQuality) => "0",
        _ => "-1",
    }
}

fn push_text(out: &mut Vec<u8>, key: &[u8; 2], text: &str) {
    out.extend_from_slice(key);
    out.push(b'Z');
    out.extend_from_slice(text.as_bytes());
    out.push(0);
}

/// The header as BAM has it.
fn bam_header(header: &AlignmentHeader) -> Vec<u8> {
    let mut bytes = b"BAM\x01".to_vec();
    bytes.extend_from_slice(&(header.text.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header.text);
    bytes.extend_from_slice(&(header.contigs.len() as u32).to_le_bytes());
    for contig in &header.contigs {
        let name = contig.name.as_str().as_bytes();
        bytes.extend_from_slice(&(name.len() as u32 + 1).to_le_bytes());
        bytes.extend_from_slice(name);
        bytes.push(0);
        bytes.extend_from_slice(&contig.length.to_le_bytes());
    }
    bytes
}
