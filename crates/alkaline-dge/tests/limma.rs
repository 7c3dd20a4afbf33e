//! limma's tests against numbers of limma 3.54.1 on small tables that are made here.

mod limma_tables;

use alkaline_dge::limma::{LimmaOptions, limma_test, limma_trend_test, voom_test};
use limma_tables::{close, counts, eight_genes, forty_genes, question};

#[test]
fn moderated_t_statistics_are_those_of_limma() {
    let (design, contrast) = question("~ 0 + group");
    let table = limma_test(&eight_genes(), &design, &contrast, &LimmaOptions::default()).unwrap();
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
        let table = limma_test(&forty_genes(), &design, &contrast, &options).unwrap();
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
    let voom = voom_test(&matrix, &sizes, &design, &contrast, &LimmaOptions::default()).unwrap();
    let row = |gene: &str| voom.rows.iter().find(|row| row.gene.as_str() == gene).unwrap();
    let g8 = row("f8");
    close(g8.log2_fold_change, 0.758_491_236_011_248);
    close(g8.of_method.average_expression.unwrap(), 13.315_958_035_757_8);
    close(g8.statistic.unwrap(), 5.413_864_362_841_11);
    close(g8.p_value, 5.984_178_888_071_58e-4);
    close(g8.of_method.log_odds.unwrap(), 0.067_496_590_296_521_2);
    close(row("f3").p_value, 0.534_117_740_189_056);
    let (matrix, sizes) = counts(|gene| gene != 3);
    let trend = limma_trend_test(&matrix, &sizes, &design, &contrast, &LimmaOptions::default()).unwrap();
    let g8 = trend.rows.iter().find(|row| row.gene.as_str() == "f8").unwrap();
    close(g8.log2_fold_change, 0.733_753_398_112_766);
    close(g8.statistic.unwrap(), 6.664_626_364_133_15);
    close(g8.p_value, 3.000_080_325_591_93e-4);
    close(trend.facts.prior_df.unwrap(), 2.926_932_740_244_93);
}
