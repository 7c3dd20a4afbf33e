//! The options that each task reads, as they are written in a workflow file. A change in one of them is a reason to do the
//! task again; a change in any other is none.

use std::path::Path;

use alkaline_core::samples::ModelFormula;
use alkaline_core::{ContrastSpec, SampleSheet};
use alkaline_count::CountOptions;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::error::WorkflowError;
use crate::spec::request::RunRequest;
use crate::spec::sheet::samples_kept;
use crate::spec::sheet::strandedness_column;
use crate::stages::panels::PanelSpec;
use crate::stages::test::TestMethod;

/// `value` as JSON; options are plain data, which always can be.
fn value<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The members of `section` that are called so.
fn part<T: Serialize>(section: &T, names: &[&str]) -> Value {
    let Value::Object(all) = value(section) else { return Value::Null };
    Value::Object(all.into_iter().filter(|(name, _)| names.contains(&name.as_str())).collect::<Map<_, _>>())
}

/// How reads are cleaned.
pub(super) fn clean(request: &RunRequest) -> Value {
    json!({ "clean": value(&request.settings.clean) })
}

/// How reads are aligned.
pub(super) fn align(request: &RunRequest) -> Value {
    json!({ "align": value(&request.settings.align) })
}

/// How the reads of `sample` are counted on the annotation called `annotation`.
pub(super) fn count(request: &RunRequest, sample: usize, annotation: &str) -> Value {
    let options = CountOptions { threads: 1, ..request.settings.count.clone() };
    let sheet = &request.experiment.sheet;
    let told = strandedness_column(sheet).and_then(|name| sheet.values(name));
    let strand = told.map(|values| values[sample].to_owned());
    // Of a file the content counts, wherever it lies.
    let name = Path::new(annotation).file_name().filter(|_| Path::new(annotation).is_file());
    let name = name.map_or_else(|| annotation.into(), |name| name.to_string_lossy());
    json!({ "count": value(&options), "annotation": name, "samples": { "strandedness": strand } })
}

/// How the counts of the samples are joined.
pub(super) fn merge(request: &RunRequest, annotation: &str) -> Value {
    let options = CountOptions { threads: 1, ..request.settings.count.clone() };
    json!({
        "count": value(&options),
        "annotation": annotation,
        "samples": { "names": sample_names(&request.experiment.sheet) },
        "enrich": part(&request.settings.enrich, &["go_release"]),
    })
}

/// How a finished count table is taken over.
pub(super) fn table(request: &RunRequest) -> Value {
    json!({
        "samples": { "names": sample_names(&request.experiment.sheet) },
        "allow_fractional": request.allow_fractional,
        "transpose": request.transpose,
        "enrich": part(&request.settings.enrich, &["go_release"]),
    })
}

/// How a table of expression values is taken over.
pub(super) fn values(request: &RunRequest) -> Value {
    json!({
        "samples": { "names": sample_names(&request.experiment.sheet) },
        "values": value(&request.settings.values),
        "test": { "trend": has_trend(request) },
        "enrich": part(&request.settings.enrich, &["go_release"]),
    })
}

/// Whether the variance of values follows their size, which decides what is said of some.
fn has_trend(request: &RunRequest) -> bool {
    let test = &request.settings.test;
    test.limma.trend || test.method == Some(TestMethod::LimmaTrend)
}

/// How expression tables are made.
pub(super) fn normalize(request: &RunRequest) -> Value {
    json!({ "normalize": value(&request.settings.normalize), "annotation": request.annotation })
}

