//! Differential expression: filter, library sizes and dispersion once per grouping or design, then one test per contrast.

use std::path::PathBuf;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, DispersionEstimates, MapMethod, SampleMap, TestTable, Thresholds};
use alkaline_core::samples::ModelFormula;
use alkaline_core::{ContrastSpec, Groups, LibrarySizes, PerGene, SampleIndex, SampleSheet};
use alkaline_dge::{
    Contrast, DEFAULT_BCVS, DesignError, DesignMatrix, DgeError, DispersionOptions, ExactTestOptions,
    GlmTestOptions, MapOptions, Sensitivity, assumed_dispersion, bcv_sensitivity, borrowed_dispersion,
    distinct_replicates, estimate_dispersion, estimate_dispersion_glm, exact_test, likelihood_ratio_test,
    quasi_likelihood_test,
};
use alkaline_norm::{
    FilterOptions, FilterOutcome, NormOptions, filter_by_design, filter_by_expression, library_sizes,
};
use serde::{Deserialize, Serialize};

pub use alkaline_dge::EdgerVersion;

use super::dispersions;
use crate::error::WorkflowError;

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum TestMethod {
    /// Exact test of two groups (edgeR `exactTest`).
    Exact,
    /// Likelihood ratio under a linear model (edgeR `glmLRT`).
    Lrt,
    /// Quasi-likelihood F under a linear model (edgeR `glmQLFTest`).
    Ql,
    /// Quasi-likelihood test against a fold-change threshold, `--lfc` (edgeR `glmTreat`).
    Treat,
}

/// How contrasts are tested.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TestSettings {
    /// Which test; by default exact for two groups, quasi-likelihood where the design has covariates.
    pub method: Option<TestMethod>,
    /// Design over the columns of the sample sheet (`~ batch + condition`).
    pub design: Option<ModelFormula>,
    /// Whose rules are followed where versions differ.
    pub compat: EdgerVersion,
    /// Biological coefficient of variation to assume instead of estimating it.
    pub bcv: Option<f64>,
    /// Dispersion (the square of the BCV) to assume instead of estimating it.
    pub dispersion: Option<f64>,
    /// Table of another experiment (`dispersions.tsv` or `test.tsv`) whose dispersions are borrowed.
    pub bcv_from: Option<PathBuf>,
    /// Whether each contrast is filtered, normalised and estimated from its own samples alone.
    pub separate: bool,
    /// When a gene is called up or down.
    pub thresholds: Thresholds,
    /// Which genes are tested.
    pub filter: FilterOptions,
    /// Library-size factors.
    pub normalize: NormOptions,
    /// Dispersion estimation.
    pub estimate: DispersionOptions,
    /// The exact test.
    pub exact: ExactTestOptions,
    /// Tests under a linear model.
    pub glm: GlmTestOptions,
}

impl TestSettings {
    /// The dispersion to assume, where one was given.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when both a BCV and a dispersion are given, or a value makes no sense.
    pub fn assumed(&self) -> Result<Option<f64>, WorkflowError> {
        let check = |name: &str, value: f64| {
            if value.is_finite() && value >= 0.0 {
                Ok(())
            } else {
                Err(WorkflowError::Design(format!("{name} {value}: a number of at least 0 is wanted")))
            }
        };
        if let (Some(table), Some(_)) = (&self.bcv_from, self.bcv.or(self.dispersion)) {
            return Err(WorkflowError::Design(format!(
                "a dispersion is given and shall be borrowed from {}: one of them is wanted",
                table.display()
            )));
        }
        match (self.bcv, self.dispersion) {
            (Some(_), Some(_)) => Err(WorkflowError::Design(
                "a BCV and a dispersion are given: the dispersion is the square of the BCV, give one of them"
                    .into(),
            )),
            (Some(bcv), None) => check("BCV", bcv).map(|()| Some(bcv * bcv)),
            (None, Some(dispersion)) => check("dispersion", dispersion).map(|()| Some(dispersion)),
            (None, None) => Ok(None),
        }
    }

