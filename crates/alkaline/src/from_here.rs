//! Paths in messages, as they look from the working directory.
//!
//! A run keeps absolute paths, since it may be continued from elsewhere; who typed `bams/a.bam` wants to read that again.

use std::borrow::Cow;
use std::path::MAIN_SEPARATOR;
use std::sync::OnceLock;

/// `text`, where files below the working directory are named from there.
pub fn from_here(text: &str) -> Cow<'_, str> {
    static HERE: OnceLock<Option<String>> = OnceLock::new();
    let here = HERE.get_or_init(|| std::env::current_dir().ok()?.to_str().map(str::to_owned));
    match here {
        Some(here) => seen_from(here, text),
        None => text.into(),
    }
}

/// `text` without the directory `here` before the names of what lies in it; of the root everything lies in it.
fn seen_from<'a>(here: &str, text: &'a str) -> Cow<'a, str> {
    let prefix = format!("{here}{MAIN_SEPARATOR}");
    if !text.contains(&prefix) || here.ends_with(MAIN_SEPARATOR) {
        return text.into();
    }
    let mut seen = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&prefix) {
        let (before, found) = rest.split_at(at);
        seen.push_str(before);
        // not the end of a longer path, and not the directory itself
        let begins_a_path =
            before.chars().next_back().is_none_or(|c| !c.is_alphanumeric() && !"._-/\\".contains(c));
        let after = &found[prefix.len()..];
        let names_something = after.starts_with(|c: char| !c.is_whitespace());
        if !(begins_a_path && names_something) {
            seen.push_str(&prefix);
        }
        rest = after;
    }
    seen.push_str(rest);
    seen.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_below_the_directory_is_named_from_there() {
        let seen = |text| seen_from("/lab/h3122", text).into_owned();
        assert_eq!(seen("/lab/h3122/a.bam: truncated"), "a.bam: truncated");
        assert_eq!(seen("in `/lab/h3122/x/b.csv` and /lab/h3122/c"), "in `x/b.csv` and c");
        for same in ["/old/lab/h3122/a.bam", "/lab/h3122cr/a.bam", "kept in /lab/h3122/", "/lab/a.bam"] {
            assert_eq!(seen(same), same);
        }
        assert_eq!(seen_from("/", "/lab/a.bam"), "/lab/a.bam");
    }
}
