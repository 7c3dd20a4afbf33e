//! Which rows of a table count as significant.

use alkaline_core::results::OraRow;
use serde::{Deserialize, Serialize};

/// Cut-offs on p, adjusted p and q, as clusterProfiler applies them when it prints a table.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cutoffs {
    /// Largest p, and largest adjusted p (`pvalueCutoff`).
    pub p: f64,
    /// Largest q (`qvalueCutoff`); not applied where q could not be estimated for one of the remaining rows.
    pub q: f64,
}

impl Default for Cutoffs {
    fn default() -> Self {
        Self { p: 0.05, q: 0.2 }
    }
}

impl Cutoffs {
    /// The significant rows of one collection, in their order.
    ///
    /// Rows of different collections (`BP`, `MF`, ...) must be passed separately, as they are in clusterProfiler,
    /// because a missing q value in one must not change the other.
    pub fn significant<'a>(&self, rows: impl IntoIterator<Item = &'a OraRow>) -> Vec<&'a OraRow> {
        let mut kept: Vec<&OraRow> =
            rows.into_iter().filter(|row| row.p_value <= self.p && row.p_adjusted <= self.p).collect();
        if kept.iter().all(|row| !row.q_value.is_nan()) {
            kept.retain(|row| row.q_value <= self.q);
        }
        kept
    }
}
