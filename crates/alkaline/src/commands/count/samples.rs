//! Which files are counted, and what their columns are called.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use alkaline_count::{BamInput, CountOptions};

use super::CountArgs;
use crate::failure::Failure;

/// The name of the column of standard input.
const STANDARD_INPUT_NAME: &str = "STDIN";

/// The value of `--names` that asks for names made of the files' own.
const AUTOMATIC: &str = "auto";

/// The files to count, with the names of their columns and their strand rules.
pub fn inputs(args: &CountArgs, options: &CountOptions) -> Result<Vec<BamInput>, Failure> {
    let paths: Vec<PathBuf> =
        if args.alignments.is_empty() { vec![PathBuf::from("-")] } else { args.alignments.clone() };
    let names = names(args, &paths)?;
    let rules = args.strand_rules()?;
    if rules.len() > 1 && rules.len() != paths.len() {
        let message = format!("-s has {} values for {} files", rules.len(), paths.len());
        return Err(Failure::usage(message).hint("give one value, or one per file"));
    }
    let rule = |place: usize| rules.get(place).or(rules.first()).copied().unwrap_or(options.strandedness);
    Ok(names
        .iter()
        .zip(paths)
        .enumerate()
        .map(|(place, (name, path))| BamInput {
            strandedness: Some(rule(place)),
            ..BamInput::new(name.as_str(), path)
        })
        .collect())
}

fn names(args: &CountArgs, paths: &[PathBuf]) -> Result<Vec<String>, Failure> {
    match args.names.as_slice() {
        [] => Ok(paths.iter().map(|path| as_given(path)).collect()),
        [only] if only == AUTOMATIC => Ok(stems(paths)),
        names if names.len() == paths.len() => Ok(names.to_vec()),
        names => Err(Failure::usage(format!("--names has {} names for {} files", names.len(), paths.len()))),
    }
}

fn as_given(path: &Path) -> String {
    if path.as_os_str() == "-" { STANDARD_INPUT_NAME.to_owned() } else { path.display().to_string() }
}

/// The files' names without directory and ending, with as many directories as it takes to tell them apart.
fn stems(paths: &[PathBuf]) -> Vec<String> {
    let deepest = paths.iter().map(|path| path.components().count()).max().unwrap_or(1);
    for depth in 1..=deepest {
        let names: Vec<String> = paths.iter().map(|path| stem(path, depth)).collect();
        if names.iter().collect::<HashSet<_>>().len() == names.len() {
            return names;
        }
    }
    paths.iter().map(|path| as_given(path)).collect()
}

/// The last `depth` parts of the path, the last without its ending.
fn stem(path: &Path, depth: usize) -> String {
    let without = match path.extension().and_then(|ending| ending.to_str()) {
        Some("bam" | "sam" | "cram" | "gz") => path.with_extension(""),
        _ => path.to_owned(),
    };
    let parts: Vec<String> =
        without.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    parts[parts.len().saturating_sub(depth)..].join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_grow_until_they_differ() {
        let paths = |names: &[&str]| names.iter().map(PathBuf::from).collect::<Vec<_>>();
        assert_eq!(stems(&paths(&["x/a.bam", "x/b.bam"])), ["a", "b"]);
        assert_eq!(stems(&paths(&["x/a.bam", "y/a.bam"])), ["x/a", "y/a"]);
    }
}