    /// The test of `contrast`: as asked for, else exact without covariates and quasi-likelihood with them.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when the exact test is asked for although there are covariates.
    pub fn method_for(&self, contrast: &ContrastSpec) -> Result<TestMethod, WorkflowError> {
        let has_covariates =
            self.design.is_some() || !contrast.blocking.is_empty() || contrast.is_of_coefficients();
        match self.method {
            Some(TestMethod::Exact) if has_covariates => Err(WorkflowError::Design(format!(
                "contrast `{}`: the exact test knows two groups and no covariates\nhint: --method ql or lrt uses the design",
                contrast.id
            ))),
            Some(method) => Ok(method),
            None if has_covariates => Ok(TestMethod::Ql),
            None => Ok(TestMethod::Exact),
        }
    }

    /// The formula of `contrast`: the design as given, else blocking columns and the variable; `None` for the exact test.
    ///
    /// # Errors
    /// As [`method_for`](Self::method_for).
    pub fn formula_for(&self, contrast: &ContrastSpec) -> Result<Option<ModelFormula>, WorkflowError> {
        if self.method_for(contrast)? == TestMethod::Exact {
            return Ok(None);
        }
        if contrast.is_of_coefficients() && self.design.is_none() {
            return Err(WorkflowError::Design(format!(
                "contrast `{}`: an expression in coefficients needs a design\nhint: --design '~ 0 + condition' gives every condition \
                 a coefficient",
                contrast.target
            )));
        }
        Ok(Some(self.design.clone().unwrap_or_else(|| {
            let terms: Vec<&str> =
                contrast.blocking.iter().chain([&contrast.variable]).map(String::as_str).collect();
            ModelFormula(format!("~ {}", terms.join(" + ")))
        })))
    }
}

/// What all contrasts over one grouping or design share.
pub struct Prepared {
    /// The samples by group.
    pub groups: Groups,
    /// The design, where the test has one.
    pub design: Option<DesignMatrix>,
    /// The tested genes, and why the others are not among them.
    pub filter: FilterOutcome,
    /// Library sizes of the tested genes.
    pub sizes: LibrarySizes,
    /// Dispersions of the tested genes.
    pub dispersion: DispersionEstimates,
}

