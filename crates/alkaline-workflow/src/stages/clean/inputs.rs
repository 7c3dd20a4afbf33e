//! The files of a sample as fastp wants them: one or two, called after the sample, compressed where their names say so.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use alkaline_core::samples::{Lane, Reads};
use alkaline_io::fastq::{QualityEncoding, encoding_of};
use alkaline_io::{ReadError, WriteError};

use crate::error::WorkflowError;
use crate::programs::Scratch;

/// First bytes of a gzip file.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The empty block at the end of a file that bgzip wrote (SAM specification 4.1.2).
const BGZF_END: [u8; 28] = [
    0x1f, 0x8b, 0x08, 0x04, 0, 0, 0, 0, 0, 0xff, 0x06, 0, 0x42, 0x43, 0x02, 0, 0x1b, 0, 0x03, 0, 0, 0, 0, 0,
    0, 0, 0, 0,
];

/// How the qualities of a sample are written; all lanes alike.
pub(super) fn encoding(
    sample: &str,
    reads: &Reads,
    notices: &mut Vec<String>,
) -> Result<QualityEncoding, WorkflowError> {
    let mut told: Option<(QualityEncoding, &Path)> = None;
    for lane in &reads.lanes {
        let (encoding, range) = encoding_of(&lane.first)?;
        match told {
            Some((first, path)) if first != encoding => {
                return Err(WorkflowError::design_with_hint(
                    format!(
                        "sample {sample}: the qualities of {} and of {} are written in different ways (Phred+33, Phred+64)",
                        path.display(),
                        lane.first.display()
                    ),
                    "convert the older file (`seqtk seq -Q64 -V`)",
                ));
            }
            Some(_) => {}
            None => told = Some((encoding, &lane.first)),
        }
        if encoding == QualityEncoding::Phred64 && notices.is_empty() {
            notices.push(format!(
                "sample {sample}: its qualities are those of machines before 2011 (Phred+64: `{}` to `{}`); they are converted",
                char::from(range.lowest),
                char::from(range.highest)
            ));
        }
    }
    Ok(told.map(|(encoding, _)| encoding).unwrap_or_default())
}

/// Puts the files of a sample into the folder, under its name: a lane as a link, several joined.
pub(super) fn gather(reads: &Reads, stem: &str, scratch: &Scratch) -> Result<Lane, WorkflowError> {
    let firsts: Vec<&Path> = reads.lanes.iter().map(|lane| lane.first.as_path()).collect();
    let seconds: Vec<&Path> = reads.lanes.iter().filter_map(|lane| lane.second.as_deref()).collect();
    let is_paired = !seconds.is_empty();
    let first = one_file(&firsts, &if is_paired { format!("{stem}_R1") } else { stem.to_owned() }, scratch)?;
    let second = if is_paired { Some(one_file(&seconds, &format!("{stem}_R2"), scratch)?) } else { None };
    let out = scratch.file("cleaned");
    fs::create_dir_all(&out).map_err(|source| WriteError { path: out, source })?;
    Ok(Lane { first, second })
}

/// Gives the name, in the folder, of a file with the content of `files`.
fn one_file(files: &[&Path], stem: &str, scratch: &Scratch) -> Result<PathBuf, WorkflowError> {
    let mut all_compressed = true;
    for file in files {
        all_compressed &= is_compressed(file).map_err(|source| ReadError::from_io(file, source))?;
    }
    let name = if all_compressed { format!("{stem}.fastq.gz") } else { format!("{stem}.fastq") };
    let place = scratch.file(&name);
    let in_place = |source: io::Error| WriteError { path: place.clone(), source };
    match files {
        [one] => link(one, &place).map_err(in_place)?,
        several => {
            let mut out = BufWriter::new(File::create(&place).map_err(in_place)?);
            for file in several {
                if all_compressed {
                    append_compressed(file, &mut out)?;
                } else {
                    append_text(file, &mut out)?;
                }
            }
            out.flush().map_err(in_place)?;
        }
    }
    Ok(name.into())
}

fn is_compressed(file: &Path) -> io::Result<bool> {
    let mut start = Vec::new();
    File::open(file)?.take(GZIP_MAGIC.len() as u64).read_to_end(&mut start)?;
    Ok(start == GZIP_MAGIC)
}

#[cfg(unix)]
fn link(file: &Path, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(file.canonicalize()?, place)
}

#[cfg(not(unix))]
fn link(file: &Path, place: &Path) -> io::Result<()> {
    fs::copy(file, place).map(|_| ())
}

/// Compressed files, one behind another, are one; an empty block of bgzip's would end it before its time for fastp 1.3.
fn append_compressed(file: &Path, out: &mut impl Write) -> Result<(), WorkflowError> {
    let in_file = |source| ReadError::from_io(file, source);
    let mut input = File::open(file).map_err(in_file)?;
    let length = input.metadata().map_err(in_file)?.len();
    let mut taken = length;
    if length >= BGZF_END.len() as u64 {
        let mut end = [0; BGZF_END.len()];
        input.seek(SeekFrom::End(-(BGZF_END.len() as i64))).map_err(in_file)?;
        input.read_exact(&mut end).map_err(in_file)?;
        input.rewind().map_err(in_file)?;
        taken -= if end == BGZF_END { BGZF_END.len() as u64 } else { 0 };
    }
    io::copy(&mut input.take(taken), out).map_err(in_file)?;
    Ok(())
}

fn append_text(file: &Path, out: &mut impl Write) -> Result<(), WorkflowError> {
    let in_file = |source| ReadError::from_io(file, source);
    let mut input = alkaline_io::file::open(file)?;
    let mut ends_line = true;
    loop {
        let part = input.fill_buf().map_err(in_file)?;
        let Some(last) = part.last() else { break };
        ends_line = *last == b'\n';
        let length = part.len();
        out.write_all(part).map_err(in_file)?;
        input.consume(length);
    }
    if !ends_line {
        out.write_all(b"\n").map_err(in_file)?;
    }
    Ok(())
}
