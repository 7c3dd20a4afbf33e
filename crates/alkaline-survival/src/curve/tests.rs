//! The worked example, to the digits of R's survival 3.5-3.

use super::*;
use crate::outcomes::tests_support::{example, example_group};

/// Digits of the values below.
const DIGITS: f64 = 1e-11;

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= DIGITS, "{found} is not {expected}");
}

#[test]
fn survival_and_its_intervals_at_a_time() {
    let point = SurvivalCurve::of_all(&example()).at(5.5);
    close(point.survival, 0.601_851_851_852);
    close(point.variance.sqrt(), 0.212_081_664_645);
    let limits = [
        (IntervalKind::Log, 0.397_159_870_964, 0.912_039_906_495),
        (IntervalKind::LogLog, 0.316_226_970_710, 0.799_374_960_648),
        (IntervalKind::Plain, 0.351_678_633_411, 0.852_025_070_292),
        (IntervalKind::Logit, 0.347_322_972_063, 0.811_104_296_028),
    ];
    for (kind, lower, upper) in limits {
        let interval = point.interval(kind, 0.95);
        close(interval.lower, lower);
        close(interval.upper, upper);
    }
}

#[test]
fn medians_are_those_that_r_prints() {
    let median = |rows: &[usize], kind| {
        let median = SurvivalCurve::of(&example(), rows).median(kind, 0.95);
        (median.time, median.lower, median.upper)
    };
    let all: Vec<usize> = (0..16).collect();
    assert_eq!(median(&all, IntervalKind::Log), (Some(7.0), Some(4.0), None));
    assert_eq!(median(&all, IntervalKind::LogLog), (Some(7.0), Some(4.0), Some(10.0)));
    assert_eq!(median(&all, IntervalKind::Plain), (Some(7.0), Some(4.0), Some(10.0)));
    assert_eq!(median(&all, IntervalKind::Logit), (Some(7.0), Some(4.0), None));
    let of_group = |group| (0..16).filter(|&row| example_group()[row] == group).collect::<Vec<_>>();
    assert_eq!(median(&of_group(0), IntervalKind::Log), (Some(8.0), Some(6.0), None));
    assert_eq!(median(&of_group(1), IntervalKind::Log), (Some(5.0), Some(4.0), None));
}

#[test]
fn a_curve_along_one_half_has_its_median_in_the_middle_of_the_stretch() {
    let median = |events: &[u8]| {
        let times = (1..=events.len()).map(|time| time as f64).collect();
        let outcomes = Outcomes::new(times, events.iter().map(|&event| event == 1).collect()).unwrap();
        SurvivalCurve::of_all(&outcomes).median(IntervalKind::Log, 0.95).time
    };
    assert_eq!(median(&[1, 1, 1, 0, 1, 0]), Some(4.0));
    assert_eq!(median(&[1, 1, 0, 0]), Some(2.0));
    assert_eq!(median(&[0, 0]), None);
}

#[test]
fn numbers_at_risk_count_those_who_reach_the_time() {
    let rows = SurvivalCurve::of_all(&example()).numbers_at_risk(&[0.0, 2.0, 4.0, 6.0, 8.0, 99.0]);
    let at_risk: Vec<usize> = rows.iter().map(|row| row.at_risk).collect();
    assert_eq!(at_risk, [16, 15, 12, 8, 5, 0]);
    assert_eq!(rows.iter().map(|row| row.events).sum::<usize>(), 10);
    assert_eq!(rows.iter().map(|row| row.censored).sum::<usize>(), 6);
}

#[test]
fn the_restricted_mean_is_the_area_under_the_curve() {
    let mean = SurvivalCurve::of_all(&example()).restricted_mean(8.0);
    close(mean.mean, 5.806_905_864_20);
    close(mean.standard_error, 0.625_281_868_235);
}

#[test]
fn reversed_outcomes_measure_the_follow_up() {
    close(SurvivalCurve::of_all(&example().reversed()).at(4.0).survival, 0.846_153_846_154);
}
