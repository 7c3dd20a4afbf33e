//! fastp's report in JSON: how many reads came in, went out, and why the others did not.

use std::path::Path;

use serde::Deserialize;

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// What alkaline reads of fastp's report; reads of a pair count as two.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct FastpReport {
    summary: Summary,
    filtering_result: Filtering,
    #[serde(default)]
    adapter_cutting: Adapters,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Summary {
    before_filtering: Total,
    after_filtering: Total,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Total {
    total_reads: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Filtering {
    low_quality_reads: u64,
    #[serde(rename = "too_many_N_reads")]
    too_many_n_reads: u64,
    low_complexity_reads: u64,
    too_short_reads: u64,
    too_long_reads: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Adapters {
    adapter_trimmed_reads: u64,
}

impl FastpReport {
    /// Reads the report at `path`.
    ///
    /// # Errors
    /// [`ReadError`] when it cannot be read or is none.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        serde_json::from_str(&read_text(path)?).map_err(|error| {
            let problem = Problem::of_file(format!("this is no report of fastp ({error})"));
            FileProblems::one(path, problem.hint("look at fastp's log; its disk may have been full")).into()
        })
    }

    /// Reads that came in.
    pub fn reads_before(&self) -> u64 {
        self.summary.before_filtering.total_reads
    }

    /// Reads that were kept.
    pub fn reads_after(&self) -> u64 {
        self.summary.after_filtering.total_reads
    }

    /// Reads that lost an adapter.
    pub fn adapter_trimmed(&self) -> u64 {
        self.adapter_cutting.adapter_trimmed_reads
    }

    /// Why reads were left out, with their number, the most frequent reason first; reasons without a read are not told.
    pub fn left_out(&self) -> Vec<(&'static str, u64)> {
        let Filtering {
            low_quality_reads,
            too_many_n_reads,
            low_complexity_reads,
            too_short_reads,
            too_long_reads,
        } = self.filtering_result;
        let mut reasons = vec![
            ("of low quality", low_quality_reads),
            ("too short", too_short_reads),
            ("with too many N", too_many_n_reads),
            ("of low complexity", low_complexity_reads),
            ("too long", too_long_reads),
        ];
        reasons.retain(|(_, reads)| *reads > 0);
        reasons.sort_by_key(|(_, reads)| std::cmp::Reverse(*reads));
        reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_reasons_are_read_and_the_rest_is_left_alone() {
        let text = r#"{"summary": {"fastp_version": "0.23.2", "before_filtering": {"total_reads": 100, "total_bases": 7},
            "after_filtering": {"total_reads": 88}}, "filtering_result": {"passed_filter_reads": 88, "low_quality_reads": 2,
            "too_many_N_reads": 0, "too_short_reads": 10}, "adapter_cutting": {"adapter_trimmed_reads": 4}}"#;
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let report = FastpReport::read(file.path()).unwrap();
        assert_eq!((report.reads_before(), report.reads_after(), report.adapter_trimmed()), (100, 88, 4));
        assert_eq!(report.left_out(), [("too short", 10), ("of low quality", 2)]);
        std::fs::write(file.path(), &text[..40]).unwrap();
        assert!(FastpReport::read(file.path()).unwrap_err().to_string().contains("no report of fastp"));
    }
}
