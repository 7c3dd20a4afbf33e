//! limma's tests against numbers of limma 3.54.1 on small tables that are made here.

mod limma_tables;

use alkaline_dge::limma::{
    Blocks, ContrastErrors, LimmaOptions, LinearModel, Moderation, Weights, array_weights,
    duplicate_correlation, limma_test, limma_trend_test, moderate, voom, voom_test,
};
use limma_tables::{EIGHT, close, counts, eight_genes, forty_genes, question};
use ndarray::{Array2, array};

#[test]
fn moderated_t_statistics_are_those_of_limma() {
    let (design, contrast) = question("~ 0 + group");
    let table = limma_test(&eight_genes(), &design, &contrast, &LimmaOptions::default(), None).unwrap();
    let row = |gene: &str| table.rows.iter().find(|row| row.gene.as_str() == gene).unwrap();
    let g1 = row("g1");
    close(g1.log2_fold_change, 1.873_333_333_333_33);
    close(g1.of_method.average_expression.unwrap(), 8.073_333_333_333_33);
    close(g1.statistic.unwrap(), 12.410_540_594_746);
    close(g1.p_value, 3.844_244_728_019_32e-5);
    close(g1.fdr, 0.000_307_539_578_241_546);
    close(g1.of_method.log_odds.unwrap(), 3.032_853_046_758_04);
    let (low, high) = g1.interval.unwrap();
    close(low, 1.492_650_140_347);
    close(high, 2.254_016_526_319_67);
    let g5 = row("g5");
    close(g5.statistic.unwrap(), 1.703_269_216_186_72);
    close(g5.p_value, 0.145_492_580_214_792);
    close(g5.of_method.log_odds.unwrap(), -6.067_464_159_524_21);
    close(table.facts.prior_df.unwrap(), 1.341_206_117_969_96);
}

#[test]
fn trend_and_robust_priors_are_those_of_limma() {
    let (design, contrast) = question("~ 0 + group");
    let of = |trend: bool, robust: bool| {
        let options = LimmaOptions { trend, robust, ..LimmaOptions::default() };
        let table = limma_test(&forty_genes(), &design, &contrast, &options, None).unwrap();
        let p = |gene: &str| table.rows.iter().find(|row| row.gene.as_str() == gene).unwrap().p_value;
        (p("f8"), p("f13"), table.facts.prior_df.unwrap())
    };
    close(of(false, false).0, 0.005_775_949_242_632_03);
    close(of(false, false).2, 2.436_104_254_789_46);
    close(of(true, false).2, 3.346_025_457_764_87);
    let robust = of(false, true);
    close(robust.0, 0.005_589_551_780_897_7);
    close(robust.1, 0.471_556_564_220_005);
    close(of(true, true).0, 0.002_873_021_045_806_02);
}

#[test]
fn voom_and_limma_trend_on_counts_are_those_of_limma() {
    let (design, contrast) = question("~ group");
    let (matrix, sizes) = counts(|_| true);
    let voom = voom_test(&matrix, &sizes, &design, &contrast, &LimmaOptions::default(), None).unwrap();
    let row = |gene: &str| voom.rows.iter().find(|row| row.gene.as_str() == gene).unwrap();
    let g8 = row("f8");
    close(g8.log2_fold_change, 0.758_491_236_011_248);
    close(g8.of_method.average_expression.unwrap(), 13.315_958_035_757_8);
    close(g8.statistic.unwrap(), 5.413_864_362_841_11);
    close(g8.p_value, 5.984_178_888_071_58e-4);
    close(g8.of_method.log_odds.unwrap(), 0.067_496_590_296_521_2);
    close(row("f3").p_value, 0.534_117_740_189_056);
    let (matrix, sizes) = counts(|gene| gene != 3);
    let trend =
        limma_trend_test(&matrix, &sizes, &design, &contrast, &LimmaOptions::default(), None).unwrap();
    let g8 = trend.rows.iter().find(|row| row.gene.as_str() == "f8").unwrap();
    close(g8.log2_fold_change, 0.733_753_398_112_766);
    close(g8.statistic.unwrap(), 6.664_626_364_133_15);
    close(g8.p_value, 3.000_080_325_591_93e-4);
    close(trend.facts.prior_df.unwrap(), 2.926_932_740_244_93);
}

/// The eight genes as an array.
fn eight() -> Array2<f64> {
    Array2::from_shape_fn((8, 6), |(i, j)| EIGHT[i][j])
}

