//! How DESeq2's tests were made, in the words of a methods section: what was done in this run, and nothing that was not.

use alkaline_core::results::TestFacts;

use super::facts::TestingFacts;
use super::testing::{calling_sentence, questions};
use crate::references::{Citations, Work};
use crate::words;

/// What the tests of DESeq2's family are called.
pub(super) fn is_deseq2(testing: &TestingFacts) -> bool {
    testing.facts.method.starts_with("deseq2")
}

/// Model, size factors, dispersions, test, outliers, filtering and calls.
pub(super) fn deseq2_sentences(testing: &TestingFacts, cited: &mut Citations) -> String {
    let facts = &testing.facts;
    let (contrasts, formula) = questions(testing);
    let test = if facts.method == "deseq2-lrt" { "likelihood-ratio" } else { "Wald" };
    let mut sentences = vec![format!(
        "Differential expression ({contrasts}) was tested{formula} by the {test} test of DESeq2 {} with the numbers of its version 1.38.",
        cited.cite(&[Work::Deseq2])
    )];
    sentences.push(size_factors(facts));
    sentences.push(format!(
        "Dispersions were estimated gene by gene and shrunk towards {}; those far above it were left as they were.",
        trend(facts)
    ));
    sentences.extend(null_hypothesis(facts));
    sentences.extend(outliers(facts));
    sentences.extend(filtering(facts));
    sentences.push(calling_sentence(facts, cited));
    sentences.extend(shrinkage(facts));
    sentences.join(" ")
}

/// What is told after `word`, where it is told.
fn told<'a>(facts: &'a TestFacts, word: &str) -> Option<&'a str> {
    let mut all = facts.moderation.iter().map(String::as_str);
    all.find_map(|told| {
        let rest = told.strip_prefix(word)?;
        (rest.is_empty() || rest.starts_with(' ')).then(|| rest.trim_start())
    })
}

fn size_factors(facts: &TestFacts) -> String {
    let medians = match told(facts, "size factors") {
        Some("poscounts") => "medians of ratios to geometric means of which zeros are left out (poscounts)",
        _ => "medians of ratios to geometric means",
    };
    match told(facts, "lengths") {
        Some(_) => format!(
            "Genes have normalization factors of their own: relative lengths of their transcripts times size factors, {medians}, of the counts at equal lengths."
        ),
        None => format!("Size factors are {medians}."),
    }
}

fn trend(facts: &TestFacts) -> &'static str {
    match told(facts, "trend") {
        Some("local") => "a trend over the mean (local regression)",
        Some("mean") => "their mean",
        Some("local, since no parametric curve fits") => {
            "a trend over the mean (local regression, since no parametric curve fitted)"
        }
        _ => "a parametric trend over the mean",
    }
}

fn shrinkage(facts: &TestFacts) -> Option<String> {
    let counts = match told(facts, "shrunken")? {
        "normal-original" => ", of the counts before outliers were replaced",
        _ => "",
    };
    Some(format!(
        "Beside these fold changes stand shrunken ones, of largest posterior under a normal prior (lfcShrink{counts}); P values are not theirs."
    ))
}

fn null_hypothesis(facts: &TestFacts) -> Option<String> {
    let t = told(facts, "t")
        .map(|_| "P values are of the t distribution with the residual degrees of freedom.".to_owned());
    let threshold = told(facts, "threshold").and_then(|told| told.split_once(' ')).map(|(lfc, alternative)| {
        let what = match alternative {
            "less-abs" => "of at least",
            "greater" => "(with its sign) of no more than",
            "less" => "(with its sign) of no less than -",
            _ => "of no more than",
        };
        let gap = if what.ends_with('-') { "" } else { " " };
        format!("The null hypothesis was a log2 fold change {what}{gap}{lfc}, {alternative} in DESeq2's terms.")
    });
    match (threshold, t) {
        (Some(threshold), Some(t)) => Some(format!("{threshold} {t}")),
        (threshold, t) => threshold.or(t),
    }
}

fn outliers(facts: &TestFacts) -> Option<String> {
    let replaced = told(facts, "replaced").map(|from| {
        format!("Counts with a large Cook's distance in groups of {from} samples or more were replaced by the trimmed mean of their gene, and these genes fitted again.")
    });
    let withheld = told(facts, "cooks").map(|number| {
        let who = match number {
            "0" => "no gene had one".to_owned(),
            number => format!("this concerns {number} of the genes of the first contrast"),
        };
        format!("Genes with an outlier by Cook's distance that was not replaced have no P value; {who}.")
    });
    match (replaced, withheld) {
        (Some(replaced), Some(withheld)) => Some(format!("{replaced} {withheld}")),
        (replaced, withheld) => replaced.or(withheld),
    }
}

fn filtering(facts: &TestFacts) -> Option<String> {
    let (number, alpha) = told(facts, "filtered")?.split_once(" at ")?;
    let number: u64 = number.parse().ok()?;
    Some(match number {
        0 => format!(
            "Independent filtering by mean count, for the most calls at a false discovery rate of {alpha}, left no gene out."
        ),
        number => format!(
            "Independent filtering left out {} genes of low mean count, which have no adjusted P, for the most calls at a false discovery rate of {alpha}.",
            words::thousands(number)
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    fn sentences(told: &[&str]) -> String {
        let test = fixture::test_table(10);
        let mut testing = TestingFacts {
            facts: test.facts,
            contrasts: vec![test.contrast],
            formula: Some("~ group".into()),
        };
        testing.facts.method = "deseq2".into();
        testing.facts.moderation = told.iter().map(|told| (*told).to_owned()).collect();
        deseq2_sentences(&testing, &mut Citations::default())
    }

    #[test]
    fn what_was_done_is_said_and_nothing_else() {
        let usual =
            sentences(&["size factors ratio", "trend parametric", "cooks 3", "filtered 1200 at 0.05"]);
        for words in ["Size factors are medians", "this concerns 3", "left out 1,200 genes", "rate of 0.05"] {
            assert!(usual.contains(words), "{words} in {usual}");
        }
        assert!(!usual.contains("replaced by") && !usual.contains("poscounts"), "{usual}");
        let other =
            sentences(&["size factors poscounts", "lengths", "trend mean", "t", "threshold 1 less-abs"]);
        for words in ["poscounts", "equal lengths", "towards their mean", "t distribution", "of at least 1"] {
            assert!(other.contains(words), "{words} in {other}");
        }
        for words in ["Cook", "filtering"] {
            assert!(!other.contains(words), "{words} in {other}");
        }
    }
}
