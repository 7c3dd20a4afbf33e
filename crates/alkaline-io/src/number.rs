//! Numbers as text: the shortest decimal that reads back to the same value, `NA` where there is none.

use std::fmt;

/// The text for a value that is missing.
pub const MISSING: &str = "NA";

/// A floating-point number, printed as the shortest decimal that reads back to the same `f64`.
///
/// Very large and very small magnitudes use exponents, as R and Python print them; NaN is [`MISSING`].
pub struct Decimal(pub f64);

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        push_decimal(&mut text, self.0);
        f.write_str(&text)
    }
}

/// Appends `value` to `text` as [`Decimal`] prints it, without the machinery of formatting: tables hold millions of numbers.
pub fn push_decimal(text: &mut String, value: f64) {
    let magnitude = value.abs();
    if (1e-4..1e15).contains(&magnitude) {
        let mut buffer = zmij::Buffer::new();
        let digits = buffer.format_finite(value);
        text.push_str(digits.strip_suffix(".0").unwrap_or(digits));
    } else if value == 0.0 {
        text.push('0');
    } else if value.is_nan() {
        text.push_str(MISSING);
    } else if value.is_infinite() {
        text.push_str(if value > 0.0 { "Inf" } else { "-Inf" });
    } else if magnitude < 1e-5 {
        text.push_str(zmij::Buffer::new().format_finite(value));
    } else {
        text.push_str(&format!("{value:e}"));
    }
}

/// A number that may be missing.
pub fn optional(value: Option<f64>) -> Decimal {
    Decimal(value.unwrap_or(f64::NAN))
}

/// Reads a number; `NA`, `NaN` and the empty text give NaN.
pub fn parse(text: &str) -> Option<f64> {
    match text.trim() {
        "" | MISSING | "NaN" | "nan" => Some(f64::NAN),
        "Inf" => Some(f64::INFINITY),
        "-Inf" => Some(f64::NEG_INFINITY),
        text => text.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_short_as_that_of_the_standard_library() {
        let mut value = 1.234_567_890_123e-30_f64;
        while value < 1e25 {
            for x in [value, -value, value.round(), (value * 8.0).round() / 8.0] {
                let standard = match x.abs() {
                    0.0 => "0".to_owned(),
                    magnitude if (1e-4..1e15).contains(&magnitude) => x.to_string(),
                    _ => format!("{x:e}"),
                };
                // of two shortest decimals that are equally near either may be written
                let text = Decimal(x).to_string();
                assert_eq!((text.len(), parse(&text)), (standard.len(), Some(x + 0.0)), "{standard}");
            }
            value *= 1.037;
        }
    }

    #[test]
    fn every_number_reads_back_to_itself() {
        for value in [0.1, 1.0 / 3.0, 1e-300, 5e-324, 123456789.125, -2.5e20, f64::INFINITY, 0.0] {
            let text = Decimal(value).to_string();
            assert_eq!(parse(&text), Some(value), "{text}");
        }
        assert_eq!(Decimal(f64::NAN).to_string(), "NA");
        assert_eq!(Decimal(3.2e-17).to_string(), "3.2e-17");
        assert_eq!(Decimal(-0.0).to_string(), "0");
    }
}
