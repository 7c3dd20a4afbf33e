//! `alkaline test --expression`: one contrast of values on a log scale, file to file.

use std::path::Path;

use alkaline_io::results::test_table;
use alkaline_workflow::stages::test::{
    TestMethod, TestSettings, read_values, settings_of_others, test_values, values_of_test,
};
use alkaline_workflow::{Experiment, Observer, WorkflowError};

use super::other_tests::write_others;
use super::sample_sheet::read_sheet;
use super::test_args::TestArgs;
use crate::console::Console;
use crate::failure::Failure;

/// Tests one contrast and writes its table.
pub(super) fn run(
    args: &TestArgs,
    values: &Path,
    settings: TestSettings,
    console: &Console,
) -> Result<(), Failure> {
    let (mut settings, mut options) = (settings, args.input.expression_options()?);
    if let Some(rules) = args.test.compat {
        rules.apply_to(&mut settings, Some(&mut options));
    }
    let settings = settings.of_values()?;
    let sheet = read_sheet(&args.samples, Some(values))?;
    let contrasts = Some(vec![args.contrast.clone()]);
    let experiment = Experiment::from_values(sheet.sheet, contrasts, values, &settings)?;
    sheet.notices.iter().chain(&experiment.notices).for_each(|notice| console.warning(notice));
    let read = read_values(values, &experiment.sheet, &options)?;
    read.notices.iter().for_each(|notice| console.result(notice));
    let contrast = &experiment.contrasts[0];
    let part = values_of_test(&read, &experiment.sheet, contrast, &settings)?;
    let (read, sheet) = part.as_ref().map_or((&read, &experiment.sheet), |(read, sheet)| (read, sheet));
    let table = test_values(read, sheet, contrast, &settings)?;
    test_table::write(&args.output, &table, &[])?;
    if !settings.also.is_empty() {
        let others: Result<Vec<_>, WorkflowError> = settings_of_others(&settings)
            .into_iter()
            .map(|(word, settings)| Ok((word, test_values(read, sheet, contrast, &settings)?)))
            .collect();
        let first = settings.method.map(TestMethod::word).unwrap_or_default();
        console.result(&write_others(&args.output, &first, &table, &others?)?);
    }
    let (up, down) = table.called();
    console.result(&format!("{up} genes up and {down} down; {}", contrast.direction_in_words()));
    table.warning_of_raw_p().iter().for_each(|words| console.warning(words));
    Ok(())
}
