//! Whether reads can be aligned: their files, the index of the genome, and the programs that do it.

use alkaline_core::Library;

use crate::error::WorkflowError;
use crate::programs::SearchPath;
use crate::spec::experiment::{CountSource, unaligned};
use crate::spec::request::RunRequest;
use crate::stages::hisat2_index::Hisat2Index;

/// What keeps the reads of `request` from being aligned; nothing where there are none.
pub fn problems(request: &RunRequest, search: &SearchPath) -> Vec<WorkflowError> {
    let CountSource::Reads(libraries) = &request.experiment.source else { return Vec::new() };
    let files = libraries.iter().flat_map(Library::files);
    let missing = files.filter(|file| !file.exists());
    let mut problems: Vec<WorkflowError> =
        missing.map(|file| WorkflowError::design(format!("{}: no such file", file.display()))).collect();
    problems.extend(match &request.hisat2_index {
        Some(path) => Hisat2Index::find(path).err(),
        None => Some(unaligned(&request.experiment.sheet, libraries)),
    });
    problems
        .extend(programs(request).filter_map(|program| search.find(program).err()).map(WorkflowError::from));
    problems
}

/// The programs that clean and align, with their versions: "fastp 0.23.2, hisat2 2.2.1, samtools 1.16.1".
///
/// # Errors
/// [`WorkflowError::Program`] for the first that does not answer.
pub(super) fn versions(request: &RunRequest, search: &SearchPath) -> Result<String, WorkflowError> {
    let version = |name| search.program(name).map(|program| format!("{name} {}", program.version));
    let versions: Result<Vec<String>, _> = programs(request).map(version).collect();
    Ok(versions?.join(", "))
}

/// What `request` calls for its reads.
fn programs(request: &RunRequest) -> impl Iterator<Item = &'static str> {
    let cleaning = request.settings.clean.enabled.then_some("fastp");
    cleaning.into_iter().chain(["hisat2", "samtools"])
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::PathBuf;

    use alkaline_core::SampleSheet;
    use alkaline_core::samples::{Lane, Reads};
    use alkaline_testkit::FakePrograms;

    use super::*;
    use crate::spec::experiment::Experiment;

    fn request(reads: PathBuf) -> RunRequest {
        let lane = Lane { first: reads, second: None };
        let source = CountSource::Reads(vec![Library::Reads(Reads { lanes: vec![lane] })]);
        let experiment =
            Experiment { sheet: SampleSheet::default(), contrasts: vec![], source, notices: vec![] };
        RunRequest {
            title: String::new(),
            experiment,
            samples_file: None,
            annotation: None,
            hisat2_index: Some("/nowhere/index".into()),
            offsets: None,
            allow_fractional: false,
            transpose: false,
            keep_filtered: false,
            settings: Default::default(),
            panels: vec![],
            command: vec![],
            version: String::new(),
            simulated: false,
        }
    }

    #[test]
    fn files_index_and_programs_that_are_missing_are_told_together() {
        let programs = FakePrograms::new();
        let search = SearchPath::of(programs.folder().as_os_str());
        let place = tempfile::tempdir().unwrap();
        let mut request = request(place.path().join("a.fq"));
        let told = |request: &RunRequest| {
            problems(request, &search).iter().map(WorkflowError::message).collect::<Vec<_>>().join("\n")
        };
        let all = told(&request);
        for part in ["a.fq: no such file", "/nowhere/index", "fastp", "hisat2", "samtools"] {
            assert!(all.contains(part), "`{part}` is not in:\n{all}");
        }
        fs::write(place.path().join("a.fq"), "@r\nA\n+\nI\n").unwrap();
        request.settings.clean.enabled = false;
        let less = told(&request);
        assert!(!less.contains("a.fq") && !less.contains("fastp") && less.contains("samtools"), "{less}");
    }
}
