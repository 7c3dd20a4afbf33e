//! Exact tail probabilities of enrichment scores, where the weights of the genes are small whole numbers.
//!
//! The genes of a list are dealt with one after another. What a set looks like so far is told by three numbers: its genes, their
//! weight, and whether the running score has reached the score asked for. The height of the running score depends on the
//! weight of the whole set, so that this is done for each weight that a set can have. All terms are positive: nothing
//! cancels, and 1e-200 is as exact as 1e-2.
//! Reference: Keller, Backes & Lenhof (2007) doi:10.1186/1471-2105-8-290, here with weights.

use std::ops::Range;

/// P(enrichment score >= that of the set at `places`, rising) for random sets of as many genes, whatever their sign.
///
/// # Panics
/// Where the score is not above one half: a running score could then reach it on both sides of zero, and which of the two extremes
/// counts would have to be known too.
pub fn exact_tail(weights: &[u32], places: &[usize]) -> f64 {
    let threshold = Threshold::of_set(weights, places);
    assert!(threshold.is_above_half(), "scores up to one half are reached on both sides");
    let mut smallest_first = weights.to_vec();
    smallest_first.sort_unstable();
    let size = places.len();
    let lightest: u32 = smallest_first[..size].iter().sum();
    let heaviest: u32 = smallest_first[weights.len() - size..].iter().sum();
    (lightest..=heaviest).map(|total| Walk::new(weights, size, total as usize, &threshold).run()).sum()
}

/// A score as a fraction, `above / below`.
struct Threshold {
    above: i64,
    below: i64,
    misses: i64,
}

impl Threshold {
    fn of_set(weights: &[u32], places: &[usize]) -> Self {
        let misses = (weights.len() - places.len()) as i64;
        let total: i64 = places.iter().map(|&place| i64::from(weights[place])).sum();
        let (mut weight, mut above) = (0, i64::MIN);
        for (hits, &place) in places.iter().enumerate() {
            weight += i64::from(weights[place]);
            above = above.max(weight * misses - (place - hits) as i64 * total);
        }
        Self { above, below: total * misses, misses }
    }

    fn is_above_half(&self) -> bool {
        2 * self.above > self.below
    }

    /// Smallest weight of the hits with which a set of weight `total` reaches the score after this many misses.
    fn weight_needed(&self, total: i64, missed: i64) -> usize {
        // weight / total - missed / misses >= above / below
        let numerator = total * (self.above * self.misses + missed * self.below);
        let denominator = self.below * self.misses;
        (numerator + denominator - 1).div_euclid(denominator).max(0) as usize
    }
}

/// The walk of all sets of one size and weight along the list.
struct Walk<'a> {
    weights: &'a [u32],
    size: usize,
    total: usize,
    threshold: &'a Threshold,
    largest: usize,
    /// Chance of so many genes (row) of so much weight (column) so far, the score not being reached yet, and having been.
    below: Vec<f64>,
    reached: Vec<f64>,
}

impl<'a> Walk<'a> {
    fn new(weights: &'a [u32], size: usize, total: usize, threshold: &'a Threshold) -> Self {
        let largest = weights.iter().copied().max().unwrap_or(0) as usize;
        let mut below = vec![0.0; (size + 1) * (total + 1)];
        below[0] = 1.0;
        let reached = vec![0.0; below.len()];
        Self { weights, size, total, threshold, largest, below, reached }
    }

    /// Chance that a set has this weight and reaches the score.
    fn run(mut self) -> f64 {
        for place in 0..self.weights.len() {
            for hits in (0..self.size.min(place + 1)).rev() {
                self.take_or_leave(place, hits);
            }
        }
        self.reached[self.reached.len() - 1]
    }

    /// Sets with so many hits before this place: the gene there joins them, or does not.
    fn take_or_leave(&mut self, place: usize, hits: usize) {
        let left = self.weights.len() - place;
        let taken = ((self.size - hits) as f64 / left as f64).min(1.0);
        let weight = self.weights[place] as usize;
        // Only weights that can still become the total.
        let lightest = self.total.saturating_sub((self.size - hits) * self.largest);
        let end = (hits * self.largest + 1).min(self.total + 1);
        if lightest >= end {
            return;
        }
        let joining = end.min((self.total + 1).saturating_sub(weight)).max(lightest);
        let needed = self.threshold.weight_needed(self.total as i64, (place - hits) as i64);
        let crossing = needed.saturating_sub(weight).clamp(lightest, joining);
        let from = hits * (self.total + 1);
        let (not_yet, now, all) = (lightest..crossing, crossing..joining, lightest..joining);
        // The next row, of one hit more, begins where this one ends.
        let (below, others) = self.below.split_at_mut(from + self.total + 1);
        add((others, weight), &below[from..], not_yet, taken);
        let (reached, later) = self.reached.split_at_mut(from + self.total + 1);
        add((later, weight), &below[from..], now, taken);
        add((later, weight), &reached[from..], all, taken);
        below[from + lightest..from + end].iter_mut().for_each(|chance| *chance *= 1.0 - taken);
        reached[from + lightest..from + end].iter_mut().for_each(|chance| *chance *= 1.0 - taken);
    }
}

/// Adds a share of what stands at some weights to what stands so much further on.
fn add((to, gap): (&mut [f64], usize), from: &[f64], weights: Range<usize>, share: f64) {
    if weights.is_empty() {
        return;
    }
    let target = gap + weights.start..gap + weights.end;
    for (to, from) in to[target].iter_mut().zip(&from[weights]) {
        *to += share * from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every set of four of fourteen genes, looked at.
    #[test]
    fn sums_equal_those_of_an_enumeration() {
        let weights = [9, 7, 5, 5, 4, 2, 1, 1, 2, 3, 5, 5, 8, 9];
        let score = |places: &[usize]| {
            let total: u32 = places.iter().map(|&place| weights[place]).sum();
            let (mut weight, mut top) = (0, f64::NEG_INFINITY);
            for (hits, &place) in places.iter().enumerate() {
                weight += weights[place];
                top = top.max(f64::from(weight) / f64::from(total) - (place - hits) as f64 / 10.0);
            }
            top
        };
        for set in [[0, 1, 2, 3], [0, 1, 4, 9], [1, 2, 5, 6], [0, 2, 3, 12]] {
            let (mut reaching, mut all) = (0.0, 0.0);
            for a in 0..14 {
                for b in a + 1..14 {
                    for c in b + 1..14 {
                        for d in c + 1..14 {
                            all += 1.0;
                            reaching += f64::from(u8::from(score(&[a, b, c, d]) >= score(&set) - 1e-12));
                        }
                    }
                }
            }
            let exact = exact_tail(&weights, &set);
            assert!((exact / (reaching / all) - 1.0).abs() < 1e-12, "{set:?}: {exact} {}", reaching / all);
        }
    }
}
