//! Which groups are compared: as asked for, as a script of GEO2R has them, or as the descriptions of the samples suggest.

use alkaline_core::samples::ContrastSpec;
use alkaline_core::words::count;
use alkaline_io::geo::{Geo2rScript, GeoSample};

use super::selection::Selection;
use crate::error::WorkflowError;
use crate::spec::init;
use crate::spec::sheet::CONDITION;

/// The groups of samples, and what is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Grouping {
    /// The group of each sample; `None` leaves it out.
    pub groups: Vec<Option<String>>,
    pub contrasts: Vec<ContrastSpec>,
    pub said: Vec<String>,
}

/// What samples are called that no group was asked for, where one was.
const OTHERS: &str = "other";

/// Groups as they were typed: one against all others, or every one against the last.
///
/// # Errors
/// [`WorkflowError::Design`] for a group that is none, or a sample in two.
pub(super) fn asked_for(typed: &[String], samples: &[GeoSample]) -> Result<Grouping, WorkflowError> {
    let mut groups: Vec<Option<String>> = vec![None; samples.len()];
    let mut names: Vec<String> = Vec::new();
    for text in typed {
        let selection = Selection::parse(text)?;
        let name = selection.name.clone();
        for place in selection.samples(samples)? {
            if let Some(other) = groups[place].replace(name.clone()).filter(|other| *other != name) {
                let sample = &samples[place];
                return Err(WorkflowError::design_with_hint(
                    format!(
                        "{} ({}) is in two groups: `{other}` and `{name}`",
                        sample.accession,
                        sample.title()
                    ),
                    "`=` compares whole values where `~` looks for a part",
                ));
            }
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.len() == 1 {
        if groups.iter().all(Option::is_some) {
            let message =
                format!("all samples are in the group `{}`: nothing is left to compare it with", names[0]);
            return Err(WorkflowError::design(message));
        }
        groups.iter_mut().filter(|group| group.is_none()).for_each(|group| *group = Some(OTHERS.to_owned()));
        names.push(OTHERS.to_owned());
    }
    let reference = names.pop().unwrap_or_default();
    let contrasts: Vec<ContrastSpec> = names.iter().map(|target| contrast(&reference, target)).collect();
    let said = vec![sizes(&groups)];
    Ok(Grouping { groups, contrasts, said })
}

/// Groups as a script of GEO2R has them: the first against the second, which is its sign.
///
/// # Errors
/// [`WorkflowError::Design`] when the script is of another series, or has other samples.
pub(super) fn of_script(script: &Geo2rScript, samples: &[GeoSample]) -> Result<Grouping, WorkflowError> {
    if script.groups.len() != samples.len() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "the script of GEO2R has groups for {}, the series has {}",
                count(script.groups.len(), "sample"),
                count(samples.len(), "sample")
            ),
            "the script belongs to another series, or to another platform of this one (--platform)",
        ));
    }
    let name = |group: usize| script.names.get(group).cloned().unwrap_or_else(|| format!("G{group}"));
    let groups: Vec<Option<String>> = script.groups.iter().map(|group| group.map(name)).collect();
    let contrasts = match script.names.len() {
        0 | 1 => Vec::new(),
        several => (1..several).map(|other| contrast(&name(other), &name(0))).collect(),
    };
    let said = vec![format!("as GEO2R: {}", sizes(&groups))];
    Ok(Grouping { groups, contrasts, said })
}

/// Groups as the descriptions suggest: by the first characteristic of which several samples share a value, else by the titles.
pub(super) fn suggested(samples: &[GeoSample]) -> Grouping {
    if let Some((key, groups)) = telling_characteristic(samples) {
        let (reference, why) = init::reference_among(&groups);
        let mut levels: Vec<String> = Vec::new();
        for group in &groups {
            if !levels.contains(group) {
                levels.push(group.clone());
            }
        }
        let targets = levels.iter().filter(|level| **level != reference);
        let contrasts = targets.map(|target| contrast(&reference, target)).collect();
        let said = vec![
            format!(
                "`{CONDITION}` is `{key}` of the samples, which groups them: correct samples.csv if that is not the question"
            ),
            format!("the reference is `{reference}`: {why}"),
        ];
        return Grouping { groups: groups.into_iter().map(Some).collect(), contrasts, said };
    }
    let titles: Vec<String> = samples.iter().map(title_or_name).collect();
    let (groups, contrasts, said) = init::guessed_groups(&titles);
    Grouping { groups: groups.into_iter().map(Some).collect(), contrasts, said }
}

fn title_or_name(sample: &GeoSample) -> String {
    if sample.title().is_empty() { sample.accession.clone() } else { sample.title().to_owned() }
}

