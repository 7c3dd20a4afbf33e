//! Numbers and names as people read them.

use alkaline_core::results::{TestFacts, TestRow, TestTable};

/// `1234567` as `1,234,567`.
pub(crate) fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with its noun in the right number: `1 gene`, `2 genes`.
pub(crate) fn count_of(value: usize, noun: &str) -> String {
    let plural = if value == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", thousands(value as u64))
}

/// A P value with two significant digits: `0.032`, `4.1e-9`; `NA` where missing.
pub(crate) fn p_value(p: f64) -> String {
    if !p.is_finite() {
        "NA".to_owned()
    } else if p == 0.0 {
        "< 1e-300".to_owned()
    } else if p < 1e-3 {
        format!("{p:.1e}")
    } else {
        significant(p, 2)
    }
}

/// A number with `digits` significant digits, without trailing zeros or exponent.
pub(crate) fn significant(value: f64, digits: i32) -> String {
    if !value.is_finite() {
        return "NA".to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let decimals = (digits - 1 - value.abs().log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.decimals$}");
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// A share between 0 and 1 as a percentage; `NA` where undefined.
pub(crate) fn percent(share: f64) -> String {
    if share.is_finite() { format!("{:.1} %", share * 100.0) } else { "NA".to_owned() }
}

/// Bytes as `12.3 MB`.
pub(crate) fn bytes(value: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut amount = value as f64;
    let mut unit = 0;
    while amount >= 1000.0 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{value} B") } else { format!("{amount:.1} {}", UNITS[unit]) }
}

/// What a gene is called: its symbol, or its identifier where it has none.
pub(crate) fn gene_label(row: &TestRow) -> &str {
    match row.name.as_deref() {
        Some(name) if !name.is_empty() => name,
        _ => row.gene.as_str(),
    }
}

/// What a gene set is called: its description, or its identifier where the description is no name.
///
/// GMT files often hold an address, `NA` or nothing in its place, and identifiers such as `HALLMARK_ANGIOGENESIS`.
pub(crate) fn set_name(id: &str, description: &str) -> String {
    let text = description.trim();
    let no_name = text.is_empty()
        || ["na", "n/a", ">"].contains(&text.to_ascii_lowercase().as_str())
        || ["http://", "https://", "> http"].iter().any(|start| text.to_ascii_lowercase().starts_with(start));
    if no_name { id.replace('_', " ") } else { text.to_owned() }
}

/// The thresholds of a test in words: `FDR < 0.05, |log2 FC| ≥ 1`.
pub(crate) fn thresholds(facts: &TestFacts) -> String {
    let (what, level) = facts.thresholds.level();
    let level = significant(level, 3);
    if facts.thresholds.lfc > 0.0 {
        format!("{what} < {level}, |log2 FC| ≥ {}", significant(facts.thresholds.lfc, 3))
    } else {
        format!("{what} < {level}")
    }
}

/// `a, b and c`.
pub(crate) fn and_list<S: AsRef<str>>(items: &[S]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().to_owned(),
        [head @ .., last] => {
            let head: Vec<&str> = head.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", head.join(", "), last.as_ref())
        }
    }
}

/// Letters of a name that a file name keeps: a contrast and a gene set stand in one, and file systems take 255.
const LONGEST_SLUG: usize = 90;

/// A name as it may stand in a file name or an HTML id: letters, digits, `-` and `_`. A long one is cut, and ends with a number made of
/// all of it, so that two with the same beginning stay two.
pub(crate) fn slug(name: &str) -> String {
    let slug: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' })
        .collect();
    match slug.len() {
        0 => "unnamed".to_owned(),
        1..=LONGEST_SLUG => slug,
        _ => format!("{}_{:08x}", &slug[..LONGEST_SLUG], fingerprint(name)),
    }
}

/// A number made of all bytes of a name (FNV-1a).
fn fingerprint(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// What abundance means in a table: CPM of counts, or the values themselves where there were none; on a log2 scale.
pub fn abundance(test: &TestTable) -> &'static str {
    if test.rows.iter().any(|row| !row.log2_cpm.is_nan()) { "log2 CPM" } else { "log2 expression" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_well() {
        assert_eq!([thousands(999), thousands(1_234_567)], ["999", "1,234,567"]);
        assert_eq!([count_of(1, "gene"), count_of(2_000, "gene")], ["1 gene", "2,000 genes"]);
        assert_eq!(
            [p_value(0.0321), p_value(4.13e-9), p_value(0.0), p_value(f64::NAN)],
            ["0.032", "4.1e-9", "< 1e-300", "NA"]
        );
        assert_eq!(
            [significant(0.05, 3), significant(1.0, 3), significant(1234.5, 2)],
            ["0.05", "1", "1234"]
        );
        assert_eq!([bytes(12), bytes(12_345_678)], ["12 B", "12.3 MB"]);
        assert_eq!(and_list(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn a_set_without_a_name_goes_by_its_identifier() {
        let address = "http://www.gsea-msigdb.org/gsea/msigdb/cards/HALLMARK_ANGIOGENESIS";
        assert_eq!(set_name("HALLMARK_ANGIOGENESIS", address), "HALLMARK ANGIOGENESIS");
        assert_eq!(set_name("GO:0008009", "chemokine activity"), "chemokine activity");
    }

    #[test]
    fn a_slug_cannot_leave_its_directory() {
        assert_eq!(slug("../B vs \"A\""), "___B_vs__A_");
    }

    #[test]
    fn a_name_of_any_length_fits_into_a_file_name_and_stays_its_own() {
        let [a, b] = ["a", "b"].map(|end| slug(&("SET_".repeat(100) + end)));
        assert!(a != b && a.len() == b.len() && a.len() < 100, "{a} {b}");
        assert_eq!(slug(&"x".repeat(90)), "x".repeat(90));
    }
}
