//! The worked values of R 4.2.

use ndarray::array;

use super::super::*;
use super::*;

const X: [f64; 8] = [1.2, 2.5, 2.5, 3.1, 4.0, 4.0, 5.6, 7.3];
const Y: [f64; 8] = [0.9, 2.6, 1.1, 2.9, 3.3, 4.0, 4.8, 6.0];
const V: [f64; 8] = [2.0, 1.0, 4.0, 3.0, 6.0, 5.0, 9.0, 8.0];

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-10 * expected.abs(), "{found} is not {expected}");
}

#[test]
fn means_are_compared_three_ways() {
    let test = welch(&X, &Y).unwrap();
    close(test.t, 0.625_022_417_574);
    close(test.df, 13.846_206_936_5);
    close(test.p, 0.542_120_338_482);
    close(student(&X, &Y).unwrap().p, 0.542_010_220_75);
    let test = paired(&X, &Y).unwrap();
    close(test.t, 2.852_798_895_55);
    close(test.p, 0.024_589_709_532_7);
    assert!(welch(&[1.0, 1.0], &[1.0, 1.0]).is_err());
}

#[test]
fn ranks_are_compared_exactly_where_there_are_no_ties() {
    let test = rank_sum(&X, &Y).unwrap();
    assert_eq!((test.w, test.exact), (36.0, false));
    close(test.p, 0.712_178_117_255);
    let test = rank_sum(&[1.2, 2.5, 3.1, 4.1, 5.6], &[0.9, 2.6, 1.1, 2.9]).unwrap();
    assert_eq!((test.w, test.exact), (16.0, true));
    close(test.p, 0.190_476_190_476);
    let test = signed_rank(&X, &Y).unwrap();
    assert_eq!(test.v, 27.0);
    close(test.p, 0.034_610_557_515_7);
}

#[test]
fn tables_of_counts_have_both_tests() {
    let counts = array![[8.0, 3.0], [2.0, 9.0]];
    let test = chi_square(counts.view(), true).unwrap();
    close(test.chi_square, 4.583_333_333_33);
    close(test.p, 0.032_284_353_910_8);
    close(chi_square(counts.view(), false).unwrap().chi_square, 6.6);
    let table = [
        (
            [[8, 3], [2, 9]],
            [0.029_973_122_852_4, 10.403_715_777_573_9, 1.189_680_275_010_0, 157.526_603_542_02],
        ),
        (
            [[2, 9], [8, 3]],
            [0.029_973_122_852_4, 0.096_119_503_971_4, 0.006_348_134_077_13, 0.840_561_973_671],
        ),
        ([[0, 4], [5, 3]], [0.080_808_080_808_1, 0.0, 0.0, 1.746_117_272_309_96]),
    ];
    for (counts, [p, odds_ratio, lower, upper]) in table {
        let test = fisher(counts);
        close(test.p, p);
        close(test.odds_ratio, odds_ratio);
        close(test.interval.0, lower);
        close(test.interval.1, upper);
    }
    assert_eq!(fisher([[3, 0], [0, 3]]).odds_ratio, f64::INFINITY);
}

#[test]
fn correlations_are_those_of_cor_test() {
    let test = correlation(&X, &V, CorrelationKind::Pearson).unwrap();
    close(test.estimate, 0.879_907_119_249);
    close(test.p, 0.003_949_401_122_47);
    close(test.interval.0, 0.461_199_318_500);
    close(test.interval.1, 0.978_107_619_855);
    let test = correlation(&X, &V, CorrelationKind::Spearman).unwrap();
    close(test.estimate, 0.891_630_981_517);
    close(test.p, 0.002_928_680_906);
    close(test.interval.0, 0.483_384_260_33);
    close(test.interval.1, 0.981_328_467_90);
    let test = correlation(&X, &V, CorrelationKind::Kendall).unwrap();
    close(test.estimate, 0.741_249_316_661);
    close(test.p, 0.011_966_745_157_4);
    close(test.interval.0, 0.296_264_712_09);
    close(test.interval.1, 0.921_829_944_81);
}

#[test]
fn correlations_of_few_ranks_without_ties_count_orders() {
    let upto = |n: u8| (1..=n).map(f64::from).collect::<Vec<_>>();
    let spearman = |x: &[f64], y: &[f64]| correlation(x, y, CorrelationKind::Spearman).unwrap().p;
    let kendall = |x: &[f64], y: &[f64]| correlation(x, y, CorrelationKind::Kendall).unwrap().p;
    close(spearman(&upto(8), &V), 0.004_563_492_063_49);
    close(kendall(&upto(8), &V), 0.014_136_904_761_9);
    let v = [2.0, 1.0, 4.0, 3.0, 6.0, 5.0, 9.0, 8.0, 12.0, 7.0, 10.0, 11.0];
    close(spearman(&upto(12), &v), 5.941_540_875_57e-6);
    close(kendall(&upto(12), &v), 4.988_835_110_362e-4);
}

#[test]
fn the_analysis_of_variance_of_two_groups_is_student_squared() {
    let (f, p) = analysis_of_variance(&[&X, &Y]).unwrap();
    let test = student(&X, &Y).unwrap();
    close(f, test.t * test.t);
    close(p, test.p);
    let found = tumour_against_normal(&[1.0, 3.0, 7.0], &[0.0, 1.0, 3.0]).unwrap();
    close(found.log2_fold_change, 1.0);
}
