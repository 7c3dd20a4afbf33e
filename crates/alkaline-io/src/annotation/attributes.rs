//! The ninth column of GTF and GFF3: keys with values.

use std::borrow::Cow;

/// Visits the attributes as featureCounts reads them: keys of letters, digits and underscores, followed by blanks or
/// `=`, then a quoted or bare value. `false` when the column breaks these rules anywhere.
pub(super) fn visit_strict<'a>(column: &'a [u8], mut visit: impl FnMut(&'a [u8], &'a [u8])) -> bool {
    let mut rest = trim_start(column);
    while !rest.is_empty() {
        let key_length =
            rest.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
        let (key, after) = rest.split_at(key_length);
        if key.is_empty() || !matches!(after.first(), Some(b' ' | b'=')) {
            return false;
        }
        let blanks = after.iter().take_while(|&&byte| matches!(byte, b' ' | b'=')).count();
        let Some((value, after)) = strict_value(&after[blanks..]) else { return false };
        visit(key, value);
        rest = trim_start(after);
    }
    true
}

/// The value at the start of `text`, and what follows its `;`.
fn strict_value(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let (value, after) = match text.split_first()? {
        (b'"', quoted) => {
            let end = quoted.iter().position(|&byte| byte == b'"').unwrap_or(quoted.len());
            (trim(&quoted[..end]), quoted.get(end + 1..).unwrap_or_default())
        }
        _ => {
            let end = text.iter().position(|&byte| byte == b';').unwrap_or(text.len());
            (trim(&text[..end]), &text[end..])
        }
    };
    let semicolon = after.iter().position(|&byte| byte == b';');
    Some((value, semicolon.map_or(&[][..], |place| &after[place + 1..])))
}

/// Visits the attributes of a GTF row forgivingly: a key, then a value that ends at a semicolon outside its quotes.
///
/// A quote closes a value only where a semicolon, nothing, or another key with its value follows:
/// `product "5" nucleotidase"; gene_id "A" transcript_id 3`.
pub(super) fn visit_lenient<'a>(column: &'a [u8], mut visit: impl FnMut(&'a [u8], &'a [u8])) {
    let mut rest = column;
    while let Some(Attribute { key, value, after }) = next_attribute(rest) {
        if let Some(value) = value {
            visit(key, value);
        }
        rest = after;
    }
}

/// The value of `key` in the attributes of a GTF row.
pub(super) fn value_of<'a>(column: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut rest = column;
    while let Some(Attribute { key: name, value, after }) = next_attribute(rest) {
        if name == key && value.is_some_and(|value| !value.is_empty()) {
            return value;
        }
        rest = after;
    }
    None
}

/// One attribute.
struct Attribute<'a> {
    key: &'a [u8],
    /// `None` for a key alone.
    value: Option<&'a [u8]>,
    /// What follows it.
    after: &'a [u8],
}

/// The first attribute; `None` at the end.
#[inline]
fn next_attribute(text: &[u8]) -> Option<Attribute<'_>> {
    let begin = text.iter().position(|&byte| !matches!(byte, b' ' | b'\t' | b';'))?;
    let text = &text[begin..];
    let end = text.iter().position(|&byte| matches!(byte, b' ' | b'=' | b'\t' | b';')).unwrap_or(text.len());
    let (key, rest) = text.split_at(end);
    if rest.first().is_none_or(|&byte| byte == b';') {
        return Some(Attribute { key, value: None, after: rest });
    }
    let rest = trim_start(&rest[1..]);
    let rest = rest.strip_prefix(b"=").map_or(rest, trim_start);
    if let Some(quoted) = rest.strip_prefix(b"\"")
        && let Some(close) = closing_quote(quoted)
    {
        return Some(Attribute { key, value: Some(trim(&quoted[..close])), after: &quoted[close + 1..] });
    }
    let end = rest.iter().position(|&byte| byte == b';').unwrap_or(rest.len());
    let (value, after) = rest.split_at(end);
    let value = trim(value);
    let value = value.strip_prefix(b"\"").unwrap_or(value);
    Some(Attribute { key, value: Some(trim(value.strip_suffix(b"\"").unwrap_or(value))), after })
}

/// The place of the first quote that a semicolon, nothing or another attribute follows.
#[inline]
fn closing_quote(text: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let place = from + text[from..].iter().position(|&byte| byte == b'"')?;
        let after = trim_start(&text[place + 1..]);
        if after.first().is_none_or(|&byte| byte == b';') || begins_with_attribute(after) {
            return Some(place);
        }
        from = place + 1;
    }
}

/// Whether a key with a number or a quoted value begins `text`: the semicolon before it was forgotten.
#[cold]
fn begins_with_attribute(text: &[u8]) -> bool {
    let key = text.iter().take_while(|&&byte| byte.is_ascii_alphanumeric() || byte == b'_').count();
    let value = trim_start(&text[key..]);
    key > 0
        && value.len() < text.len() - key
        && value.first().is_some_and(|&byte| byte == b'"' || byte.is_ascii_digit())
}

