//! What is done before anything is tested: samples are grouped, genes filtered, library sizes and dispersions estimated.

use std::borrow::Cow;
use std::sync::Arc;

use alkaline_core::results::{ColumnReading, CountTable, DispersionEstimates, MapMethod, SampleMap};
use alkaline_core::words::listed;
use alkaline_core::{ContrastSpec, Groups, LibrarySizes, SampleIndex, SampleSheet};
use alkaline_dge::{DesignMatrix, MapOptions};
use alkaline_norm::FilterOutcome;

use super::settings::TestSettings;
use crate::error::WorkflowError;
use crate::spec::sheet::{samples_compared, samples_tested};

/// What all contrasts over one grouping or design share.
pub struct Prepared {
    /// The samples by group.
    pub groups: Groups,
    /// The design, where the test has one.
    pub design: Option<DesignMatrix>,
    /// The tested genes, and why the others are not among them.
    pub filter: FilterOutcome,
    /// Which samples belong together, where a column of the sheet says so (limma's `block`).
    pub blocks: Option<Vec<usize>>,
    /// Library sizes of the tested genes.
    pub sizes: LibrarySizes,
    /// Dispersions of the tested genes, where the test has them.
    pub dispersion: Option<DispersionEstimates>,
}

impl Prepared {
    /// The design, for a test that cannot do without; `tool` is whose test it is.
    ///
    /// # Errors
    /// [`WorkflowError::Design`] where there is none.
    pub(super) fn design_for(
        &self,
        contrast: &ContrastSpec,
        tool: &str,
    ) -> Result<&DesignMatrix, WorkflowError> {
        self.design.as_ref().ok_or_else(|| {
            WorkflowError::design(format!("contrast `{}`: {tool} needs a design", contrast.id))
        })
    }

    /// How the design read the columns of the sample sheet.
    pub fn columns(&self) -> Vec<ColumnReading> {
        let variables = self.design.iter().flat_map(DesignMatrix::variables);
        variables
            .map(|variable| ColumnReading {
                column: variable.name.clone(),
                levels: variable.levels.clone(),
                note: variable.note.clone(),
            })
            .collect()
    }

    /// Sizes of the groups, and how columns of numbers were read, for the user's eyes.
    pub fn in_words(&self) -> Vec<String> {
        let sizes = self.groups.levels().iter().zip(self.groups.sizes());
        let sizes: Vec<String> = sizes.map(|(level, size)| format!("{size} {level}")).collect();
        let notes = self.columns().into_iter().filter_map(|column| column.note);
        std::iter::once(format!("samples: {}", listed(&sizes))).chain(notes).collect()
    }
}

/// The design of `contrast`, whose reference is the baseline; `None` for the exact test.
///
/// # Errors
/// [`WorkflowError`] when the formula does not fit the sheet, or is not of full rank.
pub fn design_of(
    contrast: &ContrastSpec,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
    settings: &TestSettings,
) -> Result<Option<DesignMatrix>, WorkflowError> {
    let Some(formula) = settings.formula_for(contrast)? else { return Ok(None) };
    // What is compared, and what is held constant, has levels, though these may be numbers.
    let blocking = contrast.blocking.iter().map(|name| (name.as_str(), ""));
    let baseline = if settings.target_is_baseline { &contrast.target } else { &contrast.reference };
    let compared = std::iter::once((contrast.variable.as_str(), baseline.as_str()));
    let factors: Vec<(&str, &str)> = compared.chain(blocking).collect();
    Ok(Some(DesignMatrix::from_formula(sheet, samples, &formula, &factors)?))
}

/// The groups that the test of `contrast` compares or counts replicates in: those of its variable, or, where it has none, of samples
/// that are alike in the design.
///
/// # Errors
/// [`WorkflowError::Design`] when the sheet does not tell the variable for every sample.
pub(crate) fn groups_of_test(
    design: Option<&DesignMatrix>,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    samples: &Arc<SampleIndex>,
) -> Result<Groups, WorkflowError> {
    match design {
        Some(design) if contrast.variable.is_empty() => Ok(design.alike()),
        _ => groups_of(sheet, &contrast.variable, samples),
    }
}

/// The samples grouped by `variable`.
pub(super) fn groups_of(
    sheet: &SampleSheet,
    variable: &str,
    samples: &Arc<SampleIndex>,
) -> Result<Groups, WorkflowError> {
    sheet.groups(variable, samples).ok_or_else(|| {
        WorkflowError::design(format!(
            "the sample sheet does not tell `{variable}` for every sample of the table"
        ))
    })
}

/// Which samples belong together by the column that limma's `block` names.
///
/// # Errors
/// [`WorkflowError::Design`] when the sheet has no such column, or a sample has no value in it.
pub fn blocks_of(
    settings: &TestSettings,
    sheet: &SampleSheet,
    samples: &Arc<SampleIndex>,
) -> Result<Option<Vec<usize>>, WorkflowError> {
    let Some(column) = &settings.limma.block else { return Ok(None) };
    Ok(Some(groups_of(sheet, column, samples)?.codes().to_vec()))
}

/// The part of `table` and `sheet` that `contrast` is tested with; `None` where that is all.
pub fn samples_of_test(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    settings: &TestSettings,
) -> Option<(CountTable, SampleSheet)> {
    match samples_tested(sheet, contrast, settings.separate) {
        Cow::Borrowed(_) => None,
        Cow::Owned(sheet) => Some((columns_of(table, &sheet), sheet)),
    }
}

/// The part of `table` and `sheet` that `contrast` compares.
pub fn samples_of_contrast(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
) -> (CountTable, SampleSheet) {
    let sheet = samples_compared(sheet, contrast);
    (columns_of(table, &sheet), sheet)
}

/// The columns of the samples of `sheet`.
fn columns_of(table: &CountTable, sheet: &SampleSheet) -> CountTable {
    let samples = sheet.samples.iter();
    let columns: Vec<usize> =
        samples.filter_map(|sample| table.matrix.samples().position(sample.id.as_str())).collect();
    CountTable { matrix: table.matrix.select_samples(&columns), facts: table.facts.clone() }
}

/// The samples on a plane, by leading log fold changes or principal components; `None` when there are too few for a map.
///
/// # Errors
/// [`WorkflowError`] when no gene is left.
pub fn sample_map(prepared: &Prepared, method: MapMethod) -> Result<Option<SampleMap>, WorkflowError> {
    if prepared.sizes.samples().len() < 3 {
        return Ok(None);
    }
    let options = MapOptions { method, ..MapOptions::default() };
    let map = alkaline_dge::sample_map(&prepared.filter.matrix, &prepared.sizes, &options)?;
    Ok(Some(map))
}
