//! `--group 'treatment ~ crizotinib'`: samples chosen by what is told of them.

use alkaline_core::spelling::did_you_mean;
use alkaline_core::words::{listed_up_to, quoted};
use alkaline_io::geo::GeoSample;

use crate::error::WorkflowError;

/// Values of a key that are shown.
const SHOWN: usize = 6;

/// How a value is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    /// It contains the text, whatever the case.
    Contains,
    /// It is the text, whatever the case.
    Is,
}

/// One group as it was typed: `NAME: KEY ~ TEXT`, of which the name may be left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selection {
    /// What the group is called.
    pub name: String,
    key: String,
    comparison: Comparison,
    text: String,
}

impl Selection {
    /// Reads what was typed.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] for what is no selection.
    pub fn parse(typed: &str) -> Result<Self, WorkflowError> {
        let wrong = || {
            WorkflowError::design_with_hint(
                format!("--group `{typed}`: KEY ~ TEXT is wanted, or KEY = TEXT"),
                "as in --group 'treatment ~ crizotinib'; a name may stand before: --group 'resistant: cell line = H3122CR'",
            )
        };
        let at = typed.find(['~', '=']).ok_or_else(wrong)?;
        let comparison = if typed[at..].starts_with('~') { Comparison::Contains } else { Comparison::Is };
        let (before, text) = (typed[..at].trim(), typed[at + 1..].trim());
        let (name, key) = match before.split_once(": ") {
            Some((name, key)) => (name.trim(), key.trim()),
            None => (text, before),
        };
        if key.is_empty() || text.is_empty() || name.is_empty() {
            return Err(wrong());
        }
        Ok(Self { name: name.to_owned(), key: key.to_owned(), comparison, text: text.to_owned() })
    }

    /// Places of the samples that are meant.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] where no sample has the key, or none the value; with those that there are.
    pub fn samples(&self, samples: &[GeoSample]) -> Result<Vec<usize>, WorkflowError> {
        let told: Vec<Vec<String>> = samples.iter().map(|sample| values(sample, &self.key)).collect();
        if told.iter().all(Vec::is_empty) {
            let keys = keys(samples);
            let near = did_you_mean(&self.key, keys.iter().map(String::as_str));
            return Err(WorkflowError::design_with_hint(
                format!("nothing is told of the samples under `{}`{near}", self.key),
                format!("the keys are {}", quoted(&keys)),
            ));
        }
        let found: Vec<usize> =
            (0..samples.len()).filter(|&place| told[place].iter().any(|value| self.fits(value))).collect();
        if found.is_empty() {
            let mut all: Vec<&String> = told.iter().flatten().collect();
            all.sort_unstable();
            all.dedup();
            return Err(WorkflowError::design_with_hint(
                format!("no sample has `{}` in `{}`", self.text, self.key),
                format!("there are {}", listed_up_to(SHOWN, all)),
            ));
        }
        Ok(found)
    }

    fn fits(&self, value: &str) -> bool {
        let (value, text) = (value.to_lowercase(), self.text.to_lowercase());
        match self.comparison {
            Comparison::Contains => value.contains(&text),
            Comparison::Is => value == text,
        }
    }
}

/// What is told of a sample under a key: characteristics, and what every sample has.
fn values(sample: &GeoSample, key: &str) -> Vec<String> {
    let is = |name: &str| plain(name) == plain(key);
    let own = |text: &str| vec![text.to_owned()];
    let told: Vec<String> = sample
        .characteristics()
        .into_iter()
        .filter(|found| is(&found.key))
        .map(|found| found.value)
        .collect();
    if !told.is_empty() {
        return told;
    }
    match plain(key).as_str() {
        "title" => own(sample.title()),
        "accession" | "sample" | "geoaccession" => own(&sample.accession),
        "source" | "sourcename" => own(sample.fact("source_name_ch1").unwrap_or_default()),
        _ => sample.facts.iter().filter(|(name, _)| is(name)).map(|(_, value)| value.clone()).collect(),
    }
}

/// The keys that samples are told by.
fn keys(samples: &[GeoSample]) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    let told = samples.iter().flat_map(GeoSample::characteristics).map(|found| found.key);
    for key in told.chain(["title", "source", "accession"].map(str::to_owned)) {
        if !key.is_empty() && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// A key without case, blanks and signs.
fn plain(key: &str) -> String {
    key.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(accession: &str, title: &str, cells: &[&str]) -> GeoSample {
        let mut facts = vec![("title".to_owned(), title.to_owned())];
        facts.extend(cells.iter().map(|cell| ("characteristics_ch1".to_owned(), (*cell).to_owned())));
        GeoSample { accession: accession.to_owned(), facts }
    }

    fn three() -> Vec<GeoSample> {
        vec![
            sample("GSM1", "a rep 1", &["Cell Line: H3122", "treatment: none"]),
            sample("GSM2", "b rep 1", &["treatment: Crizotinib 1 uM"]),
            sample("GSM3", "b rep 2", &["cell line: H2228", "treatment: crizotinib 2 uM"]),
        ]
    }

    fn found(typed: &str) -> Result<Vec<usize>, WorkflowError> {
        Selection::parse(typed)?.samples(&three())
    }

    #[test]
    fn samples_are_chosen_by_what_is_told_of_them() {
        assert_eq!(found("treatment ~ crizotinib").unwrap(), [1, 2]);
        assert_eq!(found("cell_line=h3122").unwrap(), [0]);
        assert_eq!(found("title ~ rep 1").unwrap(), [0, 1]);
        assert_eq!(found("accession = GSM3").unwrap(), [2]);
        let named = Selection::parse("resistant: cell line ~ H2228").unwrap();
        assert_eq!((named.name.as_str(), named.samples(&three()).unwrap()), ("resistant", vec![2]));
    }

    #[test]
    fn what_is_not_there_is_told_with_what_is() {
        let words = |typed: &str| found(typed).unwrap_err().to_string();
        assert!(words("treatmant ~ x").contains("did you mean `treatment`?"), "{}", words("treatmant ~ x"));
        assert!(words("treatment ~ alectinib").contains("Crizotinib 1 uM"));
        for typed in ["crizotinib", "~ x", "treatment ~ "] {
            assert!(words(typed).contains("KEY ~ TEXT is wanted"), "{typed}");
        }
    }
}
