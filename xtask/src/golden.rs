//! Holds the golden cases against what a golden case must be: a directory that says what it exercises, which upstream
//! version answered, and how far the answers agree, beside the script that made them.

use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Where the cases lie: `<tool>/<case>/`.
const CASES: &str = "tests/golden";

/// Checks every case.
pub fn check() -> Result<String, Failure> {
    let cases = cases(Path::new(CASES))?;
    if cases.is_empty() {
        return Err(format!("{CASES} holds no case"));
    }
    let faults: Vec<String> = cases.iter().flat_map(|case| faults(case)).collect();
    if !faults.is_empty() {
        return Err(format!("golden cases that are not whole:\n{}", faults.join("\n")));
    }
    Ok(format!("golden: {} cases, each with script, input, expectation and tolerance", cases.len()))
}

/// The directories of all cases.
fn cases(root: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut cases = Vec::new();
    for tool in directories(root)? {
        cases.extend(directories(&tool)?);
    }
    Ok(cases)
}

/// The directories within `directory`, by name.
fn directories(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let entries =
        std::fs::read_dir(directory).map_err(|error| format!("{}: {error}", directory.display()))?;
    let mut paths: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    paths.sort();
    Ok(paths)
}

/// What a case lacks.
fn faults(case: &Path) -> Vec<String> {
    let mut faults = Vec::new();
    if !["make.R", "make.py"].iter().any(|script| case.join(script).is_file()) {
        faults.push("no script that made it (make.R, make.py)".to_owned());
    }
    for part in ["input", "expected"] {
        if std::fs::read_dir(case.join(part)).map_or(0, Iterator::count) == 0 {
            faults.push(format!("nothing in {part}/"));
        }
    }
    match std::fs::read_to_string(case.join("case.toml")) {
        Ok(text) => faults.extend(description_faults(&text)),
        Err(error) => faults.push(format!("case.toml: {error}")),
    }
    faults.into_iter().map(|fault| format!("{}: {fault}", case.display())).collect()
}

/// What the description of a case lacks: words, or a tolerance that is bounded by what was measured.
fn description_faults(text: &str) -> Vec<String> {
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => return vec![format!("case.toml: {error}")],
    };
    let mut faults: Vec<String> = ["exercises", "upstream"]
        .into_iter()
        .filter(|key| table.get(*key).and_then(toml::Value::as_str).is_none_or(str::is_empty))
        .map(|key| format!("case.toml does not say `{key}`"))
        .collect();
    let tolerances = table.get("tolerance").and_then(toml::Value::as_table);
    if tolerances.is_none() && !table.contains_key("measured") {
        faults.push("case.toml names no measured difference".to_owned());
    }
    for (quantity, tolerance) in tolerances.into_iter().flatten() {
        let number = |key: &str| tolerance.get(key).and_then(toml::Value::as_float);
        match (number("limit"), number("measured")) {
            (Some(limit), Some(measured)) if measured <= limit => {}
            (Some(_), Some(_)) => faults.push(format!("`{quantity}`: more was measured than is allowed")),
            _ => faults.push(format!("`{quantity}` needs `limit` and `measured`")),
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_without_a_measurement_is_a_fault() {
        let words = "exercises = \"ties\"\nupstream = \"edgeR 3.40.2\"\n";
        let tolerance = |values: &str| format!("{words}[tolerance]\np = {{ {values} }}\n");
        assert_eq!(description_faults(&tolerance("limit = 1e-6, measured = 1e-9")), Vec::<String>::new());
        assert_eq!(description_faults(&tolerance("limit = 1e-6")).len(), 1);
        assert_eq!(description_faults(&tolerance("limit = 1e-6, measured = 1e-3")).len(), 1);
        assert_eq!(description_faults(words).len(), 1, "no tolerance at all");
        assert_eq!(description_faults("").len(), 3);
    }
}
