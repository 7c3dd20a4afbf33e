//! Likelihood-ratio and quasi-likelihood F tests of a contrast, against zero or against a fold-change threshold.

use std::borrow::Cow;

use alkaline_core::results::{DispersionEstimates, TestTable};
use alkaline_core::{CountMatrix, LibrarySizes};
use alkaline_math::negative_binomial::{GlmFit, NbModel, PValue};
use alkaline_math::order_statistics::larger;
use alkaline_math::special::{ln_chi_square_upper, ln_f_tails};
use rayon::prelude::*;

use super::adjusted_quasi::WorkingDispersion;
use super::contrast_test::ContrastModel;
use super::fit::fits;
use super::interval::IntervalQuantiles;
use super::offsets::at_gene;
use super::options::{GlmTestOptions, TreatNull};
use super::quasi::{QuasiDispersion, quasi_dispersion};
use super::treat::Thresholded;
use crate::design::Contrast;
use crate::libraries::LibraryGroup;
use crate::table::{GeneResult, TableParts, test_table};
use crate::{DesignMatrix, DgeError, EdgerVersion};

/// Tests a contrast by the likelihood ratio of the models with and without it, at the gene-wise dispersions.
///
/// With `options.lfc` above zero the null hypothesis is a log fold change within that threshold (TREAT); the table then has no
/// statistic.
///
/// # Errors
/// Values that belong to other samples or genes.
///
/// # References
/// McCarthy, Chen & Smyth (2012), doi:10.1093/nar/gks042. Upstream: edgeR `glmFit`, `glmLRT`, `glmTreat`.
pub fn likelihood_ratio_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    dispersion: &DispersionEstimates,
    contrast: &Contrast,
    options: &GlmTestOptions,
) -> Result<TestTable, DgeError> {
    let phi = crate::checks::gene_dispersions(matrix, dispersion)?;
    let setting = Setting::new(matrix, sizes, design, contrast, options, phi)?;
    let results = setting.results(None);
    Ok(setting.table(dispersion.clone(), results, "glmLRT", "LR"))
}

/// Tests a contrast by the quasi-likelihood F test, with quasi-dispersions shrunken to a trend.
///
/// In edgeR 3's form the negative binomial dispersions are the trended ones; in edgeR 4's all genes have the dispersion of
/// highly expressed ones, and deviances are adjusted for their bias in small counts.
///
/// With `options.lfc` above zero the null hypothesis is a log fold change within that threshold (TREAT).
///
/// # Errors
/// Values that belong to other samples or genes; [`DgeError::NoQuasiDf`] for a design that leaves no degrees of freedom.
///
/// # References
/// Lund et al. (2012), doi:10.1515/1544-6115.1826; Lun, Chen & Smyth (2016), doi:10.1007/978-1-4939-3578-9_19; Chen et al.
/// (2025), doi:10.1093/nar/gkaf018. Upstream: `glmQLFit`, `glmQLFTest`, `glmTreat` of edgeR 3 (`legacy = TRUE`) or, with
/// `options.compat` edgeR-4, of edgeR 4.
pub fn quasi_likelihood_test(
    matrix: &CountMatrix,
    sizes: &LibrarySizes,
    design: &DesignMatrix,
    dispersion: &DispersionEstimates,
    contrast: &Contrast,
    options: &GlmTestOptions,
) -> Result<TestTable, DgeError> {
    if design.residual_df() == 0 {
        return Err(DgeError::NoQuasiDf { samples: design.samples().len() });
    }
    let at_trend = DispersionEstimates { tagwise: None, ..dispersion.clone() };
    let phi = crate::checks::gene_dispersions(matrix, &at_trend)?;
    let abundance = dispersion.average_log_cpm.values();
    let adjusted = options.compat == EdgerVersion::EdgeR4;
    let working = match adjusted {
        true => {
            let effective = crate::checks::effective_sizes(matrix, sizes)?;
            crate::checks::design_matches(matrix, design)?;
            let model = NbModel::new(design.matrix().to_owned(), effective);
            Some(WorkingDispersion::estimate(matrix, &model, dispersion, options.deviance_adjustment))
        }
        false => None,
    };
    let phi = working.as_ref().map_or(phi, |working| vec![working.of_fits(); abundance.len()]);
    let setting = Setting::new(matrix, sizes, design, contrast, options, phi)?;
    let (model, fits) = (&setting.model.full, &setting.fits);
    let quasi = match &working {
        Some(working) => working.quasi_dispersion(matrix, model, fits, abundance, options.robust),
        None => quasi_dispersion(matrix, model, fits, abundance, options.robust),
    };
    let results = setting.results(Some(&quasi));
    let with_prior = DispersionEstimates { prior_df: quasi.prior_df, ..at_trend };
    Ok(setting.table(with_prior, results, "glmQLFTest", "F"))
}

