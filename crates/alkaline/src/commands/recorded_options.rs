//! Whether the parts of a merged table were counted alike: every count table records its command in its first line.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::path::{Path, PathBuf};

use alkaline_core::words::listed;
use alkaline_io::file;
use clap::{Arg, ArgMatches, Args, Command};

use super::count::CountArgs;
use crate::failure::Failure;

/// Headings of `count --help` under which the options stand that change counts.
const HEADINGS: [&str; 4] = ["Annotation", "Overlap", "Filters", "Library"];

/// Options that change counts and stand under no heading.
const FURTHER: [&str; 2] = ["annotation", "compat"];

/// One warning for every option that differs between `parts`: which value counted which part.
///
/// A table without a recorded command, or with one that `count` would not understand, is no evidence and is passed over.
///
/// # Errors
/// When a part cannot be read.
pub fn differences(parts: &[PathBuf]) -> Result<Vec<String>, Failure> {
    let command = CountArgs::augment_args(Command::new("count"));
    let mut recorded = Vec::new();
    for path in parts {
        let Some(words) = recorded_words(&first_line(path)?) else { continue };
        if let Ok(options) = command.clone().try_get_matches_from(words) {
            recorded.push((path.display().to_string(), options));
        }
    }
    Ok(command
        .get_arguments()
        .filter(|option| changes_counts(option))
        .filter_map(|o| warning(o, &recorded))
        .collect())
}

fn changes_counts(option: &Arg) -> bool {
    let heading = option.get_help_heading();
    heading.is_some_and(|heading| HEADINGS.contains(&heading)) || FURTHER.contains(&option.get_id().as_str())
}

/// The parts by the value of `option`, in words, where there is more than one value.
fn warning(option: &Arg, recorded: &[(String, ArgMatches)]) -> Option<String> {
    let mut parts_by_value: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (part, options) in recorded {
        parts_by_value.entry(value(option, options)).or_default().push(part);
    }
    if parts_by_value.len() < 2 {
        return None;
    }
    let values = parts_by_value.iter().map(|(value, parts)| format!("{value} ({})", listed(parts)));
    let values: Vec<String> = values.collect();
    Some(format!(
        "parts were counted differently: {}; count them alike, or do not compare them",
        listed(&values)
    ))
}

/// The value of an option as it is typed; files by their names, since jobs keep them in different places.
fn value(option: &Arg, options: &ArgMatches) -> String {
    let name = match (option.get_short(), option.get_long()) {
        (Some(short), _) => format!("-{short}"),
        (None, long) => format!("--{}", long.unwrap_or_else(|| option.get_id().as_str())),
    };
    if !option.get_action().takes_values() {
        let given = options.get_flag(option.get_id().as_str());
        return if given { name } else { format!("no {name}") };
    }
    let Some(values) = options.get_raw(option.get_id().as_str()) else { return format!("no {name}") };
    let last = |value: &std::ffi::OsStr| {
        Path::new(value).file_name().unwrap_or(value).to_string_lossy().into_owned()
    };
    format!("{name} {}", values.map(last).collect::<Vec<_>>().join(","))
}

fn first_line(path: &Path) -> Result<String, Failure> {
    let mut line = Vec::new();
    file::open(path)?
        .read_until(b'\n', &mut line)
        .map_err(|error| Failure::input(format!("{}: {error}", path.display())))?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// The words of a recorded command of alkaline or featureCounts, as `count` would get them.
fn recorded_words(line: &str) -> Option<Vec<String>> {
    let quoted = line.strip_prefix("# Program:")?.split_once("Command:")?.1.trim();
    let mut words = quoted.strip_prefix('"')?.strip_suffix('"')?.split("\" \"").map(str::to_owned);
    words.next()?;
    let mut words: Vec<String> = words.collect();
    if words.first().is_none_or(|word| word != "count") {
        words.insert(0, "count".to_owned());
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_alkaline_and_of_featurecounts_are_understood() {
        let ours = "# Program:alkaline v0.1.0 (git 1); Command:\"/bin/alkaline\" \"count\" \"-s\" \"2\" \"my reads.bam\"";
        assert_eq!(recorded_words(ours).unwrap(), ["count", "-s", "2", "my reads.bam"]);
        let theirs = "# Program:featureCounts v2.0.3; Command:\"featureCounts\" \"-M\" \"a.bam\" ";
        assert_eq!(recorded_words(theirs).unwrap(), ["count", "-M", "a.bam"]);
        assert!(recorded_words("Geneid\tChr").is_none());
    }
}
