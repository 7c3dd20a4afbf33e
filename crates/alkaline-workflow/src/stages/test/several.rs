//! Several tests of the same question: each prepares for itself what it needs, from the same counts, by the same filter.

use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{CountTable, TestTable};
use alkaline_core::{ContrastSpec, PerGene, SampleSheet};
use alkaline_norm::NormOptions;

use super::method::TestMethod;
use super::preparing::prepare;
use super::settings::TestSettings;
use super::testing::test;
use crate::error::WorkflowError;

/// The settings with which each further test runs, by its word.
pub fn settings_of_others(settings: &TestSettings) -> Vec<(String, TestSettings)> {
    let own = |method: &TestMethod| {
        let settings = TestSettings { method: Some(*method), also: Vec::new(), ..settings.clone() };
        (method.word(), settings)
    };
    settings.also.iter().map(own).collect()
}

/// The tables of the tests that answer beside the first.
///
/// # Errors
/// [`WorkflowError`] where one of them cannot answer.
pub fn test_by_others(
    table: &CountTable,
    sheet: &SampleSheet,
    contrast: &ContrastSpec,
    labels: &PerGene<GeneLabel>,
    settings: &TestSettings,
    norm: &NormOptions,
) -> Result<Vec<(String, TestTable)>, WorkflowError> {
    let run = |(word, settings): (String, TestSettings)| {
        let prepared = prepare(table, sheet, contrast, &settings, norm)?;
        Ok((word, test(&prepared, contrast, labels, &settings)?))
    };
    settings_of_others(settings).into_iter().map(run).collect()
}
