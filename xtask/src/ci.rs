//! The gates that every change must pass, one after the other.

use std::process::Command;

use crate::failure::Failure;
use crate::{deviations, golden, layers, licences};

/// A gate that cargo itself keeps.
struct Gate {
    name: &'static str,
    arguments: &'static [&'static str],
    environment: Option<(&'static str, &'static str)>,
}

/// Cargo's part of the gates.
const GATES: [Gate; 3] = [
    Gate { name: "format", arguments: &["fmt", "--all", "--check"], environment: None },
    Gate {
        name: "clippy",
        arguments: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
        environment: None,
    },
    Gate {
        name: "docs",
        arguments: &["doc", "--workspace", "--no-deps", "--locked"],
        environment: Some(("RUSTDOCFLAGS", "-D warnings")),
    },
];

/// Runs all gates; stops at the first that fails.
pub fn run() -> Result<String, Failure> {
    println!("{}", layers::check()?);
    println!("{}", licences::check()?);
    println!("{}", golden::check()?);
    println!("{}", deviations::check()?);
    println!("{}", denied()?);
    for Gate { name, arguments, environment } in GATES {
        println!("gate: {name}");
        let status = Command::new(env!("CARGO"))
            .args(arguments)
            .envs(environment)
            .status()
            .map_err(|error| format!("cannot run cargo {name}: {error}"))?;
        if !status.success() {
            return Err(format!("gate `{name}` failed: cargo {}", arguments.join(" ")));
        }
    }
    Ok("all gates passed".to_owned())
}

/// Sources, bans and licences by cargo-deny, where it is installed: building it takes longer than all other gates.
fn denied() -> Result<String, Failure> {
    let deny = |arguments: &[&str]| Command::new(env!("CARGO")).arg("deny").args(arguments).output();
    if !deny(&["--version"]).is_ok_and(|output| output.status.success()) {
        return Ok(
            "cargo-deny: SKIPPED, it is not installed (`cargo install cargo-deny --locked`)".to_owned()
        );
    }
    let output = deny(&["check", "licenses", "bans", "sources"]).map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("cargo deny refuses:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    Ok("cargo-deny: licences, bans and sources in order".to_owned())
}
