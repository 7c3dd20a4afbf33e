//! When a gene is called differentially expressed.

use serde::{Deserialize, Serialize};

/// Call of a gene at the thresholds of the run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// Significantly higher in the target.
    #[serde(rename = "up")]
    Up,
    /// Significantly lower in the target.
    #[serde(rename = "down")]
    Down,
    /// Not significant.
    #[serde(rename = "ns")]
    NotSignificant,
}

impl Direction {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Up, Self::Down, Self::NotSignificant];

    /// The word in the table: `up`, `down`, `ns`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::NotSignificant => "ns",
        }
    }
}

/// Which value of a gene is held against its threshold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CallBy {
    /// P adjusted for the number of genes.
    #[default]
    Fdr,
    /// P as it is: of thousands of genes that do not change, one in twenty has P below 0.05.
    P,
}

/// When a gene counts as differentially expressed: FDR (or P) below, and |log2 fold change| at or above.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Thresholds {
    /// False discovery rate, exclusive.
    pub fdr: f64,
    /// Absolute log2 fold change, inclusive.
    pub lfc: f64,
    /// P, exclusive; only where genes are called by it.
    pub p: f64,
    /// Whether FDR or P decides.
    pub call_by: CallBy,
}

impl Default for Thresholds {
    /// The paper's: FDR below 0.05 and at least a doubling or halving.
    fn default() -> Self {
        Self { fdr: 0.05, lfc: 1.0, p: 0.05, call_by: CallBy::Fdr }
    }
}

impl Thresholds {
    /// At these two thresholds, by FDR.
    pub fn by_fdr(fdr: f64, lfc: f64) -> Self {
        Self { fdr, lfc, ..Self::default() }
    }

    /// Whether P values are small enough, whatever the fold change.
    pub fn is_significant(&self, p: f64, fdr: f64) -> bool {
        match self.call_by {
            CallBy::Fdr => fdr < self.fdr,
            CallBy::P => p < self.p,
        }
    }

    /// What decides, and below which value: `("FDR", 0.05)` or `("P", 0.05)`.
    pub fn level(&self) -> (&'static str, f64) {
        match self.call_by {
            CallBy::Fdr => ("FDR", self.fdr),
            CallBy::P => ("P", self.p),
        }
    }

    /// The call of a gene with these values.
    pub fn call(&self, log2_fold_change: f64, p: f64, fdr: f64) -> Direction {
        if self.is_significant(p, fdr) && log2_fold_change.abs() >= self.lfc {
            if log2_fold_change > 0.0 { Direction::Up } else { Direction::Down }
        } else {
            Direction::NotSignificant
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fdr_threshold_is_exclusive_and_the_fold_change_inclusive() {
        let thresholds = Thresholds::default();
        assert_eq!(thresholds.call(1.0, 0.01, 0.049), Direction::Up);
        assert_eq!(thresholds.call(-1.0, 0.01, 0.049), Direction::Down);
        assert_eq!(thresholds.call(1.0, 0.01, 0.05), Direction::NotSignificant);
        assert_eq!(thresholds.call(0.99, 1e-9, 1e-9), Direction::NotSignificant);
    }

    #[test]
    fn by_p_the_false_discovery_rate_does_not_matter() {
        let thresholds = Thresholds { call_by: CallBy::P, ..Thresholds::default() };
        assert_eq!(thresholds.call(1.5, 0.049, 0.9), Direction::Up);
        assert_eq!(thresholds.call(1.5, 0.05, 0.01), Direction::NotSignificant);
        assert_eq!(thresholds.call(1.5, f64::NAN, f64::NAN), Direction::NotSignificant);
        assert_eq!(thresholds.level(), ("P", 0.05));
    }
}