/// One contrast, everything that all genes share.
struct Setting<'a> {
    matrix: &'a CountMatrix,
    contrast: &'a Contrast,
    options: &'a GlmTestOptions,
    phi: Vec<f64>,
    model: ContrastModel,
    fits: Vec<GlmFit>,
    /// The libraries of the levels that are compared; empty when the contrast is one of coefficients.
    groups: Vec<(String, LibraryGroup)>,
    /// Null models at minus and plus the threshold.
    thresholds: Option<(NbModel, NbModel)>,
}

impl<'a> Setting<'a> {
    fn new(
        matrix: &'a CountMatrix,
        sizes: &LibrarySizes,
        design: &DesignMatrix,
        contrast: &'a Contrast,
        options: &'a GlmTestOptions,
        phi: Vec<f64>,
    ) -> Result<Self, DgeError> {
        if !(options.interval > 0.0 && options.interval < 1.0) {
            return Err(DgeError::BadInterval { value: options.interval });
        }
        let effective = crate::checks::effective_sizes(matrix, sizes)?;
        crate::checks::design_matches(matrix, design)?;
        let model = ContrastModel::new(design.matrix(), &effective, &contrast.weights, options.prior_count);
        let fits = fits(matrix, &model.full, &phi);
        let shift = options.lfc.abs() * std::f64::consts::LN_2;
        let thresholds = (shift > 0.0).then(|| (model.null_at(-shift), model.null_at(shift)));
        let groups = level_groups(design, contrast, &effective);
        Ok(Self { matrix, contrast, options, phi, model, fits, groups, thresholds })
    }

    fn results(&self, quasi: Option<&QuasiDispersion>) -> Vec<GeneResult> {
        let df = quasi.map_or(&[][..], |quasi| &quasi.total_df);
        let quantiles = IntervalQuantiles::new(self.options.interval, df);
        (0..self.phi.len()).into_par_iter().map(|gene| self.result(gene, quasi, &quantiles)).collect()
    }

    fn result(
        &self,
        gene: usize,
        quasi: Option<&QuasiDispersion>,
        quantiles: &IntervalQuantiles,
    ) -> GeneResult {
        let (counts, phi) = (self.matrix.row(gene), self.phi[gene]);
        let quasi = quasi.map(|q| (q.posterior[gene], q.total_df[gene]));
        let factors = self.matrix.length_factors(gene);
        let change = self.model.shrunken_log2_fold_change(counts, factors.as_deref(), phi);
        let log2_fold_change = change.estimate;
        let extra = quasi.map_or(1.0, |(variance, _)| variance.sqrt());
        let error = change.standard_error * extra;
        let half = quantiles.of(quasi.map_or(f64::INFINITY, |(_, df)| df)) * error;
        let interval = Some((log2_fold_change - half, log2_fold_change + half));
        let standard_error = Some(error);
        if let Some(thresholds) = &self.thresholds {
            let p = self.threshold_p(gene, thresholds, quasi);
            return GeneResult { log2_fold_change, standard_error, interval, statistic: None, p };
        }
        let ratio =
            self.at(&self.model.null, gene).fit(counts, phi, None).deviance - self.fits[gene].deviance;
        let (statistic, p) = match quasi {
            None => (ratio, PValue::from_ln(ln_chi_square_upper(ratio, 1.0))),
            Some((variance, df)) => {
                let f = ratio / variance;
                let p = PValue::from_ln(ln_f_tails(f, 1.0, df).1);
                (f, if self.bounded_by_poisson() { self.at_least_poisson(gene, variance, p) } else { p })
            }
        };
        GeneResult { log2_fold_change, standard_error, interval, statistic: Some(statistic), p }
    }

