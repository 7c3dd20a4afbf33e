//! Which units a fragment belongs to, by the bases that it has in common with them.

use alkaline_core::results::Assignment;

use super::fragment_length::fragment_length;
use super::full_end::{Detail, RowHit};
use crate::options::OverlapRule;
use crate::plan::Plan;

/// Shares below this ask for nothing.
const NEGLIGIBLE_FRACTION: f64 = 0.001;

/// Strand bits that each rule accepts; 0 accepts every hit.
const ACCEPTED: [u32; 3] = [0, crate::reads::SENSE, crate::reads::ANTISENSE];

/// A hit with the end that has it.
#[derive(Clone, Copy, Debug)]
struct Touch {
    hit: RowHit,
    end: u8,
}

/// A unit in question.
#[derive(Clone, Copy, Debug)]
struct Claim {
    unit: u32,
    score: u64,
}

/// Decides by the overlap rules; keeps its lists between fragments.
pub(super) struct OverlapJudge<'a> {
    plan: &'a Plan<'a>,
    touches: Vec<Touch>,
    claims: Vec<Claim>,
    units: Vec<u32>,
    spans: Vec<(u32, u32)>,
}

impl<'a> OverlapJudge<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Self { plan, touches: Vec::new(), claims: Vec::new(), units: Vec::new(), spans: Vec::new() }
    }

    /// The units that the fragment counts for under rule number `rule`, or why there is none.
    pub fn assign(&mut self, ends: [Option<&Detail>; 2], rule: usize) -> Result<&[u32], Assignment> {
        let overlap = self.plan.options.overlap;
        self.collect(ends, rule);
        if overlap.min_feature_fraction > 0.0 || overlap.max_feature_outside.is_some() {
            self.drop_rows(&overlap);
        }
        if self.touches.is_empty() {
            return Err(Assignment::NoFeatures);
        }
        self.make_claims(ends, &overlap);
        if self.claims.is_empty() {
            return Err(Assignment::OverlappingLength);
        }
        self.choose(&overlap)
    }

    fn collect(&mut self, ends: [Option<&Detail>; 2], rule: usize) {
        self.touches.clear();
        for (number, end) in ends.into_iter().flatten().enumerate() {
            let accepted = |hit: &&RowHit| rule == 0 || hit.strands & ACCEPTED[rule] != 0;
            let touches = end.hits.iter().filter(accepted);
            self.touches.extend(touches.map(|hit| Touch { hit: *hit, end: 1 << number }));
        }
    }

    /// Drops rows of which too little is covered.
    fn drop_rows(&mut self, overlap: &OverlapRule) {
        self.touches.sort_by_key(|touch| (touch.hit.row, touch.hit.start));
        let mut kept = Vec::with_capacity(self.touches.len());
        for same_row in self.touches.chunk_by(|a, b| a.hit.row == b.hit.row) {
            let length = u64::from(self.plan.annotation.exons[same_row[0].hit.row as usize].span.bases());
            let covered = covered(&mut self.spans, same_row);
            let wanted = wanted_bases(overlap.min_feature_fraction, length).max(
                overlap.max_feature_outside.map_or(0, |outside| length.saturating_sub(u64::from(outside))),
            );
            if covered >= wanted {
                kept.extend_from_slice(same_row);
            }
        }
        self.touches = kept;
    }

    /// Makes a claim for every unit that is covered enough.
    fn make_claims(&mut self, ends: [Option<&Detail>; 2], overlap: &OverlapRule) {
        self.claims.clear();
        let measures = !overlap.is_touch();
        let wanted = if measures { wanted_overlap(ends, overlap) } else { 0 };
        self.touches.sort_by_key(|touch| touch.hit.unit);
        for same_unit in self.touches.chunk_by(|a, b| a.hit.unit == b.hit.unit) {
            let ends = same_unit.iter().fold(0, |ends, touch| ends | touch.end).count_ones();
            let mut score = u64::from(ends);
            if measures {
                let covered = covered(&mut self.spans, same_unit);
                if covered < wanted {
                    continue;
                }
                if overlap.largest {
                    // Two ends break a tie between equal overlaps where only one unit can win.
                    score = 2 * covered + u64::from(ends == 2 && !overlap.allow_multiple);
                }
            }
            self.claims.push(Claim { unit: same_unit[0].hit.unit, score });
        }
    }

    /// The winner among the claims, or with `-O` all of them.
    fn choose(&mut self, overlap: &OverlapRule) -> Result<&[u32], Assignment> {
        let best = self.claims.iter().map(|claim| claim.score).max().unwrap_or(0);
        let everyone = overlap.allow_multiple && !overlap.largest;
        let winners = self.claims.iter().filter(|claim| everyone || claim.score == best);
        self.units.clear();
        self.units.extend(winners.map(|claim| claim.unit));
        if self.units.len() > 1 && !overlap.allow_multiple {
            return Err(Assignment::Ambiguity);
        }
        Ok(&self.units)
    }
}

/// Bases that a unit must have in common with the fragment.
fn wanted_overlap(ends: [Option<&Detail>; 2], overlap: &OverlapRule) -> u64 {
    let mut wanted = overlap.min_overlap.max(1) as u64;
    if (overlap.min_fraction > 0.0 || overlap.max_outside.is_some())
        && let Some(first) = ends[0]
    {
        let length = fragment_length(&first.shape, ends[1].map(|end| &end.shape));
        wanted = wanted.max(wanted_bases(overlap.min_fraction, length));
        if let Some(outside) = overlap.max_outside {
            wanted = wanted.max(length.saturating_sub(u64::from(outside)));
        }
    }
    if overlap.min_overlap < 1 { wanted.max(1) } else { wanted }
}

/// The share of `length` in whole bases, rounded up.
fn wanted_bases(fraction: f64, length: u64) -> u64 {
    if fraction < NEGLIGIBLE_FRACTION { 0 } else { (fraction * length as f64).ceil() as u64 }
}

/// Positions under any of the touches, each once.
fn covered(spans: &mut Vec<(u32, u32)>, touches: &[Touch]) -> u64 {
    spans.clear();
    spans.extend(
        touches.iter().filter(|touch| touch.hit.start <= touch.hit.end).map(|t| (t.hit.start, t.hit.end)),
    );
    spans.sort_unstable();
    let (mut covered, mut reached) = (0, 0);
    for &(start, end) in spans.iter() {
        if end > reached {
            covered += u64::from(end - start.max(reached + 1) + 1);
            reached = end;
        }
    }
    covered
}
