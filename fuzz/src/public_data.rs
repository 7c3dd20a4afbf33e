//! Files of public data and of quantifiers, read and held against what must be true of them.

use std::io::Write;
use std::path::Path;

use alkaline_io::geo::{GeoSeries, parse_series_matrix, parse_soft};
use alkaline_io::quantifiers;
use alkaline_io::values::{ScaleHints, ValueTable, recognise};

/// Every row has a value for every sample, and the values are something.
fn check_table(table: &ValueTable) {
    assert_eq!(table.values.len(), table.rows.len() * table.samples.len(), "a table with holes");
    if let Some(verdict) = recognise(table, &ScaleHints::default()) {
        assert!(verdict.facts.present > 0 && !verdict.evidence.is_empty());
    }
}

/// Every sample has a name, and characteristics that are not empty.
fn check_samples(series: &GeoSeries) {
    for sample in &series.samples {
        assert!(sample.characteristics().iter().all(|told| !told.value.is_empty() || told.key.is_empty()));
    }
}

/// Reads a series matrix.
pub fn read_series_matrix(text: &str) {
    let Ok(series) = parse_series_matrix(text, Path::new("fuzzed_series_matrix.txt")) else { return };
    check_table(&series.values);
    check_samples(&series);
}

/// Reads SOFT.
pub fn read_soft(text: &str) {
    let Ok(soft) = parse_soft(text, Path::new("fuzzed.soft")) else { return };
    soft.tables.iter().for_each(|(_, table)| check_table(table));
    check_samples(&soft.series);
    for platform in &soft.series.platforms {
        assert!(platform.probes.without <= platform.probes.probes);
    }
}

/// Reads the file of a quantifier: as many values as features, none negative.
pub fn read_quantification(bytes: &[u8]) {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("room for a small file");
    let Ok(read) = quantifiers::read(file.path(), 75.0) else { return };
    for values in [&read.abundance, &read.counts, &read.lengths] {
        assert_eq!(values.len(), read.features.len());
        assert!(values.iter().all(|value| *value >= 0.0));
    }
}
