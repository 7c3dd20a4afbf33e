//! What a proportional hazards model is fitted to.

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use super::risk_sets::RiskSets;
use crate::{Outcomes, SurvivalError};

/// What the likelihood of events at the same time is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Ties {
    /// Efron's approximation (R's default).
    #[default]
    Efron,
    /// Breslow's approximation.
    Breslow,
    /// The exact partial likelihood of discrete times.
    Exact,
}

/// Outcomes and covariates, with strata, weights and clusters where there are any.
#[derive(Clone, Debug)]
pub struct CoxModel {
    pub(super) outcomes: Outcomes,
    /// Patients by columns, centred and scaled.
    pub(super) x: Array2<f64>,
    pub(super) means: Vec<f64>,
    pub(super) scales: Vec<f64>,
    pub(super) weights: Vec<f64>,
    pub(super) has_weights: bool,
    pub(super) clusters: Option<Vec<usize>>,
    pub(super) ties: Ties,
    pub(super) sets: RiskSets,
}

impl CoxModel {
    /// Outcomes and covariates: a row a patient, a column a covariate.
    ///
    /// # Errors
    /// When the rows are not the patients, or a value is missing.
    pub fn new(outcomes: Outcomes, covariates: Array2<f64>, ties: Ties) -> Result<Self, SurvivalError> {
        outcomes.expect_length("the table of covariates", covariates.nrows())?;
        if let Some(((row, column), &value)) = covariates.indexed_iter().find(|(_, value)| !value.is_finite())
        {
            return Err(SurvivalError::NotAValue { column: column + 1, patient: row + 1, value });
        }
        let (n, p) = covariates.dim();
        let sets = RiskSets::new(&outcomes, &vec![0; n]);
        let mut model = Self {
            outcomes,
            x: covariates,
            means: vec![0.0; p],
            scales: vec![1.0; p],
            weights: vec![1.0; n],
            has_weights: false,
            clusters: None,
            ties,
            sets,
        };
        model.standardise();
        Ok(model)
    }

    /// With strata, numbered from zero, each with its own baseline.
    ///
    /// # Errors
    /// When there is not one a patient.
    pub fn with_strata(mut self, strata: &[usize]) -> Result<Self, SurvivalError> {
        self.outcomes.expect_length("the list of strata", strata.len())?;
        self.sets = RiskSets::new(&self.outcomes, strata);
        Ok(self)
    }

    /// With a weight for each patient.
    ///
    /// # Errors
    /// When there is not one a patient, or ties are treated exactly.
    pub fn with_weights(mut self, weights: &[f64]) -> Result<Self, SurvivalError> {
        self.outcomes.expect_length("the list of weights", weights.len())?;
        if self.ties == Ties::Exact {
            return Err(SurvivalError::ExactWithWeights);
        }
        self.weights = weights.to_vec();
        self.has_weights = true;
        self.standardise();
        Ok(self)
    }

    /// With the robust variance of Lin and Wei, patients of a cluster taken together; without clusters each patient is one of its own.
    ///
    /// # Errors
    /// When there is not one a patient, or ties are treated exactly.
    pub fn with_clusters(mut self, clusters: Option<&[usize]>) -> Result<Self, SurvivalError> {
        if self.ties == Ties::Exact {
            return Err(SurvivalError::NotForExact { what: "the robust variance" });
        }
        let clusters = clusters.map_or_else(|| (0..self.outcomes.len()).collect(), <[usize]>::to_vec);
        self.outcomes.expect_length("the list of clusters", clusters.len())?;
        self.clusters = Some(clusters);
        Ok(self)
    }

    /// Patients.
    #[must_use]
    pub fn patients(&self) -> usize {
        self.outcomes.len()
    }

    /// Covariates.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.x.ncols()
    }

    /// The outcomes.
    #[must_use]
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// Value of a covariate as it was given.
    #[must_use]
    pub fn value(&self, row: usize, column: usize) -> f64 {
        self.x[[row, column]] * self.scales[column] + self.means[column]
    }

    /// Centres and scales all columns but indicators: the likelihood is the same, its sums lose fewer digits.
    fn standardise(&mut self) {
        let total: f64 = self.weights.iter().sum();
        for (j, mut column) in self.x.columns_mut().into_iter().enumerate() {
            let (mean, scale) = (self.means[j], self.scales[j]);
            column.mapv_inplace(|value| value * scale + mean);
            let weighted = || column.iter().zip(&self.weights);
            let is_indicator = column.iter().all(|&value| value == 0.0 || value.abs() == 1.0);
            let mean = weighted().map(|(value, weight)| value * weight).sum::<f64>() / total;
            let spread = weighted().map(|(value, weight)| weight * (value - mean).abs()).sum::<f64>() / total;
            let leave = is_indicator || !(spread > 0.0 && spread.is_finite());
            (self.means[j], self.scales[j]) = if leave { (0.0, 1.0) } else { (mean, spread) };
            let (mean, scale) = (self.means[j], self.scales[j]);
            column.mapv_inplace(|value| (value - mean) / scale);
        }
    }
}
