//! Negative binomial generalised linear models with log link and known dispersion, gene by gene.
//!
//! A design with as many distinct rows as columns is a one-way layout: each group is fitted alone. Any other design is fitted
//! by Fisher scoring with Levenberg-Marquardt damping. Reference: McCarthy, Chen & Smyth (2012), doi:10.1093/nar/gks042.
//! Upstream: edgeR `mglmOneWay`, `mglmLevenberg`; tolerances and acceptance rules are those of the latter.

use std::borrow::Cow;

use ndarray::{Array2, ArrayView2, Axis};

use super::{fit_one_group, unit_deviance};
use crate::linear::{Cholesky, PivotedQr, RowSlices, RowSlicesMut, times};
use crate::order_statistics::larger;

/// Scoring steps before a fit is given up.
const MAX_ROUNDS: usize = 250;
/// A Newton decrement below this ends the iteration.
const DECREMENT_TOLERANCE: f64 = 1e-6;
/// Deviance, relative to a gene's largest count, below which its fit counts as exact.
const NEGLIGIBLE_RELATIVE_DEVIANCE: f64 = 1e-13;
/// Damping at the start, relative to the largest information.
const FIRST_DAMPING: f64 = 1e-6;
/// Damping is never smaller.
const SMALLEST_DAMPING: f64 = 1e-13;
/// Damping beyond this multiple of the largest information gives up.
const HOPELESS_DAMPING: f64 = 1e13;
/// The log rate that stands for a silent group.
const SILENT_LOG_RATE: f64 = -1e8;

/// A design and library sizes, prepared for many fits.
#[derive(Clone, Debug)]
pub struct NbModel {
    design: Array2<f64>,
    sizes: Vec<f64>,
    qr: PivotedQr,
    layout: Layout,
}

#[derive(Clone, Debug)]
enum Layout {
    /// Samples of each group, their library sizes, and the design restricted to one row per group.
    OneWay {
        groups: Vec<Vec<usize>>,
        group_sizes: Vec<Vec<f64>>,
        rows: PivotedQr,
    },
    General,
}

/// The fit of one gene.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GlmFit {
    /// Coefficients on the natural-log scale.
    pub coefficients: Vec<f64>,
    /// Fitted means, one per sample.
    pub means: Vec<f64>,
    /// Total deviance.
    pub deviance: f64,
}

impl NbModel {
    /// A model over a design of full column rank; `sizes` are effective library sizes.
    ///
    /// # Panics
    /// When the design has not one row per library.
    #[must_use]
    pub fn new(design: Array2<f64>, sizes: Vec<f64>) -> Self {
        assert_eq!(design.nrows(), sizes.len(), "one design row per library");
        let design =
            if design.is_standard_layout() { design } else { design.as_standard_layout().into_owned() };
        let qr = PivotedQr::new(design.view());
        let layout = one_way(design.view(), &sizes).unwrap_or(Layout::General);
        Self { design, sizes, qr, layout }
    }

    /// The same model with other library sizes: a gene may have some of its own.
    ///
    /// # Panics
    /// When there is not one size per library.
    #[must_use]
    pub fn with_sizes(&self, sizes: Vec<f64>) -> Self {
        assert_eq!(self.sizes.len(), sizes.len(), "one size per library");
        let mut other = Self { sizes, ..self.clone() };
        if let Layout::OneWay { groups, group_sizes, .. } = &mut other.layout {
            for (own, members) in group_sizes.iter_mut().zip(groups.iter()) {
                *own = members.iter().map(|&i| other.sizes[i]).collect();
            }
        }
        other
    }

