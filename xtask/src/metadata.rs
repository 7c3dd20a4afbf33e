//! What cargo knows about the workspace and its dependencies.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;

use crate::failure::Failure;

/// A package as `cargo metadata` describes it.
pub struct Package {
    /// Name.
    pub name: String,
    /// Version.
    pub version: String,
    /// SPDX licence expression, where declared.
    pub licence: Option<String>,
    /// Where it lies.
    pub folder: PathBuf,
    /// Whether it is somebody else's.
    pub is_foreign: bool,
    /// Names of the packages it depends on, tests aside.
    pub dependencies: Vec<String>,
    /// What is built of it: libraries, programs, tests, examples, benchmarks.
    pub targets: Vec<Target>,
}

/// Something that is built.
pub struct Target {
    /// Package and name.
    pub name: String,
    /// The file where it begins.
    pub root: PathBuf,
}

/// The workspace's own packages, or (`with_dependencies`) all that are built.
pub fn packages(with_dependencies: bool) -> Result<Vec<Package>, Failure> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked"]);
    if !with_dependencies {
        command.arg("--no-deps");
    }
    let output = command.output().map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata names no packages")?;
    Ok(packages.iter().map(package).collect())
}

/// One entry of the metadata.
fn package(entry: &Value) -> Package {
    let text = |key: &str| entry[key].as_str().map(str::to_owned);
    let dependencies = entry["dependencies"].as_array().map(Vec::as_slice).unwrap_or_default();
    Package {
        name: text("name").unwrap_or_default(),
        version: text("version").unwrap_or_default(),
        licence: text("license"),
        folder: text("manifest_path").map(|path| PathBuf::from(path).with_file_name("")).unwrap_or_default(),
        is_foreign: entry["source"].is_string(),
        dependencies: dependencies
            .iter()
            .filter(|dependency| dependency["kind"].as_str() != Some("dev"))
            .filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
            .collect(),
        targets: targets(entry),
    }
}

/// What is built of a package, its build script aside.
fn targets(package: &Value) -> Vec<Target> {
    let targets = package["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    targets
        .iter()
        .filter(|target| target["kind"][0] != "custom-build")
        .map(|target| Target {
            name: format!("{} ({})", text(&package["name"]), text(&target["name"])),
            root: text(&target["src_path"]).into(),
        })
        .collect()
}
