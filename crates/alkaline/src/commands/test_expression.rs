//! `alkaline test --expression`: one contrast of values on a log scale, file to file.

use std::path::Path;

use alkaline_io::results::test_table;
use alkaline_workflow::stages::test::{TestMethod, TestSettings, read_values, test_values};
use alkaline_workflow::{Experiment, Observer};

use super::called_by_p::by_raw_p;
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
    let settings = TestSettings { method: settings.method.or(Some(TestMethod::Limma)), ..settings };
    if !settings.also.is_empty() {
        return Err(Failure::usage(
            "several tests want counts: values on a log scale are tested by limma alone",
        ));
    }
    let sheet = read_sheet(&args.samples, Some(values))?;
    let contrasts = Some(vec![args.contrast.clone()]);
    let experiment = Experiment::from_sheet(sheet.sheet, contrasts, Some(values), &settings)?;
    sheet.notices.iter().chain(&experiment.notices).for_each(|notice| console.warning(notice));
    let read = read_values(values, &experiment.sheet, &args.input.expression_options())?;
    read.notices.iter().for_each(|notice| console.result(notice));
    let contrast = &experiment.contrasts[0];
    let table = test_values(&read, &experiment.sheet, contrast, &settings)?;
    test_table::write(&args.output, &table, &[])?;
    let (up, down) = table.called();
    console.result(&format!("{up} genes up and {down} down; {}", contrast.direction_in_words()));
    by_raw_p(&table).iter().for_each(|words| console.warning(words));
    Ok(())
}
