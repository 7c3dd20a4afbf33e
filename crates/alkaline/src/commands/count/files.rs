//! What `count` reads and writes beside alignments and annotation.

use std::io::Write;
use std::path::Path;

use alkaline_core::Annotation;
use alkaline_core::results::FeatureTable;
use alkaline_count::UnitCounts;
use alkaline_io::counts::{companion_path, summary_path, write_labels, write_summary};
use alkaline_io::{features, results};

use super::CountArgs;
use crate::failure::Failure;
use crate::version::VERSION;

/// Writes the table and everything beside it.
pub fn write(
    args: &CountArgs,
    output: &Path,
    table: &FeatureTable,
    counted: &UnitCounts,
    annotation: &Annotation,
) -> Result<(), Failure> {
    features::write(output, table, Some(&command_line()))?;
    if output.as_os_str() != "-" {
        write_summary(&summary_path(output), &counted.summary)?;
        if let Some(junctions) = &counted.junctions {
            features::write_junctions(&features::junctions_path(output), junctions)?;
        }
        let labelled = annotation.genes.iter().any(|gene| gene.name.is_some() || gene.biotype.is_some());
        if labelled && !args.by_feature && !args.is_compat() {
            let labels = annotation.labels().map_err(|error| Failure::input(error.to_string()))?;
            write_labels(&companion_path(output), &labels)?;
        }
    }
    if let Some(directory) = args.qc_directory() {
        results::qc::write(&directory, &counted.qc)?;
    }
    Ok(())
}

/// What was typed, as featureCounts records it.
pub fn command_line() -> String {
    let words: Vec<String> = std::env::args().map(|word| format!("\"{word}\"")).collect();
    format!("Program:alkaline v{VERSION}; Command:{} ", words.join(" "))
}

/// Prints `text` to standard output.
pub fn print(text: &str) -> Result<(), Failure> {
    std::io::stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(|error| Failure::machine(format!("cannot write to standard output: {error}")))
}
