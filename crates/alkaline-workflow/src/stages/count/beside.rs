//! What `count` and `merge` left beside a count table: the summary and the read QC, which belong to a run that begins with it.

use std::path::{Path, PathBuf};

use alkaline_core::results::{CountSummary, SampleQc};
use alkaline_core::{SampleId, SampleIndex};
use alkaline_io::counts::{read_summary, summary_path};
use alkaline_io::results::qc;

/// What lies beside a count table, for the samples that are analysed.
#[derive(Default)]
pub(super) struct Beside {
    pub summary: Option<CountSummary>,
    pub qc: Vec<SampleQc>,
    /// What lies there and cannot be used.
    pub warnings: Vec<String>,
}

/// Reads what lies beside the count table at `counts`, in the order of `samples`.
pub(super) fn read(counts: &Path, samples: &[SampleId]) -> Beside {
    let mut beside = Beside::default();
    let summary = summary_path(counts);
    if summary.is_file() {
        let chosen = read_summary(&summary).map_err(|error| error.to_string());
        match chosen.and_then(|summary| summary_of(&summary, samples)) {
            Ok(chosen) => beside.summary = Some(chosen),
            Err(why) => beside.warnings.push(unused(&summary, &why)),
        }
    }
    if let Some(path) = qc_places(counts).into_iter().find(|path| path.is_file()) {
        let chosen = qc::read(&path).map_err(|error| error.to_string());
        match chosen.and_then(|all| qc_of(&all, samples)) {
            Ok(chosen) => beside.qc = chosen,
            Err(why) => beside.warnings.push(unused(&path, &why)),
        }
    }
    beside
}

/// Where read QC may lie: `counts.tsv.qc` of `count` and `merge`, `qc` in the directory of a run.
pub(super) fn qc_places(counts: &Path) -> [PathBuf; 2] {
    let mut own = counts.as_os_str().to_owned();
    own.push(".qc");
    [PathBuf::from(own).join(qc::FILE_NAME), counts.with_file_name("qc").join(qc::FILE_NAME)]
}

fn unused(path: &Path, why: &str) -> String {
    format!("{} lies beside the count table and is not used: {why}", path.display())
}

fn summary_of(all: &CountSummary, samples: &[SampleId]) -> Result<CountSummary, String> {
    let place = |sample: &SampleId| {
        all.samples.position(sample.as_str()).ok_or_else(|| format!("it does not tell of sample `{sample}`"))
    };
    let places = samples.iter().map(place).collect::<Result<Vec<_>, _>>()?;
    Ok(CountSummary {
        samples: SampleIndex::new(samples.to_vec()).map_err(|error| error.to_string())?,
        reads: places.into_iter().map(|place| all.reads[place]).collect(),
        non_split_only: all.non_split_only,
    })
}

fn qc_of(all: &[SampleQc], samples: &[SampleId]) -> Result<Vec<SampleQc>, String> {
    let of = |sample: &SampleId| {
        let found = all.iter().find(|qc| qc.sample == sample.as_str());
        found.cloned().ok_or_else(|| format!("it does not tell of sample `{sample}`"))
    };
    samples.iter().map(of).collect()
}
