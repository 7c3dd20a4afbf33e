//! The worked example: estimates, tests, residuals and penalties to the digits of R's survival 3.5-3.

use ndarray::{Array2, array};

use super::super::*;
use crate::Outcomes;
use crate::concordance::concordance;
use crate::outcomes::tests_support::{example, example_group, example_marker, example_strata};

/// Digits of the values below, relative.
const DIGITS: f64 = 2e-11;

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= DIGITS * expected.abs().max(0.1), "{found} is not {expected}");
}

fn covariates() -> Array2<f64> {
    let (group, marker) = (example_group(), example_marker());
    Array2::from_shape_fn((16, 2), |(row, column)| if column == 0 { group[row] as f64 } else { marker[row] })
}

fn model(ties: Ties) -> CoxModel {
    CoxModel::new(example(), covariates(), ties).unwrap()
}

fn estimates(fit: &CoxFit, expected: [f64; 6]) {
    let found = [
        fit.coefficients[0],
        fit.coefficients[1],
        fit.standard_error(0),
        fit.standard_error(1),
        fit.log_likelihoods.0,
        fit.log_likelihoods.1,
    ];
    found.into_iter().zip(expected).for_each(|(found, expected)| close(found, expected));
}

#[test]
fn each_treatment_of_ties_has_its_estimates() {
    let efron = fit(&model(Ties::Efron)).unwrap();
    let expected = [
        0.324_881_520_551,
        0.425_599_138_788,
        0.728_514_635_999,
        0.248_042_278_933,
        -21.373_508_856_8,
        -19.184_600_310_7,
    ];
    estimates(&efron, expected);
    close(efron.score.chi_square, 4.760_588_460_12);
    close(efron.wald.chi_square, 4.388_406_776_96);
    assert_eq!(efron.iterations, 4);
    assert_eq!(efron.means, vec![0.0, 3.0125]);
    let expected = [
        0.327_917_003_130,
        0.424_773_650_774,
        0.726_595_336_659,
        0.249_159_622_060,
        -21.529_513_105_3,
        -19.366_904_244_6,
    ];
    estimates(&fit(&model(Ties::Breslow)).unwrap(), expected);
    let expected = [
        0.347_322_410_860,
        0.452_514_645_412,
        0.734_202_267_866,
        0.259_786_478_106,
        -19.987_214_495_7,
        -17.711_399_583_2,
    ];
    estimates(&fit(&model(Ties::Exact)).unwrap(), expected);
}

#[test]
fn strata_weights_and_clusters_have_theirs() {
    let expected = [
        0.101_786_178_798,
        0.368_134_729_063,
        0.710_751_535_925,
        0.265_066_405_630,
        -14.475_803_913_7,
        -13.405_279_091_9,
    ];
    estimates(&fit(&model(Ties::Efron).with_strata(&example_strata()).unwrap()).unwrap(), expected);
    let weights: Vec<f64> = (0..16).map(|row| [1.0, 2.0, 1.0, 3.0][row % 4]).collect();
    let weighted = model(Ties::Efron).with_weights(&weights).unwrap().with_clusters(None).unwrap();
    let expected = [
        0.714_223_162_832,
        0.289_254_016_260,
        0.752_895_866_832,
        0.286_617_976_025,
        -39.381_854_931_1,
        -36.140_919_046_1,
    ];
    estimates(&fit(&weighted).unwrap(), expected);
    let clusters: Vec<usize> = (0..16).map(|row| row / 2).collect();
    let clustered = fit(&model(Ties::Efron).with_clusters(Some(&clusters)).unwrap()).unwrap();
    close(clustered.standard_error(0), 0.594_294_589_556);
    close(clustered.standard_error(1), 0.266_104_030_845);
    close(clustered.robust_score.unwrap().chi_square, 3.696_040_365_53);
    close(clustered.wald.chi_square, 2.622_104_222_86);
}

