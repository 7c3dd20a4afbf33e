//! The running score of a gene set along a ranked list, and what is read from it.
//!
//! Walking down the list, the score rises by a hit's share of the set's weight and falls by 1 / (N - k) at every other
//! gene. The enrichment score is the extreme furthest from zero. Reference: Subramanian et al. (2005) PNAS 102:15545,
//! doi:10.1073/pnas.0506580102. Upstream: fgsea `calcGseaStat`.

/// Weights of the genes of a list, highest score first: |score|^exponent.
#[derive(Clone, Debug)]
pub struct Weights {
    values: Vec<f64>,
}

/// Highest and lowest point of a running score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extremes {
    /// Highest value just after a hit.
    pub top: f64,
    /// Lowest value just before a hit.
    pub bottom: f64,
}

impl Extremes {
    /// The extreme furthest from zero; zero when both are equally far.
    #[inline]
    pub fn score(self) -> f64 {
        if self.top > -self.bottom {
            self.top
        } else if self.top < -self.bottom {
            self.bottom
        } else {
            0.0
        }
    }
}

impl Weights {
    /// |score|^exponent of every score.
    pub fn new(scores: &[f64], exponent: f64) -> Self {
        let weigh = |score: &f64| match exponent {
            0.0 => 1.0,
            1.0 => score.abs(),
            _ => score.abs().powf(exponent),
        };
        Self { values: scores.iter().map(weigh).collect() }
    }

    /// Weights at hand, in list order.
    pub fn from_values(values: Vec<f64>) -> Self {
        Self { values }
    }

    /// Number of genes.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Weight of every gene, in list order.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The list upside down: scores of a set change sign.
    pub fn reversed(&self) -> Self {
        Self { values: self.values.iter().rev().copied().collect() }
    }

    /// Extremes of the running score of the genes at `ranks` (0-based, rising, fewer than all).
    #[inline]
    pub fn extremes(&self, ranks: &[u32]) -> Extremes {
        let total = self.total(ranks);
        if total > 0.0 {
            self.walk(ranks, 1.0 / total, |weight| weight)
        } else {
            self.walk(ranks, 1.0 / ranks.len() as f64, |_| 1.0)
        }
    }

    /// Weight of a set, as four sums side by side: one after the other, additions would wait for each other.
    #[inline]
    pub fn total(&self, ranks: &[u32]) -> f64 {
        let mut sums = [0.0; 4];
        let fours = ranks.chunks_exact(4);
        let rest: f64 = fours.remainder().iter().map(|&rank| self.values[rank as usize]).sum();
        for four in fours {
            for (sum, &rank) in sums.iter_mut().zip(four) {
                *sum += self.values[rank as usize];
            }
        }
        (sums[0] + sums[1]) + (sums[2] + sums[3]) + rest
    }

    /// Highest point of the running score of the genes at `ranks`, whose weights add up to `total`.
    pub fn top(&self, ranks: &[u32], total: f64) -> f64 {
        if total <= 0.0 {
            return self.extremes(ranks).top;
        }
        let (per_weight, per_miss) = (1.0 / total, 1.0 / (self.values.len() - ranks.len()) as f64);
        let (mut top, mut weight) = (f64::NEG_INFINITY, 0.0);
        for (hits, &rank) in ranks.iter().enumerate() {
            weight += self.values[rank as usize];
            top = top.max(weight * per_weight - (rank as usize - hits) as f64 * per_miss);
        }
        top
    }

    #[inline]
    fn walk(&self, ranks: &[u32], per_weight: f64, weigh: impl Fn(f64) -> f64) -> Extremes {
        let per_miss = 1.0 / (self.values.len() - ranks.len()) as f64;
        let mut extremes = Extremes { top: f64::NEG_INFINITY, bottom: f64::INFINITY };
        let mut hit_weight = 0.0;
        for (hits, &rank) in ranks.iter().enumerate() {
            let missed = (rank as usize - hits) as f64 * per_miss;
            extremes.bottom = extremes.bottom.min(hit_weight * per_weight - missed);
            hit_weight += weigh(self.values[rank as usize]);
            extremes.top = extremes.top.max(hit_weight * per_weight - missed);
        }
        extremes
    }

    /// Running score just before and just after each of the hits at `ranks`.
    pub fn running(&self, ranks: &[u32]) -> Vec<[f64; 2]> {
        let total: f64 = ranks.iter().map(|&rank| self.values[rank as usize]).sum();
        let misses = (self.values.len() - ranks.len()) as f64;
        let mut hit_weight = 0.0;
        let share = |weight: f64, hits: usize| {
            if total > 0.0 { weight / total } else { hits as f64 / ranks.len() as f64 }
        };
        ranks
            .iter()
            .enumerate()
            .map(|(hits, &rank)| {
                let missed = (rank as usize - hits) as f64 / misses;
                let before = share(hit_weight, hits) - missed;
                hit_weight += self.values[rank as usize];
                [before, share(hit_weight, hits + 1) - missed]
            })
            .collect()
    }
}

