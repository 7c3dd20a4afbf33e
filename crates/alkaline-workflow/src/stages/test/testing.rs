//! Runs the test of a contrast, and asks how its calls depend on an assumed dispersion.

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::TestTable;
use alkaline_core::{ContrastSpec, PerGene};
use alkaline_dge::{DEFAULT_BCVS, Sensitivity, assumed_dispersion, bcv_sensitivity};

use super::edger::test_at;
use super::families::family_of;
use super::prepared::Prepared;
use super::settings::TestSettings;
use crate::error::WorkflowError;

/// Tests one contrast.
///
/// # Errors
/// [`WorkflowError`] when the contrast names a level that no sample has, or is no contrast of the design.
pub fn test(
    prepared: &Prepared,
    contrast: &ContrastSpec,
    labels: &PerGene<GeneLabel>,
    settings: &TestSettings,
) -> Result<TestTable, WorkflowError> {
    let method = settings.method_for(contrast)?;
    let mut table = family_of(method).test(method, prepared, contrast, settings)?;
    table.facts.genes_total = labels.values().len();
    table.facts.columns = prepared.columns();
    for row in &mut table.rows {
        row.name = labels.get(row.gene.as_str()).and_then(|label| label.name.clone());
    }
    Ok(table)
}

/// How the calls of a test depend on the assumed dispersion: at the usual BCVs and the assumed one.
///
/// # Errors
/// [`WorkflowError`] when the contrast names a level that no sample has.
pub fn sensitivity(
    prepared: &Prepared,
    contrast: &ContrastSpec,
    settings: &TestSettings,
    assumed: f64,
) -> Result<Sensitivity, WorkflowError> {
    let mut bcvs = DEFAULT_BCVS.to_vec();
    let assumed = assumed.sqrt();
    if bcvs.iter().all(|bcv| (bcv - assumed).abs() > 1e-9) {
        bcvs.push(assumed);
    }
    let matrix = &prepared.filter.matrix;
    let method = settings.method_for(contrast)?;
    bcv_sensitivity(matrix, &bcvs, |dispersion| {
        let estimates = assumed_dispersion(matrix, &prepared.sizes, dispersion)?;
        test_at(method, prepared, &estimates, contrast, settings)
    })
}
