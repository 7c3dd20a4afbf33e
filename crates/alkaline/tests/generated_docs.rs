//! Pages of the documentation that the program itself writes.

use std::path::Path;
use std::process::Command;

/// The committed page of commands and options is what `alkaline man --format markdown docs/reference` writes today.
#[test]
fn the_page_of_commands_is_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .args(["man", "--format", "markdown"])
        .arg(directory.path())
        .status()
        .unwrap();
    assert!(status.success());
    let written = std::fs::read_to_string(directory.path().join("commands.md")).unwrap();
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/commands.md");
    let committed = std::fs::read_to_string(committed).unwrap();
    assert!(written.contains("## `alkaline count`"), "the page lists the commands");
    assert!(
        written == committed,
        "docs/reference/commands.md is out of date: run `cargo run --release -- man --format markdown docs/reference`"
    );
}
