//! What makes counts look like a result though they may be doubled: mates that never meet, alignments that nobody knows to
//! be further ones of the same read.

use std::collections::HashMap;

use crate::engine::Glance;
use crate::options::{CountOptions, FilterRule};
use crate::record::flag;

/// Share of the records of mapped pairs without their mate above which counts are doubtful: a file of one region lacks some.
const MANY_ALONE: f64 = 0.5;

/// Share of secondary or supplementary alignments among the aligned records that deserves a word.
const MANY_FURTHER: f64 = 0.01;

/// Fewest records that a warning may rest on.
const MIN_RECORDS: u64 = 100;

/// Numbers of records that were counted though it is doubtful that they should be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Doubts {
    aligned: u64,
    /// Records of pairs of which both ends are aligned, each the main alignment of its end.
    in_pairs: u64,
    /// Those of them that never met their mate.
    alone: u64,
    /// Secondary alignments that have no `NH`.
    secondary: u64,
    supplementary: u64,
}

impl Doubts {
    /// Takes note of a record with that number of alignments (0 when not told).
    #[inline]
    pub fn record(&mut self, flags: u16, alignments: u32) {
        let is = |bit: u16| u64::from(flags & bit != 0);
        self.aligned += 1 - is(flag::UNMAPPED);
        self.in_pairs += u64::from(is_main_of_aligned_pair(flags));
        self.secondary += is(flag::SECONDARY) & u64::from(alignments == 0);
        self.supplementary += is(flag::SUPPLEMENTARY);
    }

    /// Takes note of an end that never met its mate.
    pub fn alone(&mut self, flags: u16) {
        self.alone += u64::from(is_main_of_aligned_pair(flags));
    }

    pub fn merge(&mut self, other: Self) {
        self.aligned += other.aligned;
        self.in_pairs += other.in_pairs;
        self.alone += other.alone;
        self.secondary += other.secondary;
        self.supplementary += other.supplementary;
    }

    /// Whether it is worth looking at the file again for why mates do not meet.
    pub fn has_lonely_mates(&self) -> bool {
        self.in_pairs >= MIN_RECORDS && self.alone as f64 > MANY_ALONE * self.in_pairs as f64
    }

    /// What to tell; `start` are the first records of the file, where they could be looked at again.
    pub fn warnings(&self, options: &CountOptions, start: &[Glance]) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.has_lonely_mates() {
            let number = if self.alone == self.in_pairs {
                format!("of {} records of mapped pairs none met its mate", self.in_pairs)
            } else {
                format!(
                    "{} of {} records of mapped pairs did not meet their mates",
                    self.alone, self.in_pairs
                )
            };
            let cause = why_alone(start);
            warnings
                .push(format!("{number}{cause}: each counts as a fragment of its own, which doubles counts"));
        }
        warnings.extend(self.further_alignments(options.filter));
        warnings
    }

    fn further_alignments(&self, filter: FilterRule) -> Vec<String> {
        let many =
            |number: u64| self.aligned >= MIN_RECORDS && number as f64 >= MANY_FURTHER * self.aligned as f64;
        let mut warnings = Vec::new();
        if many(self.secondary) && !filter.primary_only && !filter.multi_mapping {
            warnings.push(format!(
                "{} secondary alignments have no NH tag, so that they are counted as reads of their own: leave them out \
                 with --primary",
                self.secondary
            ));
        }
        if many(self.supplementary) {
            warnings.push(format!(
                "{} supplementary alignments (parts of chimeric reads) are counted as reads of their own: leave them out \
                 with `samtools view -F 0x800`",
                self.supplementary
            ));
        }
        warnings
    }
}

/// Whether a record is the main alignment of its end, and both ends are aligned.
#[inline]
fn is_main_of_aligned_pair(flags: u16) -> bool {
    let not = flag::UNMAPPED | flag::MATE_UNMAPPED | flag::SECONDARY | flag::SUPPLEMENTARY;
    flags & (flag::PAIRED | not) == flag::PAIRED
}

/// Why the mates among the first records of a file do not meet, in brackets; empty when that cannot be told.
fn why_alone(start: &[Glance]) -> String {
    let records: Vec<&Glance> = start.iter().filter(|glance| is_main_of_aligned_pair(glance.flags)).collect();
    let mut by_stem: HashMap<&[u8], Vec<&Glance>> = HashMap::new();
    records.iter().for_each(|glance| by_stem.entry(stem(&glance.name)).or_default().push(glance));
    let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
    // The first two records that look like mates, in the order of the file.
    let mates = records.iter().find_map(|glance| match by_stem[stem(&glance.name)].as_slice() {
        [first, second, ..] => Some((*first, *second)),
        _ => None,
    });
    match mates {
        Some((first, second)) if up_to_slash(&first.name) != up_to_slash(&second.name) => {
            format!(" (mates have different names: `{}` and `{}`)", text(&first.name), text(&second.name))
        }
        Some((first, second)) if (first.flags ^ second.flags) & flag::READ1 == 0 => {
            let which = if first.flags & flag::READ1 != 0 { "READ1" } else { "READ2" };
            format!(" (both ends of `{}` are flagged as {which})", text(&first.name))
        }
        Some((first, second)) if first.hit_index != second.hit_index => {
            format!(" (the ends of `{}` have different HI tags)", text(&first.name))
        }
        Some((first, _)) => format!(
            " (the ends of `{}` do not name each other's place in RNEXT and PNEXT: `samtools fixmate` mends that)",
            text(&first.name)
        ),
        None if records.len() > 1 => format!(
            " (no two of the first {} share a name: are the other ends in another file?)",
            records.len()
        ),
        None => String::new(),
    }
}

/// A name as featureCounts compares it.
fn up_to_slash(name: &[u8]) -> &[u8] {
    name.split(|&byte| byte == b'/').next().unwrap_or_default()
}

/// What mates have in common when a name says which end it is: without the description behind a blank and without `.1`, `_2`,
/// `/1` and the like.
fn stem(name: &[u8]) -> &[u8] {
    let word = name.split(|&byte| byte == b' ' || byte == b'\t').next().unwrap_or_default();
    match word {
        [start @ .., b'.' | b'_' | b'/' | b':' | b'-' | b'#', b'1' | b'2'] if !start.is_empty() => start,
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glance(name: &str, flags: u16) -> Glance {
        Glance { name: name.as_bytes().to_vec(), flags, hit_index: None }
    }

    #[test]
    fn the_cause_of_lonely_mates_is_told() {
        let (first, second) = (flag::PAIRED | flag::READ1, flag::PAIRED | flag::READ2);
        let of = |records: &[Glance]| why_alone(records);
        let names = of(&[glance("S.1.1", first), glance("S.2.1", first), glance("S.1.2", second)]);
        assert!(names.contains("`S.1.1` and `S.1.2`"), "{names}");
        let described = of(&[glance("r", first), glance("r 2:N:0", second)]);
        assert!(described.contains("different names: `r` and `r 2:N:0`"), "{described}");
        let flags = of(&[glance("r", first), glance("r", first)]);
        assert!(flags.contains("both ends of `r` are flagged as READ1"), "{flags}");
        let places = of(&[glance("r/1", first), glance("r/2", second)]);
        assert!(places.contains("RNEXT"), "{places}");
        assert!(of(&[glance("a", first), glance("b", first)]).contains("no two of the first 2"));
        assert_eq!(of(&[]), "");
    }
}
