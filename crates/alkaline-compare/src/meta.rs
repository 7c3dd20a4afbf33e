//! One log fold change out of several that have standard errors.

/// A pooled effect.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pooled {
    /// The effect that all have in common (inverse variances as weights).
    pub fixed: Estimate,
    /// The mean of effects that differ between experiments (DerSimonian & Laird).
    pub random: Estimate,
    /// Cochran's Q.
    pub q: f64,
    /// Variance between experiments.
    pub tau_squared: f64,
    /// Share of the variation that is no chance, 0 to 1.
    pub i_squared: f64,
}

/// An effect with its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The effect.
    pub effect: f64,
    /// Its standard error.
    pub standard_error: f64,
}

/// Pools `estimates`; `None` for fewer than two.
///
/// Reference: DerSimonian & Laird (1986) doi:10.1016/0197-2456(86)90046-2; I²: Higgins & Thompson (2002) doi:10.1002/sim.1186.
pub fn pooled(estimates: &[Estimate]) -> Option<Pooled> {
    if estimates.len() < 2 {
        return None;
    }
    let fixed = weighted(estimates, 0.0);
    let weights: Vec<f64> = estimates.iter().map(|estimate| estimate.standard_error.powi(-2)).collect();
    let (sum, squares) =
        (weights.iter().sum::<f64>(), weights.iter().map(|weight| weight * weight).sum::<f64>());
    let q: f64 = estimates
        .iter()
        .zip(&weights)
        .map(|(estimate, weight)| weight * (estimate.effect - fixed.effect).powi(2))
        .sum();
    let excess = q - (estimates.len() - 1) as f64;
    let tau_squared = (excess / (sum - squares / sum)).max(0.0);
    let i_squared = if q > 0.0 { (excess / q).max(0.0) } else { 0.0 };
    Some(Pooled { fixed, random: weighted(estimates, tau_squared), q, tau_squared, i_squared })
}

fn weighted(estimates: &[Estimate], tau_squared: f64) -> Estimate {
    let (mut sum, mut effects) = (0.0, 0.0);
    for Estimate { effect, standard_error } in estimates {
        let weight = 1.0 / (standard_error * standard_error + tau_squared);
        sum += weight;
        effects += weight * effect;
    }
    Estimate { effect: effects / sum, standard_error: sum.recip().sqrt() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pooled_effects_are_those_of_the_formulas() {
        // ETV5 under encorafenib and vemurafenib, computed in R 4.2.
        let estimates = [
            Estimate { effect: -4.321_596_5, standard_error: 0.078_107_086 },
            Estimate { effect: -4.078_52, standard_error: 0.096_348_258 },
        ];
        let pooled = pooled(&estimates).unwrap();
        let close =
            |found: f64, expected: f64| assert!((found / expected - 1.0).abs() < 1e-6, "{found} {expected}");
        close(pooled.fixed.effect, -4.225_199_6);
        close(pooled.fixed.standard_error, 0.060_674_171);
        close(pooled.q, 3.840_828_5);
        close(pooled.tau_squared, 0.021_851_232);
        close(pooled.random.effect, -4.206_604_1);
        close(pooled.random.standard_error, 0.121_361_83);
        close(pooled.i_squared, 0.739_64);
    }

    #[test]
    fn like_effects_leave_no_variance_between_them() {
        let same = [Estimate { effect: 1.0, standard_error: 0.1 }; 3];
        let pooled = pooled(&same).unwrap();
        assert_eq!((pooled.tau_squared, pooled.i_squared, pooled.random), (0.0, 0.0, pooled.fixed));
        assert_eq!(super::pooled(&same[..1]), None);
    }
}