/// Filters, normalises and estimates dispersions for the samples of `sheet`, as the test of `contrast` needs them.
///
/// # Errors
/// [`WorkflowError`] when samples and table do not fit, when the design is not of full rank, when there are no replicates
/// and no dispersion is given, or when a replicate is a copy.
pub fn prepare(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<Prepared, WorkflowError> {
    let samples = table.matrix.samples();
    let design = match settings.formula_for(contrast)? {
        Some(formula) => {
            let baseline = [(contrast.variable.as_str(), contrast.reference.as_str())];
            Some(DesignMatrix::from_formula(sheet, samples, &formula, &baseline)?)
        }
        None => None,
    };
    let groups = match &design {
        Some(design) if contrast.is_of_coefficients() => design.alike(),
        _ => groups_of(sheet, &contrast.variable, samples)?,
    };
    distinct_replicates(&table.matrix, &groups)?;
    let filter = match &design {
        Some(design) => filter_by_design(&table.matrix, design.matrix(), &settings.filter)?,
        None => filter_by_expression(&table.matrix, &groups, &settings.filter)?,
    };
    let sizes = library_sizes(&filter.matrix, &settings.normalize)?;
    let estimate = DispersionOptions { compat: settings.compat, ..settings.estimate.clone() };
    let borrowed = settings.bcv_from.as_deref().map(dispersions::borrow).transpose()?;
    let dispersion = match (settings.assumed()?, borrowed, &design) {
        (Some(dispersion), ..) => assumed_dispersion(&filter.matrix, &sizes, dispersion)?,
        (None, Some(borrowed), _) => borrowed_dispersion(&filter.matrix, &sizes, &borrowed)?,
        (None, None, Some(design)) => estimate_dispersion_glm(&filter.matrix, &sizes, design, &estimate)?,
        (None, None, None) => estimate_dispersion(&filter.matrix, &sizes, &groups, &estimate)?,
    };
    Ok(Prepared { groups, design, filter, sizes, dispersion })
}

/// The samples grouped by `variable`.
fn groups_of(
    sheet: &SampleSheet,
    variable: &str,
    samples: &std::sync::Arc<SampleIndex>,
) -> Result<Groups, WorkflowError> {
    sheet.groups(variable, samples).ok_or_else(|| {
        WorkflowError::Design(format!(
            "the sample sheet does not tell `{variable}` for every sample of the table"
        ))
    })
}

/// The part of `table` and `sheet` that `contrast` compares.
pub fn samples_of_contrast(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
) -> (CountTable, SampleSheet) {
    let values = sheet.values(&contrast.variable).unwrap_or_default();
    if contrast.is_of_coefficients() {
        return (table.clone(), sheet.clone());
    }
    let wanted: Vec<usize> = (0..values.len())
        .filter(|&sample| {
            [&contrast.reference, &contrast.target].iter().any(|level| *level == values[sample])
        })
        .collect();
    let samples = wanted.iter().map(|&sample| sheet.samples[sample].clone()).collect();
    let columns: Vec<usize> = wanted
        .iter()
        .filter_map(|&sample| table.matrix.samples().position(sheet.samples[sample].id.as_str()))
        .collect();
    let table = CountTable { matrix: table.matrix.select_samples(&columns), facts: table.facts.clone() };
    (table, SampleSheet { variables: sheet.variables.clone(), samples })
}

/// Tests one contrast.
///
/// # Errors
/// [`WorkflowError`] when the contrast names a level that no sample has, or is no contrast of the design.
pub fn test(
    prepared: &Prepared,
    contrast: &ContrastSpec,
    labels: &PerGene<GeneLabel>,
    settings: &TestSettings,
) -> Result<TestTable, WorkflowError> {
    let Prepared { groups, design, filter, sizes, dispersion } = prepared;
    let mut table = match design {
        None => {
            let options = exact_options(settings);
            exact_test(&filter.matrix, sizes, groups, dispersion, contrast, &options)?
        }
        Some(design) => {
            let method = settings.method_for(contrast)?;
            let contrast = contrast_of(design, contrast)?;
            let options = glm_options(settings, method);
            let run = if method == TestMethod::Lrt { likelihood_ratio_test } else { quasi_likelihood_test };
            run(&filter.matrix, sizes, design, dispersion, &contrast, &options)?
        }
    };
    table.facts.genes_total = labels.values().len();
    settings.compat.name().clone_into(&mut table.facts.compat);
    for row in &mut table.rows {
        row.name = labels.get(row.gene.as_str()).and_then(|label| label.name.clone());
    }
    Ok(table)
}

/// The weights that a contrast gives to the coefficients of a design.
fn contrast_of(design: &DesignMatrix, contrast: &ContrastSpec) -> Result<Contrast, DesignError> {
    match contrast.is_of_coefficients() {
        true => design.contrast_of_expression(contrast),
        false => design.contrast(contrast),
    }
}

/// Options of the exact test at the thresholds of the run.
fn exact_options(settings: &TestSettings) -> ExactTestOptions {
    ExactTestOptions { thresholds: settings.thresholds, ..settings.exact.clone() }
}

/// Options of a test under a linear model at the thresholds of the run.
///
/// TREAT puts the fold-change threshold into the null hypothesis; calling then needs no second one.
fn glm_options(settings: &TestSettings, method: TestMethod) -> GlmTestOptions {
    let thresholds = settings.thresholds;
    if method == TestMethod::Treat {
        let lfc = if settings.glm.lfc > 0.0 { settings.glm.lfc } else { thresholds.lfc };
        return GlmTestOptions {
            lfc,
            thresholds: Thresholds { lfc: 0.0, ..thresholds },
            compat: settings.compat,
            ..settings.glm.clone()
        };
    }
    GlmTestOptions { lfc: 0.0, thresholds, compat: settings.compat, ..settings.glm.clone() }
}

/// How the calls of an exact test depend on the assumed dispersion: at the usual BCVs and the assumed one.
///
/// # Errors
/// [`WorkflowError`] when the contrast names a level that no sample has.
pub fn sensitivity(
    prepared: &Prepared,
    contrast: &ContrastSpec,
    settings: &TestSettings,
    assumed: f64,
) -> Result<Sensitivity, WorkflowError> {
    let mut bcvs = DEFAULT_BCVS.to_vec();
    let assumed = assumed.sqrt();
    if bcvs.iter().all(|bcv| (bcv - assumed).abs() > 1e-9) {
        bcvs.push(assumed);
    }
    let Prepared { groups, filter, sizes, .. } = prepared;
    Ok(bcv_sensitivity(&filter.matrix, sizes, groups, contrast, &bcvs, &exact_options(settings))?)
}

/// The samples on a plane, by leading log fold changes or principal components; `None` when there are too few for a map.
///
/// # Errors
/// [`WorkflowError`] when no gene is left.
pub fn sample_map(prepared: &Prepared, method: MapMethod) -> Result<Option<SampleMap>, WorkflowError> {
    if prepared.sizes.samples().len() < 3 {
        return Ok(None);
    }
    let options = MapOptions { method, ..MapOptions::default() };
    let map = alkaline_dge::sample_map(&prepared.filter.matrix, &prepared.sizes, &options)?;
    Ok(Some(map))
}

/// Whether a contrast can be tested: both sides have samples, and there are replicates or an assumed dispersion.
///
/// # Errors
/// [`WorkflowError::Design`] with what to do.
pub fn check(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &std::sync::Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<String, WorkflowError> {
    if contrast.is_of_coefficients() {
        return check_expression(contrast, sheet, samples, settings);
    }
    let groups = groups_of(sheet, &contrast.variable, samples)?;
    let size = |level: &str| groups.level(level).map_or(0, |level| groups.sizes()[level]);
    let (reference, target) = (size(&contrast.reference), size(&contrast.target));
    let relevant: Vec<usize> = if settings.separate { vec![reference, target] } else { groups.sizes() };
    let assumed = settings.assumed()?;
    if assumed.is_none() && settings.bcv_from.is_none() && relevant.iter().all(|size| *size < 2) {
        return Err(WorkflowError::Test(DgeError::NoReplicates));
    }
    let formula = settings.formula_for(contrast)?;
    if let Some(formula) = &formula {
        let baseline = [(contrast.variable.as_str(), contrast.reference.as_str())];
        DesignMatrix::from_formula(sheet, samples, formula, &baseline)?.contrast(contrast)?;
    }
    let dispersion = match (assumed, &settings.bcv_from) {
        (Some(value), _) => format!("assumed (BCV {})", value.sqrt()),
        (None, Some(table)) => format!("borrowed from {}", table.display()),
        (None, None) => "estimated".to_owned(),
    };
    let design = formula.map_or_else(|| "exact test".to_owned(), |formula| format!("design {}", formula.0));
    Ok(format!(
        "contrast {}: {target} samples of {} against {reference} of {}, {design}, dispersion {dispersion}",
        contrast.id, contrast.target, contrast.reference
    ))
}

/// Whether an expression in coefficients can be tested.
fn check_expression(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &std::sync::Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<String, WorkflowError> {
    let formula = settings.formula_for(contrast)?.unwrap_or(ModelFormula(String::new()));
    let design = DesignMatrix::from_formula(sheet, samples, &formula, &[])?;
    contrast_of(&design, contrast)?;
    Ok(format!("contrast {}: {} in the design {}", contrast.id, contrast.target, formula.0))
}
