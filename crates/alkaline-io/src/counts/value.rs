//! The numbers of a count table: what is a count, and what a field is instead.

use crate::delimited::Record;
use crate::error::Problem;

/// Problems collected before reading stops: more would be the same mistake again.
pub(super) const MAX_PROBLEMS: usize = 200;

/// How counts are written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CountFormat {
    /// Whether fractional counts are welcome.
    pub allow_fractional: bool,
    /// Whether a comma stands before decimals, as spreadsheets of many countries write them between semicolons.
    pub decimal_comma: bool,
}

/// The count in the field of a row at `place`.
#[inline]
pub(super) fn count_at(row: &Record, place: usize, format: CountFormat) -> Result<f64, Problem> {
    match whole_count(row.bytes(place)) {
        Some(count) => Ok(count),
        None => parse_unusual(row[place].trim(), format),
    }
}

/// The count in a field of digits only, as nearly all are.
#[inline]
fn whole_count(text: &[u8]) -> Option<f64> {
    /// Numbers of so many digits are exact as `f64`.
    const EXACT_DIGITS: usize = 15;
    if !(1..=EXACT_DIGITS).contains(&text.len()) {
        return None;
    }
    let digit = |byte: u8| Some(u64::from(byte.wrapping_sub(b'0'))).filter(|digit| *digit < 10);
    let number: Option<u64> = text.iter().try_fold(0, |number, byte| Some(number * 10 + digit(*byte)?));
    // smaller than 2^53: as a signed number it is converted by one instruction
    number.map(|number| number as i64 as f64)
}

/// A count that is not digits alone.
#[cold]
fn parse_unusual(text: &str, format: CountFormat) -> Result<f64, Problem> {
    let refused = |message: String, hint: &str| Err(Problem::of_file(message).hint(hint));
    let has_comma = format.decimal_comma && text.matches(',').count() == 1;
    let number = if has_comma { text.replace(',', ".").parse::<f64>() } else { text.parse::<f64>() };
    let written = if has_comma { format!("`{text}`, with a decimal comma") } else { format!("`{text}`") };
    match number {
        _ if matches!(text, "" | "NA" | "NaN" | "nan" | "null") => refused(
            format!("the count is missing (`{text}`)"),
            "write 0 where no read was counted, or leave the gene out",
        ),
        Ok(count) if !count.is_finite() => Err(Problem::of_file(format!("`{text}` is not a finite count"))),
        Ok(count) if count < 0.0 => refused(
            format!("the count is negative ({written})"),
            "raw counts are wanted, not log ratios or batch-corrected values",
        ),
        Ok(count) if count.fract() != 0.0 && !format.allow_fractional => refused(
            format!("the count is fractional ({written})"),
            "raw counts are wanted, not FPKM, TPM or CPM; expected counts of RSEM or salmon: --allow-fractional",
        ),
        Ok(count) => Ok(count),
        Err(_) if text.replace([',', '.', ' ', '\u{a0}'], "").parse::<f64>().is_ok() => refused(
            format!("`{text}` has a decimal comma or marks of thousands"),
            "save the table with decimal points and without marks of thousands",
        ),
        Err(_) => Err(Problem::of_file(format!("`{text}` is not a number"))),
    }
}

/// The length in a field, rounded to whole bases: `None` where it is missing.
///
/// RSEM writes `1200.00`, R `1e+05`; tables of the Gene Expression Omnibus have `NA`.
pub(super) fn parse_length(text: &str) -> Result<Option<u64>, Problem> {
    let text = text.trim();
    if let Ok(length) = text.parse() {
        return Ok(Some(length));
    }
    match crate::number::parse(text) {
        Some(length) if length.is_nan() => Ok(None),
        Some(length) if (0.0..1e12).contains(&length) => Ok(Some(length.round() as u64)),
        _ if matches!(text, "-" | "." | "N/A" | "#N/A" | "null") => Ok(None),
        _ => Err(Problem::of_file(format!("`{text}` is not a length in bases"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delimited::Separator;

    #[test]
    fn counts_are_read_as_programs_write_them() {
        let parse_count = |text: &str, format| count_at(&Record::of(text, Separator::Byte(b'\t')), 0, format);
        let read = |text: &str| parse_count(text, CountFormat::default()).ok();
        assert_eq!(
            ["7", " 7 ", "1e+05", "12.0", "123456789012345678"].map(read),
            [Some(7.0), Some(7.0), Some(1e5), Some(12.0), Some(123456789012345680.0)]
        );
        let european = CountFormat { decimal_comma: true, allow_fractional: true };
        assert_eq!(parse_count("67,5", european).unwrap(), 67.5);
        for text in ["1,234", "1.234.567", "12 345"] {
            let problem = parse_count(text, CountFormat::default()).unwrap_err();
            assert!(problem.message.contains("marks of thousands"), "{text}: {problem:?}");
        }
    }

    #[test]
    fn lengths_are_read_as_programs_write_them() {
        let read = |text: &str| parse_length(text).unwrap();
        assert_eq!(
            ["1200", "1200.00", "1e+05", "151.7", "NA", ""].map(read),
            [Some(1200), Some(1200), Some(100_000), Some(152), None, None]
        );
        assert!(parse_length("long").is_err() && parse_length("-5").is_err());
    }
}
