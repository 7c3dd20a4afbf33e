//! `reproduce.R`: the same analysis in R, from the count table of the run, with edgeR, clusterProfiler and fgsea.

use alkaline_core::file_names::file_stem;
use alkaline_core::{ContrastSpec, SampleSheet};
use alkaline_dge::limma::ContrastErrors;
use alkaline_norm::NormOptions;

use crate::error::WorkflowError;
use crate::plan::Plan;
use crate::record::methods::word;
use crate::spec::request::RunRequest;
use crate::spec::sheet::{sample_index, samples_tested};
use crate::stages::test::{EdgerVersion, TestSettings, design_of};

/// The part of the script that is the same for every run.
const TEMPLATE: &str = include_str!("../../templates/reproduce.R");

/// The script for `request`.
///
/// # Errors
/// [`WorkflowError`] when a contrast asks for a test that does not fit its design.
pub fn script(request: &RunRequest, plan: &Plan) -> Result<String, WorkflowError> {
    let settings = &request.settings.test;
    let contrasts: Result<Vec<String>, WorkflowError> =
        request.experiment.contrasts.iter().map(|contrast| entry(contrast, request, plan)).collect();
    let logical = |value: bool| if value { "TRUE" } else { "FALSE" };
    let assumed = settings.assumed()?;
    Ok(TEMPLATE
        .replace("@VERSION@", &request.version)
        .replace("@VALUES@", logical(request.experiment.has_values()))
        .replace("@CONTRASTS@", &contrasts?.join(",\n"))
        .replace("@FILTER@", &quoted(&word(&settings.filter.method)))
        .replace("@NORMALIZE@", &norm_arguments(&request.settings.normalize.factors))
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
        .replace("@MIN_COUNT@", &settings.filter.min_count.to_string())
        .replace("@MIN_CPM@", &settings.filter.min_cpm.to_string())
        .replace("@MIN_CPM_SAMPLES@", &settings.filter.min_cpm_samples.to_string())
        .replace("@PRIOR_COUNT@", &settings.exact.prior_count.to_string())
        .replace("@SIZE_FACTORS@", &quoted(&word(&settings.deseq2.size_factors)))
        .replace("@FIT_TYPE@", &quoted(&word(&settings.deseq2.trend)))
        .replace("@LFC_THRESHOLD@", &settings.deseq2.lfc.to_string())
        .replace("@ALTERNATIVE@", &quoted(&word(&settings.deseq2.alternative)))
        .replace("@ALPHA@", &settings.deseq2.alpha.unwrap_or(settings.thresholds.fdr).to_string())
        .replace("@FILTERING@", logical(settings.deseq2.independent_filtering))
        .replace("@COOKS@", logical(settings.deseq2.cooks))
        .replace("@USE_T@", logical(settings.deseq2.use_t))
        .replace("@REPLACE_FROM@", &replace_from(settings.deseq2.replace_from))
        .replace("@LEGACY@", logical(settings.compat == EdgerVersion::EdgeR3))
        .replace("@LIMMA_TREND@", logical(settings.limma.trend))
        .replace("@LIMMA_ROBUST@", logical(settings.limma.robust))
        .replace("@QUALITY@", logical(settings.limma.quality_weights))
        .replace(
            "@LIMMA_BLOCK@",
            &settings.limma.block.as_ref().map_or_else(|| "NA".to_owned(), |name| quoted(name)),
        )
        .replace("@LIMMA_LFC@", &settings.limma.lfc.to_string())
        .replace("@LIMMA_PRIOR@", &settings.limma.prior_count.to_string())
        .replace("@PROPORTION@", &settings.limma.proportion.to_string())
        .replace("@APPROXIMATE@", logical(settings.limma.contrast_errors == ContrastErrors::Approximate))
        .replace("@REGION@", &quoted(&word(&settings.exact.rejection_region))))
}

/// Replicates from which outliers are replaced, as DESeq2 takes them.
fn replace_from(replicates: usize) -> String {
    if replicates == 0 { "Inf".to_owned() } else { replicates.to_string() }
}

