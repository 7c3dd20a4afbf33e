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
