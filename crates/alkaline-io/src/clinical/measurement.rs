//! Cells of a laboratory's table: a value, or why there is none.

use super::words::number;

/// What a cell says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Measurement {
    /// A value.
    Value(f64),
    /// Less than can be measured; the limit where it is told.
    Below(Option<f64>),
    /// More than can be measured.
    Above(Option<f64>),
    /// Nothing.
    Missing,
    /// Text that is no measurement.
    Text,
}

/// Words for "below detection".
const BELOW: [&str; 11] = [
    "lloq",
    "lod",
    "blq",
    "bloq",
    "bdl",
    "blod",
    "bql",
    "nd",
    "not detected",
    "undetected",
    "below detection",
];

/// Reads a cell: numbers, `<3.2`, `<LLOQ`, `OOR <`, `OOR >`, `12.1*` (extrapolated beyond the standards).
pub fn measurement(cell: &str) -> Measurement {
    let text = cell.trim();
    if text.is_empty() || text.eq_ignore_ascii_case("nan") {
        return Measurement::Missing;
    }
    let plain = text.trim_start_matches('*').trim_end_matches('*').trim();
    if plain.is_empty() {
        return Measurement::Missing;
    }
    if let Some(value) = number(plain) {
        return Measurement::Value(value);
    }
    let rest = plain.trim_matches(['<', '>', '=', '\u{2264}', '\u{2265}', ' ']).trim();
    let limit = number(rest);
    let named = |words: &[&str]| words.iter().any(|word| rest.eq_ignore_ascii_case(word));
    if plain.contains('<') || plain.contains('\u{2264}') {
        let known = limit.is_some() || named(&BELOW) || named(&["oor", "lower", "min"]);
        return if known { Measurement::Below(limit) } else { Measurement::Text };
    }
    if plain.contains('>') || plain.contains('\u{2265}') {
        let known = limit.is_some() || named(&["oor", "uloq", "alq", "max", "upper"]);
        return if known { Measurement::Above(limit) } else { Measurement::Text };
    }
    if named(&BELOW) { Measurement::Below(None) } else { Measurement::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_luminex_and_its_relatives_are_understood() {
        assert_eq!(measurement("1.5"), Measurement::Value(1.5));
        assert_eq!(measurement("*1.5"), Measurement::Value(1.5));
        assert_eq!(measurement("1,5"), Measurement::Value(1.5));
        assert_eq!(measurement("<3.2"), Measurement::Below(Some(3.2)));
        assert_eq!(measurement("< LLOQ"), Measurement::Below(None));
        assert_eq!(measurement("OOR <"), Measurement::Below(None));
        assert_eq!(measurement("OOR >"), Measurement::Above(None));
        assert_eq!(measurement("> 10000"), Measurement::Above(Some(10_000.0)));
        assert_eq!(measurement("NaN"), Measurement::Missing);
        assert_eq!(measurement("***"), Measurement::Missing);
        assert_eq!(measurement(">2cm"), Measurement::Text);
        assert_eq!(measurement("<=2cm"), Measurement::Text);
        assert_eq!(measurement("Positive"), Measurement::Text);
    }
}
