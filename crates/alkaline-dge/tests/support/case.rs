//! One experiment with edgeR's answers to every step, and the checks of each step against them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Difference, Table, difference};
use alkaline_core::results::{DispersionEstimates, TestTable};
use alkaline_core::samples::{ModelFormula, SampleRecord};
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes, PerGene, SampleSheet};
use alkaline_dge::{
    Contrast, DesignMatrix, DispersionMethod, DispersionOptions, EdgerVersion, ExactTestOptions,
    GlmTestOptions, MapOptions, TreatNull, Trend, assumed_dispersion, estimate_dispersion,
    estimate_dispersion_glm, exact_test, likelihood_ratio_test, quasi_likelihood_test, sample_map,
};
use alkaline_math::unequal_df_shrinkage::fit_variance_prior_unequal_df;
use alkaline_norm::{
    ExpressionOptions, FilterOptions, NormMethod, NormOptions, expression, filter_by_expression,
    library_sizes,
};

/// A case with its experiment prepared as the scripts prepared it for edgeR.
pub struct Case {
    pub name: String,
    golden: PathBuf,
    samples: Table,
    matrix: CountMatrix,
    sizes: LibrarySizes,
    groups: Groups,
    pair: (String, String),
    tolerances: Tolerances,
    /// Worst difference per checked quantity, to be printed.
    report: std::cell::RefCell<Vec<String>>,
}

/// Tolerance of robust estimates: upstream finds the prior degrees of freedom `d` to 1e-8 on the scale `d/(1 + d)`, which is
/// `1e-8 d` of their value where they are many.
const ROBUST: f64 = 1e-6;

/// How far each kind of quantity may be off.
#[derive(Clone, Copy)]
pub struct Tolerances {
    /// Normalisation factors, relative.
    pub factors: f64,
    /// Dispersions, relative.
    pub dispersion: f64,
    /// Dispersions that are the end of a search with tolerance 1e-6, relative.
    pub search: f64,
    /// Log fold changes and abundances, absolute.
    pub log_fold_change: f64,
    /// P values and FDR, relative.
    pub p: f64,
    /// Robust estimates and what follows from them, relative.
    pub robust: f64,
}

impl Default for Tolerances {
    /// Dispersions measured: below 6e-9, searched ones (`estimateCommonDisp`) below 1.3e-8.
    fn default() -> Self {
        Self {
            factors: 1e-12,
            dispersion: 1e-8,
            search: 2e-8,
            log_fold_change: 1e-9,
            p: 1e-6,
            robust: ROBUST,
        }
    }
}

impl Tolerances {
    /// Of one external case. With counts of millions upstream's objective is so large that its rounding moves the end of its
    /// search: the same steps in thirty digits end 2.7e-5 (`e01_1v3`, sixty genes) and 2.2e-8 (`e03_libs`) beside it.
    fn of_external(name: &str) -> Self {
        match name {
            "e01_1v3" => Self { dispersion: 1e-7, search: 2e-5, ..Self::default() },
            "e03_libs" => Self { log_fold_change: 3e-9, ..Self::default() },
            _ => Self::default(),
        }
    }
}

/// The genes that pass the filter, after comparing the flags.
fn filter(name: &str, golden: &Path, all: &CountMatrix, groups: &Groups) -> CountMatrix {
    let kept = filter_by_expression(all, groups, &FilterOptions::default()).unwrap();
    let file =
        ["keep.tsv.gz", "keep.tsv"].map(|file| golden.join(file)).into_iter().find(|file| file.exists());
    let flags = Table::read(&file.unwrap()).numbers("keep");
    let mut ours = vec![0.0; all.genes().len()];
    kept.kept.iter().for_each(|&gene| ours[gene] = 1.0);
    assert_eq!(flags, ours, "{name}: keep flags");
    kept.matrix
}

impl Case {
    /// A committed case: `input/`, `expected/` and the tolerances of `case.toml`.
    pub fn golden(directory: &Path) -> Self {
        let text = std::fs::read_to_string(directory.join("case.toml")).unwrap();
        let facts: toml::Table = text.parse().unwrap();
        let tolerance = |name: &str| facts["tolerance"][name]["limit"].as_float().unwrap();
        let tolerances = Tolerances {
            factors: tolerance("factors"),
            dispersion: tolerance("dispersion"),
            search: tolerance("search"),
            log_fold_change: tolerance("log_fold_change"),
            p: tolerance("p"),
            robust: facts["tolerance"].get("robust").map_or(ROBUST, |t| t["limit"].as_float().unwrap()),
        };
        let pair = facts["pair"].as_array().unwrap();
        let pair = (pair[0].as_str().unwrap().to_owned(), pair[1].as_str().unwrap().to_owned());
        let samples = Table::read(&directory.join("input/samples.tsv"));
        let all = Table::read(&directory.join("input/counts.tsv")).counts(&samples.names());
        let name = directory.file_name().unwrap().to_str().unwrap();
        Self::prepare(name, directory.join("expected"), samples, all, Some(pair), true, tolerances)
    }

