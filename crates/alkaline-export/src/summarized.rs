//! The script that builds a `SummarizedExperiment` in R from tables beside it.

/// What the script is called.
pub const SCRIPT: &str = "summarized_experiment.R";

/// Samples in rows.
pub const SAMPLES: &str = "colData.tsv";

/// Genes in rows.
pub const GENES: &str = "rowData.tsv";

/// What concerns the experiment as a whole: key and value.
pub const FACTS: &str = "metadata.tsv";

/// The script for these assays, each of which lies beside it as `NAME.tsv`: genes in rows, first their identifier, then the samples.
pub fn script(assays: &[&str]) -> String {
    let assays: Vec<String> = assays.iter().map(|name| format!("\"{name}\"")).collect();
    include_str!("../templates/summarized_experiment.R").replace("@ASSAYS@", &assays.join(", "))
}
