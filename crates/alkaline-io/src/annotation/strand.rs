//! Strands as annotations spell them.

use alkaline_core::genome::Strand;

use super::attributes::unquoted;

/// As featureCounts: `+` and `-`; everything else is unknown.
pub(super) fn strict(text: &[u8]) -> Strand {
    match text.first() {
        Some(b'+') => Strand::Forward,
        Some(b'-') => Strand::Reverse,
        _ => Strand::Unknown,
    }
}

/// `+` and `-`, Ensembl's (and biomaRt's) 1 and -1, words, and the usual ways to leave it open; `None` for anything else.
pub(super) fn parse(text: &[u8]) -> Option<Strand> {
    match text {
        b"+" => return Some(Strand::Forward),
        b"-" => return Some(Strand::Reverse),
        b"." => return Some(Strand::Unknown),
        _ => {}
    }
    let text = unquoted(text.trim_ascii()).to_ascii_lowercase();
    match text.as_slice() {
        b"+" | b"1" | b"+1" | b"plus" | b"forward" | b"fwd" | b"f" | b"sense" => Some(Strand::Forward),
        b"-" | b"-1" | b"minus" | b"reverse" | b"rev" | b"r" | b"antisense" => Some(Strand::Reverse),
        b"" | b"." | b"*" | b"?" | b"0" | b"na" | b"none" | b"unknown" | b"both" => Some(Strand::Unknown),
        // The true minus sign, and the dash that spreadsheets put for it.
        _ if text == "\u{2212}".as_bytes() || text == "\u{2013}".as_bytes() => Some(Strand::Reverse),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_forward_and_minus_one_reverse() {
        for (text, expected) in [
            ("1", Some(Strand::Forward)),
            ("-1", Some(Strand::Reverse)),
            ("\"+\"", Some(Strand::Forward)),
            ("\u{2212}", Some(Strand::Reverse)),
            ("*", Some(Strand::Unknown)),
            ("x", None),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
        assert_eq!(strict(b"1"), Strand::Unknown);
    }
}
