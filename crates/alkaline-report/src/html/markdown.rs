//! The little Markdown that methods texts use, as HTML: headings, paragraphs, lists, bold, italics, code and links.

use std::fmt::Write as _;

use crate::svg::text::escape;

/// `text` as HTML; everything that is not Markdown is escaped.
pub(super) fn html(text: &str) -> String {
    let mut out = String::new();
    let blocks = text.split("\n\n").flat_map(split_headings);
    for block in blocks {
        let lines: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let Some(first) = lines.first() else { continue };
        if let Some(heading) = heading(first) {
            let _ = write!(out, "<h4>{}</h4>", inline(heading));
        } else if lines.iter().all(|line| list_item(line).is_some()) {
            let tag = if first.starts_with(|c: char| c.is_ascii_digit()) { "ol" } else { "ul" };
            let _ = write!(out, "<{tag}>");
            for item in lines.iter().filter_map(|line| list_item(line)) {
                let _ = write!(out, "<li>{}</li>", inline(item));
            }
            let _ = write!(out, "</{tag}>");
        } else {
            let _ = write!(out, "<p>{}</p>", inline(&lines.join(" ")));
        }
    }
    out
}

/// A heading ends at its line even without an empty line after it.
fn split_headings(block: &str) -> Vec<&str> {
    match block.trim_start_matches('\n').split_once('\n') {
        Some((first, rest)) if heading(first).is_some() => vec![first, rest],
        _ => vec![block],
    }
}

fn heading(line: &str) -> Option<&str> {
    let text = line.trim_start_matches('#');
    let level = line.len() - text.len();
    if (1..=6).contains(&level) { text.strip_prefix(' ') } else { None }
}

fn list_item(line: &str) -> Option<&str> {
    if let Some(item) = line.strip_prefix("- ").or_else(|| line.strip_prefix("* ")) {
        return Some(item);
    }
    let (number, item) = line.split_once(". ")?;
    (!number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())).then_some(item)
}

/// Bold, italics, code and bare or bracketed links within a line.
fn inline(line: &str) -> String {
    let mut out = String::new();
    for (i, piece) in line.split('`').enumerate() {
        if i % 2 == 1 {
            let _ = write!(out, "<code>{}</code>", escape(piece));
        } else {
            let bold = paired(&links(&escape(piece)), "**", "strong");
            out.push_str(&paired(&bold, "*", "em"));
        }
    }
    out
}

/// Replaces pairs of `mark` by `tag`; an odd one out stays as it is.
fn paired(text: &str, mark: &str, tag: &str) -> String {
    let pieces: Vec<&str> = text.split(mark).collect();
    if pieces.len().is_multiple_of(2) {
        return text.to_owned();
    }
    let mut out = String::new();
    for (i, piece) in pieces.iter().enumerate() {
        let _ = if i % 2 == 1 { write!(out, "<{tag}>{piece}</{tag}>") } else { write!(out, "{piece}") };
    }
    out
}

/// Makes bare `https://` addresses links.
fn links(escaped: &str) -> String {
    let mut out = String::new();
    for (i, word) in escaped.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        if word.starts_with("https://") {
            let address = word.trim_end_matches(['.', ',', ')', ';']);
            let rest = &word[address.len()..];
            let _ = write!(out, r#"<a href="{address}">{address}</a>{rest}"#);
        } else {
            out.push_str(word);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_and_marks_become_html() {
        let text = "# Methods\nGenes were **tested** by `exactTest` [1].\n\n## References\n\n1. A (2010). https://doi.org/10.1/x.\n2. B\n";
        let expected = concat!(
            "<h4>Methods</h4><p>Genes were <strong>tested</strong> by <code>exactTest</code> [1].</p><h4>References</h4>",
            r#"<ol><li>A (2010). <a href="https://doi.org/10.1/x">https://doi.org/10.1/x</a>.</li><li>B</li></ol>"#
        );
        assert_eq!(html(text), expected);
    }

    #[test]
    fn markup_in_the_text_is_escaped() {
        assert_eq!(
            html("a <script> & `x<y` 2 * 3"),
            "<p>a &lt;script&gt; &amp; <code>x&lt;y</code> 2 * 3</p>"
        );
    }
}
