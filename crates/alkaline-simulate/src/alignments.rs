//! The alignments of a sample as a BAM file: fragments drawn contig by contig, sorted, encoded in parallel.

use std::io::{self, Write};

use rayon::prelude::*;

use crate::bam::{self, Blocks};
use crate::fragments::{self, End, Fragment, OffExons};
use crate::genome::Genome;
use crate::{Experiment, reads};

/// Records that are encoded and compressed as one piece of work.
const RECORDS_PER_PIECE: usize = 4096;
/// Pieces that are held in memory at a time.
const PIECES_AT_A_TIME: usize = 64;

impl Experiment {
    /// Writes the alignments of sample number `sample`, sorted by coordinate, as a BAM file.
    ///
    /// Read names on exons are the gene's identifier, a colon and a number; others begin with `i` (intron), `g` (between
    /// genes), `m` (two places) or `u` (nowhere). Tags: `NH` and `NM`. Memory does not grow with the library beyond
    /// what the largest contig needs.
    ///
    /// # Errors
    /// What `out` refuses.
    ///
    /// # Panics
    /// When there is no such sample.
    pub fn write_bam(&self, sample: usize, out: &mut impl Write) -> io::Result<()> {
        let mut blocks = Blocks::new(self.options().reads.compression);
        blocks.push_bytes(&bam::header(self.contigs(), &self.comments(sample)));
        out.write_all(&blocks.finish())?;
        for (contig, background) in fragments::background(self, sample).into_iter().enumerate() {
            self.write_contig(sample, contig, background, out)?;
        }
        self.write_unmapped(sample, out)?;
        out.write_all(&Blocks::new(self.options().reads.compression).finish_file())
    }

    fn comments(&self, sample: usize) -> Vec<String> {
        let name = &self.simulated().counts.samples().ids()[sample];
        let bases = match self.genome() {
            Genome::Invented => "bases are invented",
            Genome::Given(_) => "bases are those of a given genome",
        };
        vec![format!("simulated data, sample {name}, seed {}; {bases}", self.options().seed)]
    }

    fn write_contig(
        &self,
        sample: usize,
        contig: usize,
        background: Vec<Fragment>,
        out: &mut impl Write,
    ) -> io::Result<()> {
        let genes = self.genes_on(contig);
        let mut fragments: Vec<Fragment> =
            genes.par_iter().flat_map_iter(|&gene| fragments::of_gene(self, sample, gene)).collect();
        fragments.extend(background);
        let order = self.sorted_reads(&fragments);
        self.write_pieces(&order, out, |read, blocks| {
            let (fragment, end) = read.of(&fragments);
            blocks.push_record(&reads::record(self, sample, fragment, end));
        })
    }

    fn write_unmapped(&self, sample: usize, out: &mut impl Write) -> io::Result<()> {
        let numbers: Vec<usize> = (0..OffExons::of_sample(self, sample).unmapped).collect();
        self.write_pieces(&numbers, out, |&number, blocks| {
            reads::unmapped(self, sample, number).iter().for_each(|record| blocks.push_record(record));
        })
    }

    /// Encodes `items` piece by piece, in parallel, and writes the pieces in order.
    fn write_pieces<T: Sync>(
        &self,
        items: &[T],
        out: &mut impl Write,
        encode: impl Fn(&T, &mut Blocks) + Sync,
    ) -> io::Result<()> {
        for batch in items.chunks(RECORDS_PER_PIECE * PIECES_AT_A_TIME) {
            let pieces: Vec<Vec<u8>> = batch
                .par_chunks(RECORDS_PER_PIECE)
                .map(|piece| {
                    let mut blocks = Blocks::new(self.options().reads.compression);
                    piece.iter().for_each(|item| encode(item, &mut blocks));
                    blocks.finish()
                })
                .collect();
            pieces.iter().try_for_each(|piece| out.write_all(piece))?;
        }
        Ok(())
    }

    /// The reads of `fragments` by position; reads of one position in the order of the fragments, left ends first.
    fn sorted_reads(&self, fragments: &[Fragment]) -> Vec<ReadKey> {
        let mut keys: Vec<ReadKey> = fragments
            .par_iter()
            .enumerate()
            .flat_map_iter(|(number, fragment)| {
                let ends: &[End] = match (self.is_paired(), fragment.read1) {
                    (true, _) => &[End::Left, End::Right],
                    (false, End::Left) => &[End::Left],
                    (false, End::Right) => &[End::Right],
                };
                ends.iter().map(move |&end| ReadKey::new(reads::position(self, fragment, end), number, end))
            })
            .collect();
        keys.par_sort_unstable();
        keys
    }
}

/// A read's place in the file: position, then fragment and end. Packed, because there are millions.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct ReadKey(u64);

impl ReadKey {
    fn new(position: u32, fragment: usize, end: End) -> Self {
        Self(u64::from(position) << 32 | (fragment as u64) << 1 | end as u64)
    }

    fn of(self, fragments: &[Fragment]) -> (&Fragment, End) {
        let end = if self.0 & 1 == 0 { End::Left } else { End::Right };
        (&fragments[(self.0 as u32 >> 1) as usize], end)
    }
}