/// Which genes carry a set's score, and how they are summarised.
#[derive(Clone, Debug, PartialEq)]
pub struct LeadingEdge {
    /// Position of the extreme, 1-based from the top for positive scores and from the end for negative ones.
    pub rank: usize,
    /// `tags=33%, list=10%, signal=30%`.
    pub summary: String,
    /// Ranks of the genes as clusterProfiler's `core_enrichment` lists them: in list order.
    pub core: Vec<u32>,
    /// Ranks of the genes as fgsea's `leadingEdge` lists them: the most extreme first.
    pub edge: Vec<u32>,
}

impl LeadingEdge {
    /// Reads the leading edge off a running score; `score` is its enrichment score.
    ///
    /// For negative scores the two tools differ: fgsea takes the hits after the lowest point, clusterProfiler those from
    /// the hit at which the score *after* the hit is lowest.
    pub fn new(ranks: &[u32], running: &[[f64; 2]], score: f64, length: usize) -> Self {
        let (edge, core, rank) = if score >= 0.0 {
            let peak = first_extreme(running.iter().map(|step| -step[1]));
            let hits = ranks[..=peak].to_vec();
            let edge = if score > 0.0 { hits.clone() } else { Vec::new() };
            (edge, hits, ranks[peak] as usize + 1)
        } else {
            let low = first_extreme(running.iter().map(|step| step[0]));
            let edge = ranks[low..].iter().rev().copied().collect();
            let core_start = first_extreme(running.iter().map(|step| step[1]));
            // The lowest point lies at the miss just before the hit.
            (edge, ranks[core_start..].to_vec(), length - ranks[low] as usize + 1)
        };
        let summary = summary(core.len(), ranks.len(), rank, length);
        Self { rank, summary, core, edge }
    }
}

/// Position of the smallest value, the first of equals.
fn first_extreme(values: impl Iterator<Item = f64>) -> usize {
    let mut best = (0, f64::INFINITY);
    for (position, value) in values.enumerate() {
        if value < best.1 {
            best = (position, value);
        }
    }
    best.0
}

/// Share of the set in the core, share of the list up to the extreme, and the two combined, in whole percent.
fn summary(core: usize, set: usize, rank: usize, length: usize) -> String {
    let [core, set, rank, length] = [core, set, rank, length].map(|count| count as f64);
    let (tags, list) = (core / set, rank / length);
    let signal = tags * (1.0 - list) * (length / (length - set));
    let percent = |share: f64| (share * 100.0).round_ties_even();
    format!("tags={}%, list={}%, signal={}%", percent(tags), percent(list), percent(signal))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weights() -> Weights {
        Weights::new(&[3.0, 2.0, 1.0, 0.0, -1.0, -4.0], 1.0)
    }

    #[test]
    fn scores_equal_those_counted_by_hand() {
        let extremes = weights().extremes(&[0, 2, 5]);
        // 3/8, then one miss and 4/8, then two misses and 8/8 at the end
        assert_eq!(extremes, Extremes { top: 0.375, bottom: 4.0 / 8.0 - 1.0 });
        assert_eq!(extremes.score(), -0.5);
        assert_eq!(weights().extremes(&[0, 1]).score(), 1.0);
        assert_eq!(weights().extremes(&[4, 5]).score(), -1.0);
    }

    #[test]
    fn a_set_without_weight_counts_its_hits() {
        let weights = Weights::new(&[0.0; 4], 1.0);
        assert_eq!(weights.extremes(&[0, 1]).score(), 1.0);
        assert_eq!(Weights::new(&[5.0, 1.0, -2.0], 0.0).values(), [1.0; 3]);
    }

    #[test]
    fn turning_the_list_over_turns_the_sign() {
        let forward = weights().extremes(&[0, 2, 3]);
        let backward = weights().reversed().extremes(&[2, 3, 5]);
        assert!((forward.top + backward.bottom).abs() < 1e-15);
        assert!((forward.bottom + backward.top).abs() < 1e-15);
    }

    #[test]
    fn leading_edges_stop_at_the_extreme() {
        let weights = weights();
        let ranks = [0, 1, 4];
        let running = weights.running(&ranks);
        let edge = LeadingEdge::new(&ranks, &running, weights.extremes(&ranks).score(), 6);
        assert_eq!((edge.rank, edge.core.as_slice(), edge.edge.as_slice()), (2, &[0, 1][..], &[0, 1][..]));
        assert_eq!(edge.summary, "tags=67%, list=33%, signal=89%");
        let ranks = [4, 5];
        let running = weights.running(&ranks);
        let edge = LeadingEdge::new(&ranks, &running, -1.0, 6);
        assert_eq!(edge.edge, [5, 4]);
    }
}
