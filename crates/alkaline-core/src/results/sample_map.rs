//! Samples on a plane: multidimensional scaling or principal components.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::SampleIndex;

/// How the map was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MapMethod {
    /// Leading log fold changes of the top genes of each pair (limma `plotMDS`).
    Mds,
    /// Principal components of log CPM.
    Pca,
}

/// Coordinates of the samples.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleMap {
    /// How the map was drawn.
    pub method: MapMethod,
    /// The samples.
    pub samples: Arc<SampleIndex>,
    /// One row per dimension (up to as many as there are samples), each with one coordinate per sample.
    pub dimensions: Vec<Vec<f64>>,
    /// Share of the variance that each dimension explains, between 0 and 1.
    pub variance_explained: Vec<f64>,
}
