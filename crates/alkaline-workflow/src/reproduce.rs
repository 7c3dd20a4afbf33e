//! `reproduce.R`: the same analysis in R, from the count table of the run, with edgeR, clusterProfiler and fgsea.

use crate::request::RunRequest;

/// The part of the script that is the same for every run.
const TEMPLATE: &str = include_str!("../templates/reproduce.R");

/// The script for `request`.
pub fn script(request: &RunRequest) -> String {
    let settings = &request.settings.test;
    let contrasts: Vec<String> = request
        .experiment
        .contrasts
        .iter()
        .map(|contrast| {
            let fields = [&contrast.id, &contrast.variable, &contrast.reference, &contrast.target];
            format!("  list({})", fields.map(|field| quoted(field)).join(", "))
        })
        .collect();
    let assumed = settings.bcv.map(|bcv| bcv * bcv).or(settings.dispersion);
    TEMPLATE
        .replace("@VERSION@", &request.version)
        .replace("@CONTRASTS@", &contrasts.join(",\n"))
        .replace("@SEPARATE@", if settings.separate { "TRUE" } else { "FALSE" })
        .replace("@FILTER@", &quoted(&word(&settings.filter.method)))
        .replace("@NORMALIZE@", &quoted(r_method(&word(&settings.normalize.method))))
        .replace("@DISPERSION@", &assumed.map_or_else(|| "NA".to_owned(), |value| value.to_string()))
        .replace("@TREND@", &quoted(&word(&settings.estimate.trend).replace("locfit-mixed", "locfit.mixed")))
        .replace("@REGION@", &quoted(&word(&settings.exact.rejection_region)))
}

/// The word that an option is written as.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

/// What `calcNormFactors` calls a method.
fn r_method(name: &str) -> &str {
    match name {
        "tmm" => "TMM",
        "tmmwsp" => "TMMwsp",
        "rle" => "RLE",
        "upper-quartile" => "upperquartile",
        other => other,
    }
}

/// Text as an R string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_for_r() {
        assert_eq!(quoted(r#"5 "µM" \ DMSO"#), r#""5 \"µM\" \\ DMSO""#);
    }

    #[test]
    fn the_template_holds_every_place_that_is_filled() {
        for place in
            ["VERSION", "CONTRASTS", "SEPARATE", "FILTER", "NORMALIZE", "DISPERSION", "TREND", "REGION"]
        {
            assert!(TEMPLATE.contains(&format!("@{place}@")), "{place}");
        }
    }
}
