//! `reproduce.R`: the same analysis in R, from the count table of the run, with edgeR, clusterProfiler and fgsea.

use alkaline_core::ContrastSpec;

use crate::error::WorkflowError;
use crate::methods::word;
use crate::request::RunRequest;
use crate::stages::test::{EdgerVersion, TestSettings};

/// The part of the script that is the same for every run.
const TEMPLATE: &str = include_str!("../templates/reproduce.R");

/// The script for `request`.
///
/// # Errors
/// [`WorkflowError`] when a contrast asks for a test that does not fit its design.
pub fn script(request: &RunRequest) -> Result<String, WorkflowError> {
    let settings = &request.settings.test;
    let contrasts: Result<Vec<String>, WorkflowError> =
        request.experiment.contrasts.iter().map(|contrast| entry(contrast, settings)).collect();
    let logical = |value: bool| if value { "TRUE" } else { "FALSE" };
    let assumed = settings.assumed()?;
    Ok(TEMPLATE
        .replace("@VERSION@", &request.version)
        .replace("@CONTRASTS@", &contrasts?.join(",\n"))
        .replace("@SEPARATE@", logical(settings.separate))
        .replace("@FILTER@", &quoted(&word(&settings.filter.method)))
        .replace("@NORMALIZE@", &quoted(r_method(&word(&settings.normalize.method))))
        .replace("@DISPERSION@", &assumed.map_or_else(|| "NA".to_owned(), |value| value.to_string()))
        .replace("@BORROWED@", logical(settings.bcv_from.is_some()))
        .replace("@TREND@", &quoted(&word(&settings.estimate.trend).replace("locfit-mixed", "locfit.mixed")))
        .replace("@ROBUST@", logical(settings.estimate.robust))
        .replace("@ESTIMATOR@", &quoted(&word(&settings.estimate.method)))
        .replace(
            "@PRIOR_DF@",
            &settings.estimate.prior_df.map_or_else(|| "NA".to_owned(), |df| df.to_string()),
        )
        .replace("@ADJUST@", &quoted(settings.exact.adjustment.name()))
        .replace("@TREAT_NULL@", &quoted(&word(&settings.glm.treat_null).replace('-', ".")))
        .replace("@MIN_CPM@", &settings.filter.min_cpm.to_string())
        .replace("@MIN_CPM_SAMPLES@", &settings.filter.min_cpm_samples.to_string())
        .replace("@PRIOR_COUNT@", &settings.exact.prior_count.to_string())
        .replace("@LEGACY@", logical(settings.compat == EdgerVersion::EdgeR3))
        .replace("@REGION@", &quoted(&word(&settings.exact.rejection_region))))
}

/// One contrast as an R list.
fn entry(contrast: &ContrastSpec, settings: &TestSettings) -> Result<String, WorkflowError> {
    if contrast.is_of_coefficients() {
        return Err(WorkflowError::Design(format!(
            "contrast `{}`: a run compares levels; `alkaline test` takes expressions",
            contrast.target
        )));
    }
    let names = [&contrast.id, &contrast.variable, &contrast.reference, &contrast.target];
    let method = word(&settings.method_for(contrast)?);
    let formula =
        settings.formula_for(contrast)?.map_or_else(|| "NA".to_owned(), |formula| quoted(&formula.0));
    let threshold = if settings.glm.lfc > 0.0 { settings.glm.lfc } else { settings.thresholds.lfc };
    let names = names.map(|name| quoted(name)).join(", ");
    Ok(format!("  list({names}, {}, {formula}, {threshold})", quoted(&method)))
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
        for place in [
            "VERSION",
            "CONTRASTS",
            "SEPARATE",
            "FILTER",
            "NORMALIZE",
            "DISPERSION",
            "TREND",
            "ROBUST",
            "BORROWED",
            "LEGACY",
            "ESTIMATOR",
            "PRIOR_DF",
            "ADJUST",
            "TREAT_NULL",
            "MIN_CPM",
            "MIN_CPM_SAMPLES",
            "PRIOR_COUNT",
            "REGION",
        ] {
            assert!(TEMPLATE.contains(&format!("@{place}@")), "{place}");
        }
    }
}
