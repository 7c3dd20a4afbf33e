//! The table of samples.

use std::collections::HashMap;

use alkaline_core::results::SampleQc;

use crate::data::ReportData;
use crate::figures::samples::strandedness::rule;
use crate::words;

/// A row of the sample table; cells that are unknown are empty.
pub(super) struct SampleLine {
    pub(super) name: String,
    pub(super) values: Vec<String>,
    pub(super) size: String,
    pub(super) factor: String,
    pub(super) qc: Option<QcLine>,
}

pub(super) struct QcLine {
    pub(super) layout: &'static str,
    pub(super) fragments: String,
    pub(super) assigned: String,
    pub(super) genes: String,
    pub(super) strand: String,
    pub(super) mitochondrial: String,
    pub(super) insert: String,
}

/// Samples listed in the table of the report; the rest are in the file.
const SAMPLES_LISTED: usize = 3_000;

pub(super) fn sample_lines(data: &ReportData) -> Vec<SampleLine> {
    let qc_of: HashMap<&str, &SampleQc> = data.qc.iter().map(|qc| (qc.sample.as_str(), qc)).collect();
    let line = |name: &str, values: Vec<String>| {
        let sizes = data.library_sizes.as_ref();
        SampleLine {
            name: name.to_owned(),
            values,
            size: sizes
                .and_then(|s| s.raw.get(name))
                .map_or_else(String::new, |size| words::thousands(size.round() as u64)),
            factor: sizes
                .and_then(|s| s.factors.get(name))
                .map_or_else(String::new, |factor| format!("{factor:.4}")),
            qc: qc_of.get(name).map(|qc| qc_line(qc)),
        }
    };
    data.samples
        .samples
        .iter()
        .take(SAMPLES_LISTED)
        .map(|sample| line(sample.id.as_str(), sample.values.clone()))
        .collect()
}

/// How many samples there are, and how many of them are listed.
pub(super) fn samples_in_words(data: &ReportData) -> String {
    let number = data.samples.samples.len();
    let all = words::count_of(number, "sample");
    match words::thousands(SAMPLES_LISTED as u64) {
        listed if number > SAMPLES_LISTED => {
            format!("{all}; the first {listed} are listed, all are in samples.csv.")
        }
        _ => format!("{all}."),
    }
}

fn qc_line(qc: &SampleQc) -> QcLine {
    use alkaline_core::genome::Layout;
    let layout = match qc.layout {
        Layout::SingleEnd => "single-end",
        Layout::PairedEnd => "paired-end",
        Layout::Mixed => "mixed",
    };
    QcLine {
        layout,
        fragments: words::thousands(qc.fragments),
        assigned: words::percent(qc.assigned as f64 / qc.fragments as f64),
        genes: words::thousands(qc.genes_detected),
        strand: rule(qc.strandedness.used).to_owned(),
        mitochondrial: qc.mitochondrial_fraction.map_or_else(|| "–".to_owned(), words::percent),
        insert: qc.median_insert_size.map_or_else(|| "–".to_owned(), |size| format!("{size} b")),
    }
}
