//! The transcripts of an annotation: which exons follow one another, and so where introns are.
//!
//! Counting needs genes alone; an aligner that knows the introns places reads that reach over one by a few bases.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::genome::{Span, Strand};
use alkaline_core::words::count;

use super::attributes::value_of;
use super::lines::LineReader;
use super::options::{AnnotationFormat, DEFAULT_FEATURE_TYPE};
use super::recognise;
use super::row::Row;
use crate::error::{FileProblems, Problem, ReadError};

/// The transcripts of an annotation file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transcripts {
    /// Names of the contigs, in the order of the file.
    pub contigs: Vec<String>,
    /// The transcripts, in the order of the file.
    pub transcripts: Vec<Transcript>,
    /// What the reader noticed.
    pub notices: Vec<String>,
}

/// The exons that are spliced together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transcript {
    /// Place among [`Transcripts::contigs`].
    pub contig: usize,
    /// The strand that is transcribed.
    pub strand: Strand,
    /// The exons, from left to right.
    pub exons: Vec<Span>,
}

/// Reads the transcripts of the GTF or GFF3 file at `path` (gunzipped by content).
///
/// # Errors
/// [`ReadError`] when the file cannot be read, and when no exon of it says to which transcript it belongs.
pub fn read_transcripts(path: &Path) -> Result<Transcripts, ReadError> {
    let mut rows = LineReader::new(crate::file::open(path)?, path, false)?;
    let start = rows.look_ahead()?;
    if let Some(problem) = start.first().and_then(|line| recognise::other_kind(line)) {
        return Err(FileProblems::one(path, problem).into());
    }
    let transcript_key: &[u8] = match recognise::recognise(start) {
        AnnotationFormat::Gff3 => b"Parent",
        _ => b"transcript_id",
    };
    let mut collected = Collected::default();
    let mut line = Vec::new();
    while rows.advance(&mut line)? {
        if line.starts_with(b">") {
            break;
        }
        let Some(row) = Row::parse(&line) else { continue };
        if row.feature_type != DEFAULT_FEATURE_TYPE.as_bytes() {
            continue;
        }
        let number = rows.number();
        let Some(span) = rows.span(number, row.start, row.end) else { continue };
        let strand = rows.strand(number, row.strand);
        collected.add(row.contig, span, strand, value_of(row.attributes, transcript_key));
    }
    rows.check()?;
    collected.finish(path, transcript_key)
}

/// Exons by transcript, while the file is read.
#[derive(Default)]
struct Collected {
    read: Transcripts,
    contigs: HashMap<Vec<u8>, usize>,
    /// A name may stand on two contigs (X and Y), or on both strands: these are different transcripts.
    places: HashMap<(Vec<u8>, usize, Strand), usize>,
    without: usize,
}

impl Collected {
    fn add(&mut self, contig: &[u8], span: Span, strand: Strand, names: Option<&[u8]>) {
        let Some(names) = names else {
            self.without += 1;
            return;
        };
        let contig = self.contig(contig);
        // GFF3 lists all transcripts that share the exon.
        for name in names.split(|&byte| byte == b',') {
            let key = (name.to_owned(), contig, strand);
            let place = *self.places.entry(key).or_insert(self.read.transcripts.len());
            if place == self.read.transcripts.len() {
                self.read.transcripts.push(Transcript { contig, strand, exons: Vec::new() });
            }
            self.read.transcripts[place].exons.push(span);
        }
    }

    fn contig(&mut self, name: &[u8]) -> usize {
        if let Some(&place) = self.contigs.get(name) {
            return place;
        }
        let place = self.read.contigs.len();
        self.contigs.insert(name.to_owned(), place);
        self.read.contigs.push(String::from_utf8_lossy(name).into_owned());
        place
    }

    fn finish(mut self, path: &Path, key: &[u8]) -> Result<Transcripts, ReadError> {
        let key = String::from_utf8_lossy(key);
        if self.read.transcripts.is_empty() {
            let message =
                format!("no row of type `exon` has the attribute `{key}`: there are no transcripts");
            let hint = "transcripts are read from GTF and GFF3 as Ensembl, GENCODE and NCBI write them; SAF has none";
            return Err(FileProblems::one(path, Problem::of_file(message).hint(hint)).into());
        }
        if self.without > 0 {
            let rows = count(self.without, "exon");
            self.read.notices.push(format!("{rows} without `{key}` belong to no transcript: left out"));
        }
        for transcript in &mut self.read.transcripts {
            transcript.exons.sort_unstable_by_key(|exon| (exon.start(), exon.end()));
        }
        Ok(self.read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Transcripts, String> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        read_transcripts(file.path()).map_err(|error| error.to_string())
    }

    fn spans(transcript: &Transcript) -> Vec<(u32, u32)> {
        transcript.exons.iter().map(|exon| (exon.start(), exon.end())).collect()
    }

    #[test]
    fn exons_of_a_gtf_are_joined_by_transcript_and_ordered() {
        let row = |contig: &str, start: u32, end: u32, name: &str| {
            format!("{contig}\ts\texon\t{start}\t{end}\t.\t-\t.\tgene_id \"g\"; transcript_id \"{name}\";\n")
        };
        let text = [
            row("chr1", 300, 400, "t1"),
            row("chr1", 100, 200, "t1"),
            row("chr1", 100, 250, "t2"),
            row("chrY", 5, 9, "t1"),
            "chr1\ts\texon\t1\t5\t.\t-\t.\tgene_id \"g\";\n".to_owned(),
            "chr1\ts\tCDS\t1\t5\t.\t-\t.\tgene_id \"g\"; transcript_id \"t1\";\n".to_owned(),
        ];
        let read = read(&text.concat()).unwrap();
        assert_eq!(read.contigs, ["chr1", "chrY"]);
        let all: Vec<_> = read.transcripts.iter().map(spans).collect();
        assert_eq!(all, [vec![(100, 200), (300, 400)], vec![(100, 250)], vec![(5, 9)]]);
        assert_eq!(read.transcripts[0].strand, Strand::Reverse);
        assert_eq!(read.notices.len(), 1, "{:?}", read.notices);
    }

    #[test]
    fn an_exon_of_a_gff3_belongs_to_all_its_parents() {
        let text = "##gff-version 3\nc\ts\tmRNA\t1\t90\t.\t+\t.\tID=t1;Parent=g\nc\ts\tmRNA\t1\t90\t.\t+\t.\tID=t2;Parent=g\n\
                    c\ts\texon\t1\t20\t.\t+\t.\tParent=t1,t2\nc\ts\texon\t50\t90\t.\t+\t.\tParent=t2\n";
        let read = read(text).unwrap();
        let all: Vec<_> = read.transcripts.iter().map(spans).collect();
        assert_eq!(all, [vec![(1, 20)], vec![(1, 20), (50, 90)]]);
    }

    #[test]
    fn a_file_without_transcripts_is_refused_in_words() {
        let message = read("GeneID\tChr\tStart\tEnd\tStrand\ng\tc\t1\t9\t+\n").unwrap_err();
        assert!(message.contains("no transcripts") && message.contains("hint: "), "{message}");
        assert!(read(">chr1\nACGT\n").unwrap_err().contains("FASTA"));
    }
}
