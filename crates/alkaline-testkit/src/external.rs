//! Where the data that the repository does not ship are found, and how a test says that it had to be skipped.

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

/// A directory from the environment.
///
/// # Panics
/// When the variable names something that is not a directory: a typing error must not look like a skipped test.
#[expect(clippy::print_stderr, reason = "a skipped test says so aloud")]
fn directory(variable: &str, reason: &str) -> Option<PathBuf> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else {
        let thread = std::thread::current();
        eprintln!("SKIPPED {}: {variable} is not set ({reason})", thread.name().unwrap_or("test"));
        return None;
    };
    let path = PathBuf::from(value);
    assert!(path.is_dir(), "{variable} names `{}`, which is not a directory", path.display());
    Some(path)
}
