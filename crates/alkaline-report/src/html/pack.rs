//! Columns of numbers as compact text: little-endian floats in base64, which a browser reads without parsing.

use alkaline_core::ExpressionMatrix;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// 64-bit floats.
pub(super) fn f64s(values: impl Iterator<Item = f64>) -> String {
    STANDARD.encode(values.flat_map(f64::to_le_bytes).collect::<Vec<u8>>())
}

/// 32-bit floats, for numbers that are only looked at.
pub(super) fn f32s(values: impl Iterator<Item = f64>) -> String {
    STANDARD.encode(values.flat_map(|value| (value as f32).to_le_bytes()).collect::<Vec<u8>>())
}

/// Expression rounded to 65,535 steps between its smallest and largest value.
pub(super) struct Quantized {
    /// Smallest value.
    pub low: f64,
    /// Width of a step.
    pub step: f64,
    /// One 16-bit step number per gene and sample, gene-major; 65,535 marks a missing value.
    pub steps: String,
}

/// The step that marks a missing value.
const MISSING: u16 = u16::MAX;

/// Quantizes the rows of `matrix` that belong to `genes`, in their order, at its `columns`; genes it lacks are missing.
pub(super) fn quantized<'a>(
    matrix: &ExpressionMatrix,
    genes: impl Iterator<Item = &'a str>,
    columns: &[usize],
) -> Quantized {
    let (low, high) = crate::axis::extent(matrix.rows().flatten().copied(), 0.0);
    let step = ((high - low) / f64::from(MISSING - 1)).max(f64::MIN_POSITIVE);
    let mut bytes = Vec::new();
    for gene in genes {
        let row = matrix.genes().position(gene).map(|place| matrix.row(place));
        for &sample in columns {
            let value = row.map_or(f64::NAN, |row| row[sample]);
            let code = if value.is_finite() { ((value - low) / step).round() as u16 } else { MISSING };
            bytes.extend(code.to_le_bytes());
        }
    }
    Quantized { low, step, steps: STANDARD.encode(bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_little_endian() {
        assert_eq!(f64s([1.0].into_iter()), "AAAAAAAA8D8=");
        assert_eq!(f32s([1.0].into_iter()), "AACAPw==");
    }
}
