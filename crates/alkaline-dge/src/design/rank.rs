//! Explains in words why a design is not of full rank.

use alkaline_math::linear::PivotedQr;
use ndarray::ArrayView2;

/// Names the first coefficient that is a combination of others, the combination, and the factors at fault; `None` at full rank.
///
/// `terms` are the terms of the formula that the columns belong to; that of the intercept is empty.
pub(super) fn explain_deficiency(
    design: ArrayView2<'_, f64>,
    names: &[String],
    terms: &[String],
) -> Option<String> {
    let qr = PivotedQr::new(design);
    if design.ncols() > design.nrows() {
        return Some(format!(
            "it has {} coefficients for {} samples; use fewer variables",
            design.ncols(),
            design.nrows()
        ));
    }
    let column = *qr.pivot().get(qr.rank())?;
    let parts = qr.dependency(column);
    let confounded = confounded(column, &parts, terms);
    if let [(other, weight)] = parts.as_slice()
        && (weight - 1.0).abs() < 1e-9
    {
        return Some(format!(
            "{confounded}`{}` is the same as `{}` in every sample; their effects cannot be told apart",
            names[column], names[*other]
        ));
    }
    let sum: Vec<String> =
        parts.iter().map(|(other, weight)| format!("{weight:+.3} x `{}`", names[*other])).collect();
    Some(format!(
        "{confounded}`{}` is determined by other coefficients ({}); leave one of these variables out",
        names[column],
        sum.join(" ")
    ))
}

/// "`condition` is confounded with `batch`: "; empty where the intercept alone is at fault.
fn confounded(column: usize, parts: &[(usize, f64)], terms: &[String]) -> String {
    let mut others: Vec<&str> = Vec::new();
    for (other, _) in parts {
        let term = terms[*other].as_str();
        if !term.is_empty() && term != terms[column] && !others.contains(&term) {
            others.push(term);
        }
    }
    let others: Vec<String> = others.iter().map(|term| format!("`{term}`")).collect();
    match others.is_empty() {
        true => String::new(),
        false => format!("`{}` is confounded with {}: ", terms[column], others.join(" and ")),
    }
}
