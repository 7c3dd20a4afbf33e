//! What benchmarks beside other programs measure: CPU seconds.

use std::ffi::OsStr;
use std::process::Command;

/// CPU seconds (user and system, all threads) of one of `repeats` runs of a program that ends well, as the shell's `times` tells them: its
/// clock ticks a hundred times a second, too seldom for one quick run.
///
/// # Panics
/// When the program does not end well.
pub fn cpu_seconds(program: &str, arguments: &[impl AsRef<OsStr> + std::fmt::Debug], repeats: usize) -> f64 {
    let script = "\"$0\" \"$@\" >/dev/null 2>&1 || exit 1; ".repeat(repeats) + "times";
    let shell =
        Command::new("sh").args(["-c", &script, program]).args(arguments).output().expect("sh starts");
    assert!(shell.status.success(), "{program} {arguments:?}");
    let text = String::from_utf8_lossy(&shell.stdout).into_owned();
    let seconds = |word: &str| {
        let (minutes, seconds) = word.trim_end_matches('s').split_once('m').expect("1m2.3s");
        let number = |text: &str| text.parse::<f64>().expect("a number");
        number(minutes) * 60.0 + number(seconds)
    };
    let children = text.lines().last().expect("the line of the children");
    children.split_whitespace().map(seconds).sum::<f64>() / repeats as f64
}
