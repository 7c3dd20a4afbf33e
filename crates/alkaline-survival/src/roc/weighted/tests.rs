//! The worked example, to the digits of timeROC, riskRegression and survivalROC.

use super::super::*;
use crate::outcomes::tests_support::{example, example_group, example_marker};

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 2e-12, "{found} is not {expected}");
}

#[test]
fn each_package_has_its_area_and_its_standard_error() {
    let table = [
        (Estimator::TimeRoc, 4.0, 0.796_296_296_296, 0.132_814_108_668),
        (Estimator::TimeRoc, 5.0, 0.733_870_967_742, 0.147_014_767_959),
        (Estimator::TimeRoc, 6.5, 0.853_504_482_478, 0.108_783_674_838),
        (Estimator::TimeRoc, 8.0, 0.959_779_993_125, 0.051_692_123_399_9),
        (Estimator::Score, 4.0, 0.718_637_992_832, 0.146_796_120_687),
        (Estimator::Score, 5.0, 0.736_918_604_651, 0.139_871_034_222),
        (Estimator::Score, 6.5, 0.853_504_482_478, 0.108_738_336_891),
        (Estimator::Score, 8.0, 0.965_219_976_219, 0.045_035_432_772_1),
    ];
    for (estimator, time, area, se) in table {
        let found = weighted(&example(), &example_marker(), time, estimator).unwrap();
        close(found.roc.area, area);
        close(found.standard_error, se);
        assert!(found.interval(0.95).1 <= 1.0);
    }
}

#[test]
fn two_markers_are_compared_by_the_difference_of_their_influences() {
    let group: Vec<f64> = example_group().iter().map(|&g| g as f64).collect();
    for (estimator, p) in [(Estimator::TimeRoc, 0.141_988_068_198), (Estimator::Score, 0.141_765_378_027)] {
        let of = |marker: &[f64]| weighted(&example(), marker, 6.5, estimator).unwrap();
        close(compare(&of(&example_marker()), &of(&group)).p, p);
    }
}

#[test]
fn curves_of_the_two_sides_give_survivalroc_areas() {
    for (time, area) in [(4.0, 0.724_067_223_099), (6.5, 0.759_875_834_958), (8.0, 0.949_485_563_697)] {
        close(kaplan_meier(&example(), &example_marker(), time).unwrap().area, area);
    }
    let found = kaplan_meier(&example(), &example_marker(), 6.5).unwrap();
    assert!(found.points.iter().any(|point| point.true_positives > 1.03), "the rates are left as they are");
}

#[test]
fn neighbours_give_survivalroc_areas() {
    let table = [
        (usual_span(16), [0.689_202_405_739, 0.698_244_554_080, 0.729_073_046_832]),
        (0.3, [0.615_785_703_797, 0.620_462_993_566, 0.648_879_649_191]),
    ];
    for (span, areas) in table {
        for (time, area) in [4.0, 6.5, 8.0].into_iter().zip(areas) {
            close(nearest_neighbours(&example(), &example_marker(), time, span).unwrap().area, area);
        }
    }
}

#[test]
fn a_time_without_cases_or_controls_has_no_curve() {
    for time in [0.5, 12.0] {
        assert!(weighted(&example(), &example_marker(), time, Estimator::TimeRoc).is_err());
        assert!(kaplan_meier(&example(), &example_marker(), 0.5).is_err());
    }
}
