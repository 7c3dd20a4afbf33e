//! Which column is a sample's: by its name, or by what programs make of it.
//!
//! featureCounts calls a column by the path of its alignments, and R's readers change names that are no names of variables.

use alkaline_core::SampleId;

/// Endings of the names of alignment files, longest first.
const ENDINGS: [&str; 10] = [
    ".Aligned.sortedByCoord.out.bam",
    "_Aligned.sortedByCoord.out.bam",
    "Aligned.sortedByCoord.out.bam",
    "Aligned.out.bam",
    ".sorted.bam",
    "_sorted.bam",
    ".markdup.bam",
    ".bam",
    ".sam",
    ".cram",
];

/// How a column was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Matched {
    Exactly,
    ByFile,
    AsInR,
}

/// The place among `names` of the column of `sample`; another than its own name must be no other sample's, and stand once.
pub(super) fn column_of(sample: &str, names: &[&str], wanted: &[SampleId]) -> Option<(usize, Matched)> {
    if let Some(place) = names.iter().position(|name| *name == sample) {
        return Some((place, Matched::Exactly));
    }
    let only = |is: &dyn Fn(&str, &str) -> bool| {
        let others = wanted.iter().filter(|other| other.as_str() != sample);
        let mut found = names.iter().enumerate().filter(|(_, name)| is(name, sample));
        let (place, name) = found.next()?;
        let is_alone = found.next().is_none()
            && !others.clone().any(|other| is(name, other.as_str()) || other.as_str() == *name);
        is_alone.then_some(place)
    };
    only(&is_file_of)
        .map(|place| (place, Matched::ByFile))
        .or_else(|| only(&|name, sample| name == as_in_r(sample)).map(|place| (place, Matched::AsInR)))
}

/// Whether `name` is the path of a sample's alignments.
fn is_file_of(name: &str, sample: &str) -> bool {
    let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
    file == sample || ENDINGS.iter().any(|ending| file.strip_suffix(ending) == Some(sample))
}

/// What R's `make.names` makes of a name.
fn as_in_r(name: &str) -> String {
    let legal = |letter: char| if letter.is_alphanumeric() || "._".contains(letter) { letter } else { '.' };
    let made: String = name.chars().map(legal).collect();
    let mut letters = made.chars();
    let begins_well = match letters.next() {
        Some('.') => !letters.next().is_some_and(|next| next.is_ascii_digit()),
        Some(first) => first.is_alphabetic(),
        None => false,
    };
    if begins_well { made } else { format!("X{made}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(sample: &str, names: &[&str], others: &[&str]) -> Option<usize> {
        let wanted: Vec<SampleId> = others.iter().chain([&sample]).map(SampleId::from).collect();
        column_of(sample, names, &wanted).map(|(place, _)| place)
    }

    #[test]
    fn paths_of_alignments_and_r_s_names_are_recognised() {
        assert_eq!(found("a1", &["/data/x/b1.bam", "/data/x/a1.sorted.bam"], &[]), Some(1));
        assert_eq!(found("a1", &["runs/a1Aligned.sortedByCoord.out.bam"], &["a2"]), Some(0));
        assert_eq!(found("1-x", &["X1.x", "b"], &[]), Some(0));
        assert_eq!(found("mouse #3", &["mouse..3"], &[]), Some(0));
    }

    #[test]
    fn a_column_that_could_be_two_samples_is_neither_s() {
        assert_eq!(found("a1", &["x/a1.bam", "y/a1.bam"], &[]), None);
        assert_eq!(found("a-1", &["a.1"], &["a 1"]), None);
        assert_eq!(found("a-1", &["a.1"], &["a.1"]), None);
    }
}