fn b_minus_a() -> LinearModel {
    let design = Array2::from_shape_fn((6, 2), |(i, j)| f64::from(u8::from((i < 3) == (j == 0))));
    LinearModel::new(design.view(), array![[-1.0], [1.0]])
}

#[test]
fn missing_values_take_degrees_of_freedom_gene_by_gene() {
    let mut values = eight();
    for (gene, samples) in [(2, 5..=5), (4, 1..=3), (8, 2..=5)] {
        samples.for_each(|sample| values[[gene - 1, sample - 1]] = f64::NAN);
    }
    [1, 4].iter().for_each(|sample| values[[5, sample - 1]] = f64::NEG_INFINITY);
    let fit = b_minus_a().fit(values.view());
    assert_eq!(fit.df, [4.0, 3.0, 4.0, 2.0, 4.0, 2.0, 4.0, 0.0]);
    let moderated = moderate(&fit, &Moderation::default()).unwrap();
    let test = moderated.t_test(&fit, 0, 0.01);
    close(moderated.prior.df[0], 1.196_871_022_652_77);
    close(moderated.prior.scale[0], 0.016_839_404_189_474_7);
    assert!(test.t[3].is_nan() && test.p[3].value().is_nan());
    close(fit.averages[3], 3.8);
    close(fit.estimates[[7, 0]], -1.5);
    close(test.t[7], -8.173_590_970_353_69);
    close(test.p[7].value(), 0.053_768_586_274_677_1);
    close(test.log_odds.unwrap()[7], -2.947_598_359_893_32);
}

#[test]
fn weights_of_samples_count_and_one_of_zero_takes_the_sample_out() {
    let mut model = b_minus_a();
    model.weights = Weights::Samples(vec![1.0, 2.0, 0.5, 1.0, 1.5, 0.0]);
    let fit = model.fit(eight().view());
    assert_eq!(fit.df, [3.0; 8]);
    let moderated = moderate(&fit, &Moderation::default()).unwrap();
    let test = moderated.t_test(&fit, 0, 0.01);
    close(moderated.prior.df[0], 1.477_881_474_244_94);
    close(fit.estimates[[0, 0]], 1.814_857_142_857_14);
    close(test.t[0], 12.737_430_541_841_1);
    close(test.p[0].value(), 1.094_555_385_991_35e-4);
    close(test.log_odds.unwrap()[0], 2.147_434_397_572_48);
}

#[test]
fn errors_of_contrasts_are_exact_or_limmas() {
    let dose = [0.1, 0.9, 0.4, 0.6, 0.3, 0.8];
    let second = [0.0, 0.0, 1.0, 1.0, 0.0, 1.0];
    let design = Array2::from_shape_fn((6, 3), |(i, j)| [1.0, second[i], dose[i]][j]);
    let mut model = LinearModel::new(design.view(), array![[0.0], [1.0], [-1.0]]);
    let mut values = eight();
    values[[0, 5]] = f64::NAN;
    let mut weights = Array2::ones((8, 6));
    weights.row_mut(1).assign(&array![1.0, 2.0, 3.0, 1.0, 2.0, 4.0]);
    model.weights = Weights::Values(weights);
    let exact = model.fit(values.view()).unscaled;
    close(exact[[0, 0]], 1.984_027_125_914_27);
    close(exact[[1, 0]], 1.356_730_836_560_54);
    close(exact[[2, 0]], 1.963_866_297_214_08);
    model.errors = ContrastErrors::Approximate;
    let approximate = model.fit(values.view()).unscaled;
    close(approximate[[0, 0]], 2.116_264_918_599_28);
    close(approximate[[1, 0]], 1.387_103_142_215_98);
    close(approximate[[2, 0]], 1.963_866_297_214_08);
}

