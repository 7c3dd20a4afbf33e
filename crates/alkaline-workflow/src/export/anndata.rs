//! A run as an AnnData file.

use std::io;
use std::path::{Path, PathBuf};

use alkaline_core::file_names::file_stem;
use alkaline_export::anndata::{self, AnnData, Fact, Matrix, are_whole, by_sample};
use alkaline_io::file::write_atomically;

use super::experiment::Exported;
use super::rows::by_gene;
use crate::error::WorkflowError;

/// Writes one file.
pub(super) fn write(run: &Exported, out: &Path) -> Result<Vec<PathBuf>, WorkflowError> {
    let samples = run.samples.len();
    let whole = are_whole(&run.values);
    let values = Box::new(move |out: &mut dyn io::Write| by_sample(&run.values, samples, whole, out));
    let layer = |(name, path, unit): (&str, PathBuf, _)| {
        let stream =
            move |out: &mut dyn io::Write| by_sample(&run.made_values(&path, unit)?, samples, false, out);
        (name.to_owned(), Matrix::Reals(Box::new(stream)))
    };
    let mut varm = Vec::with_capacity(run.contrasts.len());
    for contrast in &run.contrasts {
        varm.push((file_stem(&contrast.id), by_gene(&run.test(contrast)?, &run.genes)));
    }
    let experiment = AnnData {
        samples: run.samples.clone(),
        genes: run.genes.clone(),
        x: if whole { Matrix::Wholes(values) } else { Matrix::Reals(values) },
        layers: run.made().into_iter().map(layer).collect(),
        obs: run.about_samples.clone(),
        var: run.about_genes.clone(),
        varm,
        uns: facts(run),
    };
    write_atomically(out, |file| anndata::write(file, experiment))?;
    Ok(vec![out.to_owned()])
}

/// What concerns the run as a whole.
fn facts(run: &Exported) -> Vec<(String, Fact)> {
    let facts = run.facts().into_iter().map(|(key, value)| (key, Fact::Text(value)));
    let (names, contrasts) = run.contrast_table();
    vec![
        ("alkaline".to_owned(), Fact::Facts(facts.collect())),
        ("contrasts".to_owned(), Fact::Table(names, contrasts)),
    ]
}