/// What decides filter, library sizes and dispersions of the contrasts that share them.
pub(super) fn prepare(request: &RunRequest, contrast: &ContrastSpec) -> Result<Value, WorkflowError> {
    let settings = &request.settings.test;
    let formula = settings.formula_for(contrast)?;
    let sheet = &request.experiment.sheet;
    let mut all = json!({
        "test": part(settings, &["target_is_baseline", "bcv", "dispersion", "separate", "filter", "estimate", "compat"]),
        "normalize": { "factors": value(&request.settings.normalize.factors) },
        "samples": columns(sheet, contrast, formula.as_ref()),
        "design": { "formula": formula, "variable": contrast.variable, "blocking": contrast.blocking },
    });
    let method = settings.method_for(contrast)?;
    if !method.shares_dispersions() {
        all["test"]["method"] = value(&method);
    }
    if contrast.exclude.is_some() {
        let kept = samples_kept(sheet, contrast);
        all["samples"]["kept"] = value(&sample_names(&kept));
    }
    if settings.separate || formula.is_some() {
        all["design"]["reference"] = value(&contrast.reference);
    }
    if settings.separate {
        all["design"]["target"] = value(&contrast.target);
        all["design"]["expression"] = value(&contrast.expression);
    }
    Ok(all)
}

/// How a contrast is tested.
pub(super) fn test(request: &RunRequest, contrast: &ContrastSpec) -> Result<Value, WorkflowError> {
    let settings = &request.settings.test;
    let mut all = json!({
        "test": part(settings, &["target_is_baseline", "bcv", "dispersion", "compat", "thresholds", "exact", "glm", "limma", "deseq2"]),
        "contrast": value(contrast),
        "keep_filtered": request.keep_filtered,
        "enrich": part(&request.settings.enrich, &["rank_by"]),
        "samples": columns(&request.experiment.sheet, contrast, settings.formula_for(contrast)?.as_ref()),
    });
    all["test"]["method"] = value(&settings.method_for(contrast)?);
    if !settings.also.is_empty() {
        // further tests prepare for themselves
        all["test"]["also"] = value(&settings.also);
        all["test"]["filter"] = value(&settings.filter);
        all["normalize"] = json!({ "factors": value(&request.settings.normalize.factors) });
    }
    Ok(all)
}

/// Which gene sets are tested along the ranked list, and how.
pub(super) fn gsea(request: &RunRequest) -> Value {
    json!({ "enrich": part(&request.settings.enrich, &["go", "go_release", "simplify", "rank_by", "gsea"]) })
}

/// Which gene sets are tested for over-representation, and how.
pub(super) fn ora(request: &RunRequest) -> Value {
    json!({ "enrich": part(&request.settings.enrich, &["go", "go_release", "simplify", "length_bias", "ora"]) })
}

/// A panel.
pub(super) fn panel(panel: &PanelSpec) -> Value {
    json!({ "panels": { panel.name.as_str(): value(panel) } })
}

/// What the record says of the run beside the results.
pub(super) fn record(request: &RunRequest, date: &str) -> Value {
    json!({
        "title": request.title,
        "command": request.command,
        "simulated": request.simulated,
        "date": date,
        "samples": value(&request.experiment.sheet),
        "contrasts": value(&request.experiment.contrasts),
        "notices": request.experiment.notices,
        "settings": value(&request.settings),
    })
}

fn sample_names(sheet: &SampleSheet) -> Vec<&str> {
    sheet.samples.iter().map(|sample| sample.id.as_str()).collect()
}

/// What the sheet tells of the samples in the columns that a contrast uses.
fn columns(sheet: &SampleSheet, contrast: &ContrastSpec, formula: Option<&ModelFormula>) -> Value {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
    let terms: Vec<&str> =
        formula.map_or_else(Vec::new, |formula| formula.0.split(|letter| !is_word(letter)).collect());
    let is_used = |name: &String| {
        *name == contrast.variable
            || contrast.blocking.contains(name)
            || terms.contains(&name.as_str())
            || !name.chars().all(is_word)
    };
    let used = sheet.variables.iter().filter(|name| is_used(name));
    let mut all = Map::new();
    all.insert("names".to_owned(), value(&sample_names(sheet)));
    all.extend(used.map(|name| (name.clone(), value(&sheet.values(name).unwrap_or_default()))));
    Value::Object(all)
}
