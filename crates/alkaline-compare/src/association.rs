//! How log fold changes of two experiments go together: correlations, lines through errors in both, agreement of signs.

use alkaline_core::results::Direction;
use alkaline_math::correlation::{kendall_tau, pearson, spearman};
use alkaline_math::order_statistics::median;
use alkaline_math::summation::mean;

use crate::pairing::Pairing;

/// A line `y = intercept + slope * x`, x being the first experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    /// Fold change of the second experiment for one of the first.
    pub slope: f64,
    /// Fold change of the second where the first has none.
    pub intercept: f64,
}

/// How the log fold changes of two experiments go together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Association {
    /// Genes that both tested.
    pub genes: usize,
    /// Pearson's correlation; NaN with fewer than three genes, or where one experiment has no variation.
    pub pearson: f64,
    /// Spearman's.
    pub spearman: f64,
    /// Kendall's tau-b.
    pub kendall: f64,
    /// Total least squares: the same error in both.
    pub total_least_squares: Option<Line>,
    /// Deming regression: errors as the standard errors tell, where both experiments have them.
    pub deming: Option<Line>,
    /// Agreement of signs among genes that both call.
    pub agreement: Agreement,
}

/// Whether genes that both experiments call go the same way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Genes that both call.
    pub called: usize,
    /// Those of one sign.
    pub same: usize,
    /// Share of one sign that chance would give, from how many each experiment calls up; NaN without calls.
    pub by_chance: f64,
}

impl Agreement {
    /// Share of one sign; NaN without calls.
    pub fn share(&self) -> f64 {
        self.same as f64 / self.called as f64
    }
}

/// Below this correlation no line is drawn: its slope would be that of the noise.
const LEAST_FOR_A_LINE: f64 = 0.1;

/// Correlations, lines and signs of `pairing`.
pub fn association(pairing: &Pairing) -> Association {
    let (x, y) = pairing.fold_changes();
    let r = pearson(&x, &y);
    let line = |ratio: Option<f64>| {
        ratio.filter(|_| r.abs() >= LEAST_FOR_A_LINE).and_then(|ratio| fitted(&x, &y, ratio))
    };
    Association {
        genes: x.len(),
        pearson: r,
        spearman: spearman(&x, &y),
        kendall: kendall_tau(&x, &y),
        total_least_squares: line(Some(1.0)),
        deming: line(error_ratio(pairing)),
        agreement: agreement(pairing),
    }
}

/// Error variance of the second experiment over that of the first, by the medians of the standard errors.
fn error_ratio(pairing: &Pairing) -> Option<f64> {
    let errors = |side: fn(&crate::Gene) -> Option<f64>| -> Option<Vec<f64>> {
        pairing.genes.iter().map(side).collect()
    };
    let mut first = errors(|gene| gene.first.standard_error)?;
    let mut second = errors(|gene| gene.second.standard_error)?;
    let ratio = median(&mut second) / median(&mut first);
    Some(ratio * ratio).filter(|ratio| ratio.is_finite() && *ratio > 0.0)
}

/// The line of least distance when the errors of y have `ratio` times the variance of those of x.
///
/// Reference: Deming (1943), Statistical adjustment of data; Linnet (1993) doi:10.1093/clinchem/39.3.424.
fn fitted(x: &[f64], y: &[f64], ratio: f64) -> Option<Line> {
    let (mean_x, mean_y) = (mean(x), mean(y));
    let sum =
        |f: &dyn Fn(f64, f64) -> f64| x.iter().zip(y).map(|(x, y)| f(x - mean_x, y - mean_y)).sum::<f64>();
    let (xx, yy, xy) = (sum(&|x, _| x * x), sum(&|_, y| y * y), sum(&|x, y| x * y));
    let difference = yy - ratio * xx;
    let slope = (difference + (difference * difference + 4.0 * ratio * xy * xy).sqrt()) / (2.0 * xy);
    slope.is_finite().then_some(Line { slope, intercept: mean_y - slope * mean_x })
}

fn agreement(pairing: &Pairing) -> Agreement {
    let is_called = |gene: &&crate::Gene| {
        gene.first.direction != Direction::NotSignificant
            && gene.second.direction != Direction::NotSignificant
    };
    let (mut called, mut same, mut first_up, mut second_up) = (0, 0, 0, 0);
    for gene in pairing.genes.iter().filter(is_called) {
        called += 1;
        same += usize::from(gene.first.direction == gene.second.direction);
        first_up += usize::from(gene.first.direction == Direction::Up);
        second_up += usize::from(gene.second.direction == Direction::Up);
    }
    let (p, q) = (first_up as f64 / called as f64, second_up as f64 / called as f64);
    Agreement { called, same, by_chance: p * q + (1.0 - p) * (1.0 - q) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_through_errors_in_both() {
        let x = [0.0, 1.0, 2.0, 3.0, 4.0];
        let y = [0.1, 0.4, 1.2, 1.4, 2.1];
        // The first principal axis, from the covariances.
        let line = fitted(&x, &y, 1.0).unwrap();
        let axis = {
            let (sxx, syy, sxy) = (2.5, 0.643, 1.25);
            let largest = (sxx + syy) / 2.0 + (((sxx - syy) / 2.0_f64).powi(2) + sxy * sxy).sqrt();
            (largest - sxx) / sxy
        };
        assert!((line.slope - axis).abs() < 1e-12);
        assert!((line.intercept - (1.04 - axis * 2.0)).abs() < 1e-12);
        // Without error in x it is the ordinary regression.
        assert!((fitted(&x, &y, 1e12).unwrap().slope - 0.5).abs() < 1e-6);
    }
}
