//! Differential expression: filter, library sizes and dispersion once per grouping or design, then one test per contrast.

use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{
    ColumnReading, CountTable, DispersionEstimates, MapMethod, SampleMap, TestTable, Thresholds,
};
use alkaline_core::samples::ModelFormula;
use alkaline_core::words::listed;
use alkaline_core::{ContrastSpec, Groups, LibrarySizes, PerGene, SampleIndex, SampleSheet};
use alkaline_dge::{
    DEFAULT_BCVS, DesignMatrix, DgeError, DispersionOptions, ExactTestOptions, GlmTestOptions, MapOptions,
    Sensitivity, assumed_dispersion, bcv_sensitivity, borrowed_dispersion, distinct_replicates,
    estimate_dispersion, estimate_dispersion_glm, exact_test, likelihood_ratio_test, quasi_likelihood_test,
};
use alkaline_norm::{
    FilterOptions, FilterOutcome, NormMethod, NormOptions, filter_by_design, filter_by_expression,
    library_sizes,
};
use serde::{Deserialize, Serialize};

pub use alkaline_dge::EdgerVersion;

use super::dispersions;
use crate::error::WorkflowError;
use crate::spec::sheet::{samples_compared, samples_tested};

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
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
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TestSettings {
    /// Which test; by default exact for two groups, quasi-likelihood where the design has covariates, likelihood ratio where it has and
    /// the dispersion is given.
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
                Err(WorkflowError::design(format!("{name} {value}: a number of at least 0 is wanted")))
            }
        };
        if let (Some(table), Some(_)) = (&self.bcv_from, self.bcv.or(self.dispersion)) {
            return Err(WorkflowError::design(format!(
                "a dispersion is given and shall be borrowed from {}: one of them is wanted",
                table.display()
            )));
        }
        match (self.bcv, self.dispersion) {
            (Some(_), Some(_)) => Err(WorkflowError::design(
                "a BCV and a dispersion are given: the dispersion is the square of the BCV, give one of them",
            )),
            (Some(bcv), None) => check("BCV", bcv).map(|()| Some(bcv * bcv)),
            (None, Some(dispersion)) => check("dispersion", dispersion).map(|()| Some(dispersion)),
            (None, None) => Ok(None),
        }
    }

    /// The test of `contrast`: as asked for, else exact without covariates and quasi-likelihood with them; likelihood ratio where the
    /// dispersion is given, since quasi-likelihood would estimate one.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] when the exact test is asked for although there are covariates.
    pub fn method_for(&self, contrast: &ContrastSpec) -> Result<TestMethod, WorkflowError> {
        let has_covariates = self.model_of(contrast).is_some()
            || !contrast.blocking.is_empty()
            || contrast.expression.is_some();
        match self.method {
            Some(TestMethod::Exact) if has_covariates => Err(WorkflowError::design_with_hint(
                format!("contrast `{}`: the exact test knows two groups and no covariates", contrast.id),
                "--method ql or lrt uses the design",
            )),
            Some(method) => Ok(method),
            None if has_covariates && self.is_dispersion_given() => Ok(TestMethod::Lrt),
            None if has_covariates => Ok(TestMethod::Ql),
            None => Ok(TestMethod::Exact),
        }
    }

    /// Whether the dispersion is assumed or borrowed.
    fn is_dispersion_given(&self) -> bool {
        self.bcv.is_some() || self.dispersion.is_some() || self.bcv_from.is_some()
    }

    /// The formula of `contrast`: its own, else the design as given, else blocking columns and the variable; `None` for the exact
    /// test.
    ///
    /// # Errors
    /// As [`method_for`](Self::method_for); [`WorkflowError::NoDesign`] for an expression in coefficients that has none.
    pub fn formula_for(&self, contrast: &ContrastSpec) -> Result<Option<ModelFormula>, WorkflowError> {
        if self.method_for(contrast)? == TestMethod::Exact {
            return Ok(None);
        }
        if let Some(model) = self.model_of(contrast) {
            return Ok(Some(model.clone()));
        }
        let first = match &contrast.expression {
            Some(expression) if contrast.variable.is_empty() => {
                return Err(WorkflowError::NoDesign { expression: expression.clone() });
            }
            // levels of an expression stand for themselves, without a baseline
            Some(_) => vec!["0", &contrast.variable],
            None => Vec::new(),
        };
        let last = contrast.expression.is_none().then_some(contrast.variable.as_str());
        let blocking = contrast.blocking.iter().map(String::as_str);
        let terms: Vec<&str> = first.into_iter().chain(blocking).chain(last).collect();
        Ok(Some(ModelFormula(format!("~ {}", terms.join(" + ")))))
    }

    /// The model that was asked for: the contrast's own, or that of all.
    fn model_of<'a>(&'a self, contrast: &'a ContrastSpec) -> Option<&'a ModelFormula> {
        contrast.formula.as_ref().or(self.design.as_ref())
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

impl Prepared {
    /// How the design read the columns of the sample sheet.
    pub fn columns(&self) -> Vec<ColumnReading> {
        let variables = self.design.iter().flat_map(DesignMatrix::variables);
        variables
            .map(|variable| ColumnReading {
                column: variable.name.clone(),
                levels: variable.levels.clone(),
                note: variable.note.clone(),
            })
            .collect()
    }

    /// Sizes of the groups, and how columns of numbers were read, for the user's eyes.
    pub fn in_words(&self) -> Vec<String> {
        let sizes = self.groups.levels().iter().zip(self.groups.sizes());
        let sizes: Vec<String> = sizes.map(|(level, size)| format!("{size} {level}")).collect();
        let notes = self.columns().into_iter().filter_map(|column| column.note);
        std::iter::once(format!("samples: {}", listed(&sizes))).chain(notes).collect()
    }
}

/// Filters, normalises by `norm` and estimates dispersions for the samples of `sheet`, as the test of `contrast` needs them.
///
/// # Errors
/// [`WorkflowError`] when samples and table do not fit, when the design is not of full rank, when there are no replicates
/// and no dispersion is given, or when a replicate is a copy.
pub fn prepare(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
    norm: &NormOptions,
) -> Result<Prepared, WorkflowError> {
    let samples = table.matrix.samples();
    let design = design_of(contrast, sheet, samples, settings)?;
    let groups = groups_of_test(design.as_ref(), sheet, contrast, samples)?;
    distinct_replicates(&table.matrix, &groups)?;
    let filter = match &design {
        Some(design) => filter_by_design(&table.matrix, design.matrix(), &settings.filter)?,
        None => filter_by_expression(&table.matrix, &groups, &settings.filter)?,
    };
    let sizes = library_sizes(&filter.matrix, norm)?;
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

/// The design of `contrast`, whose reference is the baseline; `None` for the exact test.
///
/// # Errors
/// [`WorkflowError`] when the formula does not fit the sheet, or is not of full rank.
pub fn design_of(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<Option<DesignMatrix>, WorkflowError> {
    let Some(formula) = settings.formula_for(contrast)? else { return Ok(None) };
    // What is compared, and what is held constant, has levels, though these may be numbers.
    let blocking = contrast.blocking.iter().map(|name| (name.as_str(), ""));
    let compared = std::iter::once((contrast.variable.as_str(), contrast.reference.as_str()));
    let factors: Vec<(&str, &str)> = compared.chain(blocking).collect();
    Ok(Some(DesignMatrix::from_formula(sheet, samples, &formula, &factors)?))
}

/// The groups that the test of `contrast` compares or counts replicates in: those of its variable, or, where it has none, of samples
/// that are alike in the design.
///
/// # Errors
/// [`WorkflowError::Design`] when the sheet does not tell the variable for every sample.
pub(crate) fn groups_of_test(
    design: Option<&DesignMatrix>,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    samples: &Arc<SampleIndex>,
) -> Result<Groups, WorkflowError> {
    match design {
        Some(design) if contrast.variable.is_empty() => Ok(design.alike()),
        _ => groups_of(sheet, &contrast.variable, samples),
    }
}

/// The samples grouped by `variable`.
fn groups_of(
    sheet: &SampleSheet,
    variable: &str,
    samples: &Arc<SampleIndex>,
) -> Result<Groups, WorkflowError> {
    sheet.groups(variable, samples).ok_or_else(|| {
        WorkflowError::design(format!(
            "the sample sheet does not tell `{variable}` for every sample of the table"
        ))
    })
}

/// The part of `table` and `sheet` that `contrast` is tested with; `None` where that is all.
pub fn samples_of_test(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Option<(CountTable, SampleSheet)> {
    match samples_tested(sheet, contrast, settings.separate) {
        Cow::Borrowed(_) => None,
        Cow::Owned(sheet) => Some((columns_of(table, &sheet), sheet)),
    }
}

/// The part of `table` and `sheet` that `contrast` compares.
pub fn samples_of_contrast(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
) -> (CountTable, SampleSheet) {
    let sheet = samples_compared(sheet, contrast);
    (columns_of(table, &sheet), sheet)
}

/// The columns of the samples of `sheet`.
fn columns_of(table: &CountTable, sheet: &SampleSheet) -> CountTable {
    let samples = sheet.samples.iter();
    let columns: Vec<usize> =
        samples.filter_map(|sample| table.matrix.samples().position(sample.id.as_str())).collect();
    CountTable { matrix: table.matrix.select_samples(&columns), facts: table.facts.clone() }
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
    let mut table = test_at(prepared, &prepared.dispersion, contrast, settings)?;
    table.facts.genes_total = labels.values().len();
    table.facts.columns = prepared.columns();
    settings.compat.name().clone_into(&mut table.facts.compat);
    for row in &mut table.rows {
        row.name = labels.get(row.gene.as_str()).and_then(|label| label.name.clone());
    }
    Ok(table)
}

/// Tests one contrast at these dispersions.
fn test_at(
    prepared: &Prepared,
    dispersion: &DispersionEstimates,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<TestTable, WorkflowError> {
    let Prepared { groups, design, filter, sizes, .. } = prepared;
    let Some(design) = design else {
        let options = exact_options(settings);
        return Ok(exact_test(&filter.matrix, sizes, groups, dispersion, contrast, &options)?);
    };
    let method = settings.method_for(contrast)?;
    let options = glm_options(settings, method);
    let run = if method == TestMethod::Lrt { likelihood_ratio_test } else { quasi_likelihood_test };
    Ok(run(&filter.matrix, sizes, design, dispersion, &design.contrast(contrast)?, &options)?)
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

/// How the calls of a test depend on the assumed dispersion: at the usual BCVs and the assumed one.
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
    let matrix = &prepared.filter.matrix;
    bcv_sensitivity(matrix, &bcvs, |dispersion| {
        let estimates = assumed_dispersion(matrix, &prepared.sizes, dispersion)?;
        test_at(prepared, &estimates, contrast, settings)
    })
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
    samples: &Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<String, WorkflowError> {
    let sheet = samples_tested(sheet, contrast, settings.separate);
    let sheet = sheet.as_ref();
    let ids = samples.ids().iter().filter(|id| sheet.samples.iter().any(|sample| sample.id == **id));
    let samples =
        SampleIndex::new(ids.cloned().collect()).map_err(|error| WorkflowError::design(error.to_string()))?;
    let design = design_of(contrast, sheet, &samples, settings)?;
    let assumed = settings.assumed()?;
    if let Some(design) = &design
        && design.residual_df() == 0
        && matches!(settings.method_for(contrast)?, TestMethod::Ql | TestMethod::Treat)
        && settings.is_dispersion_given()
    {
        return Err(DgeError::NoQuasiDf { samples: design.samples().len() }.into());
    }
    if !settings.is_dispersion_given() {
        replicates(contrast, sheet, &samples, design.as_ref())?;
    }
    if let Some(design) = &design {
        design.contrast(contrast)?;
    }
    let dispersion = match (assumed, &settings.bcv_from) {
        (Some(value), _) => format!("assumed (BCV {})", value.sqrt()),
        (None, Some(table)) => format!("borrowed from {}", table.display()),
        (None, None) => "estimated".to_owned(),
    };
    let model =
        design.map_or_else(|| "exact test".to_owned(), |design| format!("design {}", design.formula()));
    Ok(format!(
        "contrast {}: {}, {model}, dispersion {dispersion}",
        contrast.id,
        compared(contrast, sheet, &samples)?
    ))
}

/// Whether the counts themselves allow the test of `contrast`: no sample is empty, no replicate a copy.
///
/// # Errors
/// [`WorkflowError`] as [`prepare`] would give it.
pub fn check_counts(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Result<(), WorkflowError> {
    let part = samples_of_test(table, sheet, contrast, settings);
    let (table, sheet) = part.unwrap_or_else(|| (table.clone(), sheet.clone()));
    let samples = table.matrix.samples();
    library_sizes(&table.matrix, &NormMethod::None.into())?;
    let design = design_of(contrast, &sheet, samples, settings)?;
    let groups = groups_of_test(design.as_ref(), &sheet, contrast, samples)?;
    Ok(distinct_replicates(&table.matrix, &groups)?)
}

/// Whether there is anything to estimate a dispersion from.
fn replicates(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
    design: Option<&DesignMatrix>,
) -> Result<(), WorkflowError> {
    let unreplicated = match design {
        Some(design) => design.residual_df() == 0,
        None => groups_of(sheet, &contrast.variable, samples)?.sizes().iter().all(|size| *size < 2),
    };
    match (unreplicated, design) {
        (false, _) => Ok(()),
        (true, Some(design)) if samples.len() > 2 => {
            Err(DgeError::NoResidualDf { samples: design.samples().len() }.into())
        }
        (true, _) => Err(DgeError::NoReplicates.into()),
    }
}

/// "3 samples of resistant against 3 of parental", or the expression.
fn compared(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
) -> Result<String, WorkflowError> {
    if let Some(expression) = &contrast.expression {
        return Ok(expression.clone());
    }
    let groups = groups_of(sheet, &contrast.variable, samples)?;
    let size = |level: &str| groups.level(level).map_or(0, |level| groups.sizes()[level]);
    let (reference, target) = (&contrast.reference, &contrast.target);
    Ok(format!("{} samples of {target} against {} of {reference}", size(target), size(reference)))
}
