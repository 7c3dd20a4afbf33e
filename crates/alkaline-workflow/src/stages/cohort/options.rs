//! What is asked of a cohort.

use std::path::PathBuf;

use alkaline_io::clinical::{BelowDetection, EndpointRequest};
use alkaline_survival::IntervalKind;
use alkaline_survival::cox::Ties;
use alkaline_survival::roc::Estimator;
use serde::{Deserialize, Serialize};

/// How a marker enters the analysis.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cut {
    /// Two groups, above the median against the rest.
    #[default]
    Median,
    /// Three groups; the hazard ratio is that of one group up.
    Tertiles,
    /// Four groups; the hazard ratio is that of one group up.
    Quartiles,
    /// Two groups, above a value against the rest.
    At(f64),
    /// As it is: the hazard ratio is that of one standard deviation.
    Continuous,
    /// Two groups, split where they differ most, with the P of that choice.
    Optimal,
}

/// Which markers stand in one model together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Multivariate {
    /// Those whose own P is below the threshold.
    #[default]
    Significant,
    /// Those named.
    Named(Vec<String>),
    /// None: no such model.
    None,
}

/// What is asked of a cohort.
#[derive(Clone, Debug)]
pub struct CohortOptions {
    /// The table about patients.
    pub clinical: PathBuf,
    /// The markers.
    pub markers: PathBuf,
    /// Which samples are whose.
    pub samples: Option<PathBuf>,
    /// Columns, codes and unit of the endpoint.
    pub request: EndpointRequest,
    /// Endpoints to analyse; empty for all that are found.
    pub endpoints: Vec<String>,
    /// Markers to analyse; empty for all.
    pub only: Vec<String>,
    /// Of several samples of a patient, the one with this value in this column.
    pub visit: Option<(String, String)>,
    /// Pairs of a patient: column, the earlier value, the later one.
    pub pairs: Option<(String, String, String)>,
    /// What a value below detection becomes.
    pub below: BelowDetection,
    /// Whether markers are turned into `log2(x + 1)` first.
    pub log2: bool,
    /// How a marker enters the analysis.
    pub cut: Cut,
    /// Which markers stand in one model together.
    pub multivariate: Multivariate,
    /// Clinical columns in every model beside the markers.
    pub adjust: Vec<String>,
    /// Treatment of ties.
    pub ties: Ties,
    /// Scale of the intervals of curves.
    pub interval: IntervalKind,
    /// Times of the ROC; empty for one, three and five years, or quartiles of the event times.
    pub roc_times: Vec<f64>,
    /// Whose rule the weighted ROC follows.
    pub estimator: Estimator,
    /// Responders have no event up to this time.
    pub responders: Option<f64>,
    /// Non-responders have it before this time; the same where it is not told.
    pub non_responders: Option<f64>,
    /// Two markers whose correlation is asked for.
    pub correlate: Vec<(String, String)>,
    /// The marker whose groups the table of patients describes; the best one where it is not told.
    pub table_one: Option<String>,
    /// Below it P is called significant.
    pub alpha: f64,
    /// Where shuffles begin.
    pub seed: u64,
    /// The run whose contrasts stand beside the markers.
    pub run: Option<PathBuf>,
}