    /// The same model for a gene whose libraries count `factors` times as much; itself where there are none.
    #[must_use]
    pub fn with_factors(&self, factors: Option<&[f64]>) -> Cow<'_, Self> {
        match factors {
            None => Cow::Borrowed(self),
            Some(factors) => {
                let sizes = self.sizes.iter().zip(factors).map(|(size, factor)| size * factor);
                Cow::Owned(self.with_sizes(sizes.collect()))
            }
        }
    }

    /// The design matrix.
    #[must_use]
    pub fn design(&self) -> ArrayView2<'_, f64> {
        self.design.view()
    }

    /// Effective library sizes.
    #[must_use]
    pub fn sizes(&self) -> &[f64] {
        &self.sizes
    }

    /// Fits one gene; `start` (coefficients) shortens the way of general designs.
    #[must_use]
    pub fn fit(&self, counts: &[f64], phi: f64, start: Option<&[f64]>) -> GlmFit {
        match &self.layout {
            Layout::OneWay { groups, group_sizes, rows } => {
                self.fit_groups(counts, phi, groups, group_sizes, rows)
            }
            Layout::General => self.fit_general(counts, phi, start),
        }
    }

    /// Leverages of one gene's counts in the weighted least-squares problem at fitted means.
    #[must_use]
    pub fn leverages(&self, means: &[f64], phi: f64) -> Vec<f64> {
        let weights = means.iter().map(|mu| mu / (1.0 + mu * phi));
        match &self.layout {
            Layout::OneWay { groups, .. } => {
                let mut leverages: Vec<f64> = weights.collect();
                for members in groups {
                    let total: f64 = members.iter().map(|&i| leverages[i]).sum();
                    if total > 0.0 {
                        members.iter().for_each(|&i| leverages[i] /= total);
                    }
                }
                leverages
            }
            Layout::General => {
                let roots: Vec<f64> = weights.map(f64::sqrt).collect();
                let mut weighted = self.design.clone();
                for (mut row, root) in weighted.outer_iter_mut().zip(&roots) {
                    row.mapv_inplace(|x| root * x);
                }
                PivotedQr::new(weighted.view()).leverages(roots.len())
            }
        }
    }

    /// Variance of a contrast of coefficients at fitted means, from the expected information; `None` where that is singular.
    #[must_use]
    pub fn variance_of_contrast(&self, means: &[f64], phi: f64, contrast: &[f64]) -> Option<f64> {
        let weights: Vec<f64> = means.iter().map(|mu| mu / (1.0 + mu * phi)).collect();
        let factor = Cholesky::new(weighted_crossproduct(self.design.view(), &weights).view())?;
        let mut solution = contrast.to_vec();
        factor.solve(&mut solution);
        Some(contrast.iter().zip(&solution).map(|(c, s)| c * s).sum())
    }

    fn fit_groups(
        &self,
        counts: &[f64],
        phi: f64,
        groups: &[Vec<usize>],
        group_sizes: &[Vec<f64>],
        rows: &PivotedQr,
    ) -> GlmFit {
        let mut fit = GlmFit { means: vec![0.0; counts.len()], ..GlmFit::default() };
        let mut log_rates = Vec::with_capacity(groups.len());
        let mut of_group = Vec::new();
        for (members, sizes) in groups.iter().zip(group_sizes) {
            of_group.clear();
            of_group.extend(members.iter().map(|&i| counts[i]));
            let log_rate = larger(fit_one_group(&of_group, sizes, phi), SILENT_LOG_RATE);
            let rate = log_rate.exp();
            members.iter().zip(sizes).for_each(|(&i, size)| fit.means[i] = rate * size);
            log_rates.push(log_rate);
        }
        fit.coefficients = rows.solve(&log_rates);
        fit.deviance = deviance(counts, &fit.means, phi);
        fit
    }

    fn fit_general(&self, counts: &[f64], phi: f64, start: Option<&[f64]>) -> GlmFit {
        let largest = counts.iter().copied().fold(0.0, larger);
        if largest <= 0.0 {
            let coefficients = vec![f64::NAN; self.design.ncols()];
            return GlmFit { coefficients, means: vec![0.0; counts.len()], deviance: 0.0 };
        }
        let coefficients = match start {
            Some(start) if start.iter().all(|b| b.is_finite()) => start.to_vec(),
            _ => self.null_start(counts, phi),
        };
        let means = self.means(&coefficients);
        let deviance = deviance(counts, &means, phi);
        let mut search =
            Search { model: self, counts, phi, largest, fit: GlmFit { coefficients, means, deviance } };
        search.run();
        search.fit
    }

    /// Coefficients that give every library the same weighted mean rate.
    fn null_start(&self, counts: &[f64], phi: f64) -> Vec<f64> {
        let (mut rate, mut total) = (0.0, 0.0);
        for (&y, &size) in counts.iter().zip(&self.sizes) {
            let weight = size / (1.0 + phi * size);
            rate += y * weight / size;
            total += weight;
        }
        self.qr.solve(&vec![(rate / total).ln(); counts.len()])
    }

    fn means(&self, coefficients: &[f64]) -> Vec<f64> {
        let predictors = times(self.design.view(), coefficients);
        predictors.iter().zip(&self.sizes).map(|(eta, size)| eta.exp() * size).collect()
    }
}

