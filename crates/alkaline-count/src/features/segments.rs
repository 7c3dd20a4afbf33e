//! Break points along each contig, with the set of genes (or rows) between two of them.
//!
//! A read touches the genes of the segments that its blocks run through, so a look-up costs one bucket access and a short
//! walk. Equal sets are stored once, neighbours with the same set are joined.

use alkaline_core::genome::Strand;
use rustc_hash::FxHashMap;

use crate::memory::prefetch;

/// Bits of an entry: the member lies on the forward, reverse, or an unknown strand.
pub(crate) const ON_FORWARD: u32 = 1;
pub(crate) const ON_REVERSE: u32 = 2;
pub(crate) const ON_UNKNOWN: u32 = 4;

/// Bits that the strands take in an entry.
pub(crate) const STRAND_BITS: u32 = 3;

/// Sets may hold this many members altogether before the map is given up: deeper annotations (every row of thousands of
/// isoforms, `-f`) would grow with the square of their depth.
const MAX_MEMBERS: usize = 1 << 26;

/// Smallest bucket, as a power of two in bases.
const MIN_BUCKET_SHIFT: u32 = 6;

/// Buckets for each segment: enough to make the walk inside a bucket short, few enough to stay in cache.
const BUCKETS_PER_SEGMENT: usize = 2;

/// A row of the annotation that belongs to a set member.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SegmentRow {
    /// First position, 1-based.
    pub start: u32,
    /// Last position.
    pub end: u32,
    /// Strand of the row.
    pub strand: Strand,
    /// Gene, or row, that is counted.
    pub unit: u32,
}

/// Members of a segment: none, one, or the number of a list of them.
///
/// Most segments have one member. It is its own set, so that no list has to be fetched for it: a member always has a
/// strand, the number of a list, kept in the same bits as a unit, has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MemberSet(u32);

impl MemberSet {
    pub const EMPTY: Self = Self(0);

    /// Bits of a member that tell its strands.
    const STRANDS: u32 = (1 << STRAND_BITS) - 1;

    fn list(number: usize) -> Self {
        Self((number as u32) << STRAND_BITS)
    }
}

/// A stretch of a contig with the same members everywhere; it ends where the next begins.
#[derive(Clone, Copy, Debug)]
struct Segment {
    start: u32,
    set: MemberSet,
}

/// Where the last look-up ended: sorted alignments begin near it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cursor {
    contig: u32,
    segment: u32,
}

#[derive(Debug, Default)]
struct ContigSegments {
    /// In order; the first starts at 0, the last is a sentinel at the end of the number range.
    segments: Vec<Segment>,
    /// For each bucket of positions the segment that its first position lies in.
    buckets: Vec<u32>,
    shift: u32,
}

/// Members by position, for all contigs.
#[derive(Debug)]
pub(crate) struct SegmentMap {
    contigs: Vec<ContigSegments>,
    /// Where each list of members begins; list 0 is empty.
    offsets: Vec<u32>,
    /// Members of all lists: `unit << STRAND_BITS | strands`.
    members: Vec<u32>,
}

impl SegmentMap {
    /// Builds the map; `None` when it would become too large.
    pub fn new(rows_by_contig: &[Vec<SegmentRow>]) -> Option<Self> {
        let mut map = Self { contigs: Vec::new(), offsets: vec![0, 0], members: Vec::new() };
        let mut interned = FxHashMap::default();
        for rows in rows_by_contig {
            let contig = map.build_contig(rows, &mut interned)?;
            map.contigs.push(contig);
        }
        Some(map)
    }

