//! Holds the licences of all dependencies against the list in deny.toml.
//!
//! cargo-deny reads the same file and checks sources and bans besides; the gates run it where it is installed. This check needs
//! nothing but the workspace (docs/adr/0005).

use spdx::{Expression, Licensee, ParseMode};

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
fn allowed() -> Result<Vec<Licensee>, Failure> {
    let text = std::fs::read_to_string("deny.toml").map_err(|error| format!("deny.toml: {error}"))?;
    let table: toml::Table = text.parse().map_err(|error| format!("deny.toml: {error}"))?;
    let list =
        table.get("licenses").and_then(|licenses| licenses.get("allow")).and_then(toml::Value::as_array);
    let names = list.ok_or("deny.toml: no licenses.allow")?.iter().filter_map(toml::Value::as_str);
    names.map(licensee).collect()
}

fn licensee(name: &str) -> Result<Licensee, Failure> {
    Licensee::parse(name).map_err(|error| format!("deny.toml: `{name}`: {error}"))
}

/// Whether an SPDX expression is satisfied. Old crates write `/` for OR.
fn is_allowed(expression: &str, allowed: &[Licensee]) -> bool {
    Expression::parse_mode(expression, ParseMode::LAX)
        .is_ok_and(|expression| expression.evaluate(|wanted| allowed.iter().any(|has| has.satisfies(wanted))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_alternative_is_enough_but_every_requirement_counts() {
        let allowed =
            ["MIT", "Unicode-3.0", "Apache-2.0 WITH LLVM-exception"].map(|name| licensee(name).unwrap());
        for accepted in [
            "GPL-2.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0/MIT",
            "Apache-2.0 WITH LLVM-exception OR Apache-2.0",
            "MIT AND (GPL-2.0-only OR Unicode-3.0)",
        ] {
            assert!(is_allowed(accepted, &allowed), "{accepted}");
        }
        for refused in
            ["MIT AND LicenseRef-other", "Apache-2.0", "MIT AND (GPL-2.0-only OR BSL-1.0)", "no licence"]
        {
            assert!(!is_allowed(refused, &allowed), "{refused}");
        }
    }
}
