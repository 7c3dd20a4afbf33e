//! Counts made from abundances, which no longer depend on lengths.

use ndarray::{Array2, Axis};

use super::estimates::Estimates;

/// How counts are made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum CountsFromAbundance {
    /// As estimated (tximport `"no"`): tests must use the average lengths as offsets.
    No,
    /// Abundances, scaled so that every sample keeps its total (tximport `"scaledTPM"`).
    #[cfg_attr(feature = "clap", value(name = "scaledTPM", alias = "scaled-tpm"))]
    ScaledTpm,
    /// Abundances times the average length over samples, scaled so that every sample keeps its total (tximport `"lengthScaledTPM"`).
    #[default]
    #[cfg_attr(feature = "clap", value(name = "lengthScaledTPM", alias = "length-scaled-tpm"))]
    LengthScaledTpm,
}

impl CountsFromAbundance {
    /// What tximport calls it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::ScaledTpm => "scaledTPM",
            Self::LengthScaledTpm => "lengthScaledTPM",
        }
    }
}

/// The counts of `estimates`, made as `rule` says.
///
/// Upstream: tximport `makeCountsFromAbundance`; every column keeps the sum of its estimated counts.
pub fn counts_from_abundance(estimates: &Estimates, rule: CountsFromAbundance) -> Array2<f64> {
    let mut made = match rule {
        CountsFromAbundance::No => return estimates.counts.clone(),
        CountsFromAbundance::ScaledTpm => estimates.abundance.clone(),
        CountsFromAbundance::LengthScaledTpm => {
            let means = estimates.lengths.mean_axis(Axis(1)).unwrap_or_default();
            &estimates.abundance * &means.insert_axis(Axis(1))
        }
    };
    for (sample, mut column) in made.axis_iter_mut(Axis(1)).enumerate() {
        let (wanted, is) = (estimates.counts.column(sample).sum(), column.sum());
        if is > 0.0 {
            column *= wanted / is;
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn every_sample_keeps_its_total() {
        let estimates = Estimates {
            features: vec!["a".into(), "b".into()],
            abundance: array![[1.0, 0.0], [3.0, 0.0]],
            counts: array![[10.0, 0.0], [10.0, 0.0]],
            lengths: array![[100.0, 300.0], [50.0, 50.0]],
        };
        let made = |rule| counts_from_abundance(&estimates, rule);
        assert_eq!(made(CountsFromAbundance::ScaledTpm), array![[5.0, 0.0], [15.0, 0.0]]);
        // 1 x 200 against 3 x 50
        let scaled = made(CountsFromAbundance::LengthScaledTpm);
        assert!((scaled[[0, 0]] - 20.0 * 200.0 / 350.0).abs() < 1e-12 && scaled[[1, 1]] == 0.0);
        assert_eq!(made(CountsFromAbundance::No), estimates.counts);
    }
}
