//! Counts of one thread, under all three strand rules at once.

use alkaline_core::genome::Strandedness;
use alkaline_core::results::Assignment;

use crate::memory::prefetch;
use crate::options::CountOptions;
use crate::reads::{ANTISENSE, HIT_BITS, SENSE};

/// The strand rules, in the order of their columns.
pub(crate) const STRAND_RULES: [Strandedness; 3] =
    [Strandedness::Unstranded, Strandedness::Forward, Strandedness::Reverse];

/// What a whole read weighs under `--fraction`: counts are then kept in these units, and summed as integers.
pub(crate) const WHOLE: u64 = 65_536;

/// How much a fragment adds to a gene.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weight {
    fraction: bool,
    by_alignments: bool,
    by_genes: bool,
    /// Units of a whole count.
    pub whole: u64,
}

impl Weight {
    pub fn new(options: &CountOptions) -> Self {
        Self {
            fraction: options.fraction,
            by_alignments: options.filter.multi_mapping && !options.filter.primary_only,
            by_genes: options.overlap.allow_multiple,
            whole: if options.fraction { WHOLE } else { 1 },
        }
    }

    /// The share of each of `genes` genes in a fragment with that number of alignments.
    #[inline]
    pub fn share(self, alignments: u32, genes: usize) -> u64 {
        if !self.fraction {
            return 1;
        }
        let mut share = WHOLE;
        if self.by_alignments && alignments > 1 {
            share /= u64::from(alignments);
        }
        if self.by_genes && genes > 1 {
            share /= genes as u64;
        }
        share
    }
}

/// Counts and categories.
#[derive(Clone, Debug)]
pub(crate) struct Tally {
    weight: Weight,
    allow_multiple: bool,
    /// For each unit its counts under each rule.
    pub counts: Vec<[u64; 3]>,
    /// Fragments that never reached the genes.
    rejected: [u64; Assignment::COUNT],
    /// What became of the others, under each rule.
    outcomes: [[u64; Assignment::COUNT]; 3],
    scratch: Vec<Candidate>,
}

/// A unit with the number of ends that touch it, under each rule.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    unit: u32,
    ends: [u8; 3],
}

impl Tally {
    pub fn new(options: &CountOptions, units: usize) -> Self {
        Self {
            weight: Weight::new(options),
            allow_multiple: options.overlap.allow_multiple,
            counts: vec![[0; 3]; units],
            rejected: [0; Assignment::COUNT],
            outcomes: [[0; Assignment::COUNT]; 3],
            scratch: Vec::new(),
        }
    }

    /// Fetches the counts of `unit` into the processor's cache: they are needed when the mate comes.
    #[inline]
    pub fn foresee(&self, unit: u32) {
        prefetch(&self.counts, unit as usize);
    }

    #[inline]
    pub fn reject(&mut self, category: Assignment) {
        self.rejected[category as usize] += 1;
    }

    #[inline]
    pub fn outcome(&mut self, rule: usize, category: Assignment) {
        self.outcomes[rule][category as usize] += 1;
    }

    /// Adds a fragment with that number of alignments to `units` under rule number `rule`.
    pub fn assign(&mut self, rule: usize, units: &[u32], alignments: u32) {
        let share = self.weight.share(alignments, units.len());
        for &unit in units {
            self.counts[unit as usize][rule] += share;
        }
        self.outcome(rule, Assignment::Assigned);
    }

    /// Assigns a fragment by the units that its ends touch. Gives the unit when it is only one, under any strand.
    #[inline]
    pub fn assign_touches(&mut self, first: &[u32], second: &[u32], alignments: u32) -> Option<(u32, u32)> {
        let entry = match (first, second) {
            ([], []) => {
                for rule in 0..3 {
                    self.outcome(rule, Assignment::NoFeatures);
                }
                return None;
            }
            (&[entry], []) | ([], &[entry]) => entry,
            (&[a], &[b]) if a >> HIT_BITS == b >> HIT_BITS => a | b,
            _ => {
                self.assign_among(first, second, alignments);
                return None;
            }
        };
        let unit = entry >> HIT_BITS;
        let share = self.weight.share(alignments, 1);
        let fits = [true, entry & SENSE != 0, entry & ANTISENSE != 0];
        let counts = &mut self.counts[unit as usize];
        for rule in 0..3 {
            let category = if fits[rule] { Assignment::Assigned } else { Assignment::NoFeatures };
            counts[rule] += if fits[rule] { share } else { 0 };
            self.outcomes[rule][category as usize] += 1;
        }
        Some((unit, entry & (SENSE | ANTISENSE)))
    }

    /// Assigns a fragment that touches several units.
    fn assign_among(&mut self, first: &[u32], second: &[u32], alignments: u32) {
        let mut candidates = std::mem::take(&mut self.scratch);
        candidates.clear();
        for &entry in first {
            candidates.push(Candidate::new(entry));
        }
        for &entry in second {
            let new = Candidate::new(entry);
            match candidates.iter_mut().find(|known| known.unit == new.unit) {
                Some(known) => (0..3).for_each(|rule| known.ends[rule] += new.ends[rule]),
                None => candidates.push(new),
            }
        }
        for rule in 0..3 {
            self.assign_best(&candidates, rule, alignments);
        }
        self.scratch = candidates;
    }

    /// The best candidate wins if it is alone; with `-O` all of them do.
    fn assign_best(&mut self, candidates: &[Candidate], rule: usize, alignments: u32) {
        let touching = candidates.iter().filter(|candidate| candidate.ends[rule] > 0);
        let number = touching.clone().count();
        if number == 0 {
            return self.outcome(rule, Assignment::NoFeatures);
        }
        if self.allow_multiple {
            let share = self.weight.share(alignments, number);
            touching.for_each(|candidate| self.counts[candidate.unit as usize][rule] += share);
            return self.outcome(rule, Assignment::Assigned);
        }
        let best = touching.clone().map(|candidate| candidate.ends[rule]).max();
        let mut winners = touching.filter(|candidate| Some(candidate.ends[rule]) == best);
        match (winners.next(), winners.next()) {
            (Some(winner), None) => {
                self.counts[winner.unit as usize][rule] += self.weight.share(alignments, 1);
                self.outcome(rule, Assignment::Assigned);
            }
            _ => self.outcome(rule, Assignment::Ambiguity),
        }
    }

    /// Adds the counts of another thread.
    pub fn merge(&mut self, other: &Self) {
        for (own, other) in self.counts.iter_mut().zip(&other.counts) {
            (0..3).for_each(|rule| own[rule] += other[rule]);
        }
        for category in 0..Assignment::COUNT {
            self.rejected[category] += other.rejected[category];
            (0..3).for_each(|rule| self.outcomes[rule][category] += other.outcomes[rule][category]);
        }
    }

    /// Fragments in each category under rule number `rule`.
    pub fn summary(&self, rule: usize) -> [u64; Assignment::COUNT] {
        std::array::from_fn(|category| self.rejected[category] + self.outcomes[rule][category])
    }

    /// Fragments assigned under each rule.
    pub fn assigned(&self) -> [u64; 3] {
        std::array::from_fn(|rule| self.outcomes[rule][Assignment::Assigned as usize])
    }

    /// Units of a whole count.
    pub fn whole(&self) -> u64 {
        self.weight.whole
    }
}

impl Candidate {
    fn new(entry: u32) -> Self {
        let ends = [1, u8::from(entry & SENSE != 0), u8::from(entry & ANTISENSE != 0)];
        Self { unit: entry >> HIT_BITS, ends }
    }
}
