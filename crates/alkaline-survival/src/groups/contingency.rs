//! The chi-square test of a table of counts. Upstream: `chisq.test`.

use ndarray::ArrayView2;

use crate::SurvivalError;
use crate::probability::chi_square_p;

/// A test of independence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ChiSquare {
    /// The statistic, with Yates's correction for two by two.
    pub chi_square: f64,
    /// Its degrees of freedom.
    pub df: usize,
    /// Its P.
    pub p: f64,
    /// The smallest expected count: below five the P is rough.
    pub smallest_expected: f64,
}

/// Tests whether rows and columns are independent; `corrected` applies Yates's correction to tables of two by two.
///
/// # Errors
/// When fewer than two rows or columns have counts.
pub fn chi_square(counts: ArrayView2<'_, f64>, corrected: bool) -> Result<ChiSquare, SurvivalError> {
    let rows: Vec<f64> = counts.rows().into_iter().map(|row| row.sum()).filter(|&sum| sum > 0.0).collect();
    let columns: Vec<f64> =
        counts.columns().into_iter().map(|column| column.sum()).filter(|&sum| sum > 0.0).collect();
    if rows.len() < 2 || columns.len() < 2 {
        return Err(SurvivalError::Constant { what: "a side of the table of counts" });
    }
    let total = counts.sum();
    let cells = counts.indexed_iter().filter_map(|((i, j), &observed)| {
        let expected = counts.row(i).sum() * counts.column(j).sum() / total;
        (expected > 0.0).then_some((observed, expected))
    });
    let cells: Vec<(f64, f64)> = cells.collect();
    let nearest = cells.iter().map(|(o, e)| (o - e).abs()).fold(f64::INFINITY, f64::min);
    let yates = if corrected && counts.dim() == (2, 2) { nearest.min(0.5) } else { 0.0 };
    let chi_square = cells.iter().map(|(o, e)| ((o - e).abs() - yates).powi(2) / e).sum();
    let df = (rows.len() - 1) * (columns.len() - 1);
    let smallest_expected = cells.iter().map(|(_, e)| *e).fold(f64::INFINITY, f64::min);
    Ok(ChiSquare { chi_square, df, p: chi_square_p(chi_square, df as f64), smallest_expected })
}
