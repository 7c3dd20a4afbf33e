//! Names of columns as words, and cells that tell nothing.

use alkaline_core::samples::is_missing;

/// The words of a column's name, in small letters: `TIME..months.` is `time` and `months`.
pub fn words(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_lowercase).collect()
}

/// Whether any of `wanted` is a word of the name.
pub fn has(words: &[String], wanted: &[&str]) -> bool {
    words.iter().any(|word| wanted.contains(&word.as_str()))
}

/// A cell trimmed, and empty where it tells nothing: also in cBioPortal's and TCGA's ways.
pub fn cell(text: &str) -> String {
    let text = text.trim();
    let lower = text.trim_matches(['[', ']']).to_lowercase();
    let nothing = matches!(
        lower.as_str(),
        "not available"
            | "not applicable"
            | "not evaluated"
            | "not reported"
            | "unknown"
            | "completed"
            | "discrepancy"
    );
    if nothing || is_missing(text) || text == "." { String::new() } else { text.to_owned() }
}

/// A number as people write it: a decimal comma is one where no point stands beside it.
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let parsed = text.parse().ok().or_else(|| {
        let comma = text.matches(',').count() == 1 && !text.contains('.');
        comma.then(|| text.replace(',', ".").parse().ok()).flatten()
    });
    parsed.filter(|value: &f64| value.is_finite())
}