/// Total deviance of counts about fitted means.
fn deviance(counts: &[f64], means: &[f64], phi: f64) -> f64 {
    counts.iter().zip(means).map(|(&y, &mu)| unit_deviance(y, mu, phi)).sum()
}

/// Distinct design rows as groups, when there are as many as columns.
fn one_way(design: ArrayView2<'_, f64>, sizes: &[f64]) -> Option<Layout> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for i in 0..design.nrows() {
        let row = design.row_slice(i);
        match groups.iter().position(|group| same_row(design.row_slice(group[0]), row)) {
            Some(group) => groups[group].push(i),
            None if groups.len() == design.ncols() => return None,
            None => groups.push(vec![i]),
        }
    }
    if groups.len() != design.ncols() {
        return None;
    }
    let firsts: Vec<usize> = groups.iter().map(|group| group[0]).collect();
    let rows = PivotedQr::new(design.select(Axis(0), &firsts).view());
    let group_sizes = groups.iter().map(|group| group.iter().map(|&i| sizes[i]).collect()).collect();
    Some(Layout::OneWay { groups, group_sizes, rows })
}

/// Whether two design rows are equal but for the rounding of a rotation.
fn same_row(a: &[f64], b: &[f64]) -> bool {
    const ROUNDING: f64 = 1e-13;
    a.iter().zip(b).all(|(a, b)| (a - b).abs() <= ROUNDING * a.abs().max(b.abs()).max(1.0))
}

/// One damped search for the maximum likelihood.
struct Search<'a> {
    model: &'a NbModel,
    counts: &'a [f64],
    phi: f64,
    largest: f64,
    fit: GlmFit,
}

impl Search<'_> {
    fn run(&mut self) {
        let mut damping = 0.0;
        for round in 0..MAX_ROUNDS {
            let (information, score) = self.derivatives();
            let peak = information.diag().iter().copied().fold(0.0, larger);
            if round == 0 {
                damping = (peak * FIRST_DAMPING).max(SMALLEST_DAMPING);
            }
            let Some(step) = self.accepted_step(&information, &score, peak, &mut damping) else { return };
            let decrement: f64 = score.iter().zip(&step.change).map(|(s, d)| s * d).sum();
            if step.exact || decrement < DECREMENT_TOLERANCE {
                return;
            }
            if step.at_once {
                damping /= 10.0;
            }
        }
    }

    /// Tries ever more damping until the deviance does not rise; `None` when that is hopeless.
    fn accepted_step(
        &mut self,
        information: &Array2<f64>,
        score: &[f64],
        peak: f64,
        damping: &mut f64,
    ) -> Option<Step> {
        let mut attempts = 0;
        loop {
            attempts += 1;
            let change = self.damped_change(information, score, damping);
            let coefficients: Vec<f64> =
                self.fit.coefficients.iter().zip(&change).map(|(b, d)| b + d).collect();
            let means = self.model.means(&coefficients);
            let deviance = deviance(self.counts, &means, self.phi);
            let exact = deviance / self.largest < NEGLIGIBLE_RELATIVE_DEVIANCE;
            if deviance <= self.fit.deviance || exact {
                self.fit = GlmFit { coefficients, means, deviance };
                return Some(Step { change, exact, at_once: attempts == 1 });
            }
            *damping *= 2.0;
            // a peak that is no number leaves no hope either
            if (*damping / peak).is_nan() || *damping / peak > HOPELESS_DAMPING {
                return None;
            }
        }
    }

    /// Solves the damped scoring equations, raising the damping until they are positive definite.
    fn damped_change(&self, information: &Array2<f64>, score: &[f64], damping: &mut f64) -> Vec<f64> {
        loop {
            let mut damped = information.clone();
            damped.diag_mut().mapv_inplace(|own| own + *damping);
            if let Some(factor) = Cholesky::new(damped.view()) {
                let mut change = score.to_vec();
                factor.solve(&mut change);
                return change;
            }
            *damping = if *damping > 0.0 { *damping * 10.0 } else { SMALLEST_DAMPING };
        }
    }

    /// Expected information and score at the current fit.
    fn derivatives(&self) -> (Array2<f64>, Vec<f64>) {
        let p = self.model.design.ncols();
        let mut score = vec![0.0; p];
        let mut weights = Vec::with_capacity(self.counts.len());
        for (i, (&y, &mu)) in self.counts.iter().zip(&self.fit.means).enumerate() {
            let denominator = 1.0 + mu * self.phi;
            weights.push(mu / denominator);
            let residual = (y - mu) / denominator;
            score.iter_mut().zip(self.model.design.row_slice(i)).for_each(|(s, x)| *s += x * residual);
        }
        (weighted_crossproduct(self.model.design.view(), &weights), score)
    }
}

