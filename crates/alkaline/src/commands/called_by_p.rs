//! What a reader of a list that was called by P alone should know.

use alkaline_core::results::{CallBy, TestTable};

/// What to know of calls by P alone.
pub(super) fn by_raw_p(table: &TestTable) -> Option<String> {
    let thresholds = table.facts.thresholds;
    (thresholds.call_by == CallBy::P).then(|| {
        format!(
            "genes were called by P below {} without adjustment: about {} of {} tested genes have such a P where nothing changes, so this \
             is no control of false discoveries",
            thresholds.p,
            (thresholds.p * table.rows.len() as f64).round(),
            table.rows.len()
        )
    })
}
