//! The summary of `hisat2 --new-summary --summary-file`: how many reads found a place.

use std::path::Path;

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// How many fragments and reads HISAT2 placed.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct AlignmentSummary {
    /// Pairs that it was given.
    pub pairs: u64,
    /// Pairs that lie as they should, at one place.
    pub concordant_once: u64,
    /// Pairs that lie as they should, at several places.
    pub concordant_repeatedly: u64,
    /// Single reads that it was given, and mates of pairs that it placed one by one.
    pub reads: u64,
    /// Of these, with one place.
    pub once: u64,
    /// Of these, with several places.
    pub repeatedly: u64,
    /// Share of reads with a place, from 0 to 1.
    pub rate: f64,
}

impl AlignmentSummary {
    /// Reads the summary at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        Self::parse(&read_text(path)?).ok_or_else(|| {
            let problem = Problem::of_file("this is no summary of HISAT2 in its new style");
            FileProblems::one(path, problem.hint("run the alignment again")).into()
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut summary = Self::default();
        let mut has_rate = false;
        for line in text.lines() {
            let Some((what, value)) = line.trim().split_once(": ") else { continue };
            let number = value.split_whitespace().next()?;
            if what == "Overall alignment rate" {
                summary.rate = number.trim_end_matches('%').parse::<f64>().ok()? / 100.0;
                has_rate = true;
            } else if let Some(field) = summary.field(what) {
                *field = number.parse().ok()?;
            }
        }
        has_rate.then_some(summary)
    }

    fn field(&mut self, what: &str) -> Option<&mut u64> {
        Some(match what {
            "Total pairs" => &mut self.pairs,
            "Aligned concordantly 1 time" => &mut self.concordant_once,
            "Aligned concordantly >1 times" => &mut self.concordant_repeatedly,
            // Of pairs it is called unpaired.
            "Total reads" | "Total unpaired reads" => &mut self.reads,
            "Aligned 1 time" => &mut self.once,
            "Aligned >1 times" => &mut self.repeatedly,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_and_single_reads_are_understood() {
        let text = "HISAT2 summary stats:\n\tTotal pairs: 21799\n\t\tAligned concordantly or discordantly 0 time: 895 (4.11%)\n\
                    \t\tAligned concordantly 1 time: 20903 (95.89%)\n\t\tAligned concordantly >1 times: 7 (0.00%)\n\
                    \t\tAligned discordantly 1 time: 1 (0.00%)\n\tTotal unpaired reads: 1790\n\t\tAligned 0 time: 1554 (86.82%)\n\
                    \t\tAligned 1 time: 236 (13.18%)\n\t\tAligned >1 times: 3 (0.00%)\n\tOverall alignment rate: 96.44%\n";
        let summary = AlignmentSummary::parse(text).unwrap();
        let counts = [summary.pairs, summary.concordant_once, summary.concordant_repeatedly];
        assert_eq!(
            (counts, summary.reads, summary.once, summary.repeatedly),
            ([21799, 20903, 7], 1790, 236, 3)
        );
        assert!((summary.rate - 0.9644).abs() < 1e-12);
        let single = "HISAT2 summary stats:\n\tTotal reads: 3\n\t\tAligned 0 time: 2 (66.67%)\n\t\tAligned 1 time: 1 (33.33%)\n\
                      \t\tAligned >1 times: 0 (0.00%)\n\tOverall alignment rate: 33.33%\n";
        let summary = AlignmentSummary::parse(single).unwrap();
        assert_eq!((summary.pairs, summary.reads, summary.once), (0, 3, 1));
        assert_eq!(AlignmentSummary::parse("3 reads; of these:\n"), None);
    }
}
