//! Holds the licences of all dependencies against the list in deny.toml.

use crate::failure::Failure;
use crate::metadata::packages;

/// Checks every package that is built.
pub fn check() -> Result<String, Failure> {
    let allowed = allowed()?;
    let packages = packages(true)?;
    let refused: Vec<String> = packages
        .iter()
        .filter(|package| !package.licence.as_deref().is_some_and(|licence| is_allowed(licence, &allowed)))
        .map(|package| {
            format!("{} {}: {}", package.name, package.version, package.licence.as_deref().unwrap_or("none"))
        })
        .collect();
    if !refused.is_empty() {
        return Err(format!("licences that deny.toml does not allow:\n{}", refused.join("\n")));
    }
    Ok(format!("licences: {} packages allowed", packages.len()))
}

/// The list in deny.toml.
fn allowed() -> Result<Vec<String>, Failure> {
    let text = std::fs::read_to_string("deny.toml").map_err(|error| format!("deny.toml: {error}"))?;
    let table: toml::Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
    let list =
        table.get("licenses").and_then(|licenses| licenses.get("allow")).and_then(toml::Value::as_array);
    let list = list.ok_or("deny.toml: no licenses.allow")?;
    Ok(list.iter().filter_map(|licence| licence.as_str().map(str::to_owned)).collect())
}

/// Whether an SPDX expression is satisfied: every part of an AND, one part of an OR. Old crates write `/` for OR.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ").replace(['(', ')'], " ");
    expression.split(" AND ").all(|part| {
        part.split(" OR ").any(|licence| {
            let licence = licence.split_whitespace().collect::<Vec<_>>().join(" ");
            allowed.contains(&licence)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alternative_is_enough_but_every_requirement_counts() {
        let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
        assert!(is_allowed("GPL-2.0 OR MIT", &allowed));
        assert!(is_allowed("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
        assert!(!is_allowed("MIT AND LicenseRef-other", &allowed));
        assert!(is_allowed("Apache-2.0/MIT", &allowed));
    }
}