    /// A case of the external collection.
    pub fn external(cases: &Path, data: &Path, name: &str, version: &str) -> Self {
        let directory = cases.join("edger").join(name);
        let samples = Table::read(&directory.join("samples.tsv"));
        let counts = directory.join("counts.tsv");
        let counts = if counts.exists() { counts } else { data.join("counts/GSE60450/countdata.tsv") };
        let all = Table::read(&counts).counts(&samples.names());
        let big = name == "gse60450";
        let pair = big.then(|| ("luminalpregnant".to_owned(), "luminallactate".to_owned()));
        Self::prepare(name, directory.join(version), samples, all, pair, big, Tolerances::of_external(name))
    }

    fn prepare(
        name: &str,
        golden: PathBuf,
        samples: Table,
        all: CountMatrix,
        pair: Option<(String, String)>,
        filtered: bool,
        tolerances: Tolerances,
    ) -> Self {
        let groups = super::groups(&all, &samples.text("group"));
        let matrix = if filtered { filter(name, &golden, &all, &groups) } else { all };
        let sizes = library_sizes(&matrix, &NormOptions::default()).unwrap();
        let levels = groups.levels();
        let pair = pair.unwrap_or_else(|| (levels[0].clone(), levels[1].clone()));
        let report = Vec::new().into();
        Self { name: name.to_owned(), golden, samples, matrix, sizes, groups, pair, tolerances, report }
    }

    fn table(&self, file: &str) -> Option<Table> {
        let candidates = ["tsv.gz", "tsv"].map(|ending| self.golden.join(format!("{file}.{ending}")));
        candidates.iter().find(|path| path.exists()).map(|path| Table::read(path))
    }

    fn scalars(&self) -> HashMap<String, String> {
        let table = self.table("scalars").unwrap();
        table.names().into_iter().zip(table.text("value")).collect()
    }

    /// The BCV that was assumed, in cases without replicates.
    fn assumed_bcv(&self) -> Option<f64> {
        self.scalars().get("bcv").map(|value| value.parse().unwrap())
    }

    fn contrast(&self) -> ContrastSpec {
        ContrastSpec {
            id: self.name.clone(),
            variable: "group".into(),
            reference: self.pair.0.clone(),
            target: self.pair.1.clone(),
            blocking: Vec::new(),
        }
    }

    /// Notes the difference and fails when it is beyond the tolerance.
    fn check(&self, what: &str, found: Difference, measure: fn(&Difference) -> f64, tolerance: f64) {
        let value = measure(&found);
        self.report.borrow_mut().push(format!("{what} {value:.1e}"));
        assert!(
            found.compared > 0 || self.matrix.genes().len() == 1,
            "{}: {what}: nothing compared",
            self.name
        );
        if value > tolerance {
            self.report.borrow_mut().push(format!("!!! {what} beyond {tolerance:e}"));
        }
    }

    fn check_column(&self, file: &str, column: &str, actual: &[f64], tolerance: f64) {
        let Some(table) = self.table(file) else { return };
        if table.has(column) {
            let found = difference(&table.numbers(column), actual);
            self.check(&format!("{file}.{column}"), found, |d| d.relative, tolerance);
        }
    }

    /// Prints the differences; whether all were within tolerance.
    pub fn finish(self) -> bool {
        let report = self.report.into_inner();
        eprintln!("{}: {}", self.name, report.join(", "));
        !report.iter().any(|line| line.starts_with("!!!"))
    }
}

fn values(per_gene: Option<&PerGene<f64>>) -> Vec<f64> {
    per_gene.map(|values| values.values().to_vec()).unwrap_or_default()
}

