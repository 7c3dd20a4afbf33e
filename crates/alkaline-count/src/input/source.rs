//! An open alignment file, its chunks, and what may be wrong with it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use alkaline_core::genome::Contig;

use super::header::AlignmentHeader;
use crate::error::{CountError, FormatProblem};

/// A piece of an alignment file.
#[derive(Debug, Default)]
pub(crate) struct Chunk {
    /// Its number, from 0.
    pub number: u64,
    /// Blocks or records.
    pub bytes: Vec<u8>,
    /// Whether `bytes` are compressed blocks rather than records.
    pub compressed: bool,
    /// Where `bytes` begin in the file.
    pub offset: u64,
    /// Inflated bytes that belong before `bytes`: what follows the header in its last block.
    pub before: Vec<u8>,
    /// All contigs that records may name: those of the header, and for SAM those met on the way.
    pub contigs: Arc<Vec<Contig>>,
}

/// Hands out the chunks of a file in order.
pub(crate) trait ChunkSource: Send {
    /// Fills `chunk` with the next piece; `false` at the end of the file.
    fn next_chunk(&mut self, chunk: &mut Chunk) -> Result<bool, CountError>;
}

/// An open alignment file.
pub(crate) struct OpenInput {
    pub header: AlignmentHeader,
    pub source: Box<dyn ChunkSource>,
    /// Whether the file can be opened a second time.
    pub repeatable: bool,
}

/// The error for `source`, met at `path`.
pub(crate) fn in_file(path: &Path, source: io::Error) -> CountError {
    let path: PathBuf = path.to_owned();
    match source.kind() {
        io::ErrorKind::NotFound => CountError::Missing { path },
        io::ErrorKind::UnexpectedEof => CountError::Format { path, problem: FormatProblem::TruncatedRecord },
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
            CountError::Format { path, problem: FormatProblem::Unreadable(source.to_string()) }
        }
        _ => CountError::Io { path, source },
    }
}

/// The error that `path` has `problem`.
pub(crate) fn problem_of(path: &Path, problem: FormatProblem) -> CountError {
    CountError::Format { path: path.to_owned(), problem }
}
