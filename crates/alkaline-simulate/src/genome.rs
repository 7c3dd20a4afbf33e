//! The genome behind the reads: invented bases that every read agrees on, and where no gene has an exon.

use alkaline_core::Annotation;

use crate::random::scramble;

/// Codes of A, C, G and T in BAM's four-bit alphabet.
const BASE_CODES: [u8; 4] = [1, 2, 4, 8];
/// Bases per scrambled word: two bits each.
const BASES_PER_WORD: u32 = 32;

/// Appends the bases of `start..end` in BAM's alphabet.
///
/// The bases are not those of a real genome, which the binary does not hold, but every read of a place shows the same.
pub(crate) fn push_bases(contig: usize, start: u32, end: u32, bases: &mut Vec<u8>) {
    let mut position = start;
    while position < end {
        let word_number = position / BASES_PER_WORD;
        let word_end = ((word_number + 1) * BASES_PER_WORD).min(end);
        let mut word = scramble((contig as u64) << 32 | u64::from(word_number));
        word >>= 2 * (position % BASES_PER_WORD);
        for _ in position..word_end {
            bases.push(BASE_CODES[(word & 3) as usize]);
            word >>= 2;
        }
        position = word_end;
    }
}

/// Another base than `base`.
pub(crate) fn other_base(base: u8, lot: u64) -> u8 {
    let others = BASE_CODES.into_iter().filter(|&other| other != base);
    others.clone().nth((lot % 3) as usize).unwrap_or(base)
}

/// The stretches of each contig on which some gene has an exon, on either strand.
#[derive(Debug)]
pub(crate) struct ExonIndex {
    stretches: Vec<Vec<(u32, u32)>>,
}

impl ExonIndex {
    /// The exons of `annotation`, whose contig `i` is `header_place[i]` in the BAM header.
    pub fn new(annotation: &Annotation, header_place: &[Option<usize>], contigs: usize) -> Self {
        let mut stretches = vec![Vec::new(); contigs];
        for exon in &annotation.exons {
            if let Some(contig) = header_place[exon.contig as usize] {
                stretches[contig].push((exon.span.start() - 1, exon.span.end()));
            }
        }
        Self { stretches: stretches.into_iter().map(merge).collect() }
    }

    /// Whether `start..end` touches no exon.
    pub fn is_clear(&self, contig: usize, start: u32, end: u32) -> bool {
        let stretches = &self.stretches[contig];
        let next = stretches.partition_point(|stretch| stretch.1 <= start);
        stretches.get(next).is_none_or(|stretch| stretch.0 >= end)
    }
}

fn merge(mut stretches: Vec<(u32, u32)>) -> Vec<(u32, u32)> {
    stretches.sort_unstable();
    let mut merged: Vec<(u32, u32)> = Vec::new();
    for (start, end) in stretches {
        match merged.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_reads_of_one_place_show_the_same_bases() {
        let (mut whole, mut part) = (Vec::new(), Vec::new());
        push_bases(3, 100, 300, &mut whole);
        push_bases(3, 131, 230, &mut part);
        assert_eq!(whole[31..130], part);
        assert!((0..200).all(|i| other_base(whole[i], i as u64) != whole[i]));
    }

    #[test]
    fn a_place_is_clear_only_between_the_exons() {
        let index = ExonIndex { stretches: vec![merge(vec![(50, 60), (10, 20), (15, 30)])] };
        assert!(index.is_clear(0, 30, 50) && index.is_clear(0, 0, 10) && index.is_clear(0, 60, 99));
        assert!(!index.is_clear(0, 29, 40) && !index.is_clear(0, 0, 99) && !index.is_clear(0, 12, 13));
    }
}
