//! The rows of a cohort's tables.

/// What one marker says about one endpoint.
#[derive(Clone, Debug, PartialEq)]
pub struct UnivariateRow {
    pub endpoint: String,
    pub marker: String,
    pub patients: usize,
    pub events: usize,
    /// The values that part the groups; empty for a continuous marker.
    pub cuts: Vec<f64>,
    /// Patients, events and median survival of each group.
    pub groups: Vec<(usize, usize, f64)>,
    /// The P of the curves: log-rank (trend for more than two groups), that of the choice, or Wald's.
    pub p: f64,
    pub fdr: f64,
    pub hazard_ratio: f64,
    pub interval: (f64, f64),
    pub cox_p: f64,
    pub concordance: (f64, f64),
    pub proportionality_p: f64,
    /// What is to be known about this row.
    pub note: String,
}

/// A marker or covariate in the model of all.
#[derive(Clone, Debug, PartialEq)]
pub struct MultivariateRow {
    pub endpoint: String,
    pub term: String,
    pub patients: usize,
    pub events: usize,
    pub hazard_ratio: f64,
    pub interval: (f64, f64),
    pub p: f64,
    pub proportionality_p: f64,
    pub method: &'static str,
}

/// A marker's area under the curve at a time.
#[derive(Clone, Debug, PartialEq)]
pub struct RocRow {
    pub endpoint: String,
    pub marker: String,
    pub time: f64,
    pub estimator: &'static str,
    pub cases: usize,
    pub controls: usize,
    pub area: f64,
    pub interval: (f64, f64),
    /// False and true positive rates.
    pub curve: Vec<(f64, f64)>,
}

/// A marker in two groups, or before and after.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparisonRow {
    pub comparison: String,
    pub marker: String,
    pub sizes: (usize, usize),
    pub medians: (f64, f64),
    pub difference: f64,
    pub student_p: f64,
    pub welch_p: f64,
    pub wilcoxon_p: f64,
    pub fdr: f64,
    pub note: String,
    /// The values, for the figure.
    pub values: (Vec<f64>, Vec<f64>),
}

/// A line of the table of patients by group.
#[derive(Clone, Debug, PartialEq)]
pub struct TableOneRow {
    pub variable: String,
    pub level: String,
    pub low: String,
    pub high: String,
    pub test: &'static str,
    pub p: f64,
}

/// A correlation of two markers.
#[derive(Clone, Debug, PartialEq)]
pub struct CorrelationRow {
    pub first: String,
    pub second: String,
    pub kind: &'static str,
    pub pairs: usize,
    pub estimate: f64,
    pub interval: (f64, f64),
    pub p: f64,
}

/// A marker of the cohort beside the same gene in a contrast of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct CellsRow {
    pub marker: String,
    pub gene: String,
    pub endpoint: String,
    pub hazard_ratio: f64,
    pub p: f64,
    pub contrast: String,
    pub log2_fold_change: f64,
    pub cell_p: f64,
    pub cell_fdr: f64,
    pub direction: String,
}
