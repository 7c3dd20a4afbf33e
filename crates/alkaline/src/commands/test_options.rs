//! How contrasts are tested: the options that `run` and `test` share.

use std::path::PathBuf;

use alkaline_core::results::CallBy;
use alkaline_core::samples::ModelFormula;
use alkaline_dge::deseq2::{Alternative, DispersionTrend, Shrinkage, SizeFactors};
use alkaline_dge::limma::ContrastErrors;
use alkaline_dge::{Adjustment, DevianceAdjustment, DispersionMethod, RejectionRegion, TreatNull, Trend};
use alkaline_norm::FilterMethod;
use alkaline_workflow::stages::test::{TestMethod, TestSettings};
use clap::Args;

use super::given::replace;
use super::rules::Rules;
use crate::failure::Failure;

/// How contrasts are tested; every option left out keeps its default (or what the workflow file says).
#[derive(Args, Clone, Debug, Default)]
#[command(next_help_heading = "Differential expression")]
pub struct TestOptions {
    /// Which test [default: exact for two groups, ql where the design has covariates, lrt where it has and the dispersion is given]; several,
    /// joined by commas, answer side by side, the first being the one that everything else goes by.
    #[arg(long, value_name = "TEST", value_delimiter = ',')]
    pub method: Vec<TestMethod>,
    /// Design over the columns of the sample sheet, as in '~ batch + condition'.
    ///
    /// A column of numbers is a factor by its name (patient, batch), or when its values are recurring codes (1, 2, 3), else a number; how
    /// each was read is said. `factor(x)` and `numeric(x)` decide.
    #[arg(long, value_name = "FORMULA")]
    pub design: Option<String>,
    /// Whose rules are followed where versions of edgeR differ [default: edgeR-3]; or all of GEO2R's: its filter and DESeq2 with size factors of
    /// positive counts, or with `--expression` limma on complete rows.
    #[arg(long, value_name = "RULES")]
    pub compat: Option<Rules>,
    /// Under edgeR 4's rules: adjust deviances by its polynomials, or exactly [default: piecewise].
    #[arg(long, value_name = "HOW")]
    pub deviance_adjustment: Option<DevianceAdjustment>,
    /// Give outlier genes fewer prior degrees of freedom.
    #[arg(long)]
    pub robust: bool,
    /// Which estimator of dispersions [default: weighted-likelihood].
    #[arg(long, value_name = "ESTIMATOR")]
    pub dispersion_method: Option<DispersionMethod>,
    /// Prior degrees of freedom of gene-wise dispersions [default: estimated].
    #[arg(long, value_name = "N")]
    pub prior_df: Option<f64>,
    /// How dispersion depends on abundance [default: locfit].
    #[arg(long, value_name = "TREND")]
    pub trend: Option<Trend>,
    /// Biological coefficient of variation to assume: for experiments without replicates.
    ///
    /// 0.1 suits genetically identical cultures, 0.2 cell lines grown apart, 0.4 human samples. Every output says that
    /// the dispersion was assumed.
    #[arg(long, value_name = "X", conflicts_with = "dispersion")]
    pub bcv: Option<f64>,
    /// Dispersion (the square of the BCV) to assume.
    #[arg(long, value_name = "X")]
    pub dispersion: Option<f64>,
    /// Borrow the dispersion of another experiment: its `dispersions.tsv` (gene by gene) or `test.tsv` (the common one).
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["bcv", "dispersion"])]
    pub bcv_from: Option<PathBuf>,
    /// Use only the samples of each contrast for it, instead of one normalisation and dispersion for all.
    #[arg(long)]
    pub separate: bool,
    /// Which genes to test [default: by-expr].
    #[arg(long, value_name = "RULE")]
    pub filter: Option<FilterMethod>,
    /// With `--filter cpm`: the CPM to exceed [default: 1].
    #[arg(long, value_name = "X")]
    pub min_cpm: Option<f64>,
    /// With `--filter cpm`: the number of samples that must exceed it [default: 2].
    #[arg(long, value_name = "N")]
    pub min_cpm_samples: Option<usize>,
    /// False discovery rate below which a gene is called [default: 0.05].
    #[arg(long, value_name = "X")]
    pub fdr: Option<f64>,
    /// Absolute log2 fold change from which a gene is called [default: 1].
    #[arg(long, value_name = "X")]
    pub lfc: Option<f64>,
    /// Call genes by their false discovery rate, or by P as it is, which is no control over thousands of genes [default: fdr].
    #[arg(long, value_name = "WHAT")]
    pub call_by: Option<CallBy>,
    /// With `--call-by p`: P below which a gene is called [default: 0.05].
    #[arg(long, value_name = "X")]
    pub p: Option<f64>,
    /// limma: column of the sample sheet whose equal values mark samples that belong together (patients, as a random effect).
    #[arg(long, value_name = "COLUMN")]
    pub block: Option<String>,
    /// limma: weigh each sample by how well it fits its group.
    #[arg(long)]
    pub quality_weights: bool,
    /// limma: let the prior variance follow the average expression (`limma-trend` always does).
    #[arg(long)]
    pub variance_trend: bool,
    /// limma: test against this absolute log2 fold change instead of zero (TREAT).
    #[arg(long, value_name = "X")]
    pub treat_lfc: Option<f64>,
    /// limma: share of the genes that is thought to change; only the log odds `B` depend on it [default: 0.01].
    #[arg(long, value_name = "X")]
    pub proportion: Option<f64>,
    /// limma: standard errors of contrasts from the gene's own weights, or approximate as in limma before 4.0 [default: exact].
    #[arg(long, value_name = "HOW")]
    pub contrast_errors: Option<ContrastErrors>,
    /// How P values are adjusted for the number of genes [default: bh].
    #[arg(long, value_name = "METHOD")]
    pub adjust: Option<Adjustment>,
    /// Average count added to each library for the log fold change, which it shrinks [default: 0.125].
    #[arg(long, value_name = "X")]
    pub prior_count: Option<f64>,
    /// Coverage of the confidence interval of the log fold change under a design (columns `CI.L`, `CI.R`) [default: 0.95].
    #[arg(long, value_name = "X")]
    pub interval: Option<f64>,
    /// With `--method treat`: what no more than the threshold means [default: interval].
    #[arg(long, value_name = "NULL")]
    pub treat_null: Option<TreatNull>,
    /// What counts as extreme in the exact test [default: doubletail].
    #[arg(long, value_name = "REGION")]
    pub rejection_region: Option<RejectionRegion>,
    /// With `--method deseq2`: which genes size factors are found from [default: ratio].
    #[arg(long, value_name = "RULE")]
    pub size_factors: Option<SizeFactors>,
    /// With `--method deseq2`: how dispersion follows the mean [default: parametric].
    #[arg(long, value_name = "TREND")]
    pub fit_type: Option<DispersionTrend>,
    /// With `--method deseq2`: log2 fold change of the null hypothesis [default: 0].
    #[arg(long, value_name = "X")]
    pub lfc_threshold: Option<f64>,
    /// With `--lfc-threshold`: which alternative it is tested against [default: greater-abs].
    #[arg(long, value_name = "WHICH")]
    pub alternative: Option<Alternative>,
    /// With `--method deseq2`: shrunken log fold changes beside the others (columns `shrunkLFC`, `shrunkLFCSE`).
    #[arg(long, value_name = "PRIOR")]
    pub shrink: Option<Shrinkage>,
    /// With `--method deseq2`: FDR at which the filter of faint genes makes most calls [default: that of --fdr].
    #[arg(long, value_name = "X")]
    pub alpha: Option<f64>,
    /// With `--method deseq2`: correct for all genes, faint ones too.
    #[arg(long)]
    pub no_independent_filtering: bool,
    /// With `--method deseq2`: keep the P values of genes with an outlying count.
    #[arg(long)]
    pub no_cooks: bool,
}

