//! The ready-made analyses of `workflows/` can be read, and their sheets and contrasts fit together.

use std::path::{Path, PathBuf};

use alkaline_io::{contrasts, samples};
use alkaline_workflow::{Experiment, WorkflowFile};

/// Every directory of `workflows/` that holds a workflow file.
fn ready_made() -> Vec<PathBuf> {
    let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows");
    let entries = std::fs::read_dir(workflows).expect("the repository has ready-made workflows");
    let files = entries.map(|entry| entry.expect("a directory entry").path().join("workflow.toml"));
    files.filter(|file| file.exists()).collect()
}

#[test]
fn every_ready_made_workflow_can_be_read() {
    let workflows = ready_made();
    assert!(workflows.len() >= 3, "{workflows:?}");
    for path in workflows {
        let read = || -> Result<Option<Experiment>, Box<dyn std::error::Error>> {
            let file = WorkflowFile::read(&path)?;
            // Values and their sheet are made by an import: crates/alkaline/tests/ready_workflows.rs makes some.
            if file.expression.is_some() {
                return Ok(None);
            }
            let sheet = samples::read(file.samples.as_deref().ok_or("no sample sheet")?)?;
            let questions = contrasts::read(file.contrasts.as_deref().ok_or("no contrasts")?)?;
            Ok(Some(Experiment::from_sheet(sheet, Some(questions), file.counts.as_deref(), &file.test)?))
        };
        let experiment = read().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(experiment.is_none_or(|experiment| !experiment.contrasts.is_empty()));
        assert!(path.with_file_name("README.md").exists(), "{} has no README", path.display());
    }
}

#[test]
fn three_resistant_lines_are_three_contrasts_of_one_run() {
    let workflows = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows/h2228-resistant");
    let questions = contrasts::read(&workflows.join("contrasts.csv")).expect("the contrasts can be read");
    assert_eq!(questions.len(), 3);
    assert!(questions.iter().all(|contrast| contrast.reference == "parental"));
}
