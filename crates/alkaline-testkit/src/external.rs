//! Where the data that the repository does not ship are found, and how a test says that it had to be skipped.

use std::io::Write;
use std::path::PathBuf;

/// The folder of real data named by `ALKALINE_DATA`; `None` (said aloud, with the test's name) when it is not set.
///
/// ```
/// let Some(directory) = alkaline_testkit::external_data("counts of real BAMs") else { return };
/// assert!(directory.is_dir());
/// ```
pub fn external_data(reason: &str) -> Option<PathBuf> {
    directory("ALKALINE_DATA", reason)
}

/// The folder of conformance cases named by `ALKALINE_CASES`; `None` (said aloud) when it is not set.
pub fn external_cases(reason: &str) -> Option<PathBuf> {
    directory("ALKALINE_CASES", reason)
}

/// Says aloud that the running test is skipped, and why.
///
/// Written straight to standard error: what a passing test prints by macro is never seen.
pub fn say_skipped(reason: &str) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("test");
    // Where standard error is closed nobody listens.
    let _ = writeln!(std::io::stderr().lock(), "SKIPPED {name}: {reason}");
}

/// A directory from the environment.
///
/// # Panics
/// When the variable names something that is not a directory: a typing error must not look like a skipped test.
fn directory(variable: &str, reason: &str) -> Option<PathBuf> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
        say_skipped(&format!("{variable} is not set ({reason})"));
        return None;
    };
    let path = PathBuf::from(value);
    assert!(path.is_dir(), "{variable} names `{}`, which is not a directory", path.display());
    Some(path)
}
