//! What a file is, told by how it begins; its name decides only between tables.

use std::io::{BufRead, Read};
use std::path::Path;

use super::geo2r;
use super::ncbi;
use super::web_page::refuse_web_page;
use crate::error::{Problem, ReadError};
use crate::file;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A series matrix.
    SeriesMatrix,
    /// A SOFT file of a series, its samples and platforms.
    Soft,
    /// A platform with its probes: SOFT without samples, or NCBI's annotation of it.
    Platform,
    /// A tar archive, as the `_RAW.tar` of a series.
    Archive,
    /// NCBI's annotation of the genes of its counts.
    NcbiAnnotation,
    /// A table that GEO2R wrote.
    Geo2rResult,
    /// A script that GEO2R wrote.
    Geo2rScript,
    /// Any other table.
    Table,
}

/// Bytes at the beginning that are looked at.
const LOOKED_AT: u64 = 1 << 16;

/// Where `ustar` stands in the head of a tar archive.
const TAR_MAGIC: std::ops::Range<usize> = 257..262;

/// Says what the file at `path` is.
///
/// # Errors
/// [`ReadError`] when it cannot be read, and when it is empty, or a page of the web.
pub fn kind_of(path: &Path) -> Result<FileKind, ReadError> {
    let in_context = |source| ReadError::from_io(path, source);
    let problem = |problem| ReadError::from(crate::error::FileProblems::one(path, problem));
    let mut input: Box<dyn BufRead + Send> = file::open(path)?;
    let mut start = Vec::new();
    input.by_ref().take(LOOKED_AT).read_to_end(&mut start).map_err(in_context)?;
    if start.get(TAR_MAGIC) == Some(b"ustar") {
        return Ok(FileKind::Archive);
    }
    if start.iter().all(u8::is_ascii_whitespace) {
        let hint = "download it again; a series without data has no such file";
        return Err(problem(Problem::of_file("the file is empty").hint(hint)));
    }
    let text = String::from_utf8_lossy(&start);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    refuse_web_page(text).map_err(problem)?;
    Ok(of_text(text, path))
}

/// What text is.
fn of_text(text: &str, path: &Path) -> FileKind {
    if text.starts_with("!Series_")
        || text.starts_with("!Sample_")
        || text.starts_with("!series_matrix_table")
    {
        return FileKind::SeriesMatrix;
    }
    if text.starts_with('^') || text.starts_with("!Database_") || text.starts_with("!Platform_") {
        let is_platform = text.starts_with("^Annotation")
            || (text.starts_with("^PLATFORM") && !text.contains("\n^SAMPLE") && is_named_for_platform(path));
        return if is_platform { FileKind::Platform } else { FileKind::Soft };
    }
    if geo2r::is_script(text) {
        return FileKind::Geo2rScript;
    }
    let header: Vec<&str> =
        text.lines().next().unwrap_or_default().split('\t').map(|name| name.trim_matches('"')).collect();
    if ncbi::is_annotation_header(&header) {
        FileKind::NcbiAnnotation
    } else if geo2r::is_result_header(&header) {
        FileKind::Geo2rResult
    } else if super::platform::is_probe_header(&header) || is_named_for_platform(path) {
        FileKind::Platform
    } else {
        FileKind::Table
    }
}

/// Whether a file is called by a platform.
fn is_named_for_platform(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("GPL"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str, name: &str) -> FileKind {
        of_text(text, Path::new(name))
    }

    #[test]
    fn files_are_known_by_how_they_begin() {
        assert_eq!(kind("!Series_title\t\"x\"\n", "a"), FileKind::SeriesMatrix);
        assert_eq!(kind("^DATABASE = GeoMiame\n", "a"), FileKind::Soft);
        assert_eq!(kind("^PLATFORM = GPL1\n!Platform_title = x\n", "GPL1.soft"), FileKind::Platform);
        assert_eq!(kind("^PLATFORM = GPL1\n^SAMPLE = GSM1\n", "GPL1_family.soft"), FileKind::Soft);
        assert_eq!(kind("^Annotation\n", "GPL97.annot"), FileKind::Platform);
        assert_eq!(kind("probe_id\tsymbol\n1\tA\n", "x.tsv"), FileKind::Platform);
        // probes without genes are a platform too
        assert_eq!(kind("ID\tSEQUENCE\n1\tACGT\n", "GPL5.txt"), FileKind::Platform);
        assert_eq!(kind("GeneID\tGSM1\n1\t2\n", "x.tsv"), FileKind::Table);
        assert_eq!(kind("GeneID\tSymbol\tDescription\tSynonyms\tGeneType\n", "x"), FileKind::NcbiAnnotation);
        assert_eq!(kind("ID\tadj.P.Val\tP.Value\tt\tB\tlogFC\n", "x"), FileKind::Geo2rResult);
        assert_eq!(kind("GeneID\tpadj\tpvalue\tlfcSE\tstat\tlog2FoldChange\n", "x"), FileKind::Geo2rResult);
    }

    #[test]
    fn empty_files_and_web_pages_are_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("GSE1_family.soft");
        for (text, words) in [
            ("", "the file is empty"),
            (" \n\n", "the file is empty"),
            ("<html>\n<title>Error</title>", "`Error`"),
        ] {
            std::fs::write(&path, text).unwrap();
            let error = kind_of(&path).unwrap_err();
            assert!(error.is_bad_input() && error.to_string().contains(words), "{error}");
        }
    }
}
