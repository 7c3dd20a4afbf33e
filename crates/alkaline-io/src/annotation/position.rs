//! Positions as programs write them: plain digits, and what R and spreadsheets make of large numbers.

/// Largest position that featureCounts (and BAM) can express.
const MAX_POSITION: u64 = (1 << 31) - 1;

/// Most digits of a position that may stand behind each other; more cannot be one.
const MAX_DIGITS: usize = 12;

/// A position that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spelled {
    pub value: u32,
    /// Whether it was written in digits alone.
    pub plain: bool,
}

/// The whole number that `text` is: `100000`, `1e+05`, `100,000` or `100000.0`; `None` for anything else.
///
/// `100.000` is refused: it may be a hundred, or a hundred thousand.
pub(super) fn whole_number(text: &[u8]) -> Option<Spelled> {
    if let Some(value) = digits(text) {
        return Some(Spelled { value, plain: true });
    }
    let text = super::attributes::unquoted(text.trim_ascii());
    if let Some(value) = digits(text) {
        return Some(Spelled { value, plain: true });
    }
    let value = thousands(text).or_else(|| decimal(text))?;
    Some(Spelled { value, plain: false })
}

/// The number that the text begins with, whatever follows, as featureCounts reads it; `None` unless it begins with a
/// digit and fits.
pub(super) fn leading_digits(text: &[u8]) -> Option<u32> {
    digits(&text[..text.iter().take_while(|byte| byte.is_ascii_digit()).count()])
}

fn digits(text: &[u8]) -> Option<u32> {
    if text.is_empty() || text.len() > MAX_DIGITS || !text.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let value = text.iter().fold(0_u64, |value, &digit| value * 10 + u64::from(digit - b'0'));
    in_range(value)
}

fn in_range(value: u64) -> Option<u32> {
    (1..=MAX_POSITION).contains(&value).then_some(value as u32)
}

/// `1,234,567`.
fn thousands(text: &[u8]) -> Option<u32> {
    let mut groups = text.split(|&byte| byte == b',');
    let first = groups.next()?;
    let rest: Vec<&[u8]> = groups.collect();
    if first.is_empty() || first.len() > 3 || rest.is_empty() || rest.iter().any(|group| group.len() != 3) {
        return None;
    }
    digits(&[&[first][..], &rest].concat().concat())
}

/// `1.14e+08`, or `100000.0` with decimals that cannot be a group of thousands.
fn decimal(text: &[u8]) -> Option<u32> {
    if !text.first()?.is_ascii_digit() || text.len() > 2 * MAX_DIGITS {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let has_exponent = text.contains(['e', 'E']);
    if !has_exponent {
        let (_, decimals) = text.split_once('.')?;
        if decimals.len() == 3 {
            return None;
        }
    }
    let value: f64 = text.parse().ok()?;
    (value.fract() == 0.0 && value <= MAX_POSITION as f64).then_some(value as u64).and_then(in_range)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_r_and_of_spreadsheets_are_read_whole() {
        let value = |text: &str| whole_number(text.as_bytes()).map(|spelled| spelled.value);
        for (text, expected) in [
            ("100000", 100_000),
            ("1e+05", 100_000),
            ("1.14e+08", 114_000_000),
            ("1.00E+05", 100_000),
            ("1e5", 100_000),
            ("100,000", 100_000),
            ("1,234,567", 1_234_567),
            ("100000.0", 100_000),
            ("\"100000\"", 100_000),
            (" 7 ", 7),
        ] {
            assert_eq!(value(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_not_read() {
        for text in [
            "100.000", "1,00", "1,0000", ",100", "1.5", "1e-3", "1.23e+01", "0", "-5", "12bp", "", "1e99",
            "inf", "NaN",
        ] {
            assert_eq!(whole_number(text.as_bytes()), None, "{text}");
        }
    }
}
