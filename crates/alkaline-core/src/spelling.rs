//! What a name that is not known was probably meant to be: for the hints of messages.

/// The known name that `found` was probably meant to be, for "did you mean" hints.
///
/// A name is near when at most a third of its letters (but at least one) must change, and one stays; case does not matter.
pub fn nearest<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let found = found.to_lowercase();
    known
        .into_iter()
        .map(|name| (strsim::levenshtein(&found, &name.to_lowercase()), name))
        .filter(|(distance, name)| {
            let letters = name.chars().count();
            *distance <= (letters / 3).max(1) && *distance < letters.max(found.chars().count())
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// What a message about an unknown name ends with: `; did you mean ...?`, or nothing where no known name is near.
pub fn did_you_mean<'a>(found: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(found, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_recognised() {
        assert_eq!(nearest("conditon", ["sample", "condition"]), Some("condition"));
        assert_eq!(nearest("Sample", ["sample", "condition"]), Some("sample"));
        assert_eq!(nearest("batch", ["sample", "condition"]), None);
        assert_eq!(nearest("c", ["a", "b"]), None);
        assert_eq!(nearest("c", ["a", "C1"]), Some("C1"));
    }
}