/// Visits the attributes of a GFF3 row: whatever stands between semicolons is a key, `=`, a value; quotes mean nothing.
///
/// GTF's way (a key, a blank, a value in quotes) is understood too; an attribute without a value is visited as the value
/// of the empty key.
pub(super) fn visit_gff3<'a>(column: &'a [u8], mut visit: impl FnMut(&'a [u8], &'a [u8])) {
    for attribute in column.split(|&byte| byte == b';').map(trim) {
        let split = attribute.iter().position(|&byte| byte == b'=');
        match split.or_else(|| attribute.iter().position(|&byte| matches!(byte, b' ' | b'\t'))) {
            Some(place) => visit(trim(&attribute[..place]), unquoted(trim(&attribute[place + 1..]))),
            None if attribute.is_empty() || attribute == b"." => {}
            None => visit(b"", attribute),
        }
    }
}

/// The text without the quotes around it, where there are some.
pub(super) fn unquoted(text: &[u8]) -> &[u8] {
    match text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")) {
        Some(inner) => trim(inner),
        None => text,
    }
}

/// The text with GFF3's `%3B` and its like decoded.
pub(super) fn percent_decoded(text: &[u8]) -> Cow<'_, [u8]> {
    if !text.contains(&b'%') {
        return Cow::Borrowed(text);
    }
    let hex = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let mut decoded = Vec::with_capacity(text.len());
    let mut place = 0;
    while place < text.len() {
        let pair = text.get(place + 1..place + 3);
        match (text[place], pair.and_then(|pair| Some(hex(pair[0])? * 16 + hex(pair[1])?))) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                place += 3;
            }
            (byte, _) => {
                decoded.push(byte);
                place += 1;
            }
        }
    }
    Cow::Owned(decoded)
}

fn trim_start(text: &[u8]) -> &[u8] {
    let blanks = text.iter().take_while(|&&byte| matches!(byte, b' ' | b'\t')).count();
    &text[blanks..]
}

fn trim(text: &[u8]) -> &[u8] {
    text.trim_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strict(column: &str) -> Option<Vec<(String, String)>> {
        let mut found = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        visit_strict(column.as_bytes(), |key, value| found.push((text(key), text(value)))).then_some(found)
    }

    #[test]
    fn both_syntaxes_are_understood() {
        assert_eq!(
            strict(r#"gene_id "A b"; ID=x;exon_number 3"#),
            Some(vec![
                ("gene_id".into(), "A b".into()),
                ("ID".into(), "x".into()),
                ("exon_number".into(), "3".into()),
            ])
        );
    }

    #[test]
    fn strictly_a_dash_an_empty_attribute_or_a_key_alone_spoil_the_column() {
        for column in [r#"a-b "1"; gene_id "A";"#, r#"gene_id "A";; x "1""#, r#"gene_id "A"; partial;"#] {
            assert_eq!(strict(column), None, "{column}");
        }
    }

    #[test]
    fn leniently_they_do_not() {
        for column in [r#"a-b "1"; gene_id "A";"#, r#"x "1;2";; gene_id "A""#, r#"partial; gene_id A"#] {
            let mut gene = None;
            visit_lenient(column.as_bytes(), |key, value| {
                if key == b"gene_id" {
                    gene = Some(value);
                }
            });
            assert_eq!(gene, Some(&b"A"[..]), "{column}");
        }
    }

    #[test]
    fn a_quote_inside_a_value_does_not_end_it() {
        let column = br#"product "5" nucleotidase; 3" end"; note "a"b"; gene_id "A"; open "x; last 1"#;
        assert_eq!(value_of(column, b"gene_id"), Some(&b"A"[..]));
        assert_eq!(value_of(column, b"product"), Some(&br#"5" nucleotidase; 3" end"#[..]));
        assert_eq!(value_of(column, b"last"), Some(&b"1"[..]));
    }

    #[test]
    fn attributes_without_semicolons_between_them_are_told_apart() {
        let column = br#"gene_id "e_gw1.5" transcript_id 335995 note "x y" exon "7""#;
        assert_eq!(value_of(column, b"gene_id"), Some(&b"e_gw1.5"[..]));
        assert_eq!(value_of(br#"gene_id "A" gene_name "B" x "C""#, b"gene_name"), Some(&b"B"[..]));
    }

    #[test]
    fn quotes_mean_nothing_in_gff3() {
        let mut found = Vec::new();
        visit_gff3(br#"ID=e1;Note=5" UTR;Parent=T1;prod=3" exon;Name="x y";alone;."#, |key, value| {
            found.push((String::from_utf8_lossy(key), String::from_utf8_lossy(value)));
        });
        let expected = [
            ("ID", "e1"),
            ("Note", "5\" UTR"),
            ("Parent", "T1"),
            ("prod", "3\" exon"),
            ("Name", "x y"),
            ("", "alone"),
        ];
        assert_eq!(found, expected.map(|(key, value)| (key.into(), value.into())));
    }

    #[test]
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent_decoded(b"a%3Bb%zz%4").as_ref(), b"a;b%zz%4");
    }
}
