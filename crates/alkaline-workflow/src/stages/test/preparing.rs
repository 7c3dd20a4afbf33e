//! Filters, normalises and estimates dispersions.

use alkaline_core::results::CountTable;
use alkaline_core::{ContrastSpec, SampleSheet};
use alkaline_dge::distinct_replicates;
use alkaline_norm::{NormOptions, filter_by_design, filter_by_expression, library_sizes};

use super::families::family_of;
use super::family::Filtered;
use super::prepared::{Prepared, blocks_of, design_of, groups_of_test};
use super::settings::TestSettings;
use crate::error::WorkflowError;

/// Filters, normalises by `norm` and estimates dispersions for the samples of `sheet`, as the test of `contrast` needs them.
///
/// # Errors
/// [`WorkflowError`] when samples and table do not fit, when the design is not of full rank, when there are no replicates
/// and no dispersion is given, or when a replicate is a copy.
pub fn prepare(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
    norm: &NormOptions,
) -> Result<Prepared, WorkflowError> {
    let samples = table.matrix.samples();
    let design = design_of(contrast, sheet, samples, settings)?;
    let groups = groups_of_test(design.as_ref(), sheet, contrast, samples)?;
    distinct_replicates(&table.matrix, &groups)?;
    let filter = match &design {
        Some(design) => filter_by_design(&table.matrix, design.matrix(), &settings.filter)?,
        None => filter_by_expression(&table.matrix, &groups, &settings.filter)?,
    };
    let sizes = library_sizes(&filter.matrix, norm)?;
    let method = settings.method_for(contrast)?;
    let data = Filtered { matrix: &filter.matrix, sizes: &sizes, groups: &groups, design: design.as_ref() };
    let dispersion = family_of(method).dispersion(&data, settings)?;
    let blocks = blocks_of(settings, sheet, samples)?;
    Ok(Prepared { groups, design, filter, blocks, sizes, dispersion })
}
