//! The genome behind the reads: its own bases or invented ones, on which all reads agree, and where no gene has an exon.

use alkaline_core::Annotation;

use crate::random::scramble;

/// BAM's four-bit alphabet.
pub(crate) const LETTERS: &[u8; 16] = b"=ACMGRSVTWYHKDBN";
/// The code of an unknown base.
const UNKNOWN: u8 = 15;
/// Codes of A, C, G and T.
const BASE_CODES: [u8; 4] = [1, 2, 4, 8];
/// Bases per scrambled word: two bits each.
const BASES_PER_WORD: u32 = 32;

/// The bases of one contig, two a byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bases {
    length: u32,
    packed: Vec<u8>,
}

impl Bases {
    /// From letters of the IUPAC alphabet in either case; others count as unknown. `None` beyond 2^32 bases.
    pub fn new(letters: &[u8]) -> Option<Self> {
        let code = |letter: u8| {
            let letter = letter.to_ascii_uppercase();
            LETTERS.iter().position(|&known| known == letter).map_or(UNKNOWN, |code| code as u8)
        };
        let pack = |pair: &[u8]| code(pair[0]) << 4 | pair.get(1).map_or(0, |&letter| code(letter));
        Some(Self {
            length: u32::try_from(letters.len()).ok()?,
            packed: letters.chunks(2).map(pack).collect(),
        })
    }

    /// Number of bases.
    pub fn length(&self) -> u32 {
        self.length
    }

    /// The code at a 0-based position.
    fn at(&self, position: u32) -> u8 {
        let pair = self.packed[position as usize / 2];
        if position.is_multiple_of(2) { pair >> 4 } else { pair & 15 }
    }
}

/// Where the bases of reads come from.
#[derive(Clone, Debug, Default)]
pub(crate) enum Genome {
    /// From nowhere, but the same for every read of a place.
    #[default]
    Invented,
    /// From a genome, contig by contig.
    Given(Vec<Bases>),
}

impl Genome {
    /// Appends the bases of `start..end` in BAM's alphabet.
    pub fn push_bases(&self, contig: usize, start: u32, end: u32, bases: &mut Vec<u8>) {
        match self {
            Self::Invented => push_invented(contig, start, end, bases),
            Self::Given(contigs) => bases.extend((start..end).map(|position| contigs[contig].at(position))),
        }
    }
}

/// Appends bases that belong to no genome, of which the binary holds none; every read of a place shows the same.
pub(crate) fn push_invented(contig: usize, start: u32, end: u32, bases: &mut Vec<u8>) {
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
        push_invented(3, 100, 300, &mut whole);
        push_invented(3, 131, 230, &mut part);
        assert_eq!(whole[31..130], part);
        assert!((0..200).all(|i| other_base(whole[i], i as u64) != whole[i]));
    }

    #[test]
    fn a_given_genome_keeps_its_bases() {
        let genome = Genome::Given(vec![Bases::default(), Bases::new(b"acgTNr!").unwrap()]);
        let mut codes = Vec::new();
        genome.push_bases(1, 1, 7, &mut codes);
        let letters: Vec<u8> = codes.iter().map(|&code| LETTERS[usize::from(code)]).collect();
        assert_eq!(letters, b"CGTNRN");
    }

    #[test]
    fn a_place_is_clear_only_between_the_exons() {
        let index = ExonIndex { stretches: vec![merge(vec![(50, 60), (10, 20), (15, 30)])] };
        assert!(index.is_clear(0, 30, 50) && index.is_clear(0, 0, 10) && index.is_clear(0, 60, 99));
        assert!(!index.is_clear(0, 29, 40) && !index.is_clear(0, 0, 99) && !index.is_clear(0, 12, 13));
    }
}
