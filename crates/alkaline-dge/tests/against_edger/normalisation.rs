//! Library sizes, expression values and maps of samples against edgeR and limma.

use alkaline_dge::{MapOptions, sample_map};
use alkaline_norm::{ExpressionOptions, NormMethod, expression, library_sizes};

use super::case::Case;
use super::{Difference, difference};

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