pub fn library_factors_equal_edger(case: &Case) {
    let expected = case.table("norm_factors").unwrap();
    for (column, method) in [
        ("TMM", NormMethod::Tmm),
        ("TMMwsp", NormMethod::Tmmwsp),
        ("RLE", NormMethod::Rle),
        ("upperquartile", NormMethod::UpperQuartile),
    ] {
        if !expected.has(column) {
            continue;
        }
        let sizes = library_sizes(&case.matrix, &method.into()).unwrap();
        let found = difference(&expected.numbers(column), sizes.factors.values());
        case.check(column, found, |d| d.relative, case.tolerances.factors);
    }
}

pub fn expression_values_equal_edger(case: &Case) {
    for (files, prefix, unit) in [
        (["cpm", "cpm"], "cpm.", alkaline_core::ExpressionUnit::Cpm),
        (["logcpm", "cpm"], "logcpm_prior2.", alkaline_core::ExpressionUnit::LogCpm),
    ] {
        let Some(expected) = files.iter().find_map(|file| case.table(file)) else { continue };
        let ours = expression(&case.matrix, &case.sizes, unit, None, &ExpressionOptions::default()).unwrap();
        for (j, sample) in case.samples.names().iter().enumerate() {
            let column = format!("{prefix}{sample}");
            if expected.has(&column) {
                let actual: Vec<f64> = ours.rows().map(|row| row[j]).collect();
                let found = difference(&expected.numbers(&column), &actual);
                case.check(&column, found, |d| d.relative.min(d.absolute), 1e-12);
            }
        }
    }
}

fn classic(case: &Case, options: &DispersionOptions) -> DispersionEstimates {
    estimate_dispersion(&case.matrix, &case.sizes, &case.groups, options).unwrap()
}

pub fn classic_dispersions_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let scalars = case.scalars();
    let estimates = classic(case, &DispersionOptions::default());
    let scalar = |name: &str| scalars[name].parse::<f64>().unwrap_or(f64::INFINITY);
    case.check(
        "common",
        difference(&[scalar("classic.common")], &[estimates.common]),
        |d| d.relative,
        case.tolerances.dispersion,
    );
    // Counts that are all tied leave deviances of pure rounding noise.
    let noise = if case.name == "e02_ties" { f64::INFINITY } else { case.tolerances.dispersion };
    case.check(
        "prior.df",
        difference(&[scalar("classic.prior.df")], &estimates.prior_df),
        |d| d.relative,
        noise,
    );
    case.check_column(
        "classic_disp",
        "AveLogCPM",
        estimates.average_log_cpm.values(),
        case.tolerances.dispersion,
    );
    case.check_column(
        "classic_disp",
        "trended",
        &values(estimates.trended.as_ref()),
        case.tolerances.dispersion,
    );
    case.check_column(
        "classic_disp",
        "tagwise",
        &values(estimates.tagwise.as_ref()),
        case.tolerances.dispersion,
    );
    for (name, trend) in [
        ("movingave", Trend::Movingave),
        ("loess", Trend::Loess),
        ("none", Trend::None),
        ("locfit.mixed", Trend::LocfitMixed),
    ] {
        let file = format!("classic_disp_{name}");
        if case.table(&file).is_some() {
            let estimates = classic(case, &DispersionOptions { trend, ..DispersionOptions::default() });
            if estimates.trended.is_some() {
                case.check_column(
                    &file,
                    "trended",
                    &values(estimates.trended.as_ref()),
                    case.tolerances.dispersion,
                );
            }
            case.check_column(
                &file,
                "tagwise",
                &values(estimates.tagwise.as_ref()),
                case.tolerances.dispersion,
            );
        }
    }
}

pub fn robust_estimates_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let options = DispersionOptions { robust: true, ..DispersionOptions::default() };
    if case.table("classic_disp_robust").is_some() {
        let estimates = classic(case, &options);
        let tagwise = values(estimates.tagwise.as_ref());
        case.check_column(
            "classic_disp_robust",
            "tagwise",
            &tagwise,
            case.tolerances.robust.max(case.tolerances.dispersion),
        );
        // Counts that are all tied leave deviances of pure rounding noise.
        if case.name != "e02_ties" {
            case.check_column("classic_disp_robust", "prior.df", &estimates.prior_df, case.tolerances.robust);
        }
    }
    let (design, contrast) = design(case);
    let estimates =
        estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &DispersionOptions::default()).unwrap();
    let options = GlmTestOptions { robust: true, ..GlmTestOptions::default() };
    let table =
        quasi_likelihood_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options).unwrap();
    check_table_within(case, "ql_legacy_robust_test", &table, case.tolerances.robust);
}

