//! How differential expression was tested, in the words of a paper.

use alkaline_core::ContrastSpec;
use alkaline_core::results::{CallBy, DispersionSource, TestFacts};

use super::TestingFacts;
use crate::references::{Citations, Work};
use crate::words;

/// The sentences on a test of some contrasts.
pub(super) fn testing_sentences(testing: &TestingFacts, cited: &mut Citations) -> String {
    let facts = &testing.facts;
    let (contrasts, formula) = questions(testing);
    let how = match facts.compat.starts_with("limma-") {
        true => limma_sentence(facts, cited),
        false => edger_sentence(facts, cited),
    };
    format!(
        "Differential expression ({}) was tested{formula}{} by {how} {}{}",
        contrasts,
        columns_in_words(facts),
        calling_sentence(facts, cited),
        interval_sentence(facts),
    )
}

/// What was asked, and in which model where there is one.
pub(super) fn questions(testing: &TestingFacts) -> (String, String) {
    let question = |contrast: &ContrastSpec| match &contrast.expression {
        Some(expression) => format!("the contrast `{expression}`"),
        None => contrast.question(),
    };
    let contrasts: Vec<String> = testing.contrasts.iter().map(question).collect();
    let formula =
        testing.formula.as_ref().map_or_else(String::new, |formula| format!(" in the model `{formula}`"));
    (words::and_list(&contrasts), formula)
}

fn edger_sentence(facts: &TestFacts, cited: &mut Citations) -> String {
    let works = match facts.method.as_str() {
        "glmQLFTest" => vec![Work::EdgeR, Work::QuasiLikelihood, Work::Filter],
        "glmTreat" => vec![Work::EdgeR, Work::Treat],
        "glmLRT" => vec![Work::EdgeR, Work::Glm],
        _ => vec![Work::EdgeR, Work::ExactTest],
    };
    format!(
        "the algorithm of edgeR's `{}` {} with the numbers of {}. {}",
        facts.method,
        cited.cite(&works),
        compat_in_words(&facts.compat),
        dispersion_sentence(facts, cited),
    )
}

/// Linear models of log values, and how their variances were moderated.
fn limma_sentence(facts: &TestFacts, cited: &mut Citations) -> String {
    let has = |word: &str| facts.moderation.iter().any(|told| told == word);
    let are_counts = !facts.groups.is_empty();
    let values = match facts.method.as_str() {
        "voom" => {
            format!(
                "log2 counts per million, weighted by their precision as voom {} does",
                cited.cite(&[Work::Voom])
            )
        }
        "limma-trend" if are_counts => "log2 counts per million".to_owned(),
        _ => "log2 values".to_owned(),
    };
    let mut text = format!(
        "a linear model of {values}, gene by gene, with the numbers of limma {} {}. The variances of genes were shrunk towards that of all genes {}",
        facts.compat.trim_start_matches("limma-"),
        cited.cite(&[Work::Limma]),
        cited.cite(&[Work::EmpiricalBayes]),
    );
    if has("trend") {
        text += ", which follows their average expression";
    }
    if has("robust") {
        text += &format!(", those of outliers less {}", cited.cite(&[Work::RobustEmpiricalBayes]));
    }
    text += ".";
    if has("quality weights") {
        text += &format!(
            " Samples were weighted by how well they fit the model {}.",
            cited.cite(&[Work::ArrayWeights])
        );
    }
    if let Some(correlation) = facts.block_correlation {
        text += &format!(
            " Samples that belong together were taken as correlated (consensus {}) {}.",
            words::significant(correlation, 3),
            cited.cite(&[Work::DuplicateCorrelation])
        );
    }
    if let Some(threshold) = facts.moderation.iter().find_map(|told| told.strip_prefix("treat ")) {
        text += &format!(
            " The null hypothesis was an absolute log2 fold change of no more than {threshold} {}.",
            cited.cite(&[Work::Treat])
        );
    }
    text
}

/// Which genes were called.
pub(super) fn calling_sentence(facts: &TestFacts, cited: &mut Citations) -> String {
    let thresholds = facts.thresholds;
    let size = if thresholds.lfc > 0.0 {
        format!(" and an absolute log2 fold change of at least {}", words::significant(thresholds.lfc, 3))
    } else {
        String::new()
    };
    let adjusted = cited.cite(&[Work::FalseDiscoveryRate]);
    match thresholds.call_by {
        CallBy::Fdr => format!(
            "P values were adjusted by the method of Benjamini and Hochberg {adjusted}; genes with a false discovery rate below {}{size} were called differentially expressed.",
            words::significant(thresholds.fdr, 3)
        ),
        CallBy::P => format!(
            "Genes with P below {}{size} were called differentially expressed. **P was not adjusted for the number of genes**, which is no control over thousands of tests: where nothing changes, {} % of the genes have such a P. (The tables also hold P values adjusted by the method of Benjamini and Hochberg {adjusted}.)",
            words::significant(thresholds.p, 3),
            words::significant(100.0 * thresholds.p, 3)
        ),
    }
}

fn interval_sentence(facts: &TestFacts) -> String {
    facts.interval.map_or_else(String::new, |coverage| {
        let errors = if facts.method == "glmLRT" { "normal" } else { "t" };
        format!(
            " Confidence intervals of log2 fold changes ({} %) reach a quantile of the {errors} distribution times the standard error to either side.",
            words::significant(100.0 * coverage, 3)
        )
    })
}

/// How columns of numbers entered the model, where there are any.
fn columns_in_words(facts: &TestFacts) -> String {
    let noted = facts.columns.iter().filter(|column| column.note.is_some());
    let read: Vec<String> = noted
        .map(|column| match &column.levels {
            Some(levels) => format!("`{}` a factor of {} levels", column.column, levels.len()),
            None => format!("`{}` a number", column.column),
        })
        .collect();
    if read.is_empty() { String::new() } else { format!(" ({})", words::and_list(&read)) }
}

fn compat_in_words(compat: &str) -> String {
    match compat.strip_prefix("edgeR-") {
        Some(version) => format!("edgeR {version}"),
        None => compat.to_owned(),
    }
}

fn dispersion_sentence(facts: &TestFacts, cited: &mut Citations) -> String {
    match &facts.dispersion {
        DispersionSource::Estimated => format!(
            "Negative-binomial dispersions were estimated from the replicates and shrunk towards a trend {} (common dispersion {}).",
            cited.cite(&[Work::Glm]),
            words::significant(facts.common_dispersion.unwrap_or(f64::NAN), 3)
        ),
        DispersionSource::NotUsed => String::new(),
        DispersionSource::Assumed { dispersion } => format!(
            "**The dispersion was not estimated but assumed**: the biological coefficient of variation was set to {} (dispersion {}) for every gene. P values and false discovery rates hold only as far as this assumption does.",
            words::significant(dispersion.sqrt(), 3),
            words::significant(*dispersion, 3)
        ),
        DispersionSource::Borrowed { from } => {
            format!("**The dispersion was not estimated here but taken from another experiment** ({from}).")
        }
    }
}
