//! Which samples belong together, guessed from their names, and which group is compared with which.
//!
//! Replicates have names that differ by a number at the end, or that share one of their words. Whose group is the reference is
//! told by what people call controls; else the shorter of two names is it, of which the other is a continuation
//! (`H3122`, `H3122CR`).

use std::collections::BTreeSet;

use alkaline_core::samples::ContrastSpec;
use alkaline_core::words::{count, listed};

use crate::spec::sheet::CONDITION;

/// What people call the group that others are compared with.
const REFERENCES: [&str; 38] = [
    "parental",
    "parent",
    "par",
    "wt",
    "wildtype",
    "wild",
    "control",
    "controls",
    "ctrl",
    "ctl",
    "con",
    "dmso",
    "vehicle",
    "veh",
    "untreated",
    "unt",
    "mock",
    "sensitive",
    "sens",
    "naive",
    "normal",
    "pre",
    "before",
    "day0",
    "d0",
    "0h",
    "scramble",
    "scr",
    "shctrl",
    "sictrl",
    "shscr",
    "nt",
    "ntc",
    "empty",
    "ev",
    "baseline",
    "healthy",
    "reference",
];

/// What people call the group of interest.
const TARGETS: [&str; 30] = [
    "resistant",
    "resistance",
    "res",
    "r",
    "cr",
    "lr",
    "ar",
    "br",
    "er",
    "treated",
    "treatment",
    "trt",
    "tx",
    "ko",
    "kd",
    "knockout",
    "knockdown",
    "mut",
    "mutant",
    "oe",
    "tumor",
    "tumour",
    "cancer",
    "post",
    "after",
    "drug",
    "stim",
    "stimulated",
    "infected",
    "case",
];

/// Words before the number of a replicate.
const REPLICATES: [&str; 7] = ["replicate", "biorep", "rep", "bio", "sample", "n", "r"];

/// What was guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Guess {
    /// The group of each sample; empty where nothing could be guessed.
    pub groups: Vec<String>,
    /// The comparisons.
    pub contrasts: Vec<ContrastSpec>,
    /// Whether a group has several samples; `None` where there are no groups.
    pub has_replicates: Option<bool>,
    /// What was guessed and from what.
    pub said: Vec<String>,
}

impl Guess {
    /// The question, where there is one.
    pub fn title(&self) -> Option<String> {
        match (self.has_replicates, self.contrasts.as_slice()) {
            (Some(_), [only]) => Some(only.question()),
            _ => None,
        }
    }
}

/// Groups and contrasts for samples of these names.
pub(super) fn guess(names: &[String]) -> Guess {
    let groups = by_number(names).or_else(|| by_word(names)).or_else(|| each_its_own(names));
    let Some(groups) = groups else { return nothing(names) };
    let levels = levels(&groups);
    let (reference, why) = reference(&levels);
    let mut said: Vec<String> = vec!["groups were guessed from the names of the samples:".to_owned()];
    for level in &levels {
        let of_group: Vec<&str> = names
            .iter()
            .zip(&groups)
            .filter(|(_, group)| *group == level)
            .map(|(name, _)| name.as_str())
            .collect();
        said.push(format!("  {}", group_in_words(level, &of_group)));
    }
    said.push(format!("the reference is `{reference}`: {why}"));
    let others = levels.iter().filter(|level| **level != reference);
    let contrasts = others.map(|target| contrast(&reference, target)).collect();
    let has_replicates = Some(groups.len() > levels.len());
    if has_replicates == Some(false) {
        said.push(
            "there are no replicates: `bcv` in [test] must say how much such samples differ".to_owned(),
        );
    }
    Guess { groups, contrasts, has_replicates, said }
}

/// The group that the others are compared with, and why.
pub(super) fn reference_among(groups: &[String]) -> (String, String) {
    reference(&levels(groups))
}

/// The groups in the order in which they are met.
fn levels(groups: &[String]) -> Vec<String> {
    let mut levels: Vec<String> = Vec::new();
    for group in groups {
        if !levels.contains(group) {
            levels.push(group.clone());
        }
    }
    levels
}

/// Where nothing can be guessed: places for the user to fill.
fn nothing(names: &[String]) -> Guess {
    Guess {
        groups: vec![String::new(); names.len()],
        contrasts: vec![contrast("REFERENCE", "TARGET")],
        has_replicates: None,
        said: vec![
            "the names of the samples tell no groups: fill the column `condition` of samples.csv in, and name what is compared \
             in contrasts.csv"
                .to_owned(),
        ],
    }
}