pub fn common_then_tagwise_dispersions_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let options =
        DispersionOptions { method: DispersionMethod::CommonThenTagwise, ..DispersionOptions::default() };
    let estimates = classic(case, &options);
    let common = case.scalars()["old.common"].parse::<f64>().unwrap();
    case.check(
        "old.common",
        difference(&[common], &[estimates.common]),
        |d| d.relative,
        case.tolerances.search,
    );
    case.check_column("old_disp", "tagwise", &values(estimates.tagwise.as_ref()), case.tolerances.search);
    let contrast = case.contrast();
    let options = ExactTestOptions::default();
    let table = exact_test(&case.matrix, &case.sizes, &case.groups, &estimates, &contrast, &options).unwrap();
    check_table_within(case, "exact_old_tagwise", &table, case.tolerances.search);
}

pub fn exact_tests_equal_edger(case: &Case) {
    if let Some(bcv) = case.assumed_bcv() {
        let dispersion = assumed_dispersion(&case.matrix, &case.sizes, bcv * bcv).unwrap();
        let (contrast, options) = (case.contrast(), ExactTestOptions::default());
        let table =
            exact_test(&case.matrix, &case.sizes, &case.groups, &dispersion, &contrast, &options).unwrap();
        return check_table(case, "exact_assumed", &table);
    }
    let tagwise = classic(case, &DispersionOptions::default());
    let trended = DispersionEstimates { tagwise: None, ..tagwise.clone() };
    let common = DispersionEstimates { trended: None, ..trended.clone() };
    let default = ExactTestOptions::default();
    let never_beta = ExactTestOptions { big_count: 1e9, ..default.clone() };
    for (file, dispersion, options) in [
        ("exact_tagwise", &tagwise, &default),
        ("exact_trended", &trended, &default),
        ("exact_common", &common, &default),
        ("exact_bigcount1e9", &tagwise, &never_beta),
    ] {
        let contrast = case.contrast();
        let table =
            exact_test(&case.matrix, &case.sizes, &case.groups, dispersion, &contrast, options).unwrap();
        check_table(case, file, &table);
    }
}

fn check_table(case: &Case, file: &str, table: &TestTable) {
    check_table_within(case, file, table, case.tolerances.log_fold_change);
}

/// Log fold changes and abundances within `tolerance`, P values within that or 1e-6.
fn check_table_within(case: &Case, file: &str, table: &TestTable, tolerance: f64) {
    let Some(expected) = case.table(file) else { return };
    let mut order: HashMap<&str, usize> = HashMap::new();
    table.rows.iter().enumerate().for_each(|(i, row)| {
        order.insert(row.gene.as_str(), i);
    });
    let rows: Vec<_> = expected.names().iter().map(|gene| &table.rows[order[gene.as_str()]]).collect();
    let column =
        |f: fn(&alkaline_core::results::TestRow) -> f64| rows.iter().map(|row| f(row)).collect::<Vec<f64>>();
    let absolute = |d: &Difference| d.absolute;
    let relative = |d: &Difference| d.relative;
    // Where upstream has no answer (a gene without counts in a general design) ours is P = 1.
    let compare = |name: &str, actual: Vec<f64>| {
        let golden = expected.numbers(name);
        let known = golden.iter().zip(&actual).filter(|(golden, _)| !golden.is_nan());
        let (golden, actual): (Vec<f64>, Vec<f64>) = known.unzip();
        difference(&golden, &actual)
    };
    case.check(
        &format!("{file}.logFC"),
        compare("logFC", column(|r| r.log2_fold_change)),
        absolute,
        tolerance,
    );
    case.check(&format!("{file}.logCPM"), compare("logCPM", column(|r| r.log2_cpm)), absolute, tolerance);
    case.check(
        &format!("{file}.P"),
        compare("PValue", column(|r| r.p_value)),
        relative,
        tolerance.max(case.tolerances.p),
    );
    case.check(
        &format!("{file}.FDR"),
        compare("FDR", column(|r| r.fdr)),
        relative,
        tolerance.max(case.tolerances.p),
    );
}

