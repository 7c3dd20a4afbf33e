//! Numbers and lists in messages: nouns in the right number, and lists that stay short however long they are.

/// How many names a message shows before it only counts.
pub const NAMES_SHOWN: usize = 8;

/// A number with its noun: `1 gene`, `2 genes`.
///
/// The plural of a noun of several words that does not end with its `s` is given by [`count_of`].
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// A number with the singular or the plural of its noun: `1 gene of interest`, `2 genes of interest`.
pub fn count_of(number: usize, singular: &str, plural: &str) -> String {
    format!("{number} {}", if number == 1 { singular } else { plural })
}

/// The names joined by commas, or the first [`NAMES_SHOWN`] of them and how many more there are.
///
/// A message may be about a list of any length: that of a whole count table fills a terminal, and hides what was said.
pub fn listed<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    listed_up_to(NAMES_SHOWN, names)
}

/// As [`listed`], with another limit. One name more than the limit is shown rather than counted.
pub fn listed_up_to<S: AsRef<str>>(limit: usize, names: impl IntoIterator<Item = S>) -> String {
    let mut text = String::new();
    let mut held_back = None;
    let mut more = 0;
    for (place, name) in names.into_iter().enumerate() {
        match place.cmp(&limit) {
            std::cmp::Ordering::Less => append(&mut text, name.as_ref()),
            std::cmp::Ordering::Equal => held_back = Some(name),
            std::cmp::Ordering::Greater => more += 1,
        }
    }
    match held_back {
        None => text,
        Some(last) if more == 0 => {
            append(&mut text, last.as_ref());
            text
        }
        Some(_) => format!("{text} and {} more", more + 1),
    }
}

fn append(text: &mut String, name: &str) {
    if !text.is_empty() {
        text.push_str(", ");
    }
    text.push_str(name);
}

/// [`listed`], each name in backquotes.
pub fn quoted<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    listed(names.into_iter().map(|name| format!("`{}`", name.as_ref())))
}

/// A number of bytes with two digits, in the unit that suits it: `40 MB`, `2.0 GB`.
pub fn bytes(number: u64) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB"];
    let mut value = number as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < units.len() {
        value /= 1000.0;
        unit += 1;
    }
    let digits = if unit > 0 && value < 9.95 { 1 } else { 0 };
    format!("{value:.digits$} {}", units[unit])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!([count(1, "gene"), count(0, "gene"), count(2, "gene")], ["1 gene", "0 genes", "2 genes"]);
        assert_eq!(count_of(1, "gene is", "genes are"), "1 gene is");
    }

    #[test]
    fn a_list_of_any_length_is_short() {
        let names = |number: usize| (0..number).map(|i| format!("g{i}"));
        assert_eq!(listed(names(0)), "");
        assert_eq!(listed(names(2)), "g0, g1");
        assert_eq!(listed(names(8)), "g0, g1, g2, g3, g4, g5, g6, g7");
        assert_eq!(listed(names(9)), "g0, g1, g2, g3, g4, g5, g6, g7, g8");
        assert_eq!(listed(names(60_000)), "g0, g1, g2, g3, g4, g5, g6, g7 and 59992 more");
        assert_eq!(quoted(["a", "b"]), "`a`, `b`");
        assert_eq!(listed_up_to(1, names(3)), "g0 and 2 more");
    }

    #[test]
    fn bytes_have_the_unit_that_suits_them() {
        for (number, text) in [
            (0, "0 bytes"),
            (999, "999 bytes"),
            (1_500, "1.5 kB"),
            (40_000_000, "40 MB"),
            (999_600_000, "1.0 GB"),
            (2_000_000_000, "2.0 GB"),
            (12_300_000_000_000, "12 TB"),
        ] {
            assert_eq!(bytes(number), text);
        }
    }
}