/// Groups of names that are alike but for a number at their end; `None` unless there are at least two, one with replicates.
fn by_number(names: &[String]) -> Option<Vec<String>> {
    let stems: Vec<String> = names.iter().map(|name| without_number(name)).collect();
    let is_shared = |stem: &String| stems.iter().filter(|other| *other == stem).count() > 1;
    let groups: Vec<String> = names
        .iter()
        .zip(&stems)
        .map(|(name, stem)| if is_shared(stem) || is_marked(name) { stem.clone() } else { name.clone() })
        .collect();
    let number = levels(&groups).len();
    (number > 1 && number < names.len() && number <= names.len().div_ceil(2) + 1).then_some(groups)
}

/// A name without the number of a replicate, and without what stands before it.
fn without_number(name: &str) -> String {
    let separators = ['_', '-', '.', ' '];
    let rest = name.trim_end_matches(|c: char| c.is_ascii_digit());
    // many digits are an accession, or the name of a cell line
    let digits = name.len() - rest.len();
    let letter = || {
        let (rest, last) = name.rsplit_once(separators)?;
        (last.len() == 1 && matches!(last.as_bytes()[0], b'a'..=b'f' | b'A'..=b'F')).then_some(rest)
    };
    if digits == 0 || digits > 2 {
        return letter().filter(|rest| !rest.is_empty()).unwrap_or(name).to_owned();
    }
    let lower = rest.to_ascii_lowercase();
    let marked = REPLICATES.iter().find_map(|word| {
        let before = lower.strip_suffix(word)?;
        (before.ends_with(separators) && !before.is_empty()).then(|| &rest[..before.len()])
    });
    let stem = marked.unwrap_or(rest).trim_end_matches(separators);
    if stem.is_empty() { name.to_owned() } else { stem.to_owned() }
}

/// Whether a name says that it is a replicate's.
fn is_marked(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let rest = lower.trim_end_matches(|c: char| c.is_ascii_digit());
    rest.len() < lower.len() && ["rep", "replicate", "biorep"].iter().any(|word| rest.ends_with(word))
}

