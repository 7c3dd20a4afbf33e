//! Pages of the documentation that the program itself writes.

use std::path::Path;
use std::process::Command;

/// The committed pages of commands and of the workflow file, and its schema, are what
/// `alkaline man --format markdown docs/reference` writes today.
#[test]
fn the_generated_pages_are_up_to_date() {
    let directory = tempfile::tempdir().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_alkaline"))
        .args(["man", "--format", "markdown"])
        .arg(directory.path())
        .status()
        .unwrap();
    assert!(status.success());
    for (name, part) in [
        ("commands.md", "## `alkaline count`"),
        ("workflow.md", "## `[test.thresholds]`"),
        ("workflow.schema.json", "\"additionalProperties\": false"),
    ] {
        let written = std::fs::read_to_string(directory.path().join(name)).unwrap();
        let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference").join(name);
        let committed = std::fs::read_to_string(committed).unwrap();
        assert!(written.contains(part), "{name} holds what it should");
        assert!(
            written == committed,
            "docs/reference/{name} is out of date: run `cargo run --release -- man --format markdown docs/reference`"
        );
    }
}
