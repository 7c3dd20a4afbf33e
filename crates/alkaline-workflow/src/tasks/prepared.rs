//! Filter, library sizes and dispersions of a design as files, and back.

use std::collections::HashSet;

use alkaline_core::ContrastSpec;
use alkaline_core::PerGene;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::MapMethod;
use alkaline_core::results::{CountTable, DispersionEstimates};
use alkaline_io::results::table::{companion_path, read_json, write_json};
use alkaline_io::results::{dispersions, filter, library_sizes, sample_map};
use alkaline_norm::{FilterOutcome, RemovedGene};
use serde::{Deserialize, Serialize};

use super::shelf::Counts;
use crate::error::WorkflowError;
use crate::spec::request::RunRequest;
use crate::stages::test::{self, Prepared, blocks_of, design_of, groups_of_test, samples_of_test};
use crate::stages::untested;
use crate::store::layout::PreparedDirectory;

/// The thresholds of the filter, which its table does not tell.
#[derive(Serialize, Deserialize)]
struct FilterFacts {
    cpm_threshold: f64,
    #[serde(default)]
    is_of_counts: bool,
    min_samples: f64,
}

/// Writes library sizes, maps of the samples, dispersions and what the filter removed.
pub(super) fn write(
    place: &PreparedDirectory,
    prepared: &Prepared,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WorkflowError> {
    library_sizes::write(&place.library_sizes(), &prepared.sizes, &prepared.groups)?;
    untested::write(&place.filter(), prepared, labels)?;
    let FilterOutcome { cpm_threshold, is_of_counts, min_samples, .. } = prepared.filter;
    write_json(&companion_path(&place.filter()), &FilterFacts { cpm_threshold, is_of_counts, min_samples })?;
    if let Some(dispersion) = &prepared.dispersion {
        dispersions::write(&place.dispersions(), dispersion, labels)?;
    }
    let paths = [place.sample_map(), place.principal_components()];
    for (path, method) in paths.iter().zip([MapMethod::Mds, MapMethod::Pca]) {
        if let Some(map) = test::sample_map(prepared, method)? {
            sample_map::write(path, &map)?;
        }
    }
    Ok(())
}

/// Reads what [`write`] wrote for the design of `contrast`.
pub(super) fn read(
    place: &PreparedDirectory,
    counts: &Counts,
    contrast: &ContrastSpec,
    request: &RunRequest,
) -> Result<Prepared, WorkflowError> {
    let settings = &request.settings.test;
    let sheet = &request.experiment.sheet;
    let own = samples_of_test(&counts.table, sheet, contrast, settings);
    let (table, sheet) = own.as_ref().map_or((&counts.table, sheet), |(table, sheet)| (table, sheet));
    let samples = table.matrix.samples();
    let design = design_of(contrast, sheet, samples, settings)?;
    let groups = groups_of_test(design.as_ref(), sheet, contrast, samples)?;
    let (sizes, _) = library_sizes::read(&place.library_sizes())?;
    let filter = read_filter(place, table)?;
    let dispersion: Option<DispersionEstimates> = match place.dispersions().exists() {
        true => Some(dispersions::read_estimates(&place.dispersions(), filter.matrix.genes())?),
        false => None,
    };
    let blocks = blocks_of(settings, sheet, samples)?;
    Ok(Prepared { groups, design, filter, blocks, sizes, dispersion })
}

/// The tested genes, and why the others are not among them.
fn read_filter(place: &PreparedDirectory, table: &CountTable) -> Result<FilterOutcome, WorkflowError> {
    let FilterFacts { cpm_threshold, is_of_counts, min_samples } =
        read_json(&companion_path(&place.filter()))?;
    let genes = table.matrix.genes();
    let mut removed = Vec::new();
    let mut gone = HashSet::new();
    for row in filter::read(&place.filter())? {
        let position = genes.position(row.gene.as_str()).ok_or_else(|| {
            WorkflowError::design(format!(
                "{}: the count table has no gene {}",
                place.filter().display(),
                row.gene
            ))
        })?;
        gone.insert(position);
        removed.push(RemovedGene {
            position,
            total: row.total_count,
            samples_at_cpm: row.samples_at_cpm,
            reason: untested::reason_called(&row.reason),
        });
    }
    let kept: Vec<usize> = (0..genes.len()).filter(|gene| !gone.contains(gene)).collect();
    let matrix = table.matrix.select_genes(&kept);
    Ok(FilterOutcome { matrix, kept, cpm_threshold, is_of_counts, min_samples, removed })
}
