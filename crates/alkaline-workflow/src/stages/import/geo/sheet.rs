//! The sample sheet of a series: what is told of the samples, a column a key.

use alkaline_core::samples::{SampleRecord, SampleSheet};
use alkaline_io::geo::GeoSample;

use super::groups::Grouping;
use crate::spec::sheet::CONDITION;

/// Columns that mean something else in a sample sheet.
const RESERVED: [&str; 9] =
    ["sample", "bam", "fastq_1", "fastq_2", "condition", "counts", "strandedness", "replicate", "file"];

/// The column of what has no key.
const NOTE: &str = "note";

/// What stands where nothing is told.
const MISSING: &str = "NA";

/// The sheet of the samples at `places`, called by `names`.
pub(super) fn sheet(
    samples: &[GeoSample],
    places: &[usize],
    names: &[String],
    grouping: &Grouping,
) -> SampleSheet {
    let chosen: Vec<&GeoSample> = places.iter().map(|&place| &samples[place]).collect();
    let keys = keys(&chosen);
    let mut variables = vec![CONDITION.to_owned(), "title".to_owned()];
    variables.extend(keys.iter().map(|(_, column)| column.clone()));
    let records = chosen.iter().zip(places).zip(names).map(|((sample, &place), name)| {
        let group = grouping.groups.get(place).cloned().flatten().unwrap_or_default();
        let title = if sample.title().is_empty() { MISSING } else { sample.title() };
        let mut values = vec![group, title.to_owned()];
        values.extend(keys.iter().map(|(key, _)| value(sample, key)));
        SampleRecord { id: name.as_str().into(), file: None, reads: None, values }
    });
    SampleSheet { variables, samples: records.collect() }
}

/// Every key that a sample is told by, with the name of its column.
fn keys(samples: &[&GeoSample]) -> Vec<(String, String)> {
    let mut keys: Vec<(String, String)> = Vec::new();
    for found in samples.iter().flat_map(|sample| sample.characteristics()) {
        if keys.iter().any(|(key, _)| *key == found.key) {
            continue;
        }
        let mut column = column_name(&found.key);
        while keys.iter().any(|(_, taken)| *taken == column) || column == "title" {
            column.push_str("_2");
        }
        keys.push((found.key, column));
    }
    keys
}

/// The name of the column of a key: one that a formula can name.
fn column_name(key: &str) -> String {
    let safe: String = key.chars().map(|c| if c.is_alphanumeric() || c == '.' { c } else { '_' }).collect();
    let safe = safe.trim_matches('_').to_owned();
    match safe.as_str() {
        "" => NOTE.to_owned(),
        name if RESERVED.iter().any(|reserved| name.eq_ignore_ascii_case(reserved)) => format!("geo_{name}"),
        name if name.starts_with(|c: char| c.is_ascii_digit()) => format!("x{name}"),
        name => name.to_owned(),
    }
}

/// What a sample is told by a key; several values joined.
fn value(sample: &GeoSample, key: &str) -> String {
    let told: Vec<String> = sample
        .characteristics()
        .into_iter()
        .filter(|found| found.key == key)
        .map(|found| found.value)
        .collect();
    if told.is_empty() { MISSING.to_owned() } else { told.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_columns_and_a_key_that_is_missing_shifts_nothing() {
        let sample = |cells: &[&str]| GeoSample {
            accession: "GSM".into(),
            facts: cells.iter().map(|cell| ("characteristics_ch1".to_owned(), (*cell).to_owned())).collect(),
        };
        let samples = [
            sample(&["cell line: a", "stage: 4", "condition: bad", "diagnosed"]),
            sample(&["cell line: b", "substage: c", "stage: 3", "stage: 4"]),
        ];
        let names = ["x".to_owned(), "y".to_owned()];
        let grouping = Grouping { groups: vec![Some("g".into()), None], ..Grouping::default() };
        let sheet = sheet(&samples, &[0, 1], &names, &grouping);
        assert_eq!(
            sheet.variables,
            ["condition", "title", "cell_line", "stage", "geo_condition", "note", "substage"]
        );
        assert_eq!(sheet.samples[0].values, ["g", "NA", "a", "4", "bad", "diagnosed", "NA"]);
        assert_eq!(sheet.samples[1].values, ["", "NA", "b", "3; 4", "NA", "NA", "c"]);
    }
}
