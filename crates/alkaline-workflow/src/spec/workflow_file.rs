//! `workflow.toml`: a whole analysis described in one file; each section is the options of a stage.

use std::path::{Path, PathBuf};

use alkaline_count::CountOptions;
use alkaline_io::delimited::read_text;
use alkaline_io::{FileProblems, Problem};
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;
use crate::spec::request::Settings;
use crate::stages::enrich::EnrichSettings;
use crate::stages::normalize::NormalizeSettings;
use crate::stages::test::TestSettings;

/// The contents of a workflow file; whatever is left out keeps its default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkflowFile {
    /// Title of the report.
    pub title: Option<String>,
    /// Sample sheet, relative to the workflow file.
    pub samples: Option<PathBuf>,
    /// Contrasts, relative to the workflow file.
    pub contrasts: Option<PathBuf>,
    /// Count table to begin with instead of alignments, relative to the workflow file.
    pub counts: Option<PathBuf>,
    /// Annotation: a file relative to the workflow file, or a built-in name.
    pub annotation: Option<String>,
    /// Whether fractional counts in the count table are welcome.
    pub allow_fractional: bool,
    /// Whether samples stand in the rows of the count table, and genes in its columns.
    pub transpose: bool,
    /// Whether genes that were not tested stand in the test table too.
    pub keep_filtered: bool,
    /// Panels of genes; all built-in ones when empty.
    pub panels: Vec<String>,
    /// Counting reads.
    pub count: CountOptions,
    /// Expression tables.
    pub normalize: NormalizeSettings,
    /// Differential expression.
    pub test: TestSettings,
    /// Enrichment.
    pub enrich: EnrichSettings,
}

impl WorkflowFile {
    /// Reads the workflow file at `path`; paths in it become relative to the working directory.
    ///
    /// # Errors
    /// [`WorkflowError::Read`] with the line of the first thing that is wrong.
    pub fn read(path: &Path) -> Result<Self, WorkflowError> {
        let text = read_text(path)?;
        let mut file: Self = toml::from_str(&text).map_err(|error| {
            let before = error.span().map_or(0, |span| text[..span.start].matches('\n').count());
            let problem = Problem::at_line(before as u64 + 1, error.message());
            WorkflowError::Read(FileProblems::one(path, problem).into())
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for path in [&mut file.samples, &mut file.contrasts, &mut file.counts, &mut file.test.bcv_from]
            .into_iter()
            .flatten()
        {
            *path = folder.join(&path);
        }
        for path in file.enrich.gene_sets.iter_mut().chain(&mut file.enrich.go_file) {
            *path = folder.join(&path);
        }
        if let Some(name) = &file.annotation
            && folder.join(name).exists()
        {
            file.annotation = Some(folder.join(name).display().to_string());
        }
        Ok(file)
    }

    /// The options of all stages.
    pub fn settings(&self) -> Settings {
        Settings {
            count: self.count.clone(),
            normalize: self.normalize.clone(),
            test: self.test.clone(),
            enrich: self.enrich.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<WorkflowFile, WorkflowError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("workflow.toml");
        std::fs::write(&path, text).unwrap();
        WorkflowFile::read(&path)
    }

    #[test]
    fn a_section_is_the_options_of_a_stage() {
        let file = read("title = \"t\"\nsamples = \"samples.csv\"\n[test]\nbcv = 0.1\n").unwrap();
        assert_eq!(file.settings().test.bcv, Some(0.1));
        assert!(file.samples.unwrap().ends_with("samples.csv"));
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let message = read("title = \"t\"\nsample = \"samples.csv\"\n").unwrap_err().to_string();
        assert!(message.contains("line 2") && message.contains("unknown field `sample`"), "{message}");
    }
}