pub fn sample_maps_equal_limma(case: &Case) {
    let Some(expected) = case.table("mds_logFC") else { return };
    let map = sample_map(&case.matrix, &case.sizes, &MapOptions::default()).unwrap();
    for (axis, column) in ["x", "y"].into_iter().enumerate() {
        let golden = expected.numbers(column);
        let flipped: Vec<f64> = map.dimensions[axis].iter().map(|v| -v).collect();
        let found = [&map.dimensions[axis], &flipped].map(|ours| difference(&golden, ours).absolute);
        let best = Difference { absolute: found[0].min(found[1]), relative: 0.0, compared: golden.len() };
        case.check(column, best, |d| d.absolute, 1e-9);
    }
}

/// The design of a case: batches where the sheet has them, then groups; the pair is target minus reference.
fn design(case: &Case) -> (DesignMatrix, Contrast) {
    let batches = case.samples.has("batch").then(|| case.samples.text("batch"));
    let labels = case.samples.text("group");
    let values = |i: usize| batches.iter().map(|b| b[i].clone()).chain([labels[i].clone()]).collect();
    let names = case.samples.names();
    let rows = names.iter().enumerate().map(|(i, name)| SampleRecord {
        id: name.into(),
        file: None,
        values: values(i),
    });
    let variables = batches.iter().map(|_| "batch".to_owned()).chain(["group".to_owned()]).collect();
    let sheet = SampleSheet { variables, samples: rows.collect() };
    let formula = if batches.is_some() { "~ factor(batch) + group" } else { "~ 0 + group" };
    let samples = case.matrix.samples();
    let design = DesignMatrix::from_formula(&sheet, samples, &ModelFormula(formula.into()), &[]).unwrap();
    let contrast = design.contrast(&case.contrast()).unwrap();
    (design, contrast)
}

pub fn glm_dispersions_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let (design, _) = design(case);
    let options = DispersionOptions::default();
    let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
    let scalars = case.scalars();
    let scalar = |name: &str| scalars[name].parse::<f64>().unwrap_or(f64::INFINITY);
    case.check(
        "common",
        difference(&[scalar("glm.common")], &[estimates.common]),
        |d| d.relative,
        case.tolerances.dispersion,
    );
    let noise = if case.name == "e02_ties" { f64::INFINITY } else { 1e-7 };
    let prior = difference(&[scalar("glm.prior.df")], &estimates.prior_df);
    case.check("prior.df", prior, |d| d.relative, noise);
    case.check_column("glm_disp", "trended", &values(estimates.trended.as_ref()), case.tolerances.dispersion);
    case.check_column("glm_disp", "tagwise", &values(estimates.tagwise.as_ref()), case.tolerances.dispersion);
}

pub fn glm_tests_equal_edger(case: &Case) {
    if case.assumed_bcv().is_some() {
        return;
    }
    let (design, contrast) = design(case);
    let options = DispersionOptions::default();
    let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
    let lfc = |lfc: f64| GlmTestOptions { lfc, ..GlmTestOptions::default() };
    let log2 = 1.2f64.log2();
    let worst = GlmTestOptions { treat_null: TreatNull::WorstCase, ..lfc(log2) };
    for (file, options) in [
        ("lrt", lfc(0.0)),
        ("treat_lrt_1.2", lfc(log2)),
        ("treat_lrt_lfc1", lfc(1.0)),
        ("treat_lrt_1.2_worst", worst),
    ] {
        // A gene without statistic shifts upstream's threshold P values of the genes after it.
        if case.name == "e04_paired" && options.lfc > 0.0 {
            continue;
        }
        let table =
            likelihood_ratio_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        check_table(case, file, &table);
    }
    for (file, options) in [("ql_legacy_test", lfc(0.0)), ("ql_legacy_treat1.2", lfc(log2))] {
        // Upstream's Poisson bound of threshold tests is wrong where it applies (deviation D-05).
        if ["e03_libs", "e04_paired"].contains(&case.name.as_str()) && options.lfc > 0.0 {
            continue;
        }
        let table =
            quasi_likelihood_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        check_table(case, file, &table);
    }
}

