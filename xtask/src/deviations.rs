//! Holds the list of deviations against the tests: every deliberate difference from an upstream tool has an id of its
//! own and names a guard that exists, and every id that the code mentions is in the list.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// The list.
const LIST: &str = "docs/explanation/deviations.md";
/// Where code and tests lie.
const CODE: [&str; 2] = ["crates", "tests"];
/// Where a recorded case is a directory.
const GOLDEN: &str = "tests/golden";

/// One entry of the list.
struct Deviation {
    /// Its id, such as `C-04`.
    id: String,
    /// What it names as guard, code spans as they stand.
    guards: Vec<String>,
}

/// Checks the whole list.
pub fn check() -> Result<String, Failure> {
    let text = std::fs::read_to_string(LIST).map_err(|error| format!("{LIST}: {error}"))?;
    let sources = sources()?;
    let deviations = deviations(&text);
    let mut faults: Vec<String> =
        deviations.iter().filter_map(|deviation| unguarded(deviation, &sources)).collect();
    let ids: BTreeSet<&str> = deviations.iter().map(|deviation| deviation.id.as_str()).collect();
    if ids.len() < deviations.len() {
        faults.push("an id stands twice".to_owned());
    }
    let mentioned: BTreeSet<String> = sources.iter().flat_map(|source| ids_in(source)).collect();
    faults.extend(
        mentioned
            .iter()
            .filter(|id| !ids.contains(id.as_str()))
            .map(|id| format!("{id}: the code mentions it")),
    );
    if deviations.is_empty() {
        faults.push("no entries".to_owned());
    }
    if !faults.is_empty() {
        return Err(format!("{LIST} does not fit the tests:\n{}", faults.join("\n")));
    }
    Ok(format!("deviations: {} entries, each with a guard that exists", deviations.len()))
}

/// The entries: list items that open with an id in bold, continued until the next item or heading.
fn deviations(text: &str) -> Vec<Deviation> {
    let mut entries: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(id) = line.strip_prefix("- **").and_then(|rest| ids_in(rest).into_iter().next()) {
            entries.push((id, line.to_owned()));
        } else if let Some((_, body)) = entries.last_mut().filter(|_| line.starts_with("  ")) {
            body.push_str(line);
        }
    }
    entries.into_iter().map(|(id, body)| Deviation { id, guards: guards(&body) }).collect()
}

/// The code spans behind "Guard:" or "Guards:".
fn guards(body: &str) -> Vec<String> {
    let Some((_, named)) = body.rsplit_once("Guard") else { return Vec::new() };
    named.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Says so when no guard of a deviation is there, or one that is named is not.
fn unguarded(deviation: &Deviation, sources: &[String]) -> Option<String> {
    if deviation.guards.is_empty() {
        return Some(format!("{}: names no guard", deviation.id));
    }
    let lost: Vec<&str> =
        deviation.guards.iter().map(String::as_str).filter(|guard| !exists(guard, sources)).collect();
    (!lost.is_empty()).then(|| format!("{}: no such guard: {}", deviation.id, lost.join(", ")))
}

/// Whether a guard is a test function (`module::name`), the tests of a module (`module::tests::*`), a golden case, or
/// quantities of golden cases (`treat_*`).
fn exists(guard: &str, sources: &[String]) -> bool {
    let name = guard.rsplit("::").next().unwrap_or(guard);
    match name.strip_suffix('*') {
        Some("") => guard.trim_end_matches("::tests::*").split("::").all(|module| is_named(module, sources)),
        Some(prefix) => is_named(prefix, sources),
        None => sources.iter().any(|source| source.contains(&format!("fn {name}("))) || golden_case(name),
    }
}

/// Whether the word stands anywhere in the code.
fn is_named(word: &str, sources: &[String]) -> bool {
    sources.iter().any(|source| source.contains(word))
}

/// Whether a golden case has this name.
fn golden_case(name: &str) -> bool {
    std::fs::read_dir(GOLDEN)
        .map(|tools| tools.flatten().any(|tool| tool.path().join(name).join("case.toml").is_file()))
        .unwrap_or(false)
}

/// Ids (`C-04`) within a text.
fn ids_in(text: &str) -> Vec<String> {
    let bytes = text.as_bytes();
    let bounded = |at: usize| bytes.get(at).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    (0..bytes.len().saturating_sub(3))
        .filter(|&at| {
            matches!(bytes[at], b'C' | b'D' | b'E')
                && bytes[at + 1] == b'-'
                && bytes[at + 2].is_ascii_digit()
                && bytes[at + 3].is_ascii_digit()
                && (at == 0 || bounded(at - 1))
                && bounded(at + 4)
        })
        .map(|at| text[at..at + 4].to_owned())
        .collect()
}

/// The text of every Rust file.
fn sources() -> Result<Vec<String>, Failure> {
    let mut files = Vec::new();
    for root in CODE {
        rust_files(Path::new(root), &mut files)?;
    }
    files
        .iter()
        .map(|path| std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display())))
        .collect()
}

/// Collects the Rust files below a directory.
fn rust_files(directory: &Path, files: &mut Vec<PathBuf>) -> Result<(), Failure> {
    let entries =
        std::fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "## Counting\n\n- **C-01 Layout.** Words, as in `--reads`.\n  Guard: `rules::layout`.\n- **C-02 Names.** \
                        No test.\n";

    #[test]
    fn an_entry_is_guarded_by_a_test_that_exists() {
        let [layout, names] = &deviations(TEXT)[..] else { panic!("two entries") };
        assert_eq!(layout.id, "C-01");
        assert_eq!(layout.guards, ["rules::layout"]);
        let sources = ["#[test]\nfn layout() {}".to_owned()];
        assert_eq!(unguarded(layout, &sources), None);
        assert!(unguarded(layout, &[]).is_some_and(|fault| fault.contains("rules::layout")));
        assert!(unguarded(names, &sources).is_some());
    }

    #[test]
    fn ids_stand_alone() {
        assert_eq!(ids_in("as C-04 says (E-12), not AC-04 or C-041"), ["C-04", "E-12"]);
    }
}
