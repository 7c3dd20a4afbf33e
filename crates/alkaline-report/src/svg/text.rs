//! How wide text is, how it wraps, and how it is made safe for XML.

use std::collections::HashMap;

/// Advance widths of the printable ASCII characters (space to tilde) in thousandths of the font size.
///
/// Measured on DejaVu Sans, the widest of the usual sans-serif fonts: text set in Helvetica or Arial is some 12 % narrower,
/// so what fits by this table fits everywhere.
const ASCII_WIDTHS: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// Width of a character that the table does not hold.
const OTHER_WIDTH: u16 = 838;

/// Width of `text` in pixels at font size `size`.
pub fn width(text: &str, size: f64) -> f64 {
    let thousandths: u32 = text.chars().map(|c| u32::from(char_width(c))).sum();
    f64::from(thousandths) * size / 1000.0
}

fn char_width(c: char) -> u16 {
    (c as usize).checked_sub(' ' as usize).and_then(|i| ASCII_WIDTHS.get(i)).copied().unwrap_or(OTHER_WIDTH)
}

/// Breaks `text` at spaces (and, where a word alone is too wide, within it) into lines no wider than `limit` pixels.
///
/// At most `max_lines` lines; what is left over is cut and marked with an ellipsis.
pub fn wrap(text: &str, size: f64, limit: f64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let candidate = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
        if width(&candidate, size) <= limit {
            line = candidate;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = break_word(word, size, limit, &mut lines);
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        if let Some(last) = lines.last_mut() {
            *last = shorten(&format!("{last}…"), size, limit);
        }
    }
    lines
}

/// Pushes the full pieces of an over-wide word onto `lines` and gives back its rest.
fn break_word(word: &str, size: f64, limit: f64, lines: &mut Vec<String>) -> String {
    let mut piece = String::new();
    for c in word.chars() {
        piece.push(c);
        if width(&piece, size) > limit && piece.chars().count() > 1 {
            piece.pop();
            lines.push(std::mem::replace(&mut piece, c.to_string()));
        }
    }
    piece
}

/// Cuts `text` so that it is no wider than `limit`, marking the cut with an ellipsis.
pub fn shorten(text: &str, size: f64, limit: f64) -> String {
    if width(text, size) <= limit {
        return text.to_owned();
    }
    let mut kept = text.trim_end_matches('…').to_owned();
    while !kept.is_empty() && width(&kept, size) + width("…", size) > limit {
        kept.pop();
    }
    format!("{}…", kept.trim_end())
}

/// Cuts `text` in its middle so that it is no wider than `limit`: names often differ at their ends.
pub fn shorten_middle(text: &str, size: f64, limit: f64) -> String {
    if width(text, size) <= limit {
        return text.to_owned();
    }
    let letters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| -> String {
        let tail = kept / 2;
        let (head, tail) = (&letters[..kept - tail], &letters[letters.len() - tail..]);
        head.iter().chain(&['…']).chain(tail).collect()
    };
    (0..letters.len())
        .rev()
        .map(cut)
        .find(|text| width(text, size) <= limit)
        .unwrap_or_else(|| "…".to_owned())
}

/// The names of rows or columns, each cut to `limit`, and no two alike unless the names are.
pub fn shorten_apart<S: AsRef<str>>(names: &[S], size: f64, limit: f64) -> Vec<String> {
    let mut used: HashMap<String, &str> = HashMap::new();
    let mut out = Vec::with_capacity(names.len());
    for (place, name) in names.iter().map(AsRef::as_ref).enumerate() {
        let mut short = shorten_middle(name, size, limit);
        if used.get(&short).is_some_and(|other| *other != name) {
            let number = format!("…{}", place + 1);
            short = format!(
                "{}{number}",
                shorten(name, size, limit - width(&number, size)).trim_end_matches('…')
            );
        }
        used.insert(short.clone(), name);
        out.push(short);
    }
    out
}

/// `text` with XML's special characters escaped, and characters that XML forbids replaced.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapped_lines_fit_and_lose_no_word() {
        let text = "negative regulation of transmembrane receptor protein tyrosine kinase signaling pathway";
        let lines = wrap(text, 11.0, 180.0, 9);
        assert!(lines.len() > 1);
        assert!(lines.iter().all(|line| width(line, 11.0) <= 180.0), "{lines:?}");
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken() {
        let lines = wrap("HALLMARK_EPITHELIAL_MESENCHYMAL_TRANSITION", 11.0, 100.0, 9);
        assert!(lines.len() > 2 && lines.iter().all(|line| width(line, 11.0) <= 100.0), "{lines:?}");
        assert_eq!(lines.concat(), "HALLMARK_EPITHELIAL_MESENCHYMAL_TRANSITION");
    }

    #[test]
    fn too_many_lines_end_in_an_ellipsis_that_fits() {
        let lines = wrap("one two three four five six seven eight nine ten", 11.0, 60.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…') && width(&lines[1], 11.0) <= 60.0, "{lines:?}");
    }

    #[test]
    fn names_that_differ_anywhere_differ_when_shortened() {
        let name =
            |part: &str, end: usize| format!("project_of_the_year_{part}_replicate_of_the_library_{end}");
        let names = [name("a", 1), name("a", 2), name("b", 1), name("b", 2), "short".to_owned()];
        let cut = shorten_apart(&names, 11.0, 90.0);
        assert!(cut.iter().all(|text| width(text, 11.0) <= 90.0), "{cut:?}");
        let mut distinct = cut.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!((distinct.len(), cut[4].as_str()), (5, "short"), "{cut:?}");
        assert!(cut[0].starts_with("proj") && cut[0].ends_with("_1"), "{cut:?}");
        assert_eq!(shorten_apart(&[&names[0], &names[0]], 11.0, 90.0)[1], cut[0]);
    }

    #[test]
    fn markup_in_names_becomes_text() {
        assert_eq!(escape("<b>\"T&C\"</b>'\u{1}"), "&lt;b&gt;&quot;T&amp;C&quot;&lt;/b&gt;&#39;\u{fffd}");
    }
}