    fn build_contig(
        &mut self,
        rows: &[SegmentRow],
        interned: &mut FxHashMap<Vec<u32>, MemberSet>,
    ) -> Option<ContigSegments> {
        // Position, whether the row begins there, row.
        let mut events: Vec<(u32, bool, u32)> = Vec::with_capacity(2 * rows.len());
        for (number, row) in rows.iter().enumerate() {
            events.push((row.start, true, number as u32));
            events.push((row.end + 1, false, number as u32));
        }
        events.sort_unstable();
        let mut segments = vec![Segment { start: 0, set: MemberSet::EMPTY }];
        let mut open = OpenMembers::default();
        let mut next = 0;
        while next < events.len() {
            let position = events[next].0;
            while next < events.len() && events[next].0 == position {
                open.change(&rows[events[next].2 as usize], events[next].1);
                next += 1;
            }
            let set = self.intern(&open.members(), interned)?;
            if segments.last().is_some_and(|last| last.set != set) {
                segments.push(Segment { start: position, set });
            }
        }
        segments.push(Segment { start: u32::MAX, set: MemberSet::EMPTY });
        Some(ContigSegments::with_buckets(segments))
    }

    /// The set with these members.
    fn intern(
        &mut self,
        members: &[u32],
        interned: &mut FxHashMap<Vec<u32>, MemberSet>,
    ) -> Option<MemberSet> {
        match *members {
            [] => return Some(MemberSet::EMPTY),
            [member] => return Some(MemberSet(member)),
            _ => {}
        }
        if let Some(&set) = interned.get(members) {
            return Some(set);
        }
        if self.members.len() + members.len() > MAX_MEMBERS {
            return None;
        }
        let set = MemberSet::list(self.offsets.len() - 1);
        self.members.extend_from_slice(members);
        self.offsets.push(self.members.len() as u32);
        interned.insert(members.to_vec(), set);
        Some(set)
    }

    /// Members of `set`.
    #[inline]
    pub fn members<'a>(&'a self, set: &'a MemberSet) -> &'a [u32] {
        if set.0 & MemberSet::STRANDS != 0 {
            return std::slice::from_ref(&set.0);
        }
        let list = (set.0 >> STRAND_BITS) as usize;
        &self.members[self.offsets[list] as usize..self.offsets[list + 1] as usize]
    }

    /// Fetches what a look-up of `position` will need into the processor's cache: first the bucket, then (`soon`) the
    /// segment that the bucket leads to.
    #[inline]
    pub fn foresee(&self, contig: u32, position: u32, soon: bool) {
        let map = &self.contigs[contig as usize];
        let bucket = ((position >> map.shift) as usize).min(map.buckets.len() - 1);
        if soon {
            prefetch(&map.segments, map.buckets[bucket] as usize);
        } else {
            prefetch(&map.buckets, bucket);
        }
    }

    /// Calls `visit` with each set, except the empty one, that lies under the positions `first..=last`.
    #[inline]
    pub fn visit(
        &self,
        contig: u32,
        first: u32,
        last: u32,
        cursor: &mut Cursor,
        mut visit: impl FnMut(MemberSet),
    ) {
        let map = &self.contigs[contig as usize];
        let segments = map.segments.as_slice();
        let mut at = cursor.segment as usize;
        let usable = cursor.contig == contig && at + 1 < segments.len() && segments[at].start <= first;
        // The remembered segment or the one behind it is right most of the time; else the bucket tells.
        if !(usable && first < segments[at + 1].start) {
            if usable && at + 2 < segments.len() && first < segments[at + 2].start {
                at += 1;
            } else {
                at = map.segment_at(first);
            }
        }
        *cursor = Cursor { contig, segment: at as u32 };
        loop {
            let set = segments[at].set;
            if set != MemberSet::EMPTY {
                visit(set);
            }
            at += 1;
            if segments[at].start > last {
                return;
            }
        }
    }
}

impl ContigSegments {
    fn with_buckets(segments: Vec<Segment>) -> Self {
        let last = segments[segments.len() - 2].start;
        let wanted = BUCKETS_PER_SEGMENT * segments.len();
        let mut shift = MIN_BUCKET_SHIFT;
        while (last >> shift) as usize > wanted {
            shift += 1;
        }
        let mut buckets = Vec::with_capacity((last >> shift) as usize + 1);
        let mut segment = 0;
        for bucket in 0..=(last >> shift) {
            while segments[segment + 1].start <= bucket << shift {
                segment += 1;
            }
            buckets.push(segment as u32);
        }
        Self { segments, buckets, shift }
    }

