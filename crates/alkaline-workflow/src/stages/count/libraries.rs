//! How the libraries were made: strand rules that the sheet tells, and what differs between the libraries.

use std::collections::{BTreeMap, BTreeSet};

use alkaline_core::SampleSheet;
use alkaline_core::genome::Layout;
use alkaline_core::results::{CountSummary, SampleQc};
use alkaline_count::StrandRule;

use crate::error::{Problems, WorkflowError};
use crate::spec::request::RunRequest;
use crate::spec::sheet::{STRANDEDNESS, strandedness_column};

/// Share of assigned fragments below which the user is warned.
const LOW_ASSIGNMENT: f64 = 0.2;

/// Strand rules as the sheet tells them.
pub(super) struct StrandRules {
    /// Of each sample; `None` where the rule of all holds.
    pub of_sample: Vec<Option<StrandRule>>,
    /// How the rules come about.
    pub in_words: String,
    pub warnings: Vec<String>,
}

/// The strand rules of the samples: what was asked for holds for all, else what the sheet tells of each.
///
/// # Errors
/// [`WorkflowError::Design`] with every value that is no strand rule.
pub(super) fn strand_rules(sheet: &SampleSheet, asked: StrandRule) -> Result<StrandRules, WorkflowError> {
    let told = strandedness_column(sheet).and_then(|name| sheet.values(name)).unwrap_or_default();
    let mut problems = Problems::default();
    let mut rules = Vec::new();
    for (sample, value) in sheet.samples.iter().zip(&told) {
        match rule_called(value) {
            Some(rule) => rules.push(rule),
            None => problems.add_with_hint(
                format!("sample `{}`: `{value}` in the column `{STRANDEDNESS}` is no strand rule", sample.id),
                Some("it says forward, reverse, unstranded, or auto (found from the reads)".to_owned()),
            ),
        }
    }
    problems.check()?;
    let none = vec![None; sheet.samples.len()];
    if asked.given().is_some() {
        let others: Vec<&str> = (sheet.samples.iter().zip(&rules))
            .filter(|(_, rule)| rule.given().is_some() && **rule != asked)
            .map(|(sample, _)| sample.id.as_str())
            .collect();
        let warning = format!(
            "the sample sheet tells other strand rules of {} than the one asked for, which holds for all samples",
            others.join(", ")
        );
        let warnings = (!others.is_empty()).then_some(warning).into_iter().collect();
        return Ok(StrandRules { of_sample: none, in_words: "as asked for".to_owned(), warnings });
    }
    let known = rules.iter().filter(|rule| rule.given().is_some()).count();
    let in_words = match known {
        0 => "found from the reads of each sample".to_owned(),
        _ if known == sheet.samples.len() => "as the sample sheet says".to_owned(),
        _ => format!("as the sample sheet says of {known} samples, found from the reads of the others"),
    };
    let of_sample = if rules.is_empty() {
        none
    } else {
        rules.into_iter().map(|rule| rule.given().map(Into::into)).collect()
    };
    Ok(StrandRules { of_sample, in_words, warnings: Vec::new() })
}

/// The rule that a cell of the sheet names.
fn rule_called(value: &str) -> Option<StrandRule> {
    Some(match value.trim().to_ascii_lowercase().as_str() {
        "" | "na" | "auto" | "unknown" => StrandRule::Auto,
        "unstranded" | "0" | "no" | "none" => StrandRule::Unstranded,
        "forward" | "1" | "fr-secondstrand" => StrandRule::Forward,
        "reverse" | "2" | "fr-firststrand" => StrandRule::Reverse,
        _ => return None,
    })
}

/// "counted with -s 2 (reverse-stranded), found from the reads of each sample".
pub(super) fn rules_in_words(samples: &[SampleQc], how: &str) -> String {
    let rules: BTreeSet<u8> = samples.iter().map(|qc| qc.strandedness.used.featurecounts_code()).collect();
    let rules = match rules.into_iter().collect::<Vec<_>>()[..] {
        [0] => "-s 0 (unstranded)",
        [1] => "-s 1 (forward-stranded)",
        [2] => "-s 2 (reverse-stranded)",
        _ => "different strand rules",
    };
    format!("counted with {rules}, {how}")
}

