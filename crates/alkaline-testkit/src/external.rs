//! Where the data and programs that the repository does not ship are found, and how a test says that it had to be skipped.
//!
//! A skip is told aloud. Where everything should be there, `ALKALINE_REQUIRE` turns a skip into a failure: a list, separated by
//! commas, of `data`, `cases`, `r`, `featurecounts`, `samtools`, `fastp`, `hisat2`, `browser`, `python3` and so on, or `all`.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The variable that names what must not be missing.
const REQUIRE: &str = "ALKALINE_REQUIRE";

/// The word that requires everything.
const ALL: &str = "all";

/// The folder of real data named by `ALKALINE_DATA`; `None` (said aloud, with the test's name) when it is not set.
///
/// ```
/// let Some(directory) = alkaline_testkit::external_data("counts of real BAMs") else { return };
/// assert!(directory.is_dir());
/// ```
pub fn external_data(reason: &str) -> Option<PathBuf> {
    directory("data", "ALKALINE_DATA", reason)
}

/// The folder of conformance cases named by `ALKALINE_CASES`; `None` (said aloud) when it is not set.
pub fn external_cases(reason: &str) -> Option<PathBuf> {
    directory("cases", "ALKALINE_CASES", reason)
}

/// Whether `program` answers these arguments without failing; where it does not, the test is skipped aloud. `requirement` is its word in
/// `ALKALINE_REQUIRE`.
///
/// # Panics
/// When it is required.
pub fn external_program(requirement: &str, program: &str, arguments: &[&str], reason: &str) -> bool {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if started.is_ok_and(|status| status.success()) {
        return true;
    }
    let call = [&[program], arguments].concat().join(" ");
    skip(requirement, &format!("`{call}` does not answer here ({reason})"));
    false
}

/// Says that the running test is skipped for lack of `requirement`.
///
/// # Panics
/// When `ALKALINE_REQUIRE` names it.
pub fn skip(requirement: &str, reason: &str) {
    assert!(!is_required(requirement), "{REQUIRE} names `{requirement}`, but {reason}");
    say_skipped(reason);
}

/// Tells that the running test is skipped, and why.
///
/// Written straight to standard error: what a passing test prints by macro is never seen.
fn say_skipped(reason: &str) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("test");
    // Where standard error is closed nobody listens.
    let _ = writeln!(std::io::stderr().lock(), "SKIPPED {name}: {reason}");
}

fn is_required(requirement: &str) -> bool {
    std::env::var(REQUIRE).is_ok_and(|list| names(&list, requirement))
}

/// Whether `list` names `requirement`, or everything.
fn names(list: &str, requirement: &str) -> bool {
    list.split(',').map(str::trim).any(|word| word.eq_ignore_ascii_case(requirement) || word == ALL)
}

/// A directory from the environment.
///
/// # Panics
/// When the variable names something that is not a directory: a typing error must not look like a skipped test.
fn directory(requirement: &str, variable: &str, reason: &str) -> Option<PathBuf> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
        skip(requirement, &format!("{variable} is not set ({reason})"));
        return None;
    };
    let path = PathBuf::from(value);
    assert!(path.is_dir(), "{variable} names `{}`, which is not a directory", path.display());
    Some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_requirement_is_named_by_its_word_or_by_all() {
        assert!(names("r, data", "data") && names("R", "r") && names("all", "browser"));
        assert!(!names("", "r") && !names("rscript", "r") && !names("data", "cases"));
    }

    #[test]
    fn a_program_that_is_missing_is_a_skip() {
        assert!(!external_program("nothing", "no-such-program-anywhere", &[], "a test of skipping"));
    }
}
