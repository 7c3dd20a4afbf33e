//! What a workflow file says of values that are no counts, by what they are.

use alkaline_io::geo::Geo2rScript;
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

/// Keys with which a run repeats what a script of GEO2R does: DESeq2 on counts, limma on the values of arrays.
pub(crate) fn for_geo2r(script: &Geo2rScript, are_counts: bool) -> Vec<(&'static str, String)> {
    let word = |text: &str| format!("\"{text}\"");
    if are_counts {
        return vec![
            ("test.method", word("deseq2")),
            ("test.target_is_baseline", "true".to_owned()),
            ("test.filter.method", word("counts")),
            ("test.deseq2.size_factors", word("poscounts")),
            ("test.deseq2.alpha", "0.05".to_owned()),
        ];
    }
    let steps = script.steps;
    let logs = match steps.logarithms {
        None => "auto",
        Some(true) => "yes",
        Some(false) => "no",
    };
    let mut decided = vec![("test.method", word("limma")), ("values.log2", word(logs))];
    decided.extend(steps.normalises.then(|| ("values.normalise_quantiles", "true".to_owned())));
    decided.extend(steps.is_complete.then(|| ("values.complete_rows", "true".to_owned())));
    decided
}