/// What the reads themselves say that the user should know; `told` says of which samples the sheet told the strand rule.
pub(super) fn warnings(
    request: &RunRequest,
    samples: &[SampleQc],
    summary: &CountSummary,
    told: &[bool],
) -> Vec<String> {
    let mut warnings: Vec<String> = samples
        .iter()
        .flat_map(|qc| qc.warnings.iter().map(|warning| format!("{}: {warning}", qc.sample)))
        .collect();
    warnings.extend(different_rules(samples, told));
    warnings.extend(different_layouts(request, samples));
    for (sample, qc) in samples.iter().enumerate() {
        let share = summary.assigned_fraction(sample);
        if share < LOW_ASSIGNMENT && qc.warnings.is_empty() {
            warnings.push(format!(
                "{}: only {:.1} % of the fragments were assigned to a gene; see counts/counts.tsv.summary for where the \
                 others went",
                qc.sample,
                100.0 * share
            ));
        }
    }
    warnings
}

/// Strand rules that differ although nobody said so.
fn different_rules(samples: &[SampleQc], told: &[bool]) -> Option<String> {
    let rules: BTreeSet<u8> = samples.iter().map(|qc| qc.strandedness.used.featurecounts_code()).collect();
    if rules.len() < 2 || (!told.is_empty() && told.iter().all(|told| *told)) {
        return None;
    }
    let used = |qc: &SampleQc| format!("{} -s {}", qc.sample, qc.strandedness.used.featurecounts_code());
    let list: Vec<String> = samples.iter().map(used).collect();
    Some(format!(
        "the samples were counted by different strand rules ({}): their counts are not comparable unless the \
         libraries were made that way; --strandedness sets one rule for all",
        list.join(", ")
    ))
}

/// Single-end and paired-end libraries in one comparison.
fn different_layouts(request: &RunRequest, samples: &[SampleQc]) -> Option<String> {
    let mut by_layout: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for qc in samples {
        by_layout.entry(layout_in_words(qc.layout)).or_default().push(&qc.sample);
    }
    if by_layout.len() < 2 {
        return None;
    }
    let listed: Vec<String> =
        by_layout.iter().map(|(layout, samples)| format!("{layout} {}", samples.join(", "))).collect();
    let variable = request.experiment.group_variable();
    let values = request.experiment.sheet.values(variable).unwrap_or_default();
    let mut layouts_of: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (value, qc) in values.iter().zip(samples) {
        layouts_of.entry(value).or_default().insert(layout_in_words(qc.layout));
    }
    let text =
        format!("the libraries differ in layout ({}): fragments are compared with reads", listed.join("; "));
    Some(match layouts_of.len() > 1 && layouts_of.values().all(|layouts| layouts.len() == 1) {
        true => format!(
            "{text}; the layout changes with `{variable}`, so that its effect cannot be told from that of `{variable}`"
        ),
        false => format!("{text}; a column for the layout in the design allows for it"),
    })
}

/// "single-end", "paired-end" or "mixed".
pub(crate) fn layout_in_words(layout: Layout) -> &'static str {
    match layout {
        Layout::SingleEnd => "single-end",
        Layout::PairedEnd => "paired-end",
        Layout::Mixed => "mixed",
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::samples::SampleRecord;

    use super::*;

    fn sheet(values: &[&str]) -> SampleSheet {
        let row = |(number, value): (usize, &&str)| SampleRecord {
            id: format!("s{number}").into(),
            file: None,
            reads: None,
            values: vec![(*value).to_owned()],
        };
        SampleSheet {
            variables: vec!["strandedness".to_owned()],
            samples: values.iter().enumerate().map(row).collect(),
        }
    }

    #[test]
    fn the_sheet_tells_the_strand_rule_of_each_sample() {
        let rules = strand_rules(&sheet(&["forward", "auto", "Reverse", ""]), StrandRule::Auto).unwrap();
        assert_eq!(rules.of_sample, [Some(StrandRule::Forward), None, Some(StrandRule::Reverse), None]);
        assert!(rules.in_words.contains("of 2 samples"), "{}", rules.in_words);
    }

    #[test]
    fn what_was_asked_for_holds_for_all_and_the_difference_is_told() {
        let rules = strand_rules(&sheet(&["forward", "auto"]), StrandRule::Reverse).unwrap();
        assert_eq!(rules.of_sample, [None, None]);
        assert!(rules.warnings[0].contains("of s0 than"), "{:?}", rules.warnings);
    }

    #[test]
    fn every_value_that_is_no_rule_is_named() {
        let error =
            strand_rules(&sheet(&["fwd", "auto", "left"]), StrandRule::Auto).err().unwrap().to_string();
        for part in ["`s0`: `fwd`", "`s2`: `left`", "hint: it says forward, reverse"] {
            assert!(error.contains(part), "{error}");
        }
    }
}
