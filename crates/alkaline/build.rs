//! Records the git revision that the binary is built from, for `--version`.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=../../.git/HEAD");
    println!("cargo::rerun-if-changed=../../.git/refs");
    let revision = Command::new("git")
        .args(["rev-parse", "--short=10", "HEAD"])
        .output()
        .ok()
        .filter(|output| output.status.success())
        .and_then(|output| String::from_utf8(output.stdout).ok());
    // A source archive has no revision; the version then stands alone.
    let suffix = revision.map_or_else(String::new, |revision| format!(" (git {})", revision.trim()));
    println!("cargo::rustc-env=ALKALINE_REVISION={suffix}");
}
