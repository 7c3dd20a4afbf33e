//! Explains in words why a design is not of full rank.

use alkaline_math::linear::{Matrix, PivotedQr};

/// Names the first coefficient that is a combination of others, and the combination; `None` at full rank.
pub(super) fn explain_deficiency(design: &Matrix, names: &[String]) -> Option<String> {
    let qr = PivotedQr::new(design);
    if design.columns() > design.rows() {
        return Some(format!(
            "it has {} coefficients for {} samples; use fewer variables",
            design.columns(),
            design.rows()
        ));
    }
    let column = *qr.pivot().get(qr.rank())?;
    let parts = qr.dependency(column);
    if let [(other, weight)] = parts.as_slice()
        && (weight - 1.0).abs() < 1e-9
    {
        return Some(format!(
            "`{}` is the same as `{}` in every sample; their effects cannot be told apart",
            names[column], names[*other]
        ));
    }
    let sum: Vec<String> =
        parts.iter().map(|(other, weight)| format!("{weight:+.3} x `{}`", names[*other])).collect();
    Some(format!(
        "`{}` is determined by other coefficients ({}); leave one of these variables out",
        names[column],
        sum.join(" ")
    ))
}
