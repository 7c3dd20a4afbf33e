//! Small nasty experiments (one sample against three, ties, libraries of very different size, fractional counts, three genes,
//! one gene), every step against edgeR 3.40.2.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test speaks and fails aloud")]

mod support;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use alkaline_core::results::{DispersionEstimates, TestTable};
use alkaline_core::samples::{ModelFormula, SampleRecord};
use alkaline_core::{ContrastSpec, CountMatrix, Groups, LibrarySizes, PerGene, SampleSheet};
use alkaline_dge::{
    Contrast, DesignMatrix, DispersionMethod, DispersionOptions, ExactTestOptions, GlmTestOptions,
    MapOptions, TreatNull, Trend, estimate_dispersion, estimate_dispersion_glm, exact_test,
    likelihood_ratio_test, quasi_likelihood_test, sample_map,
};
use alkaline_norm::{
    ExpressionOptions, FilterOptions, NormMethod, NormOptions, expression, filter_by_expression,
    library_sizes,
};
use support::{Difference, Table, difference};

/// A case with its experiment prepared as the scripts prepared it for edgeR.
struct Case {
    name: String,
    golden: PathBuf,
    samples: Table,
    matrix: CountMatrix,
    sizes: LibrarySizes,
    groups: Groups,
    pair: (String, String),
    /// Worst difference per checked quantity, to be printed.
    report: std::cell::RefCell<Vec<String>>,
}

/// Relative tolerance of dispersions. Measured: 3.4e-8 with 60 genes and one replicated group, 5.7e-8 with 500 genes (locfit.mixed),
/// below 1e-8 on real data. Upstream's own noise: its search stops at 1e-6, and `lgamma` of large counts loses 1e-9.
const DISPERSION: f64 = 1e-7;

/// Relative tolerance where a dispersion is the end of a search with tolerance 1e-6. Measured: 1.1e-5 with 60 genes, 1e-8 with thousands.
const SEARCH: f64 = 2e-5;

const CASES: [&str; 7] =
    ["e01_1v3", "e02_ties", "e03_libs", "e04_paired", "e05_fractional", "e06_three_genes", "e07_one_gene"];

impl Case {
    fn open(cases: &Path, data: &Path, name: &str) -> Self {
        let directory = cases.join("edger").join(name);
        let samples = Table::read(&directory.join("samples.tsv"));
        let counts = directory.join("counts.tsv");
        let counts = if counts.exists() { counts } else { data.join("counts/GSE60450/countdata.tsv") };
        let all = Table::read(&counts).counts(&samples.names());
        let golden = directory.join("edgeR-3.40.2");
        let groups = support::groups(&all, &samples.text("group"));
        let big = name == "gse60450";
        let kept = filter_by_expression(&all, &groups, &FilterOptions::default()).unwrap();
        let flags = Table::read(&golden.join("keep.tsv.gz")).numbers("keep");
        let mut ours = vec![0.0; all.genes().len()];
        kept.kept.iter().for_each(|&gene| ours[gene] = 1.0);
        if big {
            assert_eq!(flags, ours, "{name}: keep flags");
        }
        let matrix = if big { kept.matrix } else { all };
        let sizes = library_sizes(&matrix, &NormOptions::default()).unwrap();
        let levels = groups.levels().to_vec();
        let pair = if big {
            ("luminalpregnant".to_owned(), "luminallactate".to_owned())
        } else {
            (levels[0].clone(), levels[1].clone())
        };
        Self {
            name: name.to_owned(),
            golden,
            samples,
            matrix,
            sizes,
            groups,
            pair,
            report: Vec::new().into(),
        }
    }

    fn table(&self, file: &str) -> Option<Table> {
        let path = self.golden.join(format!("{file}.tsv.gz"));
        path.exists().then(|| Table::read(&path))
    }

    fn scalars(&self) -> HashMap<String, String> {
        let table = self.table("scalars").unwrap();
        table.names().into_iter().zip(table.text("value")).collect()
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

    fn finish(self) -> bool {
        let report = self.report.into_inner();
        eprintln!("{}: {}", self.name, report.join(", "));
        !report.iter().any(|line| line.starts_with("!!!"))
    }
}

fn values(per_gene: Option<&PerGene<f64>>) -> Vec<f64> {
    per_gene.map(|values| values.values().to_vec()).unwrap_or_default()
}

fn all_cases(check: impl Fn(&Case)) {
    let Some(cases) = alkaline_testkit::external_cases("edgeR's answers") else { return };
    let Some(data) = alkaline_testkit::external_data("edgeR's answers") else { return };
    let mut failed = Vec::new();
    for name in CASES.into_iter().chain(["gse60450"]) {
        let case = Case::open(&cases, &data, name);
        check(&case);
        if !case.finish() {
            failed.push(name);
        }
    }
    assert!(failed.is_empty(), "beyond tolerance: {failed:?}");
}

#[test]
fn library_factors_equal_edger_needs_data() {
    all_cases(|case| {
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
            case.check(column, found, |d| d.relative, 1e-12);
        }
    });
}

