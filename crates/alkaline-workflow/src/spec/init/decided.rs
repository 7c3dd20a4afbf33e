//! What a workflow file says of values that are no counts, by what they are.

use alkaline_io::values::Scale;

/// Keys that do not keep their defaults for values on this scale; `has_genes` where probes have genes to be averaged by.
pub(crate) fn for_scale(scale: Scale, has_genes: bool) -> Vec<(&'static str, String)> {
    let word = |text: &str| format!("\"{text}\"");
    let mut decided = match scale {
        Scale::Counts | Scale::ExpectedCounts => return Vec::new(),
        // what was divided away does not come back, but the variance of logarithms may follow their size
        Scale::Tpm | Scale::Abundances => vec![
            ("values.log2", word("yes")),
            ("values.add_before_log", "1.0".to_owned()),
            ("test.method", word("limma-trend")),
        ],
        Scale::Intensities => vec![("values.log2", word("yes")), ("test.method", word("limma"))],
        Scale::Logarithms | Scale::LogRatios => {
            vec![("values.log2", word("no")), ("test.method", word("limma"))]
        }
        Scale::ZScores | Scale::Fractions | Scale::Percentages => {
            vec![("values.log2", word("no")), ("test.method", word("limma"))]
        }
    };
    if has_genes {
        decided.push(("values.by_symbol", "true".to_owned()));
    }
    decided
}