#[test]
fn residuals_are_those_of_r() {
    let model = model(Ties::Efron);
    let found = residuals(&model, &fit(&model).unwrap()).unwrap();
    [0.858_355_549_599, 0.837_927_386_595, 0.787_487_302_514]
        .iter()
        .zip(&found.martingale)
        .for_each(|(e, f)| close(*f, *e));
    [1.480_594_260_51, 1.401_273_297_17, 1.233_909_426_99]
        .iter()
        .zip(&found.deviance)
        .for_each(|(e, f)| close(*f, *e));
    [0.300_350_677_982, 0.340_715_426_336, -0.659_284_573_664, 0.335_259_169_851]
        .iter()
        .zip(found.schoenfeld.column(0))
        .for_each(|(e, f)| close(*f, *e));
    close(found.scaled_schoenfeld[[0, 0]], 1.117_718_180_18);
    close(found.scaled_schoenfeld[[1, 0]], 2.664_242_174_54);
    [0.068_053_574_671_6, 0.196_337_472_751, -0.310_244_920_257]
        .iter()
        .zip(found.dfbeta.column(0))
        .for_each(|(e, f)| close(*f, *e));
}

#[test]
fn proportional_hazards_are_tested_on_every_scale_of_time() {
    let table = [
        (
            TimeScale::KaplanMeier,
            [0.152_914_482_412, 0.065_687_567_247, 0.174_617_879_086, 0.916_393_941_571],
        ),
        (TimeScale::Rank, [0.134_943_496_359, 0.017_482_081_778, 0.135_318_819_941, 0.934_578_727_573]),
        (TimeScale::Identity, [0.154_546_669_271, 0.032_938_050_622, 0.158_232_910_789, 0.923_932_321_277]),
    ];
    let check = |model: &CoxModel, scale, expected: [f64; 4]| {
        let test = proportionality(model, &fit(model).unwrap(), &[vec![0], vec![1]], scale).unwrap();
        let found =
            [test.terms[0].chi_square, test.terms[1].chi_square, test.global.chi_square, test.global.p];
        found.into_iter().zip(expected).for_each(|(found, expected)| close(found, expected));
        assert_eq!((test.terms[0].df, test.global.df), (1, 2));
    };
    for (scale, expected) in table {
        check(&model(Ties::Efron), scale, expected);
    }
    let expected = [0.266_286_547_320, 0.232_291_457_145, 0.728_892_588_022, 0.694_581_138_158];
    let stratified = model(Ties::Efron).with_strata(&example_strata()).unwrap();
    check(&stratified, TimeScale::KaplanMeier, expected);
}

#[test]
fn an_adjusted_curve_has_the_interval_of_its_covariates() {
    let model = model(Ties::Efron);
    let curve = adjusted_curve(&model, &fit(&model).unwrap(), 0, &[1.0, 3.0]).unwrap();
    let at = |time: f64| *curve.iter().rfind(|point| point.time <= time).unwrap();
    for (time, survival, se) in
        [(4.0, 0.685_677_537_911, 0.152_004_505_839), (8.0, 0.283_214_009_275, 0.201_395_603_859)]
    {
        close(at(time).survival, survival);
        close(at(time).standard_error * at(time).survival, se);
    }
}

#[test]
fn the_prediction_of_a_model_has_its_concordance() {
    let concord = |model: CoxModel, strata: Option<&[usize]>| {
        let eta = fit(&model).unwrap().linear_predictors;
        concordance(&example(), &eta.iter().map(|eta| -eta).collect::<Vec<_>>(), strata).unwrap()
    };
    let plain = concord(model(Ties::Efron), None);
    close(plain.estimate, 0.767_441_860_465);
    close(plain.standard_error, 0.098_596_371_017_3);
    let strata = example_strata();
    let within = concord(model(Ties::Efron).with_strata(&strata).unwrap(), Some(&strata));
    close(within.estimate, 0.8);
    close(within.standard_error, 0.099_749_686_716_3);
}

#[test]
fn a_ridge_holds_coefficients_back() {
    let held = ridge(&model(Ties::Efron), Penalty { theta: 1.0, by_variance: true }).unwrap();
    close(held.coefficients[0], 0.332_503_274_179);
    close(held.coefficients[1], 0.383_830_553_113);
    close(held.variance[[0, 0]].sqrt(), 0.672_936_750_479);
    close(held.variance[[1, 1]].sqrt(), 0.231_705_557_532);
    close(held.df, 1.770_086_069_58);
    close(held.log_likelihoods.1, -19.200_551_696_4);
    let plain = ridge(&model(Ties::Efron), Penalty { theta: 1.0, by_variance: false }).unwrap();
    close(plain.coefficients[0], 0.231_919_179_657);
    close(plain.coefficients[1], 0.416_281_048_680);
}

