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

/// Visits the attributes forgivingly: whatever stands between semicolons (outside quotes) is a key, then a value.
pub(super) fn visit_lenient<'a>(column: &'a [u8], mut visit: impl FnMut(&'a [u8], &'a [u8])) {
    let mut rest = column;
    while !rest.is_empty() {
        let end = end_of_attribute(rest);
        let attribute = trim(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
        let Some(split) = attribute.iter().position(|&byte| matches!(byte, b' ' | b'=' | b'\t')) else {
            continue;
        };
        let value = trim(&attribute[split + 1..]);
        let value = value.strip_prefix(b"=").map_or(value, trim);
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        visit(&attribute[..split], trim(value.strip_suffix(b"\"").unwrap_or(value)));
    }
}

/// Where the first attribute ends: at the first semicolon that is not inside quotes.
fn end_of_attribute(text: &[u8]) -> usize {
    let mut quoted = false;
    for (place, &byte) in text.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b';' if !quoted => return place,
            _ => {}
        }
    }
    // An unbalanced quote swallows the rest; then any semicolon is better than none.
    text.iter().position(|&byte| byte == b';' && quoted).unwrap_or(text.len())
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
    fn percent_signs_that_encode_nothing_stay() {
        assert_eq!(percent_decoded(b"a%3Bb%zz%4").as_ref(), b"a;b%zz%4");
    }
}
