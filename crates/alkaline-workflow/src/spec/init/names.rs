//! Names of the files that are written.

/// The workflow file.
pub(super) const WORKFLOW: &str = "workflow.toml";

/// The sample sheet.
pub(super) const SAMPLES: &str = "samples.csv";

/// The contrasts.
pub(super) const CONTRASTS: &str = "contrasts.csv";

/// The schema for editors.
pub(super) const SCHEMA: &str = "workflow.schema.json";
