//! DESeq2's transformations for maps against those of DESeq2 1.38.3, on counts that are made here.

use crate::tables::{expected, question};
use alkaline_dge::DgeError;
use alkaline_dge::deseq2::{DispersionTrend, SizeFactors, TransformOptions, Transformation, transform};

const NINE: [usize; 9] = [1, 2, 3, 4, 9, 10, 11, 12, 13];
const ALL_GENES: TransformOptions = TransformOptions {
    transformation: Transformation::Vst,
    size_factors: SizeFactors::Ratio,
    trend: DispersionTrend::Parametric,
    trend_genes: None,
};

#[track_caller]
fn agree(case: &str, options: &TransformOptions, tolerance: f64) {
    let matrix = question(&NINE, "~ group", "group").matrix;
    let values = transform(&matrix, options).unwrap().values;
    let expected = expected(case);
    let mut worst = (0.0, String::new());
    for (gene, id) in matrix.genes().ids().iter().enumerate() {
        for (value, sample) in values.row(gene).iter().zip(matrix.samples().ids()) {
            let wanted = expected[sample.as_str()][id.as_str()];
            let apart = (value - wanted).abs();
            if apart > worst.0 || apart.is_nan() {
                worst = (apart, format!("{id} {sample}: {value} for {wanted}"));
            }
        }
    }
    assert!(worst.0 <= tolerance, "{case}: {worst:?}");
}

#[test]
fn variances_are_stabilised_as_by_deseq2() {
    agree("vst_all_genes", &ALL_GENES, 1e-8);
    agree("vst_mean", &TransformOptions { trend: DispersionTrend::Mean, ..ALL_GENES }, 1e-8);
    agree("vst_local", &TransformOptions { trend: DispersionTrend::Local, ..ALL_GENES }, 1e-7);
}

#[test]
fn the_trend_of_chosen_genes_is_that_of_vst() {
    agree("vst_300_genes", &TransformOptions { trend_genes: Some(300), ..ALL_GENES }, 1e-8);
}

#[test]
fn regularised_logarithms_are_those_of_deseq2() {
    let rlog = TransformOptions { transformation: Transformation::Rlog, ..ALL_GENES };
    agree("rlog", &rlog, 1e-8);
    agree("rlog_local", &TransformOptions { trend: DispersionTrend::Local, ..rlog }, 1e-7);
}

#[test]
fn too_few_abundant_genes_leave_the_trend_to_all_and_that_is_told() {
    let matrix = question(&NINE, "~ group", "group").matrix;
    let few = transform(&matrix, &TransformOptions { trend_genes: Some(1000), ..ALL_GENES }).unwrap();
    let all = transform(&matrix, &ALL_GENES).unwrap();
    assert!(few.notices[0].contains("the trend of dispersions is that of all genes"), "{:?}", few.notices);
    assert_eq!(few.values.row(7), all.values.row(7));
}

#[test]
fn one_sample_is_refused() {
    let matrix = question(&[3, 9], "~ group", "group").matrix.select_samples(&[0]);
    assert!(matches!(transform(&matrix, &ALL_GENES), Err(DgeError::OneSample)));
}
