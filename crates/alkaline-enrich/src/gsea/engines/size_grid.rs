//! Set sizes at which random sets are drawn; sizes between are read off by interpolation.
//!
//! What random sets of k genes score changes slowly with k: at a fixed score the log of a tail probability is close to
//! a straight line in k (its curvature is about that of ln k), so that sets of a few dozen neighbouring sizes can share
//! their draws. The grid depends on the length of the list only, never on which sets are tested.

/// Every size up to this is on the grid.
const DENSE: usize = 20;

/// Ratio of neighbouring sizes beyond, up to [`MIDDLE`] and above. The straight line is off by at most
/// 0.03 bit between them, at a P of 2^-20; by less for larger ones.
const GROWTH: f64 = 1.12;
const MIDDLE: usize = 60;
const GROWTH_LARGE: f64 = 1.28;

/// Sets larger than this share of the list are drawn at their own size: the straight line supposes that genes hardly
/// compete for places.
const LARGEST_SHARE: f64 = 0.1;

/// A size between two neighbours on the grid (or on it, where they are the same).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bracket {
    /// The size in question.
    pub size: usize,
    /// The next smaller size on the grid.
    pub low: usize,
    /// The next larger one.
    pub high: usize,
}

impl Bracket {
    /// The neighbours of `size` for a list of `genes`.
    pub fn of(size: usize, genes: usize) -> Self {
        let own = Self { size, low: size, high: size };
        if size <= DENSE {
            return own;
        }
        let mut low = DENSE;
        loop {
            let growth = if low < MIDDLE { GROWTH } else { GROWTH_LARGE };
            let high = (low as f64 * growth).ceil() as usize;
            if high as f64 > genes as f64 * LARGEST_SHARE {
                return own;
            }
            match size.cmp(&high) {
                std::cmp::Ordering::Less => return Self { size, low, high },
                std::cmp::Ordering::Equal => return own,
                std::cmp::Ordering::Greater => low = high,
            }
        }
    }

    /// The sizes to draw at, each with its weight in a straight line over sizes.
    pub fn weighted(self) -> impl Iterator<Item = (usize, f64)> {
        let part = if self.low == self.high {
            0.0
        } else {
            (self.size - self.low) as f64 / (self.high - self.low) as f64
        };
        [(self.low, 1.0 - part), (self.high, part)].into_iter().take(if part > 0.0 { 2 } else { 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_lie_between_their_neighbours() {
        for genes in [300, 5_000, 15_800] {
            for size in 1..200.min(genes) {
                let bracket = Bracket::of(size, genes);
                assert!(bracket.low <= size && size <= bracket.high, "{bracket:?}");
                let mean: f64 = bracket.weighted().map(|(at, weight)| at as f64 * weight).sum();
                assert!((mean - size as f64).abs() < 1e-9, "{bracket:?}");
            }
        }
        assert_eq!(Bracket::of(20, 15_800), Bracket { size: 20, low: 20, high: 20 });
        assert_eq!(Bracket::of(100, 500), Bracket { size: 100, low: 100, high: 100 });
        assert_eq!(Bracket::of(22, 15_800), Bracket { size: 22, low: 20, high: 23 });
    }
}
