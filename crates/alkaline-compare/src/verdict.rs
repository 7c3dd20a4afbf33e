//! Whether two experiments say the same, in one word: by correlation and signs, never by a P that large numbers make small.

use serde::{Deserialize, Serialize};

use crate::association::Association;

/// What two experiments have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Fold changes go together, and genes that both call have one sign.
    Shared,
    /// Something is shared, and something is not.
    Partly,
    /// Neither fold changes nor signs agree beyond chance.
    Nothing,
    /// Fold changes go against each other.
    Opposite,
    /// Too few genes to say.
    NotTold,
}

/// Fewer common genes tell nothing.
const LEAST_GENES: usize = 100;
/// From this correlation, and this share of like signs, on the experiments share their signature.
const SHARED: (f64, f64) = (0.3, 0.7);
/// Below this correlation, or within this share of like signs, they share nothing.
const NOTHING: (f64, (f64, f64)) = (0.1, (0.4, 0.6));
/// Below this correlation they are opposite.
const OPPOSITE: f64 = -0.3;

/// Judges `association`.
///
/// The limits were set on pairs of experiments whose relation is known: two inhibitors of one kinase in one line (0.53, 0.86), resistance to one
/// drug in two lines (-0.08, 0.43) and in two states of one line (0.29, 0.72). Experiments of one laboratory, or with common controls, are alike
/// for reasons of their own.
pub fn verdict(association: &Association) -> Verdict {
    let (r, agreement) = (association.pearson, association.agreement.share());
    if association.genes < LEAST_GENES || r.is_nan() {
        Verdict::NotTold
    } else if r < OPPOSITE && (agreement.is_nan() || agreement <= 0.5) {
        Verdict::Opposite
    } else if r > SHARED.0 && agreement > SHARED.1 {
        Verdict::Shared
    } else if r.abs() < NOTHING.0 && !(agreement < NOTHING.1.0 || agreement > NOTHING.1.1) {
        Verdict::Nothing
    } else {
        Verdict::Partly
    }
}

impl Verdict {
    /// In words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Shared => "shared: fold changes go together, and genes that both call have one sign",
            Self::Partly => "partly shared: fold changes go together weakly, or signs disagree",
            Self::Nothing => "nothing shared: fold changes and signs agree as chance would have it",
            Self::Opposite => "opposite: what goes up in one goes down in the other",
            Self::NotTold => "not told: too few genes in common",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::association::Agreement;

    #[test]
    fn known_pairs_are_judged_as_they_are() {
        let judged = |pearson: f64, called: usize, same: usize| {
            let agreement = Agreement { called, same, by_chance: 0.5 };
            verdict(&Association {
                genes: 10_000,
                pearson,
                spearman: pearson,
                kendall: pearson,
                total_least_squares: None,
                deming: None,
                agreement,
            })
        };
        assert_eq!(judged(0.531_9, 4795, 4140), Verdict::Shared);
        assert_eq!(judged(-0.075_5, 2139, 926), Verdict::Nothing);
        assert_eq!(judged(0.285_7, 5308, 3802), Verdict::Partly);
        assert_eq!(judged(-0.6, 1000, 100), Verdict::Opposite);
        assert_eq!(judged(0.02, 0, 0), Verdict::Nothing);
        assert_eq!(judged(f64::NAN, 10, 5), Verdict::NotTold);
    }
}
