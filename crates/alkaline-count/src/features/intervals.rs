//! Rows that overlap an interval: a sorted list that is also a balanced tree (each node knows the largest end below it).
//!
//! The layout is the implicit augmented interval tree of Li & Rong (2021), Bioinformatics 37:1315
//! (doi:10.1093/bioinformatics/btaa827), here as plain recursion over halves.

use alkaline_core::genome::Strand;

/// A row of the annotation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowInterval {
    /// First position, 1-based.
    pub start: u32,
    /// Last position.
    pub end: u32,
    /// Place in the annotation.
    pub row: u32,
    /// Gene, or row, that is counted.
    pub unit: u32,
    /// Strand.
    pub strand: Strand,
}

/// The rows of one contig.
#[derive(Debug, Default)]
pub(crate) struct IntervalIndex {
    rows: Vec<RowInterval>,
    /// Largest end in the half-open range that the element is the middle of.
    largest_end: Vec<u32>,
}

impl IntervalIndex {
    pub fn new(mut rows: Vec<RowInterval>) -> Self {
        rows.sort_unstable_by_key(|row| (row.start, row.end, row.row));
        let mut index = Self { largest_end: vec![0; rows.len()], rows };
        index.fill(0, index.rows.len());
        index
    }

    fn fill(&mut self, from: usize, to: usize) -> u32 {
        if from >= to {
            return 0;
        }
        let middle = from + (to - from) / 2;
        let below = self.fill(from, middle).max(self.fill(middle + 1, to));
        self.largest_end[middle] = below.max(self.rows[middle].end);
        self.largest_end[middle]
    }

    /// Calls `visit` with every row that has a position in `first..=last`, by start.
    pub fn visit(&self, first: u32, last: u32, visit: &mut impl FnMut(&RowInterval)) {
        self.descend(0, self.rows.len(), first, last, visit);
    }

    fn descend(&self, from: usize, to: usize, first: u32, last: u32, visit: &mut impl FnMut(&RowInterval)) {
        if from >= to {
            return;
        }
        let middle = from + (to - from) / 2;
        if self.largest_end[middle] < first {
            return;
        }
        self.descend(from, middle, first, last, visit);
        let row = &self.rows[middle];
        if row.start <= last {
            if row.end >= first {
                visit(row);
            }
            self.descend(middle + 1, to, first, last, visit);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_overlapping_row_is_found_once() {
        let rows: Vec<RowInterval> = (0..200_u32)
            .map(|row| {
                let start = row * 37 % 900 + 1;
                RowInterval { start, end: start + row * 13 % 120, row, unit: row, strand: Strand::Forward }
            })
            .collect();
        let index = IntervalIndex::new(rows.clone());
        for first in (1..1000).step_by(7) {
            let last = first + 25;
            let mut found = Vec::new();
            index.visit(first, last, &mut |row| found.push(row.row));
            found.sort_unstable();
            let expected: Vec<u32> =
                rows.iter().filter(|row| row.start <= last && row.end >= first).map(|row| row.row).collect();
            assert_eq!(found, expected);
        }
    }
}
