//! Names of samples against names of patients: the same, the same but for case and punctuation, or a patient's with more behind it.

use std::collections::HashMap;

/// How a name was matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// Letter by letter.
    Exact,
    /// But for letter case and punctuation.
    Alike,
    /// The sample's name begins with the patient's (`TCGA-05-4244-01` is a sample of `TCGA-05-4244`).
    Begins,
}

/// The names of the patients.
#[derive(Clone, Debug)]
pub struct Names {
    exact: HashMap<String, usize>,
    /// `None` where two names are alike.
    alike: HashMap<String, Option<usize>>,
}

impl Names {
    /// Prepares the names.
    #[must_use]
    pub fn new(ids: &[String]) -> Self {
        let exact = ids.iter().enumerate().map(|(place, id)| (id.clone(), place)).collect();
        let mut alike: HashMap<String, Option<usize>> = HashMap::new();
        for (place, id) in ids.iter().enumerate() {
            alike.entry(letters(id)).and_modify(|known| *known = None).or_insert(Some(place));
        }
        Self { exact, alike }
    }

    /// The patient that `name` belongs to.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(usize, Match)> {
        if let Some(&place) = self.exact.get(name) {
            return Some((place, Match::Exact));
        }
        if let Some(&Some(place)) = self.alike.get(&letters(name)) {
            return Some((place, Match::Alike));
        }
        // a measurement is no name with more behind it
        if name.parse::<f64>().is_ok() {
            return None;
        }
        let ends = name.char_indices().filter(|(_, c)| !c.is_alphanumeric()).map(|(at, _)| at);
        let mut ends: Vec<usize> = ends.filter(|&at| at > 0).collect();
        ends.reverse();
        let shorter = |end: usize| {
            let begin = &name[..end];
            self.exact.get(begin).copied().or_else(|| self.alike.get(&letters(begin)).copied().flatten())
        };
        ends.into_iter().find_map(shorter).map(|place| (place, Match::Begins))
    }
}

/// Letters and digits alone, in capitals.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_find_their_patient_by_the_longest_name_that_fits() {
        let names = Names::new(&["TCGA-05-4244", "TCGA-05-4244-X", "p.1"].map(str::to_owned));
        assert_eq!(names.find("TCGA-05-4244"), Some((0, Match::Exact)));
        assert_eq!(names.find("tcga.05.4244"), Some((0, Match::Alike)));
        assert_eq!(names.find("TCGA-05-4244-01A-11R"), Some((0, Match::Begins)));
        assert_eq!(names.find("TCGA-05-4244-X-02"), Some((1, Match::Begins)));
        assert_eq!(names.find("P-1"), Some((2, Match::Alike)));
        assert_eq!(names.find("q1"), None);
        assert_eq!(Names::new(&["3".to_owned()]).find("3.31"), None);
    }
}
