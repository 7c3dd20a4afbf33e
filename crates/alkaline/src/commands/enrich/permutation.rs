//! `alkaline enrich gsea --engine permutation`: samples are shuffled instead of gene sets.

use alkaline_core::expression::ExpressionUnit;
use alkaline_enrich::GseaOptions;
use alkaline_enrich::gsea::permutation_gsea;
use alkaline_io::results::gsea_permutation;
use alkaline_norm::{
    ExpressionOptions, FilterOptions, NormOptions, expression, filter_by_expression, library_sizes,
};
use alkaline_workflow::stages::count::{self, TableOptions};
use alkaline_workflow::stages::enrich::{self, EnrichSettings};
use alkaline_workflow::stages::test::{TestSettings, samples_of_contrast};
use alkaline_workflow::{Experiment, Observer, WorkflowError};

use super::gsea_args::GseaArgs;
use super::inputs::collections;
use crate::commands::sample_sheet::read_sheet;
use crate::console::Console;
use crate::failure::Failure;

/// Filters, normalises, permutes, writes.
pub fn run(
    args: &GseaArgs,
    settings: &EnrichSettings,
    options: &GseaOptions,
    console: &Console,
) -> Result<(), Failure> {
    let (Some(counts), Some(samples), Some(contrast)) =
        (&args.engine.counts, &args.engine.samples, &args.engine.contrast)
    else {
        return Err(Failure::usage("--engine permutation needs --counts, --samples and --contrast"));
    };
    if contrast.expression.is_some() {
        return Err(Failure::usage(
            "--engine permutation compares two levels: --contrast VARIABLE,REFERENCE,TARGET",
        ));
    }
    let sheet = read_sheet(samples, Some(counts))?.sheet;
    let experiment =
        Experiment::from_sheet(sheet, Some(vec![contrast.clone()]), Some(counts), &TestSettings::default())?;
    let file = count::read_table(
        counts,
        Some(&experiment.sheet),
        TableOptions { allow_fractional: true, transpose: false },
    )?;
    let notices = experiment.notices.iter().cloned().chain(count::notices(counts, &file));
    notices.for_each(|notice| console.warning(&notice));
    let table = file.table;
    let (table, sheet) = samples_of_contrast(&table, &experiment.sheet, contrast);
    let variable = &contrast.variable;
    let groups = sheet.groups(variable, table.matrix.samples()).ok_or_else(|| {
        Failure::input(format!("the sample sheet does not tell `{variable}` for every sample of the table"))
    })?;
    let filter = filter_by_expression(&table.matrix, &groups, &FilterOptions::default())
        .map_err(WorkflowError::from)?;
    let sizes = library_sizes(&filter.matrix, &NormOptions::default()).map_err(WorkflowError::from)?;
    let values = expression(&filter.matrix, &sizes, ExpressionUnit::Cpm, None, &ExpressionOptions::default())
        .map_err(WorkflowError::from)?;
    let is_target: Vec<bool> = sheet
        .values(variable)
        .unwrap_or_default()
        .into_iter()
        .map(|value| value == contrast.target)
        .collect();
    let collections = collections(settings, console)?;
    let identifiers = enrich::identifiers(settings)?;
    let permutations = args.engine.permutations;
    let result =
        permutation_gsea(&values, &is_target, &collections, Some(&identifiers), permutations, options)
            .map_err(WorkflowError::from)?;
    gsea_permutation::write(&args.output, &result.table)?;
    console.mapping(&result.mapping);
    let table = &result.table;
    let significant = table.rows.iter().filter(|row| row.fdr_q < 0.25).count();
    console.result(&format!(
        "{} sets tested under {} of {} labellings of the samples, {significant} with FDR q < 0.25",
        table.rows.len(),
        table.permutations,
        table.distinct_labellings
    ));
    Ok(())
}
