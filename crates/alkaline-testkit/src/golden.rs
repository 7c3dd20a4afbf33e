//! The limits of a golden case, which stand in its `case.toml` and nowhere else.

use std::path::Path;

/// The largest difference that `case.toml` in the directory `case` allows for `quantity`.
///
/// # Panics
/// When the file does not say it.
#[must_use]
pub fn golden_limit(case: &Path, quantity: &str) -> f64 {
    let path = case.join("case.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let facts: toml::Table = text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let limit = facts.get("tolerance").and_then(|all| all.get(quantity)?.get("limit")?.as_float());
    limit.unwrap_or_else(|| panic!("{}: no limit of `{quantity}`", path.display()))
}
