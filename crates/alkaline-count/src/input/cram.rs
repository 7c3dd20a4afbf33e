//! CRAM, decoded by htslib.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::genome::Contig;
use rust_htslib::bam::{self, Read as _};

use super::header::AlignmentHeader;
use super::source::{Chunk, ChunkSource, OpenInput, in_file, problem_of};
use crate::error::{CountError, FormatProblem};

/// Bytes of records handed to a thread at a time.
const CHUNK_BYTES: usize = 1 << 21;

/// What stands at the end of a whole file: an empty container, of version 3 and of version 2.1 (CRAM specification, section 9).
const END_OF_VERSION_3: &[u8] = b"\x0f\0\0\0\xff\xff\xff\xff\x0f\xe0EOF\0\0\0\0\x01\0\x05\xbd\xd9O\0\x01\0\x06\x06\x01\0\x01\0\x01\0\xeec\x01K";
const END_OF_VERSION_2: &[u8] =
    b"\x0b\0\0\0\xff\xff\xff\xff\x0f\xe0EOF\0\0\0\0\x01\0\0\x01\0\x06\x06\x01\0\x01\0\x01\0";

pub(super) fn open(path: &Path, reference: Option<&Path>, threads: usize) -> Result<OpenInput, CountError> {
    // htslib reads on to where the bytes end, and says of a cut file only that it cannot be read.
    if !has_end_marker(path).map_err(|source| in_file(path, source))? {
        return Err(problem_of(path, FormatProblem::NoEndMarker));
    }
    let failed = |error: rust_htslib::errors::Error| htslib_problem(path, reference.is_some(), &error);
    be_silent();
    let mut reader = bam::Reader::from_path(path).map_err(failed)?;
    if let Some(reference) = reference {
        if !reference.is_file() {
            return Err(CountError::Missing { path: reference.to_owned() });
        }
        reader.set_reference(reference).map_err(failed)?;
    }
    if threads > 1 {
        reader.set_threads(threads - 1).map_err(failed)?;
    }
    let view = reader.header().clone();
    let contigs: Vec<Contig> = view
        .target_names()
        .iter()
        .enumerate()
        .map(|(place, name)| {
            let length = view.target_len(place as u32).unwrap_or(0).min(u64::from(u32::MAX)) as u32;
            Contig { name: String::from_utf8_lossy(name).as_ref().into(), length }
        })
        .collect();
    let header = AlignmentHeader { contigs: contigs.clone(), text: view.as_bytes().to_vec() };
    let source = CramSource {
        reader,
        path: path.to_owned(),
        reference_given: reference.is_some(),
        contigs: Arc::new(contigs),
        number: 0,
    };
    Ok(OpenInput { header, source: Box::new(source), repeatable: true })
}

/// Keeps htslib from writing to standard error: what went wrong is returned, and a library prints nothing.
#[expect(unsafe_code, reason = "rust-htslib has no safe function for it")]
fn be_silent() {
    // SAFETY: the call stores a number that htslib compares with the weight of its messages.
    unsafe { rust_htslib::htslib::hts_set_log_level(rust_htslib::htslib::htsLogLevel_HTS_LOG_OFF) };
}

/// Whether the file at `path` ends as a whole file of its version does; version 2.0 has no marker.
fn has_end_marker(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let mut version = [0; 6];
    if file.read_exact(&mut version).is_err() {
        return Ok(false);
    }
    let marker = match (version[4], version[5]) {
        (3.., _) => END_OF_VERSION_3,
        (2, 1) => END_OF_VERSION_2,
        _ => return Ok(true),
    };
    let mut end = vec![0; marker.len()];
    if file.metadata()?.len() < marker.len() as u64 {
        return Ok(false);
    }
    file.seek(SeekFrom::End(-(marker.len() as i64)))?;
    file.read_exact(&mut end)?;
    Ok(end == marker)
}

fn htslib_problem(path: &Path, reference_given: bool, error: &rust_htslib::errors::Error) -> CountError {
    problem_of(path, FormatProblem::Cram { problem: error.to_string(), reference_given })
}

struct CramSource {
    reader: bam::Reader,
    path: PathBuf,
    reference_given: bool,
    contigs: Arc<Vec<Contig>>,
    number: u64,
}

impl ChunkSource for CramSource {
    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, CountError> {
        chunk.bytes.clear();
        chunk.compressed = false;
        chunk.number = self.number;
        chunk.before.clear();
        // A record holds a counted pointer to the header, so that it cannot be kept in what moves between threads.
        let mut record = bam::Record::new();
        while chunk.bytes.len() < CHUNK_BYTES {
            match self.reader.read(&mut record) {
                None => break,
                Some(Err(error)) => {
                    return Err(htslib_problem(&self.path, self.reference_given, &error));
                }
                Some(Ok(())) => encode(&record, &mut chunk.bytes),
            }
        }
        chunk.contigs = Arc::clone(&self.contigs);
        self.number += 1;
        Ok(!chunk.bytes.is_empty())
    }
}

/// Appends htslib's record in the layout of a BAM file.
#[expect(unsafe_code, reason = "rust-htslib shows the parts of a record, not its bytes")]
fn encode(record: &bam::Record, out: &mut Vec<u8>) {
    let inner = record.inner();
    let core = &inner.core;
    // SAFETY: htslib keeps `l_data` valid bytes at `data` for as long as the record lives and is not read into.
    let data = unsafe { std::slice::from_raw_parts(inner.data, inner.l_data as usize) };
    let name_length = usize::from(core.l_qname) - usize::from(core.l_extranul);
    let rest = &data[usize::from(core.l_qname)..];
    let start = out.len();
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&core.tid.to_le_bytes());
    out.extend_from_slice(&(core.pos as i32).to_le_bytes());
    out.push(name_length as u8);
    out.push(core.qual);
    out.extend_from_slice(&core.bin.to_le_bytes());
    let operations = core.n_cigar as usize;
    let long = operations > usize::from(u16::MAX);
    out.extend_from_slice(&(if long { 2 } else { operations as u16 }).to_le_bytes());
    out.extend_from_slice(&core.flag.to_le_bytes());
    out.extend_from_slice(&core.l_qseq.to_le_bytes());
    out.extend_from_slice(&core.mtid.to_le_bytes());
    out.extend_from_slice(&(core.mpos as i32).to_le_bytes());
    out.extend_from_slice(&(core.isize as i32).to_le_bytes());
    out.extend_from_slice(&data[..name_length]);
    if long {
        let (cigar, behind) = rest.split_at(4 * operations);
        out.extend_from_slice(&((core.l_qseq as u32) << 4 | 4).to_le_bytes());
        out.extend_from_slice(&((record.cigar().end_pos() - record.pos()) as u32 * 16 + 3).to_le_bytes());
        out.extend_from_slice(behind);
        out.extend_from_slice(b"CGBI");
        out.extend_from_slice(&(operations as u32).to_le_bytes());
        out.extend_from_slice(cigar);
    } else {
        out.extend_from_slice(rest);
    }
    let length = (out.len() - start - 4) as u32;
    out[start..start + 4].copy_from_slice(&length.to_le_bytes());
}
