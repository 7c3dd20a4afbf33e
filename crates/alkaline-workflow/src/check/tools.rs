//! Whether the programs that a plan needs can be started.

use std::io::ErrorKind;
use std::process::{Command, Stdio};

use alkaline_core::words::listed;

use crate::error::WorkflowError;

/// What turns reads into alignments: how each program is asked for its version, and the package that brings it.
const FOR_READS: [(&str, &str); 3] = [("fastp", "fastp"), ("hisat2", "hisat2"), ("samtools", "samtools")];

/// The versions of the programs that reads need.
///
/// # Errors
/// [`WorkflowError::Design`] with every program that is not on the PATH, or does not start.
pub(super) fn for_reads() -> Result<String, WorkflowError> {
    let found: Vec<(&str, &str, Result<String, String>)> =
        FOR_READS.iter().map(|(program, package)| (*program, *package, version(program))).collect();
    let failed = found.iter().filter_map(|(program, _, version)| Some((program, version.as_ref().err()?)));
    let failed: Vec<String> = failed.map(|(program, why)| format!("`{program}` {why}")).collect();
    if failed.is_empty() {
        let versions = found
            .iter()
            .filter_map(|(program, _, version)| Some(format!("{program} {}", version.as_ref().ok()?)));
        return Ok(versions.collect::<Vec<_>>().join(", "));
    }
    let packages: Vec<&str> =
        found.iter().filter(|(.., version)| version.is_err()).map(|(_, package, _)| *package).collect();
    Err(WorkflowError::design_with_hint(
        format!("reads are cleaned and aligned by programs that cannot be used: {}", failed.join("; ")),
        format!(
            "install {0} (apt install {1}, or conda install -c bioconda {1}), or give finished alignments in the column `bam`",
            listed(&packages),
            packages.join(" ")
        ),
    ))
}

/// The version that a program tells; else why it tells none.
fn version(program: &str) -> Result<String, String> {
    let output = Command::new(program).arg("--version").stdin(Stdio::null()).output();
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound => "is not on the PATH".to_owned(),
        _ => format!("does not start ({error})"),
    })?;
    // fastp tells its version as an error
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text);
    if !output.status.success() {
        return Err(format!("does not work: `{program} --version` ended with {}", output.status));
    }
    number_in(&text).ok_or_else(|| "does not tell its version".to_owned())
}

/// The first word of a text that begins with a digit and has a dot in it, as versions do.
fn number_in(text: &str) -> Option<String> {
    let words = text.lines().flat_map(str::split_whitespace);
    let is_version = |word: &&str| word.starts_with(|c: char| c.is_ascii_digit()) && word.contains('.');
    words.into_iter().find(is_version).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_is_found_in_what_programs_say() {
        for (text, version) in [
            ("fastp 0.23.2\n", "0.23.2"),
            ("/usr/bin/hisat2-align-s version 2.2.1\n64-bit\n", "2.2.1"),
            ("samtools 1.16.1\nUsing htslib 1.16\n", "1.16.1"),
        ] {
            assert_eq!(number_in(text).as_deref(), Some(version));
        }
        assert_eq!(number_in("no version 2 here"), None);
    }

    #[test]
    fn a_program_that_is_not_there_is_told_so() {
        assert_eq!(version("alkaline-no-such-program"), Err("is not on the PATH".to_owned()));
    }
}
