//! Differential expression: filter, library sizes and dispersion once per grouping or design, then one test per contrast.
//!
//! Tests come in families, each in a file of its own: `families.rs` says which one knows a test.

mod checks;
mod deseq2;
mod edger;
mod families;
mod family;
mod limma;
mod method;
mod prepared;
mod preparing;
mod settings;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::TestTable;
use alkaline_core::{ContrastSpec, PerGene};
use alkaline_dge::{DEFAULT_BCVS, Sensitivity, assumed_dispersion, bcv_sensitivity};

pub use alkaline_dge::EdgerVersion;
pub use checks::{check, check_counts};
pub use method::TestMethod;
pub(crate) use prepared::groups_of_test;
pub use prepared::{Prepared, blocks_of, design_of, sample_map, samples_of_contrast, samples_of_test};
pub use preparing::prepare;
pub use settings::TestSettings;

use crate::error::WorkflowError;
use edger::test_at;
use families::family_of;

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
