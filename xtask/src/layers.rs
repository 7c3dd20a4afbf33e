//! Holds the imports of the workspace against the drawing in ARCHITECTURE.md, between crates and between modules.

use crate::failure::Failure;
use crate::metadata::{Package, packages};
use crate::modules;

/// The crates of the workspace, lowest layer first. A crate may import only crates of lower layers.
const LAYERS: [&[&str]; 4] = [
    &["alkaline-core", "alkaline-math"],
    &[
        "alkaline-count",
        "alkaline-norm",
        "alkaline-dge",
        "alkaline-enrich",
        "alkaline-export",
        "alkaline-report",
        "alkaline-simulate",
        "alkaline-io",
        "alkaline-reference",
        "alkaline-survival",
        "alkaline-compare",
    ],
    &["alkaline-workflow"],
    &["alkaline"],
];

/// Crates outside the layers: they serve tests and the repository.
const OUTSIDE: [&str; 3] = ["alkaline-testkit", "alkaline-tests", "xtask"];

/// Libraries that only the named crates may import.
const RESERVED: [(&str, &[&str]); 6] = [
    // sequence files where they are read or written
    ("bio", &["alkaline-count", "alkaline-io", "alkaline-simulate", "alkaline-math"]),
    ("bgzf", &["alkaline-count", "alkaline-simulate"]),
    ("base64", &["alkaline-report"]),
    ("rust-htslib", &["alkaline-count", "alkaline-testkit"]),
    ("statrs", &["alkaline-math"]),
    (
        "clap",
        &[
            "alkaline",
            "alkaline-core",
            "alkaline-count",
            "alkaline-norm",
            "alkaline-dge",
            "alkaline-enrich",
            "alkaline-simulate",
            "alkaline-survival",
            "alkaline-workflow",
        ],
    ),
];

/// Checks every crate of the workspace.
pub fn check() -> Result<String, Failure> {
    let packages = packages(false)?;
    let breaches: Vec<String> = packages.iter().flat_map(breaches).collect();
    if !breaches.is_empty() {
        return Err(format!("the layers of ARCHITECTURE.md are broken:\n{}", breaches.join("\n")));
    }
    let targets = packages.iter().flat_map(|package| &package.targets);
    Ok(format!("layers: {} crates in order; {}", packages.len(), modules::check(targets)?))
}

/// The layer of a crate, counted from the bottom.
fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

/// What `package` imports but must not.
fn breaches(package: &Package) -> Vec<String> {
    let mut breaches = Vec::new();
    if layer(&package.name).is_none() && !OUTSIDE.contains(&package.name.as_str()) {
        breaches.push(format!("{} has no place in the layers", package.name));
    }
    for dependency in &package.dependencies {
        if let Some((library, allowed)) = RESERVED.iter().find(|(library, _)| library == dependency)
            && !allowed.contains(&package.name.as_str())
        {
            breaches.push(format!(
                "{} imports {library}, which only {} may",
                package.name,
                allowed.join(", ")
            ));
        }
        let (Some(own), Some(theirs)) = (layer(&package.name), layer(dependency)) else { continue };
        if theirs >= own {
            breaches.push(format!("{} imports {dependency}, which is not below it", package.name));
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_may_not_import_each_other() {
        let package = Package {
            name: "alkaline-dge".into(),
            version: String::new(),
            licence: None,
            folder: std::path::PathBuf::new(),
            is_foreign: false,
            dependencies: vec!["alkaline-core".into(), "alkaline-norm".into(), "rust-htslib".into()],
            targets: Vec::new(),
        };
        assert_eq!(breaches(&package).len(), 2);
    }
}