#[test]
fn firth_keeps_estimates_finite() {
    let table = [
        (
            Ties::Efron,
            [
                0.297_605_440_1,
                0.417_037_579_5,
                0.726_253_195_6,
                0.248_033_040_8,
                -19.654_670_67,
                -17.390_606_36,
            ],
        ),
        (
            Ties::Breslow,
            [
                0.299_237_802_3,
                0.416_289_064_8,
                0.724_308_718_9,
                0.249_132_676_9,
                -19.811_162_12,
                -17.577_160_31,
            ],
        ),
    ];
    let near =
        |found: f64, expected: f64| assert!((found - expected).abs() < 2e-8, "{found} is not {expected}");
    for (ties, expected) in table {
        let held = firth(&model(ties), 0.95).unwrap();
        near(held.coefficients[0], expected[0]);
        near(held.coefficients[1], expected[1]);
        near(held.variance[[0, 0]].sqrt(), expected[2]);
        near(held.variance[[1, 1]].sqrt(), expected[3]);
        near(held.log_likelihoods.0, expected[4]);
        near(held.log_likelihoods.1, expected[5]);
    }
}

/// Three patients of a group die first, and nobody after them but one.
fn separated() -> CoxModel {
    let outcomes =
        Outcomes::new((1..=8).map(f64::from).collect(), (1..=8).map(|i| i <= 4).collect()).unwrap();
    let x = array![[1.0], [1.0], [1.0], [0.0], [0.0], [0.0], [0.0], [0.0]];
    CoxModel::new(outcomes, x, Ties::Efron).unwrap()
}

#[test]
fn separation_is_noticed_and_firth_gives_an_interval() {
    let plain = fit(&separated()).unwrap();
    assert!(plain.infinite[0]);
    assert!((plain.coefficients[0] - 22.892_463_7).abs() < 1e-6, "{}", plain.coefficients[0]);
    let held = firth(&separated(), 0.95).unwrap();
    let near =
        |found: f64, expected: f64| assert!((found - expected).abs() < 2e-6, "{found} is not {expected}");
    near(held.coefficients[0], 3.076_066);
    near(held.intervals[0].0, 0.667_591);
    near(held.intervals[0].1, 7.996_887);
    near(held.tests[0].p, 0.009_907_226_59);
}

#[test]
fn a_marker_that_does_not_vary_has_no_coefficient() {
    let mut x = covariates();
    x.column_mut(1).fill(3.0);
    let found = fit(&CoxModel::new(example(), x, Ties::Efron).unwrap()).unwrap();
    assert!(found.coefficients[1].is_nan() && found.coefficients[0].is_finite());
    assert_eq!(found.likelihood_ratio.df, 1);
    let censored = Outcomes::new(vec![1.0, 2.0, 3.0], vec![false; 3]).unwrap();
    let model = CoxModel::new(censored, array![[1.0], [2.0], [4.0]], Ties::Efron).unwrap();
    assert!(fit(&model).unwrap().coefficients[0].is_nan());
}

#[test]
fn the_scan_over_markers_gives_what_the_models_give() {
    let mut missing = example_marker();
    missing[3] = f64::NAN;
    let group: Vec<f64> = example_group().iter().map(|&g| g as f64).collect();
    let strata = example_strata();
    for ties in [Ties::Efron, Ties::Breslow] {
        for strata in [None, Some(&strata[..])] {
            let scan = Scan::new(&example(), strata, ties).unwrap();
            for values in [&example_marker(), &missing, &group] {
                let kept: Vec<usize> = (0..16).filter(|&row| values[row].is_finite()).collect();
                let x = Array2::from_shape_fn((kept.len(), 1), |(row, _)| values[kept[row]]);
                let mut model = CoxModel::new(example().of(&kept).unwrap(), x, ties).unwrap();
                if let Some(strata) = strata {
                    let kept: Vec<usize> = kept.iter().map(|&row| strata[row]).collect();
                    model = model.with_strata(&kept).unwrap();
                }
                let (slow, fast) = (fit(&model).unwrap(), scan.marker(values));
                close(fast.coefficient, slow.coefficients[0]);
                close(fast.standard_error, slow.standard_error(0));
                close(fast.p, slow.p(0));
                close(fast.score, slow.score.chi_square);
                assert_eq!(fast.iterations, slow.iterations);
            }
        }
    }
    let scan = Scan::new(&example(), None, Ties::Efron).unwrap();
    assert!(scan.marker(&[2.5; 16]).coefficient.is_nan());
}