/// The first characteristic that all samples have, and that puts them into groups of which one at least has two.
fn telling_characteristic(samples: &[GeoSample]) -> Option<(String, Vec<String>)> {
    let told: Vec<_> = samples.iter().map(GeoSample::characteristics).collect();
    let keys: Vec<String> =
        told.first()?.iter().map(|found| found.key.clone()).filter(|key| !key.is_empty()).collect();
    let of_key = |key: &String| -> Option<Vec<String>> {
        let value = |of: &Vec<alkaline_io::geo::Characteristic>| {
            of.iter().find(|found| found.key == *key).map(|found| found.value.clone())
        };
        told.iter().map(value).collect()
    };
    let mut fitting =
        keys.into_iter().filter_map(|key| of_key(&key).map(|groups| (key, groups))).filter(|(_, groups)| {
            let mut levels: Vec<&String> = groups.iter().collect();
            levels.sort_unstable();
            levels.dedup();
            (2..=(groups.len() / 2).max(2)).contains(&levels.len()) && levels.len() < groups.len()
        });
    let all: Vec<(String, Vec<String>)> = fitting.by_ref().collect();
    let is_treatment = |key: &str| {
        ["treat", "agent", "drug", "condition", "group", "genotype", "resist"]
            .iter()
            .any(|word| key.to_lowercase().contains(word))
    };
    all.iter().find(|(key, _)| is_treatment(key)).or_else(|| all.first()).cloned()
}

fn contrast(reference: &str, target: &str) -> ContrastSpec {
    let safe = |c: char| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' };
    let id: String = format!("{target}_vs_{reference}").chars().map(safe).collect();
    ContrastSpec::between(id.trim_start_matches('.'), CONDITION, reference, target)
}

/// "3 crizotinib, 3 none; 2 left out".
fn sizes(groups: &[Option<String>]) -> String {
    let mut levels: Vec<(&String, usize)> = Vec::new();
    for group in groups.iter().flatten() {
        match levels.iter_mut().find(|(level, _)| *level == group) {
            Some((_, number)) => *number += 1,
            None => levels.push((group, 1)),
        }
    }
    let each: Vec<String> = levels.iter().map(|(level, number)| format!("{number} `{level}`")).collect();
    let left = groups.iter().filter(|group| group.is_none()).count();
    let rest =
        if left == 0 { String::new() } else { format!("; {} in no group: left out", count(left, "sample")) };
    format!("{}{rest}", each.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(cells: &[&[&str]]) -> Vec<GeoSample> {
        cells
            .iter()
            .enumerate()
            .map(|(place, cells)| GeoSample {
                accession: format!("GSM{place}"),
                facts: cells
                    .iter()
                    .map(|cell| ("characteristics_ch1".to_owned(), (*cell).to_owned()))
                    .collect(),
            })
            .collect()
    }

    fn names(grouping: &Grouping) -> Vec<&str> {
        grouping.groups.iter().map(|group| group.as_deref().unwrap_or("-")).collect()
    }

    #[test]
    fn one_group_is_compared_with_all_others_and_several_with_the_last() {
        let samples = samples(&[&["treatment: none"], &["treatment: crizotinib"], &["treatment: alectinib"]]);
        let one = asked_for(&["treatment ~ crizotinib".to_owned()], &samples).unwrap();
        assert_eq!(names(&one), ["other", "crizotinib", "other"]);
        assert_eq!(
            (one.contrasts[0].target.as_str(), one.contrasts[0].reference.as_str()),
            ("crizotinib", "other")
        );
        let typed = ["treatment = crizotinib".to_owned(), "parental: treatment = none".to_owned()];
        let two = asked_for(&typed, &samples).unwrap();
        assert_eq!(names(&two), ["parental", "crizotinib", "-"]);
        assert_eq!(two.contrasts[0].id, "crizotinib_vs_parental");
        let twice = ["a: treatment ~ crizo".to_owned(), "b: treatment ~ n".to_owned()];
        assert!(asked_for(&twice, &samples).unwrap_err().to_string().contains("in two groups"));
        let all = asked_for(&["treatment ~ n".to_owned()], &samples);
        assert!(all.unwrap_err().to_string().contains("nothing is left"));
    }

    #[test]
    fn the_first_group_of_geo2r_is_the_target() {
        let samples = samples(&[&[], &[], &[]]);
        let script = Geo2rScript {
            groups: vec![Some(1), None, Some(0)],
            names: vec!["treated".into(), "control".into()],
            ..Geo2rScript::default()
        };
        let grouping = of_script(&script, &samples).unwrap();
        assert_eq!(names(&grouping), ["control", "-", "treated"]);
        assert_eq!(
            (grouping.contrasts[0].target.as_str(), grouping.contrasts[0].reference.as_str()),
            ("treated", "control")
        );
        let message = of_script(&script, &samples[..2]).unwrap_err().to_string();
        assert!(message.contains("groups for 3 samples, the series has 2 samples"), "{message}");
    }

    #[test]
    fn a_characteristic_that_groups_the_samples_is_suggested() {
        let cells: [&[&str]; 4] = [
            &["cell: a", "id: 1", "treatment: DMSO"],
            &["cell: b", "id: 2", "treatment: DMSO"],
            &["cell: a", "id: 3", "treatment: drug"],
            &["cell: b", "id: 4", "treatment: drug"],
        ];
        let grouping = suggested(&samples(&cells));
        assert_eq!(names(&grouping), ["DMSO", "DMSO", "drug", "drug"]);
        assert_eq!((grouping.contrasts[0].reference.as_str(), grouping.contrasts.len()), ("DMSO", 1));
    }
}
