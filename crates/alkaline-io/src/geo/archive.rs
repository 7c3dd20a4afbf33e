//! Archives of submitters: `GSE..._RAW.tar`, a file a sample.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use crate::error::{FileProblems, Problem, ReadError};
use crate::values::{self, ValueFile};

/// Endings of files that hold no table, and what they are.
const NO_TABLES: [(&str, &str); 18] = [
    (".cel", "scans of an Affymetrix array"),
    (".idat", "scans of an Illumina array"),
    (".gpr", "scans of a two-colour array"),
    (".chp", "results of Affymetrix software"),
    (".bam", "alignments"),
    (".bed", "intervals"),
    (".narrowpeak", "peaks"),
    (".broadpeak", "peaks"),
    (".bw", "a track of coverage"),
    (".bigwig", "a track of coverage"),
    (".wig", "a track of coverage"),
    (".bedgraph", "a track of coverage"),
    (".h5", "an HDF5 file"),
    (".h5ad", "an HDF5 file"),
    (".mtx", "a sparse matrix of single cells"),
    (".rds", "an R data file"),
    (".fastq", "reads"),
    (".pdf", "a document"),
];

/// A file of an archive.
#[derive(Debug)]
pub struct ArchiveEntry {
    /// Its name, without folders.
    pub name: String,
    /// The table in it, or why there is none.
    pub table: Result<ValueFile, String>,
}

impl ArchiveEntry {
    /// The sample that the name begins with: `GSM1545535` of `GSM1545535_10_6_5_11.txt.gz`.
    pub fn accession(&self) -> Option<&str> {
        let digits = self.name.strip_prefix("GSM")?.bytes().take_while(u8::is_ascii_digit).count();
        (digits > 0).then(|| &self.name[..3 + digits])
    }
}

/// Reads every table of the tar archive at `path`.
///
/// # Errors
/// [`ReadError`] when the archive cannot be read, is cut off, or holds no file at all. What is wrong with one of its files stands in its entry.
pub fn read_archive(path: &Path) -> Result<Vec<ArchiveEntry>, ReadError> {
    let in_context = |source: std::io::Error| match source.kind() {
        std::io::ErrorKind::Other | std::io::ErrorKind::UnexpectedEof => {
            let problem = Problem::of_file(format!("the archive is damaged or cut off ({source})"));
            FileProblems::one(path, problem.hint("download it again")).into()
        }
        _ => ReadError::from_io(path, source),
    };
    let mut archive = tar::Archive::new(crate::file::open(path)?);
    let mut entries = Vec::new();
    for entry in archive.entries().map_err(in_context)? {
        let mut entry = entry.map_err(in_context)?;
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        let table = match what_is_no_table(&name) {
            Some(what) => Err(format!("it holds {what}")),
            None => {
                let mut bytes = Vec::new();
                entry.read_to_end(&mut bytes).map_err(in_context)?;
                table_of(&name, bytes)
            }
        };
        entries.push(ArchiveEntry { name, table });
    }
    if entries.is_empty() {
        let problem = Problem::of_file("the archive holds no file").hint("download it again");
        return Err(FileProblems::one(path, problem).into());
    }
    Ok(entries)
}

/// What a file of this name holds, when that is no table.
fn what_is_no_table(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let stem = lower.strip_suffix(".gz").unwrap_or(&lower);
    NO_TABLES.iter().find(|(ending, _)| stem.ends_with(ending)).map(|(_, what)| *what)
}

/// The table in the bytes of a file.
fn table_of(name: &str, bytes: Vec<u8>) -> Result<ValueFile, String> {
    let is_gzip = bytes.starts_with(&[0x1f, 0x8b]);
    let plain = BufReader::new(Cursor::new(bytes));
    let input: Box<dyn BufRead + Send> =
        if is_gzip { Box::new(BufReader::new(MultiGzDecoder::new(plain))) } else { Box::new(plain) };
    values::read_from(&PathBuf::from(name), input).map_err(|error| {
        let text = error.message();
        text.strip_prefix(&format!("{name}: ")).unwrap_or(&text).lines().next().unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// An archive of these files.
    fn archive(files: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
        let mut builder = tar::Builder::new(tempfile::Builder::new().suffix(".tar").tempfile().unwrap());
        for (name, bytes) in files {
            let mut header = tar::Header::new_ustar();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            builder.append_data(&mut header, name, *bytes).unwrap();
        }
        builder.into_inner().unwrap()
    }

    fn gzipped(text: &str) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_file_is_a_table_or_says_why_not() {
        let whole = gzipped("gene\tcount\nA\t1\nB\t2\n");
        let cut = &whole[..whole.len() - 12];
        let file = archive(&[
            ("GSM1_a.txt.gz", &whole),
            ("sub/GSM22.CEL.gz", b"x"),
            ("GSM3_c.txt.gz", cut),
            ("notes.txt", b""),
        ]);
        let entries = read_archive(file.path()).unwrap();
        assert_eq!(entries[0].table.as_ref().unwrap().table.values, [1.0, 2.0]);
        assert_eq!(entries[0].accession(), Some("GSM1"));
        assert_eq!(entries[1].table.as_ref().unwrap_err(), "it holds scans of an Affymetrix array");
        assert!(entries[2].table.as_ref().unwrap_err().contains("damaged or cut off"), "{:?}", entries[2]);
        assert_eq!((entries[3].accession(), entries[3].table.is_err()), (None, true));
    }

    #[test]
    fn an_archive_that_is_empty_or_cut_off_is_refused() {
        assert!(read_archive(archive(&[]).path()).unwrap_err().to_string().contains("no file"));
        let file = archive(&[("GSM1_a.txt", &[b'x'; 4000])]);
        let bytes = std::fs::read(file.path()).unwrap();
        std::fs::write(file.path(), &bytes[..1500]).unwrap();
        let error = read_archive(file.path()).unwrap_err();
        assert!(error.is_bad_input() && error.to_string().contains("cut off"), "{error}");
    }
}
