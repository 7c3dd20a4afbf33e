//! Sequences of a genome, for telling the strand of a junction by its splice motif.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Seek};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use alkaline_core::results::SiteStrand;
use bio::io::fasta::{FastaRead, Index, IndexedReader, Reader, Record};
use flate2::bufread::MultiGzDecoder;

use crate::error::{CountError, FormatProblem};
use crate::input::in_file;

/// First two bytes of a gzip (and bgzip) file.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// The genome of `-G`: a FASTA file, plain or gzipped.
///
/// A plain file with an index beside it (`genome.fa.fai`) is not read as a whole: two bases at each end of a junction
/// are fetched.
#[derive(Debug)]
pub struct GenomeSequence {
    path: PathBuf,
    bases: Bases,
}

/// Where the bases are taken from.
#[derive(Debug)]
enum Bases {
    /// Contigs in memory.
    Loaded(HashMap<String, Vec<u8>>),
    /// The file itself, with the length of each contig.
    Indexed { lengths: HashMap<String, u64>, reader: Box<Mutex<IndexedReader<File>>> },
}

impl GenomeSequence {
    /// Opens the FASTA file at `path`; names end at the first blank.
    ///
    /// # Errors
    /// [`CountError`] when the file is missing, unreadable or no FASTA.
    pub fn read(path: &Path) -> Result<Self, CountError> {
        let file = File::open(path).map_err(|source| in_file(path, source))?;
        let mut text = BufReader::new(file);
        let start = text.fill_buf().map_err(|source| in_file(path, source))?;
        let bases = if start.starts_with(&GZIP_MAGIC) {
            load(path, Reader::from_bufread(BufReader::new(MultiGzDecoder::new(text))))?
        } else if !start.starts_with(b">") {
            return Err(no_fasta(path, "it does not begin with `>`"));
        } else if let Some(index) = current_index(path) {
            text.rewind().map_err(|source| in_file(path, source))?;
            let lengths = index.sequences().into_iter().map(|contig| (contig.name, contig.len)).collect();
            let reader = Box::new(Mutex::new(IndexedReader::with_index(text.into_inner(), index)));
            Bases::Indexed { lengths, reader }
        } else {
            load(path, Reader::from_bufread(text))?
        };
        Ok(Self { path: path.to_owned(), bases })
    }

    /// Whether the genome has the contig that the alignments call `contig`.
    pub(crate) fn has(&self, contig: &str) -> bool {
        self.name_of(contig).is_some()
    }

    /// The strand that the motif of the gap between the 1-based positions `left` and `right` tells: `GT..AG` forward,
    /// `CT..AC` reverse.
    ///
    /// # Errors
    /// [`CountError`] when the file cannot be read any more, or its index is not its own.
    pub(crate) fn strand(&self, contig: &str, left: u32, right: u32) -> Result<SiteStrand, CountError> {
        let Some(name) = self.name_of(contig) else { return Ok(SiteStrand::Unknown) };
        let (left, right) = (u64::from(left), u64::from(right));
        let donor = self.two_bases(&name, left)?;
        let acceptor = match right.checked_sub(3) {
            Some(start) => self.two_bases(&name, start)?,
            None => None,
        };
        Ok(match (donor.as_ref(), acceptor.as_ref()) {
            (Some(b"GT"), Some(b"AG")) => SiteStrand::Forward,
            (Some(b"CT"), Some(b"AC")) => SiteStrand::Reverse,
            _ => SiteStrand::Unknown,
        })
    }

    /// The name that the FASTA file has for `contig`: the same, or with or without `chr`.
    fn name_of(&self, contig: &str) -> Option<String> {
        let known = |name: &str| match &self.bases {
            Bases::Loaded(contigs) => contigs.contains_key(name),
            Bases::Indexed { lengths, .. } => lengths.contains_key(name),
        };
        let bare = contig.strip_prefix("chr").unwrap_or(contig);
        [contig.to_owned(), bare.to_owned(), format!("chr{contig}")].into_iter().find(|name| known(name))
    }

    /// The two bases from the 0-based `start` on, in upper case; `None` beyond the end of the contig.
    fn two_bases(&self, name: &str, start: u64) -> Result<Option<[u8; 2]>, CountError> {
        let pair = match &self.bases {
            Bases::Loaded(contigs) => {
                let start = start as usize;
                contigs.get(name).and_then(|bases| bases.get(start..start + 2)).map(|pair| [pair[0], pair[1]])
            }
            Bases::Indexed { lengths, .. } if lengths.get(name).is_none_or(|&length| start + 2 > length) => {
                None
            }
            Bases::Indexed { reader, .. } => {
                // A thread that panicked while it held the lock has ended the run already.
                let mut reader = reader.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                let mut pair = Vec::with_capacity(2);
                let fetched = reader.fetch(name, start, start + 2).and_then(|()| reader.read(&mut pair));
                fetched
                    .map_err(|source| no_fasta(&self.path, &format!("its index does not fit ({source})")))?;
                pair.first_chunk().copied()
            }
        };
        Ok(pair.map(|pair: [u8; 2]| pair.map(|base| base.to_ascii_uppercase())))
    }
}

