//! Automation of the repository: `cargo xtask layers | licences | golden | deviations | third-party | ci`.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a tool for developers speaks on the terminal"
)]

mod ci;
mod deviations;
mod failure;
mod golden;
mod layers;
mod licences;
mod metadata;
mod modules;
mod third_party;

use std::process::ExitCode;

fn main() -> ExitCode {
    let task = std::env::args().nth(1).unwrap_or_default();
    let outcome = match task.as_str() {
        "layers" => layers::check(),
        "licences" => licences::check(),
        "golden" => golden::check(),
        "deviations" => deviations::check(),
        "third-party" => third_party::text(),
        "ci" => ci::run(),
        _ => Err("usage: cargo xtask layers | licences | golden | deviations | third-party | ci".to_owned()),
    };
    match outcome {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}