struct Step {
    change: Vec<f64>,
    /// The fit reproduces the counts.
    exact: bool,
    /// The first damping was enough.
    at_once: bool,
}

/// `Xᵀ W X`, lower triangle.
pub(super) fn weighted_crossproduct(design: ArrayView2<'_, f64>, weights: &[f64]) -> Array2<f64> {
    let p = design.ncols();
    let mut product = Array2::zeros((p, p));
    for (i, weight) in weights.iter().enumerate() {
        let row = design.row_slice(i);
        for j in 0..p {
            let scaled = weight * row[j];
            if scaled != 0.0 {
                product.row_slice_mut(j)[..=j].iter_mut().zip(row).for_each(|(out, x)| *out += scaled * x);
            }
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn batch_design() -> Array2<f64> {
        array![[1., 0., 0.], [1., 1., 0.], [1., 0., 0.], [1., 1., 1.], [1., 0., 1.], [1., 1., 1.]]
    }

    #[test]
    fn scores_vanish_at_a_general_fit() {
        let model = NbModel::new(batch_design(), vec![1e6, 1.2e6, 0.9e6, 1.1e6, 1e6, 0.8e6]);
        let counts = [10.0, 22.0, 14.0, 80.0, 35.0, 60.0];
        let fit = model.fit(&counts, 0.1, None);
        for j in 0..3 {
            let score: f64 = (0..6)
                .map(|i| (counts[i] - fit.means[i]) / (1.0 + 0.1 * fit.means[i]) * model.design[[i, j]])
                .sum();
            assert!(score.abs() < 1e-3, "{score}");
        }
    }

    #[test]
    fn one_way_designs_give_group_rates() {
        let design = array![[1., 0.], [1., 0.], [1., 1.], [1., 1.]];
        let model = NbModel::new(design, vec![1e6; 4]);
        assert!(matches!(model.layout, Layout::OneWay { .. }));
        let fit = model.fit(&[10.0, 12.0, 40.0, 48.0], 0.2, None);
        assert!((fit.coefficients[0] - 11e-6f64.ln()).abs() < 1e-12);
        assert!((fit.coefficients[1] - 4f64.ln()).abs() < 1e-12);
    }

    #[test]
    fn the_variance_of_a_group_difference_is_the_sum_of_both() {
        let design = array![[1., 0.], [1., 0.], [1., 1.], [1., 1.]];
        let model = NbModel::new(design, vec![1.0; 4]);
        let variance = model.variance_of_contrast(&[10.0, 10.0, 40.0, 40.0], 0.1, &[0.0, 1.0]).unwrap();
        assert!((variance - (2.0 / 20.0 + 5.0 / 80.0)).abs() < 1e-15);
    }

    #[test]
    fn silent_genes_have_no_coefficients() {
        let model = NbModel::new(batch_design(), vec![1e6; 6]);
        let fit = model.fit(&[0.0; 6], 0.1, None);
        assert!(fit.coefficients[0].is_nan() && fit.deviance == 0.0);
    }
}
