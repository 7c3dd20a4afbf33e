//! How contrasts are tested.

use std::path::PathBuf;

use alkaline_core::ContrastSpec;
use alkaline_core::results::Thresholds;
use alkaline_core::samples::ModelFormula;
use alkaline_core::words::quoted;
use alkaline_dge::deseq2::Deseq2Options;
use alkaline_dge::limma::LimmaOptions;
use alkaline_dge::{DispersionOptions, EdgerVersion, ExactTestOptions, GlmTestOptions};
use alkaline_norm::FilterOptions;
use serde::{Deserialize, Serialize};

use super::method::TestMethod;
use crate::error::WorkflowError;

/// How contrasts are tested.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TestSettings {
    /// Which test; by default exact for two groups, quasi-likelihood where the design has covariates, likelihood ratio where it has and
    /// the dispersion is given.
    pub method: Option<TestMethod>,
    /// Tests that answer the same questions beside it.
    pub also: Vec<TestMethod>,
    /// Design over the columns of the sample sheet (`~ batch + condition`).
    pub design: Option<ModelFormula>,
    /// Whether the target, not the reference, is the baseline of the design, as the first group is in GEO2R's scripts: it moves the last
    /// digits that DESeq2's stopping rules leave.
    pub target_is_baseline: bool,
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
    /// Tests of log values.
    pub limma: LimmaOptions,
    /// DESeq2's tests.
    pub deseq2: Deseq2Options,
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

    /// The settings with which values on a log scale are tested: limma where no test is named.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] for a test that needs counts, or a dispersion, which log values have not.
    pub fn of_values(&self) -> Result<Self, WorkflowError> {
        let method = self.method.unwrap_or(TestMethod::Limma);
        let counted = self.unfit(method, TestMethod::tests_values);
        if !counted.is_empty() {
            let verb = if counted.len() == 1 { "tests" } else { "test" };
            return Err(WorkflowError::design_with_hint(
                format!(
                    "{} {verb} counts, and these are expression values: of FPKM, TPM and logarithms the counts do not come back",
                    quoted(&counted)
                ),
                "--method limma tests log values, limma-trend with a variance that follows their size (logarithms of FPKM and TPM); or give counts",
            ));
        }
        if self.is_dispersion_given() {
            return Err(WorkflowError::design_with_hint(
                "a dispersion is given, and expression values have none: limma models the variance of log values",
                "leave --bcv, --dispersion and --bcv-from away",
            ));
        }
        Ok(Self { method: Some(method), ..self.clone() })
    }

    /// The settings with which counts are tested that have offsets: quasi-likelihood where no test is named (likelihood ratio where the
    /// dispersion is given).
    ///
    /// # Errors
    /// [`WorkflowError::Design`] for a test that takes no offsets.
    pub fn of_offsets(&self) -> Result<Self, WorkflowError> {
        let default = if self.is_dispersion_given() { TestMethod::Lrt } else { TestMethod::Ql };
        let method = self.method.unwrap_or(default);
        let without = self.unfit(method, TestMethod::takes_offsets);
        if !without.is_empty() {
            let verb = if without.len() == 1 { "takes" } else { "take" };
            return Err(WorkflowError::design_with_hint(
                format!(
                    "{} {verb} no offsets, and the counts have average lengths beside them",
                    quoted(&without)
                ),
                "test with ql, lrt, treat or deseq2; or import with --counts lengthScaledTPM, whose counts need no offsets",
            ));
        }
        Ok(Self { method: Some(method), ..self.clone() })
    }

    /// The tests, `method` and those beside it, that are not of a kind.
    fn unfit(&self, method: TestMethod, fits: fn(TestMethod) -> bool) -> Vec<String> {
        let all = std::iter::once(method).chain(self.also.iter().copied());
        all.filter(|method| !fits(*method)).map(TestMethod::word).collect()
    }

    /// Whether the dispersion is assumed or borrowed.
    pub(super) fn is_dispersion_given(&self) -> bool {
        self.bcv.is_some() || self.dispersion.is_some() || self.bcv_from.is_some()
    }

    /// The formula of `contrast`: its own, else the design as given, else blocking columns and the variable; `None` for the exact
    /// test.
    ///
    /// # Errors
    /// As [`method_for`](Self::method_for); [`WorkflowError::NoDesign`] for an expression in coefficients that has none.
    pub fn formula_for(&self, contrast: &ContrastSpec) -> Result<Option<ModelFormula>, WorkflowError> {
        let method = self.method_for(contrast)?;
        if !method.has_design() {
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