    /// The segment that `position` lies in.
    #[inline]
    fn segment_at(&self, position: u32) -> usize {
        let bucket = ((position >> self.shift) as usize).min(self.buckets.len() - 1);
        let mut segment = self.buckets[bucket] as usize;
        while self.segments[segment + 1].start <= position {
            segment += 1;
        }
        segment
    }
}

/// Members of the current segment while sweeping along a contig.
#[derive(Default)]
struct OpenMembers {
    /// Unit -> number of open rows on forward, reverse, unknown strand.
    open: std::collections::BTreeMap<u32, [u32; 3]>,
}

impl OpenMembers {
    fn change(&mut self, row: &SegmentRow, begins: bool) {
        let strand = match row.strand {
            Strand::Forward => 0,
            Strand::Reverse => 1,
            Strand::Unknown => 2,
        };
        let rows = self.open.entry(row.unit).or_default();
        if begins {
            rows[strand] += 1;
        } else {
            rows[strand] -= 1;
            if *rows == [0; 3] {
                self.open.remove(&row.unit);
            }
        }
    }

    fn members(&self) -> Vec<u32> {
        let strands = |rows: &[u32; 3]| {
            let bit = |strand: usize, bit: u32| if rows[strand] > 0 { bit } else { 0 };
            bit(0, ON_FORWARD) | bit(1, ON_REVERSE) | bit(2, ON_UNKNOWN)
        };
        self.open.iter().map(|(unit, rows)| unit << STRAND_BITS | strands(rows)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(start: u32, end: u32, strand: Strand, unit: u32) -> SegmentRow {
        SegmentRow { start, end, strand, unit }
    }

    fn units(map: &SegmentMap, first: u32, last: u32) -> Vec<(u32, u32)> {
        let mut found = Vec::new();
        map.visit(0, first, last, &mut Cursor::default(), |set| {
            found.extend(map.members(&set).iter().map(|member| (member >> STRAND_BITS, member & 7)));
        });
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn both_ends_of_a_row_belong_to_it() {
        let map = SegmentMap::new(&[vec![row(100, 200, Strand::Forward, 3)]]).unwrap();
        assert_eq!(units(&map, 1, 99), []);
        assert_eq!(units(&map, 1, 100), [(3, ON_FORWARD)]);
        assert_eq!(units(&map, 200, 300), [(3, ON_FORWARD)]);
        assert_eq!(units(&map, 201, u32::MAX - 1), []);
    }

    #[test]
    fn touching_rows_of_one_unit_make_one_segment() {
        let rows = vec![row(1, 10, Strand::Forward, 0), row(11, 20, Strand::Forward, 0)];
        let map = SegmentMap::new(&[rows]).unwrap();
        assert_eq!(map.contigs[0].segments.len(), 4);
    }

    #[test]
    fn strands_of_a_unit_are_gathered_where_its_rows_overlap() {
        let rows = vec![row(1, 10, Strand::Forward, 0), row(5, 20, Strand::Reverse, 0)];
        let map = SegmentMap::new(&[rows]).unwrap();
        assert_eq!(units(&map, 6, 7), [(0, ON_FORWARD | ON_REVERSE)]);
        assert_eq!(units(&map, 15, 15), [(0, ON_REVERSE)]);
    }

    #[test]
    fn a_cursor_left_anywhere_never_misleads() {
        let rows: Vec<SegmentRow> =
            (0..50).map(|n| row(n * 100 + 1, n * 100 + 40, Strand::Forward, n)).collect();
        let map = SegmentMap::new(&[rows]).unwrap();
        let mut cursor = Cursor::default();
        for position in [4_901, 1, 2_520, 2_530, 2_601, 50, 120, 99_999, 1] {
            let mut with_cursor = Vec::new();
            map.visit(0, position, position, &mut cursor, |set| with_cursor.push(set));
            let mut fresh = Vec::new();
            map.visit(0, position, position, &mut Cursor::default(), |set| fresh.push(set));
            assert_eq!(with_cursor, fresh, "{position}");
        }
    }
}
