//! Introns and exons as HISAT2 takes them (`--known-splicesite-infile`, `--ss`, `--exon`).
//!
//! Both are tables of contig, left, right and strand, with positions from zero (HISAT2's manual): of a splice site the last
//! base before the intron and the first behind it, of an exon its first and its last base.

use std::io::{self, Write};

use alkaline_core::genome::Strand;

use crate::annotation::{Transcript, Transcripts};

/// Exons that are this close, or closer, are one with a gap: no intron is so short.
const LONGEST_GAP: u32 = 5;

/// An intron, by the bases beside it, counted from zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SpliceSite {
    /// Place among the contigs.
    pub contig: usize,
    /// The last base before it.
    pub left: u32,
    /// The first base behind it.
    pub right: u32,
    /// Whether the reverse strand is transcribed.
    pub is_reverse: bool,
}

/// A stretch of exons that touch, counted from zero, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExonLine {
    /// Place among the contigs.
    pub contig: usize,
    /// Its first base.
    pub left: u32,
    /// Its last base.
    pub right: u32,
    /// Whether the reverse strand is transcribed.
    pub is_reverse: bool,
}

/// The introns of all transcripts whose strand is known, each once, in order.
pub fn splice_sites(transcripts: &Transcripts) -> Vec<SpliceSite> {
    let mut sites = Vec::new();
    for transcript in &transcripts.transcripts {
        let Some(is_reverse) = is_reverse(transcript.strand) else { continue };
        let blocks = blocks(transcript);
        let introns = blocks.windows(2).map(|pair| SpliceSite {
            contig: transcript.contig,
            left: pair[0].1 - 1,
            right: pair[1].0 - 1,
            is_reverse,
        });
        sites.extend(introns);
    }
    sites.sort_unstable();
    sites.dedup();
    sites
}

/// The exons of all transcripts whose strand is known, joined where they overlap, in order.
pub fn exons(transcripts: &Transcripts) -> Vec<ExonLine> {
    let mut lines: Vec<ExonLine> = Vec::new();
    for transcript in &transcripts.transcripts {
        let Some(is_reverse) = is_reverse(transcript.strand) else { continue };
        lines.extend(blocks(transcript).into_iter().map(|(start, end)| ExonLine {
            contig: transcript.contig,
            left: start - 1,
            right: end - 1,
            is_reverse,
        }));
    }
    lines.sort_unstable();
    let mut joined: Vec<ExonLine> = Vec::new();
    for line in lines {
        match joined.last_mut() {
            Some(last) if last.contig == line.contig && line.left <= last.right => {
                last.right = last.right.max(line.right);
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// The exons of a transcript as start and end, gaps closed.
fn blocks(transcript: &Transcript) -> Vec<(u32, u32)> {
    let mut blocks: Vec<(u32, u32)> = Vec::new();
    for exon in &transcript.exons {
        match blocks.last_mut() {
            Some(last) if exon.start() <= last.1.saturating_add(LONGEST_GAP) => {
                last.1 = last.1.max(exon.end())
            }
            _ => blocks.push((exon.start(), exon.end())),
        }
    }
    blocks
}

fn is_reverse(strand: Strand) -> Option<bool> {
    match strand {
        Strand::Forward => Some(false),
        Strand::Reverse => Some(true),
        Strand::Unknown => None,
    }
}

/// Writes introns in HISAT2's format.
///
/// # Errors
/// What `out` refuses.
pub fn write_splice_sites(sites: &[SpliceSite], contigs: &[String], out: &mut dyn Write) -> io::Result<()> {
    sites.iter().try_for_each(|site| line(out, &contigs[site.contig], site.left, site.right, site.is_reverse))
}

/// Writes exons in HISAT2's format.
///
/// # Errors
/// What `out` refuses.
pub fn write_exons(exons: &[ExonLine], contigs: &[String], out: &mut dyn Write) -> io::Result<()> {
    exons.iter().try_for_each(|exon| line(out, &contigs[exon.contig], exon.left, exon.right, exon.is_reverse))
}

fn line(out: &mut dyn Write, contig: &str, left: u32, right: u32, is_reverse: bool) -> io::Result<()> {
    writeln!(out, "{contig}\t{left}\t{right}\t{}", if is_reverse { '-' } else { '+' })
}

#[cfg(test)]
mod tests {
    use alkaline_core::genome::Span;

    use super::*;

    fn transcripts(of: &[(Strand, &[(u32, u32)])]) -> Transcripts {
        let one = |(strand, exons): &(Strand, &[(u32, u32)])| Transcript {
            contig: 0,
            strand: *strand,
            exons: exons.iter().map(|&(start, end)| Span::new(start, end).unwrap()).collect(),
        };
        Transcripts {
            contigs: vec!["chr1".into()],
            transcripts: of.iter().map(one).collect(),
            notices: Vec::new(),
        }
    }

    #[test]
    fn an_intron_is_told_by_the_bases_beside_it_counted_from_zero() {
        let read = transcripts(&[
            (Strand::Forward, &[(101, 200), (301, 400), (404, 500)]),
            (Strand::Forward, &[(151, 200), (301, 350)]),
            (Strand::Reverse, &[(101, 200), (601, 700)]),
            (Strand::Unknown, &[(1, 2), (50, 60)]),
        ]);
        let mut text = Vec::new();
        write_splice_sites(&splice_sites(&read), &read.contigs, &mut text).unwrap();
        // The gap of three bases is no intron.
        assert_eq!(String::from_utf8(text).unwrap(), "chr1\t199\t300\t+\nchr1\t199\t600\t-\n");
        let mut text = Vec::new();
        write_exons(&exons(&read), &read.contigs, &mut text).unwrap();
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "chr1\t100\t199\t+\nchr1\t300\t499\t+\nchr1\t600\t699\t-\n"
        );
    }
}