#[test]
fn expression_values_equal_edger_needs_data() {
    all_cases(|case| {
        let Some(expected) = case.table("cpm") else { return };
        for (prefix, unit) in [
            ("cpm.", alkaline_core::ExpressionUnit::Cpm),
            ("logcpm_prior2.", alkaline_core::ExpressionUnit::LogCpm),
        ] {
            let ours =
                expression(&case.matrix, &case.sizes, unit, None, &ExpressionOptions::default()).unwrap();
            for (j, sample) in case.samples.names().iter().enumerate() {
                let column = format!("{prefix}{sample}");
                if expected.has(&column) {
                    let actual: Vec<f64> = ours.rows().map(|row| row[j]).collect();
                    let found = difference(&expected.numbers(&column), &actual);
                    case.check(&column, found, |d| d.relative.min(d.absolute), 1e-12);
                }
            }
        }
    });
}

fn classic(case: &Case, options: &DispersionOptions) -> DispersionEstimates {
    estimate_dispersion(&case.matrix, &case.sizes, &case.groups, options).unwrap()
}

#[test]
fn classic_dispersions_equal_edger_needs_data() {
    all_cases(|case| {
        let scalars = case.scalars();
        let estimates = classic(case, &DispersionOptions::default());
        let scalar = |name: &str| scalars[name].parse::<f64>().unwrap_or(f64::INFINITY);
        case.check(
            "common",
            difference(&[scalar("classic.common")], &[estimates.common]),
            |d| d.relative,
            1e-8,
        );
        // Counts that are all tied leave deviances of pure rounding noise.
        let noise = if case.name == "e02_ties" { f64::INFINITY } else { 1e-8 };
        case.check(
            "prior.df",
            difference(&[scalar("classic.prior.df")], &estimates.prior_df),
            |d| d.relative,
            noise,
        );
        case.check_column("classic_disp", "AveLogCPM", estimates.average_log_cpm.values(), 1e-8);
        case.check_column("classic_disp", "trended", &values(estimates.trended.as_ref()), DISPERSION);
        case.check_column("classic_disp", "tagwise", &values(estimates.tagwise.as_ref()), DISPERSION);
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
                    case.check_column(&file, "trended", &values(estimates.trended.as_ref()), DISPERSION);
                }
                case.check_column(&file, "tagwise", &values(estimates.tagwise.as_ref()), DISPERSION);
            }
        }
    });
}

#[test]
fn common_then_tagwise_dispersions_equal_edger_needs_data() {
    all_cases(|case| {
        let options =
            DispersionOptions { method: DispersionMethod::CommonThenTagwise, ..DispersionOptions::default() };
        let estimates = classic(case, &options);
        let common = case.scalars()["old.common"].parse::<f64>().unwrap();
        case.check("old.common", difference(&[common], &[estimates.common]), |d| d.relative, SEARCH);
        case.check_column("old_disp", "tagwise", &values(estimates.tagwise.as_ref()), SEARCH);
        let contrast = case.contrast();
        let options = ExactTestOptions::default();
        let table =
            exact_test(&case.matrix, &case.sizes, &case.groups, &estimates, &contrast, &options).unwrap();
        check_table_within(case, "exact_old_tagwise", &table, SEARCH);
    });
}

#[test]
fn exact_tests_equal_edger_needs_data() {
    all_cases(|case| {
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
    });
}

fn check_table(case: &Case, file: &str, table: &TestTable) {
    check_table_within(case, file, table, 1e-9);
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
    case.check(&format!("{file}.P"), compare("PValue", column(|r| r.p_value)), relative, tolerance.max(1e-6));
    case.check(&format!("{file}.FDR"), compare("FDR", column(|r| r.fdr)), relative, tolerance.max(1e-6));
}

#[test]
fn sample_maps_equal_limma_needs_data() {
    all_cases(|case| {
        let Some(expected) = case.table("mds_logFC") else { return };
        let map = sample_map(&case.matrix, &case.sizes, &MapOptions::default()).unwrap();
        for (axis, column) in ["x", "y"].into_iter().enumerate() {
            let golden = expected.numbers(column);
            let flipped: Vec<f64> = map.dimensions[axis].iter().map(|v| -v).collect();
            let found = [&map.dimensions[axis], &flipped].map(|ours| difference(&golden, ours).absolute);
            let best = Difference { absolute: found[0].min(found[1]), relative: 0.0, compared: golden.len() };
            case.check(column, best, |d| d.absolute, 1e-9);
        }
    });
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

#[test]
fn glm_dispersions_equal_edger_needs_data() {
    all_cases(|case| {
        let (design, _) = design(case);
        let options = DispersionOptions::default();
        let estimates = estimate_dispersion_glm(&case.matrix, &case.sizes, &design, &options).unwrap();
        let scalars = case.scalars();
        let scalar = |name: &str| scalars[name].parse::<f64>().unwrap_or(f64::INFINITY);
        case.check("common", difference(&[scalar("glm.common")], &[estimates.common]), |d| d.relative, 1e-8);
        let noise = if case.name == "e02_ties" { f64::INFINITY } else { 1e-7 };
        let prior = difference(&[scalar("glm.prior.df")], &estimates.prior_df);
        case.check("prior.df", prior, |d| d.relative, noise);
        case.check_column("glm_disp", "trended", &values(estimates.trended.as_ref()), DISPERSION);
        case.check_column("glm_disp", "tagwise", &values(estimates.tagwise.as_ref()), DISPERSION);
    });
}

#[test]
fn glm_tests_equal_edger_needs_data() {
    all_cases(|case| {
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
    });
}
