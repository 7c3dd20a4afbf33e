//! The licences of everything that is linked into the program, as the packages have to carry them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::Failure;
use crate::metadata::{Package, packages};

/// Beginnings of the names of files that hold a licence.
const NAMES: [&str; 5] = ["license", "licence", "copying", "notice", "copyright"];

/// A text that names every foreign package and prints every licence once.
pub fn text() -> Result<String, Failure> {
    let mut own: Vec<Package> = packages(true)?.into_iter().filter(|package| package.is_foreign).collect();
    own.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut out =
        String::from("alkaline is built with the packages below. Their licences follow the list.\n\n");
    for package in &own {
        let name = format!("{} {}", package.name, package.version);
        let licence = package.licence.as_deref().unwrap_or("see its files");
        writeln!(out, "{name}: {licence}").map_err(|error| error.to_string())?;
        for file in licence_files(&package.folder) {
            let text = fs::read_to_string(&file).map_err(|error| format!("{}: {error}", file.display()))?;
            by_text.entry(text.trim().to_owned()).or_default().push(name.clone());
        }
    }
    for (text, names) in by_text {
        write!(out, "\n{}\n{}\n\n{text}\n", "-".repeat(80), names.join(", "))
            .map_err(|error| error.to_string())?;
    }
    Ok(out)
}

/// The licence files of a package, and of the C libraries that it carries a folder deeper.
fn licence_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = licences_in(folder);
    for place in entries(folder).into_iter().filter(|place| place.is_dir()) {
        found.extend(licences_in(&place));
    }
    found.sort();
    found
}

fn licences_in(folder: &Path) -> Vec<PathBuf> {
    let is_licence = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        let is_text = !name.ends_with(".rs") && !name.ends_with(".html");
        path.is_file() && is_text && NAMES.iter().any(|beginning| name.starts_with(beginning))
    };
    entries(folder).into_iter().filter(is_licence).collect()
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    entries.flatten().map(|entry| entry.path()).collect()
}