/// The words of a name: what stands between separators, and between a word and a number or a word in capitals behind it.
fn words(name: &str) -> Vec<String> {
    name.split(['_', '-', '.', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Groups by one of the words that the names have at the same place; `None` where no place tells two or more groups with replicates.
fn by_word(names: &[String]) -> Option<Vec<String>> {
    let split: Vec<Vec<String>> = names.iter().map(|name| words(name)).collect();
    let width = split.first()?.len();
    if width < 2 || split.iter().any(|words| words.len() != width) {
        return None;
    }
    let column = |place: usize| split.iter().map(|words| words[place].clone()).collect::<Vec<_>>();
    let is_grouping = |column: &Vec<String>| {
        let levels = levels(column).len();
        levels > 1 && 2 * levels <= names.len()
    };
    let columns: Vec<Vec<String>> = (0..width).map(column).filter(is_grouping).collect();
    let telling = |column: &&Vec<String>| column.iter().any(|word| is_reference(word) || is_target(word));
    let fewest = || columns.iter().min_by_key(|column| levels(column).len());
    columns.iter().find(telling).or_else(fewest).cloned()
}

/// Two samples are two groups.
fn each_its_own(names: &[String]) -> Option<Vec<String>> {
    (names.len() == 2).then(|| names.to_vec())
}

fn is_one_of(word: &str, known: &[&str]) -> bool {
    let lower = word.to_ascii_lowercase();
    known.contains(&lower.as_str())
}

/// Whether a word of `name` is what people call a reference.
fn is_reference(name: &str) -> bool {
    is_one_of(&name.replace(['_', '-', '.', ' '], ""), &REFERENCES)
        || words(name).iter().any(|word| is_one_of(word, &REFERENCES))
}

/// Whether a word of `name` is what people call a target.
fn is_target(name: &str) -> bool {
    words(name).iter().any(|word| is_one_of(word, &TARGETS))
}

/// The reference among the groups, and why.
fn reference(levels: &[String]) -> (String, String) {
    let found: Vec<&String> = levels.iter().filter(|level| is_reference(level)).collect();
    if let [only] = found.as_slice() {
        return ((*only).clone(), "that is what a reference is called".to_owned());
    }
    let begins_others = |level: &&String| levels.iter().all(|other| other.starts_with(level.as_str()));
    if let Some(level) = levels.iter().find(begins_others) {
        return (level.clone(), "the names of the others continue it".to_owned());
    }
    let others: BTreeSet<&String> = levels.iter().filter(|level| !is_target(level)).collect();
    if let [only] = others.iter().collect::<Vec<_>>().as_slice()
        && levels.len() > 1
    {
        return ((**only).clone(), "the others are called as what is compared with a reference".to_owned());
    }
    (
        levels[0].clone(),
        "no name tells, so the first was taken; exchange the two in contrasts.csv if that is wrong"
            .to_owned(),
    )
}

/// "3 parental (P1, P2, P3)".
fn group_in_words(group: &str, names: &[&str]) -> String {
    format!("`{group}` ({}: {})", count(names.len(), "sample"), listed(names))
}

/// A contrast with a name that can be a folder's.
fn contrast(reference: &str, target: &str) -> ContrastSpec {
    let id = format!("{target}_vs_{reference}").replace(['/', '\\', ' '], "_");
    ContrastSpec::between(id.trim_start_matches('.'), CONDITION, reference, target)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(names: &[&str]) -> (Vec<String>, Vec<String>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let guess = guess(&names);
        (
            guess.groups,
            guess
                .contrasts
                .iter()
                .map(|contrast| format!("{}<{}", contrast.reference, contrast.target))
                .collect(),
        )
    }

    #[test]
    fn replicates_are_alike_but_for_a_number() {
        for (names, groups, contrasts) in [
            (&["P1", "P2", "P3", "R1", "R2", "R3"][..], &["P", "P", "P", "R", "R", "R"][..], &["P<R"][..]),
            (
                &["H3122CR_1", "H3122CR_2", "H3122_1", "H3122_2"],
                &["H3122CR", "H3122CR", "H3122", "H3122"],
                &["H3122<H3122CR"],
            ),
            (&["KO_rep1", "KO_rep2", "WT_rep1", "WT_rep2"], &["KO", "KO", "WT", "WT"], &["WT<KO"]),
            (&["drug.a", "drug.b", "DMSO.a", "DMSO.b"], &["drug", "drug", "DMSO", "DMSO"], &["DMSO<drug"]),
            (
                &["ctrl-1", "ctrl-2", "low-1", "low-2", "high-1", "high-2"],
                &["ctrl", "ctrl", "low", "low", "high", "high"],
                &["ctrl<low", "ctrl<high"],
            ),
            (
                &["parental_R1", "parental_R2", "res_R1", "res_R2"],
                &["parental", "parental", "res", "res"],
                &["parental<res"],
            ),
        ] {
            let (found, compared) = guessed(names);
            assert_eq!(
                (found, compared),
                (
                    groups.iter().map(|g| (*g).to_owned()).collect(),
                    contrasts.iter().map(|c| (*c).to_owned()).collect()
                ),
                "{names:?}"
            );
        }
    }

    #[test]
    fn a_word_in_the_middle_may_tell_the_groups() {
        let (groups, contrasts) =
            guessed(&["pt1_normal_rna", "pt2_normal_rna", "pt1_tumor_rna", "pt2_tumor_rna"]);
        assert_eq!(groups, ["normal", "normal", "tumor", "tumor"]);
        assert_eq!(contrasts, ["normal<tumor"]);
    }

    #[test]
    fn two_samples_are_compared_and_need_a_bcv() {
        let guess = guess(&["H3122CR".to_owned(), "H3122".to_owned()]);
        assert_eq!(guess.groups, ["H3122CR", "H3122"]);
        assert_eq!((guess.contrasts[0].reference.as_str(), guess.has_replicates), ("H3122", Some(false)));
        assert!(guess.said.iter().any(|line| line.contains("no replicates")), "{:?}", guess.said);
    }

    #[test]
    fn accessions_tell_nothing_and_the_places_to_fill_are_named() {
        let (groups, contrasts) = guessed(&["SRR5236988", "SRR5236989", "SRR5236990", "SRR5236991"]);
        assert_eq!(groups, ["", "", "", ""]);
        assert_eq!(contrasts, ["REFERENCE<TARGET"]);
    }
}
