//! The reads of a sample as FASTQ: as the sequencer gave them, before anything was aligned.

use std::io::{self, Write};

use alkaline_core::sam::flag;
use bio::alphabets::dna::revcomp;
use bio::io::fastq;
use rayon::prelude::*;

use crate::bam::Record;
use crate::fragments::{self, Fragment, Kind, OffExons};
use crate::genome::LETTERS;
use crate::{Experiment, reads};

/// What is added to a quality to make it printable.
const QUALITY_OFFSET: u8 = 33;
/// Reads that are written as one piece of work.
const READS_PER_PIECE: usize = 4096;
/// Pieces that are held in memory at a time.
const PIECES_AT_A_TIME: usize = 64;

/// Which read of a fragment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadNumber {
    /// The first, or the only one.
    One,
    /// The second.
    Two,
}

impl Experiment {
    /// The reads that a fragment of this experiment has.
    pub fn reads_of_a_fragment(&self) -> &'static [ReadNumber] {
        if self.is_paired() { &[ReadNumber::One, ReadNumber::Two] } else { &[ReadNumber::One] }
    }

    /// Writes read `number` of every fragment of sample number `sample`, in the sense in which it was sequenced.
    ///
    /// Names, bases and qualities are those of [`Experiment::write_bam`]; both reads of a fragment have its name, and stand in
    /// the same place of their files. Fragments come contig by contig, those that fit nowhere last.
    ///
    /// # Errors
    /// What `out` refuses.
    ///
    /// # Panics
    /// When there is no such sample.
    pub fn write_fastq(&self, sample: usize, number: ReadNumber, out: &mut impl Write) -> io::Result<()> {
        for (contig, background) in fragments::background(self, sample).into_iter().enumerate() {
            let genes = self.genes_on(contig);
            let mut fragments: Vec<Fragment> =
                genes.par_iter().flat_map_iter(|&gene| fragments::of_gene(self, sample, gene)).collect();
            fragments.extend(background.into_iter().filter(|fragment| fragment.kind != Kind::Secondary));
            write_pieces(&fragments, out, |fragment| {
                let end = match number {
                    ReadNumber::One => fragment.read1,
                    ReadNumber::Two => fragment.read1.other(),
                };
                reads::record(self, sample, fragment, end)
            })?;
        }
        let nowhere: Vec<usize> = (0..OffExons::of_sample(self, sample).unmapped).collect();
        write_pieces(&nowhere, out, |&place| {
            reads::unmapped(self, sample, place).swap_remove(number as usize)
        })
    }
}

/// Writes the reads of `items` piece by piece: made in parallel, written in order.
fn write_pieces<T: Sync>(
    items: &[T],
    out: &mut impl Write,
    record: impl Fn(&T) -> Record + Sync,
) -> io::Result<()> {
    for batch in items.chunks(READS_PER_PIECE * PIECES_AT_A_TIME) {
        let pieces: io::Result<Vec<Vec<u8>>> = batch
            .par_chunks(READS_PER_PIECE)
            .map(|piece| {
                let mut text = Vec::new();
                let mut writer = fastq::Writer::new(&mut text);
                piece.iter().try_for_each(|item| writer.write_record(&sequenced(&record(item))))?;
                writer.flush()?;
                drop(writer);
                Ok(text)
            })
            .collect();
        pieces?.iter().try_for_each(|piece| out.write_all(piece))?;
    }
    Ok(())
}

/// The read that an alignment is of.
fn sequenced(record: &Record) -> fastq::Record {
    let mut bases: Vec<u8> = record.bases.iter().map(|&code| LETTERS[usize::from(code)]).collect();
    let mut qualities: Vec<u8> = record.qualities.iter().map(|quality| quality + QUALITY_OFFSET).collect();
    if record.flags & flag::REVERSE != 0 {
        bases = revcomp(bases);
        qualities.reverse();
    }
    fastq::Record::with_attrs(&String::from_utf8_lossy(&record.name), None, &bases, &qualities)
}