/// Reads all contigs into memory.
fn load<R: BufRead>(path: &Path, mut reader: Reader<R>) -> Result<Bases, CountError> {
    let mut contigs = HashMap::new();
    let mut record = Record::new();
    loop {
        reader.read(&mut record).map_err(|source| match source.kind() {
            // The reader's own complaints.
            io::ErrorKind::Other | io::ErrorKind::InvalidData => no_fasta(path, &source.to_string()),
            _ => in_file(path, source),
        })?;
        if record.is_empty() {
            return Ok(Bases::Loaded(contigs));
        }
        contigs.insert(record.id().to_owned(), record.seq().to_owned());
    }
}

/// The index beside the file, unless it is older than the file.
fn current_index(path: &Path) -> Option<Index> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".fai");
    let changed = |path: &Path| path.metadata().and_then(|metadata| metadata.modified()).ok();
    let of_index = changed(Path::new(&beside))?;
    changed(path).filter(|of_file| of_index >= *of_file)?;
    Index::with_fasta_file(&path).ok()
}

fn no_fasta(path: &Path, problem: &str) -> CountError {
    CountError::Format { path: path.to_owned(), problem: FormatProblem::NotFasta(problem.to_owned()) }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    /// Lines of ten bases: introns `GT..AG` at 6 to 15, `CT..AC` (in lower case) at 26 to 35.
    const FASTA: &str = ">c1 first\nAAAAAGTAAA\nAAAAGAAAAA\nAAAAActaaa\naaaacAAAAA\n>c2\nAC\n";

    fn strands(path: &Path) -> [SiteStrand; 5] {
        let genome = GenomeSequence::read(path).unwrap();
        [("c1", 5, 16), ("chrc1", 25, 36), ("c1", 4, 16), ("c2", 1, 90), ("c3", 5, 16)]
            .map(|(contig, left, right)| genome.strand(contig, left, right).unwrap())
    }

    const EXPECTED: [SiteStrand; 5] = {
        use SiteStrand::{Forward, Reverse, Unknown};
        [Forward, Reverse, Unknown, Unknown, Unknown]
    };

    #[test]
    fn a_genome_tells_strands_plain_gzipped_and_indexed_alike() {
        let directory = tempfile::tempdir().unwrap();
        let plain = directory.path().join("g.fa");
        std::fs::write(&plain, FASTA).unwrap();
        assert_eq!(strands(&plain), EXPECTED);
        let zipped = directory.path().join("g.fa.gz");
        let mut encoder = GzEncoder::new(File::create(&zipped).unwrap(), Compression::default());
        encoder.write_all(FASTA.as_bytes()).unwrap();
        encoder.finish().unwrap();
        assert_eq!(strands(&zipped), EXPECTED);
        std::fs::write(directory.path().join("g.fa.fai"), "c1\t40\t10\t10\t11\nc2\t2\t58\t2\t3\n").unwrap();
        assert!(matches!(GenomeSequence::read(&plain).unwrap().bases, Bases::Indexed { .. }));
        assert_eq!(strands(&plain), EXPECTED);
    }

    #[test]
    fn an_index_older_than_its_genome_is_left_aside() {
        let directory = tempfile::tempdir().unwrap();
        let plain = directory.path().join("g.fa");
        let index = directory.path().join("g.fa.fai");
        std::fs::write(&plain, FASTA).unwrap();
        std::fs::write(&index, "c1\t40\t9\t10\t11\n").unwrap();
        let an_hour_ago = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        File::options().write(true).open(&index).unwrap().set_modified(an_hour_ago).unwrap();
        assert!(matches!(GenomeSequence::read(&plain).unwrap().bases, Bases::Loaded(_)));
    }

    #[test]
    fn what_is_no_fasta_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("g.2bit");
        std::fs::write(&path, b"\x43\x27\x41\x1a").unwrap();
        let error = GenomeSequence::read(&path).unwrap_err();
        assert!(error.to_string().contains("not a FASTA file"), "{error}");
        assert!(error.hint().unwrap().contains("plain or gzipped"));
    }
}