    fn threshold_p(&self, gene: usize, thresholds: &(NbModel, NbModel), quasi: Option<(f64, f64)>) -> PValue {
        let phi = self.phi[gene];
        let null = self.options.treat_null;
        let p = self.against_thresholds(gene, thresholds, phi, &self.fits[gene]).p_value(null, quasi);
        match quasi {
            Some((variance, _)) if self.bounded_by_poisson() && self.less_than_poisson(gene, variance) => {
                let poisson = self.at(&self.model.full, gene).fit(self.matrix.row(gene), 0.0, None);
                // upstream bounds P of either null hypothesis by that of the interval
                let bound = self.against_thresholds(gene, thresholds, 0.0, &poisson);
                let bound = bound.p_value(TreatNull::Interval, None);
                PValue::from_ln(larger(p.ln(), bound.ln()))
            }
            _ => p,
        }
    }

    /// Likelihood ratios of a fit against both thresholds, at dispersion `phi`.
    fn against_thresholds(
        &self,
        gene: usize,
        thresholds: &(NbModel, NbModel),
        phi: f64,
        fit: &GlmFit,
    ) -> Thresholded {
        let counts = self.matrix.row(gene);
        let ratio = |null: &NbModel| self.at(null, gene).fit(counts, phi, None).deviance - fit.deviance;
        Thresholded {
            against_lower: ratio(&thresholds.0),
            against_upper: ratio(&thresholds.1),
            within: self.model.log2_fold_change(&fit.coefficients).abs() <= self.options.lfc.abs(),
        }
    }

    /// A model as it is for one gene.
    fn at<'m>(&self, model: &'m NbModel, gene: usize) -> Cow<'m, NbModel> {
        at_gene(model, self.matrix, gene)
    }

    /// Whether P values are at least those of a Poisson model: adjusted deviances need no such bound.
    fn bounded_by_poisson(&self) -> bool {
        self.options.compat == EdgerVersion::EdgeR3
    }

    /// Whether the estimated variance of any count falls short of its mean.
    fn less_than_poisson(&self, gene: usize, variance: f64) -> bool {
        self.fits[gene].means.iter().any(|mu| variance * (1.0 + self.phi[gene] * mu) < 1.0)
    }

    /// Counts cannot vary less than Poisson counts do: P is at least that of the Poisson likelihood-ratio test.
    fn at_least_poisson(&self, gene: usize, variance: f64, p: PValue) -> PValue {
        if !self.less_than_poisson(gene, variance) {
            return p;
        }
        let counts = self.matrix.row(gene);
        let deviance = |model: &NbModel| self.at(model, gene).fit(counts, 0.0, None).deviance;
        let ratio = deviance(&self.model.null) - deviance(&self.model.full);
        PValue::from_ln(larger(p.ln(), ln_chi_square_upper(ratio, 1.0)))
    }

    fn table(
        &self,
        dispersion: DispersionEstimates,
        results: Vec<GeneResult>,
        method: &'static str,
        statistic: &'static str,
    ) -> TestTable {
        let treat = self.thresholds.is_some();
        test_table(TableParts {
            matrix: self.matrix,
            contrast: &self.contrast.spec,
            dispersion: &dispersion,
            results: &|gene| &results[gene],
            groups: &self.groups,
            method: if treat { "glmTreat" } else { method },
            statistic: (!treat).then_some(statistic),
            interval: Some(self.options.interval),
            adjustment: self.options.adjustment,
            thresholds: self.options.thresholds,
            compat: self.options.compat,
        })
    }
}

/// The libraries of the levels that a contrast compares.
pub(crate) fn level_groups(
    design: &DesignMatrix,
    contrast: &Contrast,
    effective: &[f64],
) -> Vec<(String, LibraryGroup)> {
    let Some((variable, levels)) = &contrast.compared else { return Vec::new() };
    let Some(groups) = design.groups(variable) else { return Vec::new() };
    let of_level = |level: &String| {
        let members = groups.members(groups.level(level)?);
        Some((level.clone(), LibraryGroup::new(members, effective)))
    };
    levels.iter().filter_map(of_level).collect()
}