/// The log fold change of every coefficient, shrunk by a prior count: edgeR's `predFC`.
pub fn shrunken_coefficients_equal_edger(case: &Case) {
    let Some(expected) = case.table("predFC") else { return };
    let (design, _) = design(case);
    let options = DispersionOptions::default();
    let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
    let genes = case.matrix.genes();
    for (place, column) in expected.columns.iter().enumerate() {
        let weights = (0..design.coefficients().len()).map(|j| f64::from(j == place)).collect();
        let contrast = design.contrast_of_weights(column, weights).unwrap();
        let options = GlmTestOptions::default();
        let table =
            likelihood_ratio_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        let mut ours = vec![0.0; genes.len()];
        for row in &table.rows {
            ours[genes.position(row.gene.as_str()).unwrap()] = row.log2_fold_change;
        }
        // Where all counts are zero upstream's coefficients are those of the prior too, but for the intercept.
        let golden = expected.numbers(column);
        let known = golden.iter().zip(&ours).filter(|(golden, _)| !golden.is_nan());
        let (golden, ours): (Vec<f64>, Vec<f64>) = known.unzip();
        let found = difference(&golden, &ours);
        case.check(&format!("predFC.{column}"), found, |d| d.absolute, case.tolerances.log_fold_change);
    }
}

/// Prior degrees of freedom and gene-wise dispersions by edgeR 4's rules.
pub fn new_dispersions_equal_edger(case: &Case) {
    let newer = DispersionOptions { compat: EdgerVersion::EdgeR4, ..DispersionOptions::default() };
    let robust = DispersionOptions { robust: true, ..newer.clone() };
    let scalars = case.scalars();
    let (design, _) = design(case);
    let linear = |options| estimate_dispersion_glm(&case.matrix, &case.sizes, &design, options).unwrap();
    for (file, scalar, estimates) in [
        ("classic_disp", "classic.prior.df", classic(case, &newer)),
        ("glm_disp", "glm.prior.df", linear(&newer)),
        ("classic_disp_robust", "", classic(case, &robust)),
        ("glm_disp_robust", "", linear(&robust)),
    ] {
        if case.table(file).is_none() || case.name == "e02_ties" {
            continue;
        }
        if let Some(value) = scalars.get(scalar) {
            let golden = [value.parse::<f64>().unwrap_or(f64::INFINITY)];
            let found = difference(&golden, &estimates.prior_df);
            case.check(scalar, found, |d| d.relative, ROBUST);
        } else {
            case.check_column(file, "prior.df", &estimates.prior_df, ROBUST);
        }
        case.check_column(file, "tagwise", &values(estimates.tagwise.as_ref()), ROBUST);
    }
}

/// The bias-adjusted quasi-likelihood test. Upstream takes the moments of deviances from polynomial tables, here they are
/// exact (deviation D-11), so P values differ by what those tables are off.
pub fn new_quasi_likelihood_equals_edger(case: &Case) {
    let (design, contrast) = design(case);
    let estimates =
        estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &DispersionOptions::default()).unwrap();
    let options =
        |lfc: f64| GlmTestOptions { lfc, compat: EdgerVersion::EdgeR4, ..GlmTestOptions::default() };
    if case.name == "e02_ties" {
        return; // Deviances of tied counts are rounding noise.
    }
    let shifted = case.name == "e04_paired"; // As in `glm_tests_equal_edger`.
    for (file, options) in [("ql_new_test", options(0.0)), ("ql_new_treat1.2", options(1.2f64.log2()))] {
        let table =
            quasi_likelihood_test(&case.matrix, &case.sizes, &design, &estimates, &contrast, &options)
                .unwrap();
        if !(shifted && options.lfc > 0.0) {
            check_table_within(case, file, &table, 1e-6);
        }
    }
}

/// From upstream's own adjusted deviances and degrees of freedom: prior and posterior quasi-dispersions.
pub fn squeezed_quasi_dispersions_equal_edger(case: &Case) {
    for (kind, robust) in [("ql_new", false), ("ql_new_nodisp", false), ("ql_new_robust", true)] {
        let (Some(fit), Some(test)) =
            (case.table(&format!("{kind}_fit")), case.table(&format!("{kind}_test")))
        else {
            continue;
        };
        // Deviances of tied counts are rounding noise, and so are their outliers.
        if case.name == "e02_ties" {
            continue;
        }
        let df = fit.numbers("df.residual");
        let mean = |(deviance, df): (f64, &f64)| if *df < 1e-4 { 0.0 } else { deviance / df };
        let variances: Vec<f64> = fit.numbers("deviance").into_iter().zip(&df).map(mean).collect();
        let abundance = test.numbers("logCPM");
        let prior = fit_variance_prior_unequal_df(&variances, &df, Some(&abundance), robust);
        let posterior = prior.posterior(&variances, &df);
        for (column, actual) in [("df.prior", &prior.df), ("s2.prior", &prior.scale), ("s2.post", &posterior)]
        {
            case.check_column(&format!("{kind}_fit"), column, actual, 1e-7);
        }
    }
}