#[test]
fn thresholds_and_f_are_those_of_limma() {
    let fit = b_minus_a().fit(eight().view());
    let moderated = moderate(&fit, &Moderation::default()).unwrap();
    let treat = moderated.threshold_test(&fit, 0, 1.2f64.log2());
    close(treat.t[0], 10.667_978_759_471);
    close(treat.t[3], 0.753_401_529_690_502);
    assert_eq!(treat.t[4], 0.0);
    close(treat.p[0].value(), 5.167_026_730_085_99e-5);
    close(treat.p[3].value(), 0.299_565_109_209_748);
    close(treat.p[4].value(), 0.970_510_749_901_92);
    let half = moderated.threshold_test(&fit, 0, 0.5);
    close(half.p[6].value(), 0.605_290_302_167_347);
    let design =
        Array2::from_shape_fn((6, 3), |(i, j)| [1.0, f64::from(u8::from(i > 2)), [1.0, 2.0, 3.0][i % 3]][j]);
    let both = LinearModel::new(design.view(), array![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]);
    let fit = both.fit(eight().view());
    let moderated = moderate(&fit, &Moderation::default()).unwrap();
    close(moderated.prior.df[0], 1.459_923_879_891_54);
    let (f, p) = moderated.f_test(&fit)[0];
    close(f, 70.990_174_796_275_7);
    close(p.value(), 4.155_611_434_235_42e-4);
}

#[test]
fn correlation_within_blocks_stops_where_limma_stops() {
    let forty = forty_genes();
    let design = b_minus_a().design;
    let crossed = duplicate_correlation(forty.view(), design.view(), &[1, 2, 3, 1, 2, 3], &Weights::Equal);
    close(crossed.consensus, 0.085_136_276_396_405_9);
    close(crossed.by_gene[0], 0.688_829_376_559_258);
    close(crossed.by_gene[1], 1.403_767_997_130_81);
    close(crossed.by_gene[12], -2.646_652_412_362_25);
    let nested = duplicate_correlation(forty.view(), design.view(), &[1, 1, 2, 2, 2, 3], &Weights::Equal);
    close(nested.consensus, -0.085_085_600_341_895);
    close(nested.by_gene[0], -0.536_060_336_610_567);
    let mut model = b_minus_a();
    model.blocks = Some(Blocks::new(vec![1, 2, 3, 1, 2, 3], crossed.consensus).unwrap());
    let fit = model.fit(forty.view());
    let moderated = moderate(&fit, &Moderation::default()).unwrap();
    let test = moderated.t_test(&fit, 0, 0.01);
    close(moderated.prior.df[0], 2.483_073_383_310_05);
    close(test.t[7], 4.383_658_595_512_29);
    close(test.p[7].value(), 0.003_868_058_244_998_13);
    assert!(
        duplicate_correlation(forty.view(), design.view(), &[1, 1, 1, 2, 2, 2], &Weights::Equal)
            .notice
            .is_some()
    );
    assert!(Blocks::new(vec![1, 1, 1], -0.6).is_err());
}

#[test]
fn quality_weights_are_those_of_limma_over_all_genes_and_one_by_one() {
    let forty = forty_genes();
    let design = b_minus_a().design;
    let all = array_weights(forty.view(), design.view(), &Weights::Equal);
    let expected = [
        1.214_273_724_710_27,
        0.811_917_401_603_571,
        1.131_872_294_777_47,
        0.979_416_270_895_215,
        0.821_314_858_270_653,
        1.114_030_622_720_73,
    ];
    all.iter().zip(expected).for_each(|(found, expected)| close(*found, expected));
    let constant = Array2::from_elem((1, 6), 5.1);
    let with_constant = ndarray::concatenate(ndarray::Axis(0), &[forty.view(), constant.view()]).unwrap();
    let same = array_weights(with_constant.view(), design.view(), &Weights::Equal);
    same.iter().zip(&all).for_each(|(found, expected)| close(*found, *expected));
    let ones = Weights::Values(Array2::ones((40, 6)));
    let one_by_one = array_weights(forty.view(), design.view(), &ones);
    close(one_by_one[0], 1.155_593_649_478_29);
    close(one_by_one[3], 0.890_339_856_594_145);
    close(one_by_one[5], 1.157_498_856_722_08);
    let (design, contrast) = question("~ group");
    let (matrix, sizes) = counts(|_| true);
    let options = LimmaOptions { quality_weights: true, ..LimmaOptions::default() };
    let table = voom_test(&matrix, &sizes, &design, &contrast, &options, None).unwrap();
    let g8 = table.rows.iter().find(|row| row.gene.as_str() == "f8").unwrap();
    close(g8.p_value, 5.134_129_724_952_51e-4);
    let plain = voom(matrix.view(), &sizes.effective(), &LinearModel::of_coefficients(design.matrix()));
    close(plain.values[[2, 0]], 6.732_816_604_130_44);
    close(plain.weights[[0, 0]], 20.088_228_509_965_4);
    close(plain.weights[[7, 3]], 14.587_449_665_686_6);
    close(plain.trend[0].1, 0.879_799_064_516_789);
}