impl TestOptions {
    /// Writes what was typed over `settings`.
    pub fn apply(&self, settings: &mut TestSettings) -> Result<(), Failure> {
        // Destructured in full: an option that is forgotten here does not compile.
        let Self {
            method,
            design,
            compat,
            deviance_adjustment,
            robust,
            dispersion_method,
            prior_df,
            trend,
            bcv,
            dispersion,
            bcv_from,
            separate,
            filter,
            min_cpm,
            min_cpm_samples,
            fdr,
            lfc,
            call_by,
            p,
            block,
            quality_weights,
            variance_trend,
            treat_lfc,
            proportion,
            contrast_errors,
            adjust,
            prior_count,
            interval,
            treat_null,
            rejection_region,
            size_factors,
            fit_type,
            lfc_threshold,
            alternative,
            shrink,
            alpha,
            no_independent_filtering,
            no_cooks,
        } = self;
        if let Some((first, others)) = method.split_first() {
            settings.method = Some(*first);
            settings.also = others.to_vec();
        }
        settings.design = design.clone().map(ModelFormula).or(settings.design.take());
        if let Some(rules) = compat {
            rules.apply(settings);
        }
        settings.estimate.robust |= robust;
        settings.glm.robust |= robust;
        settings.limma.robust |= robust;
        replace(&mut settings.glm.deviance_adjustment, deviance_adjustment.as_ref());
        replace(&mut settings.estimate.method, dispersion_method.as_ref());
        settings.estimate.prior_df = prior_df.or(settings.estimate.prior_df);
        replace(&mut settings.estimate.trend, trend.as_ref());
        if bcv.is_some() || dispersion.is_some() {
            (settings.bcv, settings.dispersion, settings.bcv_from) = (*bcv, *dispersion, None);
        }
        if bcv_from.is_some() {
            (settings.bcv, settings.dispersion, settings.bcv_from) = (None, None, bcv_from.clone());
        }
        settings.separate |= separate;
        replace(&mut settings.filter.method, filter.as_ref());
        replace(&mut settings.filter.min_cpm, min_cpm.as_ref());
        replace(&mut settings.filter.min_cpm_samples, min_cpm_samples.as_ref());
        replace(&mut settings.thresholds.fdr, fdr.as_ref());
        replace(&mut settings.thresholds.lfc, lfc.as_ref());
        replace(&mut settings.thresholds.call_by, call_by.as_ref());
        replace(&mut settings.thresholds.p, p.as_ref());
        settings.limma.block = block.clone().or(settings.limma.block.take());
        settings.limma.quality_weights |= quality_weights;
        settings.limma.trend |= variance_trend;
        replace(&mut settings.limma.lfc, treat_lfc.as_ref());
        replace(&mut settings.limma.proportion, proportion.as_ref());
        replace(&mut settings.limma.contrast_errors, contrast_errors.as_ref());
        replace(&mut settings.exact.adjustment, adjust.as_ref());
        replace(&mut settings.glm.adjustment, adjust.as_ref());
        replace(&mut settings.limma.adjustment, adjust.as_ref());
        replace(&mut settings.exact.prior_count, prior_count.as_ref());
        replace(&mut settings.glm.prior_count, prior_count.as_ref());
        replace(&mut settings.glm.interval, interval.as_ref());
        replace(&mut settings.limma.interval, interval.as_ref());
        replace(&mut settings.glm.treat_null, treat_null.as_ref());
        replace(&mut settings.exact.rejection_region, rejection_region.as_ref());
        let deseq2 = &mut settings.deseq2;
        replace(&mut deseq2.adjustment, adjust.as_ref());
        replace(&mut deseq2.interval, interval.as_ref());
        replace(&mut deseq2.size_factors, size_factors.as_ref());
        replace(&mut deseq2.trend, fit_type.as_ref());
        replace(&mut deseq2.lfc, lfc_threshold.as_ref());
        replace(&mut deseq2.alternative, alternative.as_ref());
        deseq2.shrink = shrink.or(deseq2.shrink);
        deseq2.alpha = alpha.or(deseq2.alpha);
        deseq2.independent_filtering &= !no_independent_filtering;
        deseq2.cooks &= !no_cooks;
        if let Some(alpha) = deseq2.alpha.filter(|alpha| !(*alpha > 0.0 && *alpha <= 1.0)) {
            return Err(Failure::usage(format!(
                "--alpha {alpha}: a number above 0, and at most 1, is wanted"
            )));
        }
        if !(deseq2.lfc >= 0.0 && deseq2.lfc.is_finite()) {
            return Err(Failure::usage(format!(
                "--lfc-threshold {}: a number of at least 0 is wanted",
                deseq2.lfc
            )));
        }
        let fdr = settings.thresholds.fdr;
        if !(fdr > 0.0 && fdr <= 1.0) {
            return Err(Failure::usage(format!("--fdr {fdr}: a number above 0, and at most 1, is wanted")));
        }
        let p = settings.thresholds.p;
        if !(p > 0.0 && p <= 1.0) {
            return Err(Failure::usage(format!("--p {p}: a number above 0, and at most 1, is wanted")));
        }
        let proportion = settings.limma.proportion;
        if !(proportion > 0.0 && proportion < 1.0) {
            return Err(Failure::usage(format!(
                "--proportion {proportion}: a number between 0 and 1 is wanted"
            )));
        }
        let treat = settings.limma.lfc;
        if !(treat >= 0.0 && treat.is_finite()) {
            return Err(Failure::usage(format!("--treat-lfc {treat}: a number of at least 0 is wanted")));
        }
        let interval = settings.glm.interval;
        if !(interval > 0.0 && interval < 1.0) {
            return Err(Failure::usage(format!("--interval {interval}: a number between 0 and 1 is wanted")));
        }
        let lfc = settings.thresholds.lfc;
        if !(lfc >= 0.0 && lfc.is_finite()) {
            return Err(Failure::usage(format!("--lfc {lfc}: a number of at least 0 is wanted")));
        }
        Ok(())
    }
}
