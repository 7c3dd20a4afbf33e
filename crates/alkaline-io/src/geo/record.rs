//! A series and its samples, whichever file describes them.

use super::platform::Platform;
use crate::values::ValueTable;

/// What one cell says of a sample: `treatment: crizotinib`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Characteristic {
    /// What stands before the first colon; empty where there is none.
    pub key: String,
    /// What stands behind it.
    pub value: String,
}

impl Characteristic {
    /// The characteristic in a cell; `None` where it is empty.
    ///
    /// The key ends at the first colon with a blank behind it; one at the end of the text has an empty value, which says nothing.
    pub fn parse(cell: &str) -> Option<Self> {
        let cell = cell.trim();
        let of = |key: &str, value: &str| Self { key: key.trim().to_owned(), value: value.trim().to_owned() };
        if let Some((key, value)) = cell.split_once(": ") {
            return (!value.trim().is_empty()).then(|| of(key, value));
        }
        if cell.is_empty() || cell.ends_with(':') {
            return None;
        }
        Some(of("", cell))
    }
}

/// A sample as GEO describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GeoSample {
    /// Its accession: `GSM1275862`.
    pub accession: String,
    /// Everything that is told of it, key (without `!Sample_`) and value, in the order of the file.
    pub facts: Vec<(String, String)>,
}

impl GeoSample {
    /// The first value of a key.
    pub fn fact(&self, key: &str) -> Option<&str> {
        self.facts.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        self.fact("title").unwrap_or_default()
    }

    /// The platform it was measured on.
    pub fn platform(&self) -> Option<&str> {
        self.fact("platform_id")
    }

    /// The characteristics of channel 1, in the order of the file.
    pub fn characteristics(&self) -> Vec<Characteristic> {
        let cells =
            self.facts.iter().filter(|(key, _)| key == "characteristics_ch1" || key == "characteristics");
        cells.filter_map(|(_, cell)| Characteristic::parse(cell)).collect()
    }

    /// Whether two channels were measured, so that a value is a ratio.
    pub fn has_two_channels(&self) -> bool {
        self.fact("channel_count") == Some("2")
    }

    /// Whether DNA was measured, not RNA.
    pub fn is_genomic(&self) -> bool {
        self.fact("molecule_ch1").is_some_and(|molecule| molecule.eq_ignore_ascii_case("genomic DNA"))
    }

    /// Whether it was measured by sequencing.
    pub fn is_sequenced(&self) -> bool {
        self.fact("type") == Some("SRA") || self.fact("library_strategy").is_some()
    }
}

/// A series: its samples, and the values where the file holds any.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GeoSeries {
    /// Its accession: `GSE52778`; empty where the file does not tell.
    pub accession: String,
    /// Everything that is told of it, key (without `!Series_`) and value, in the order of the file.
    pub facts: Vec<(String, String)>,
    /// The samples, in the order of the file, which is the order of GEO2R's digits.
    pub samples: Vec<GeoSample>,
    /// The platforms that the file describes.
    pub platforms: Vec<Platform>,
    /// The values; a column a sample.
    pub values: ValueTable,
    /// What was noticed while reading.
    pub notices: Vec<String>,
}

impl GeoSeries {
    /// All values of a key.
    pub fn facts_of<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.facts.iter().filter(move |(found, _)| found == key).map(|(_, value)| value.as_str())
    }

    /// The title of the series.
    pub fn title(&self) -> &str {
        self.facts_of("title").next().unwrap_or_default()
    }

    /// The platforms that samples were measured on, each once, in the order of the samples.
    pub fn platform_ids(&self) -> Vec<&str> {
        let mut ids = Vec::new();
        for id in self.samples.iter().filter_map(GeoSample::platform) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
        ids
    }

    /// Supplementary files, where there are any.
    pub fn supplementary(&self) -> Vec<&str> {
        let is_file = |key: &str| key.starts_with("supplementary_file");
        let of_series = self.facts.iter().filter(|(key, _)| is_file(key));
        of_series
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty() && *value != "NONE")
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_characteristic_is_key_and_value_split_at_the_first_colon() {
        let parse = |cell| Characteristic::parse(cell).map(|found| (found.key, found.value));
        let some = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(parse("ercc_mix: -"), some("ercc_mix", "-"));
        assert_eq!(parse("time: 12:30 h: late"), some("time", "12:30 h: late"));
        assert_eq!(parse("Newly diagnosed patient"), some("", "Newly diagnosed patient"));
        assert_eq!(parse("ratio 1:2"), some("", "ratio 1:2"));
        assert_eq!([parse(""), parse("substage: "), parse("stage:")], [None, None, None]);
    }
}
