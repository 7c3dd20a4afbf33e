//! Columns of numbers as compact text: little-endian floats in base64, which a browser reads without parsing.

use alkaline_core::ExpressionMatrix;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Base64 with padding (RFC 4648).
pub(super) fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word =
            chunk.iter().enumerate().fold(0u32, |word, (i, byte)| word | u32::from(*byte) << (16 - 8 * i));
        for i in 0..4 {
            let digit = ALPHABET[(word >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// 64-bit floats.
pub(super) fn f64s(values: impl Iterator<Item = f64>) -> String {
    base64(&values.flat_map(f64::to_le_bytes).collect::<Vec<u8>>())
}

/// 32-bit floats, for numbers that are only looked at.
pub(super) fn f32s(values: impl Iterator<Item = f64>) -> String {
    base64(&values.flat_map(|value| (value as f32).to_le_bytes()).collect::<Vec<u8>>())
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
    Quantized { low, step, steps: base64(&bytes) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_matches_the_test_vectors_of_the_rfc() {
        let vectors = [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ];
        for (plain, coded) in vectors {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn floats_are_little_endian() {
        assert_eq!(f64s([1.0].into_iter()), base64(&[0, 0, 0, 0, 0, 0, 0xf0, 0x3f]));
        assert_eq!(f32s([1.0].into_iter()), base64(&[0, 0, 0x80, 0x3f]));
    }
}
