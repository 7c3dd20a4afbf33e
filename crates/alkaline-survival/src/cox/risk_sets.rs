//! Who was at risk when: patients by stratum and by time, latest first.

use std::ops::Range;

use crate::Outcomes;

/// Patients of one stratum whose follow-up ended at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// The time.
    pub time: f64,
    /// Their places in [`RiskSets::order`], those with the event first.
    pub rows: Range<usize>,
    /// How many had the event.
    pub deaths: usize,
    /// The stratum.
    pub stratum: usize,
    /// Whether it is the latest time of the stratum.
    pub opens_stratum: bool,
}

impl Block {
    /// The places of those with the event.
    pub fn dead(&self) -> Range<usize> {
        self.rows.start..self.rows.start + self.deaths
    }
}

/// The order in which patients enter the risk set when time runs backwards.
#[derive(Clone, Debug, PartialEq)]
pub struct RiskSets {
    /// Rows by stratum, then from the latest time to the earliest, events first among equals.
    pub order: Vec<usize>,
    /// Their blocks, in the same order.
    pub blocks: Vec<Block>,
}

impl RiskSets {
    /// The risk sets of the outcomes in their strata.
    pub fn new(outcomes: &Outcomes, strata: &[usize]) -> Self {
        let (times, events) = (outcomes.times(), outcomes.events());
        let mut order: Vec<usize> = (0..outcomes.len()).collect();
        order.sort_by(|&a, &b| {
            let by_time = strata[a].cmp(&strata[b]).then(times[b].total_cmp(&times[a]));
            by_time.then(events[b].cmp(&events[a]))
        });
        let mut blocks: Vec<Block> = Vec::new();
        let mut start = 0;
        for rows in order.chunk_by(|&a, &b| strata[a] == strata[b] && times[a] == times[b]) {
            let stratum = strata[rows[0]];
            blocks.push(Block {
                time: times[rows[0]],
                rows: start..start + rows.len(),
                deaths: rows.iter().filter(|&&row| events[row]).count(),
                stratum,
                opens_stratum: blocks.last().is_none_or(|last| last.stratum != stratum),
            });
            start += rows.len();
        }
        Self { order, blocks }
    }
}