/// One contrast as an R list.
fn entry(contrast: &ContrastSpec, request: &RunRequest, plan: &Plan) -> Result<String, WorkflowError> {
    let settings = &request.settings.test;
    let sheet = samples_tested(&request.experiment.sheet, contrast, settings.separate);
    let names: Vec<String> = sheet.samples.iter().map(|sample| quoted(sample.id.as_str())).collect();
    let threshold = if settings.glm.lfc > 0.0 { settings.glm.lfc } else { settings.thresholds.lfc };
    let mut fields = vec![
        format!("id = {}", quoted(&contrast.id)),
        format!("folder = {}", quoted(&format!("contrasts/{}", file_stem(&contrast.id)))),
        format!("method = {}", quoted(&word(&settings.method_for(contrast)?))),
    ];
    fields.extend(settings.bcv_from.is_some().then(|| {
        let own = format!("contrasts/{}", file_stem(&contrast.id));
        let folder = if plan.designs().len() > 1 { own.as_str() } else { "expression" };
        format!("dispersions = {}", quoted(&format!("{folder}/dispersions.tsv")))
    }));
    let method = settings.method_for(contrast)?;
    fields.extend((method.is_deseq2() && contrast.expression.is_none()).then(|| {
        let [variable, target, reference] =
            [&contrast.variable, &contrast.target, &contrast.reference].map(|text| quoted(text));
        format!("levels = c({variable}, {target}, {reference})")
    }));
    let is_part = settings.separate || contrast.exclude.is_some();
    fields.extend(is_part.then(|| format!("samples = c({})", names.join(", "))));
    match model(contrast, &sheet, settings)? {
        Some(model) => {
            fields.extend(model);
            fields.push(format!("threshold = {threshold}"));
        }
        None => fields.extend([
            format!("variable = {}", quoted(&contrast.variable)),
            format!("pair = c({}, {})", quoted(&contrast.reference), quoted(&contrast.target)),
        ]),
    }
    Ok(format!("  list({})", fields.join(",\n       ")))
}

/// Formula, how its variables are read, names of the coefficients, and the weights of a contrast; `None` for the exact test.
fn model(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    settings: &TestSettings,
) -> Result<Option<Vec<String>>, WorkflowError> {
    let Some(design) = design_of(contrast, sheet, &sample_index(sheet)?, settings)? else { return Ok(None) };
    let vector = |values: &[String]| format!("c({})", values.join(", "));
    let names = |names: &[String]| vector(&names.iter().map(|name| quoted(name)).collect::<Vec<_>>());
    let variables: Vec<String> = design
        .variables()
        .iter()
        .map(|variable| {
            let levels =
                variable.levels.as_ref().map_or_else(|| "\"number\"".to_owned(), |levels| names(levels));
            format!("{} = {levels}", quoted(&variable.name))
        })
        .collect();
    let weights: Vec<String> = design.contrast(contrast)?.weights.iter().map(f64::to_string).collect();
    Ok(Some(vec![
        format!("formula = {}", quoted(&design.r_formula())),
        format!("variables = list({})", variables.join(", ")),
        format!("coefficients = {}", names(design.coefficients())),
        format!("weights = {}", vector(&weights)),
    ]))
}

/// The arguments of `calcNormFactors`: the method, and what else is not as upstream.
fn norm_arguments(options: &NormOptions) -> String {
    let default = NormOptions::default();
    let mut arguments = vec![format!("method = {}", quoted(r_method(&word(&options.method))))];
    let numbers = [
        ("logratioTrim", options.log_ratio_trim, default.log_ratio_trim),
        ("sumTrim", options.sum_trim, default.sum_trim),
        ("Acutoff", options.abundance_cutoff, default.abundance_cutoff),
        ("p", options.quantile, default.quantile),
    ];
    let changed = numbers.iter().filter(|(_, value, default)| value != default);
    arguments.extend(changed.map(|(name, value, _)| format!("{name} = {value}")));
    arguments.extend((!options.weighted).then(|| "doWeighting = FALSE".to_owned()));
    format!("list({})", arguments.join(", "))
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
            "VALUES",
            "CONTRASTS",
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
            "MIN_COUNT",
            "MIN_CPM",
            "MIN_CPM_SAMPLES",
            "PRIOR_COUNT",
            "REGION",
            "SIZE_FACTORS",
            "FIT_TYPE",
            "LFC_THRESHOLD",
            "ALTERNATIVE",
            "ALPHA",
            "FILTERING",
            "COOKS",
            "USE_T",
            "REPLACE_FROM",
            "LIMMA_TREND",
            "LIMMA_ROBUST",
            "QUALITY",
            "LIMMA_BLOCK",
            "LIMMA_LFC",
            "LIMMA_PRIOR",
            "PROPORTION",
            "APPROXIMATE",
        ] {
            assert!(TEMPLATE.contains(&format!("@{place}@")), "{place}");
        }
    }
}
