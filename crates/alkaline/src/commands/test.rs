//! `alkaline test`: differential expression of one contrast, file to file.

use std::path::{Path, PathBuf};

use alkaline_core::PerGene;
use alkaline_core::annotation::GeneLabel;
use alkaline_core::results::{DispersionSource, MapMethod, TestTable, Unanswered};
use alkaline_core::samples::ContrastSpec;
use alkaline_core::words::count_of;
use alkaline_io::results::{dispersions, library_sizes, sample_map, sensitivity, test_table};
use alkaline_norm::NormOptions;
use alkaline_reference::identifiers::human_identifiers;
use alkaline_workflow::stages::test::{self, Prepared, TestSettings, prepare, samples_of_contrast};
use alkaline_workflow::stages::{count, naming, offsets, untested};
use alkaline_workflow::{Experiment, Observer, WorkflowError};

use super::other_tests::write_others;
use super::sample_sheet::read_sheet;
use super::test_args::TestArgs;
use super::test_expression;
use crate::console::Console;
use crate::failure::Failure;

/// Tests one contrast and writes its table.
pub fn run(args: &TestArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let mut settings = TestSettings::default();
    args.test.apply(&mut settings)?;
    let mut norm = NormOptions::default();
    args.norm.apply(&mut norm)?;
    if let Some(rules) = args.test.compat.filter(|_| args.input.expression_for(&settings).is_none()) {
        rules.apply_to(&mut settings, None);
    }
    if let Some(values) = args.input.expression_for(&settings) {
        return test_expression::run(args, values, settings, &console);
    }
    let Some(counts) = &args.input.counts else {
        return Err(Failure::usage("--counts or --expression names the table to test"));
    };
    if args.input.offsets.is_some() {
        settings = settings.of_offsets()?;
    }
    let sheet = read_sheet(&args.samples, Some(counts))?;
    let contrasts = Some(vec![args.contrast.clone()]);
    let experiment = Experiment::from_sheet(sheet.sheet, contrasts, Some(counts), &settings)?;
    let contrast = &experiment.contrasts[0];
    let file = count::read_table(counts, Some(&experiment.sheet), args.input.options())?;
    let of_counts = count::notices(counts, &file);
    let notices = sheet.notices.iter().chain(&experiment.notices).chain(&of_counts);
    notices.for_each(|notice| console.warning(notice));
    let table = match &args.input.offsets {
        Some(lengths) => {
            let (table, words) = offsets::with_lengths(file.table, lengths)?;
            words.iter().for_each(|words| console.warning(words));
            table
        }
        None => file.table,
    };
    let labels =
        naming::gene_labels_by(counts, &table, || human_identifiers(None).map_err(WorkflowError::from))?;
    let (table, sheet) = match settings.separate {
        true => samples_of_contrast(&table, &experiment.sheet, contrast),
        false => (table, experiment.sheet.clone()),
    };
    let prepared = prepare(&table, &sheet, contrast, &settings, &norm)?;
    let result = test::test(&prepared, contrast, &labels, &settings)?;
    let filtered = if args.keep_filtered { untested::rows(&result, &labels) } else { Vec::new() };
    test_table::write(&args.output, &result, &filtered)?;
    if args.output.as_os_str() != "-" {
        untested::write(&beside(&args.output, ".filter.tsv"), &prepared, &labels)?;
    }
    let (up, down) = result.called();
    if !settings.also.is_empty() {
        let others = test::test_by_others(&table, &sheet, contrast, &labels, &settings, &norm)?;
        let first = settings.method.map(test::TestMethod::word).unwrap_or_default();
        console.result(&write_others(&args.output, &first, &result, &others)?);
    }
    if args.details {
        write_details(&args.output, &prepared, contrast, &settings, &labels)?;
    }
    prepared.in_words().iter().for_each(|words| console.result(words));
    console.result(&prepared.filter.in_words());
    if let Some(words) = not_estimated(&result) {
        console.result(&words);
    }
    console.result(&format!("{up} genes up and {down} down; {}", contrast.direction_in_words()));
    without_answer(&result).iter().for_each(|words| console.result(words));
    result.warning_of_raw_p().iter().for_each(|words| console.warning(words));
    // the program ends here: to take tens of thousands of names apart would be for nothing
    std::mem::forget((table, prepared, result, labels));
    Ok(())
}

/// Writes what `--details` asks for.
fn write_details(
    output: &Path,
    prepared: &Prepared,
    contrast: &ContrastSpec,
    settings: &TestSettings,
    labels: &PerGene<GeneLabel>,
) -> Result<(), WorkflowError> {
    library_sizes::write(&beside(output, ".library_sizes.tsv"), &prepared.sizes, &prepared.groups)?;
    if let Some(dispersion) = &prepared.dispersion {
        dispersions::write(&beside(output, ".dispersions.tsv"), dispersion, labels)?;
    }
    for (ending, method) in [(".mds.tsv", MapMethod::Mds), (".pca.tsv", MapMethod::Pca)] {
        if let Some(map) = test::sample_map(prepared, method)? {
            sample_map::write(&beside(output, ending), &map)?;
        }
    }
    if let Some(assumed) = settings.assumed()? {
        let calls = test::sensitivity(prepared, contrast, settings, assumed)?;
        sensitivity::write(&beside(output, ".sensitivity.tsv"), &calls.rows)?;
        sensitivity::write_by_gene(&beside(output, ".sensitivity_by_gene.tsv"), &calls.largest_bcv, labels)?;
    }
    Ok(())
}

/// The path of a table that goes with another: its name with `ending` behind it.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Genes that a test like DESeq2's leaves without a P value or a false discovery rate, and why.
fn without_answer(table: &TestTable) -> Option<String> {
    let Unanswered { silent, spoilt, faint } = table.unanswered();
    let reasons = [
        (silent, "without any count: neither P nor FDR"),
        (
            spoilt,
            "with a count far from the others of its group (Cook's distance; --no-cooks keeps them): neither P nor FDR",
        ),
        (faint, "too faint to be called (--no-independent-filtering corrects for them too): P but no FDR"),
    ];
    let told = reasons.iter().filter(|(genes, _)| *genes > 0);
    let told: Vec<String> =
        told.map(|(genes, reason)| format!("{} {reason}", count_of(*genes, "gene", "genes"))).collect();
    (!told.is_empty()).then(|| told.join("; "))
}

/// Where the dispersion came from, unless it was estimated from these samples.
fn not_estimated(table: &TestTable) -> Option<String> {
    match &table.facts.dispersion {
        DispersionSource::Estimated | DispersionSource::NotUsed => None,
        DispersionSource::Assumed { dispersion } => Some(format!(
            "the dispersion was assumed (BCV {}), not estimated: P values are as good as that guess",
            dispersion.sqrt()
        )),
        DispersionSource::Borrowed { from } => Some(format!("the dispersion was borrowed from {from}")),
    }
}
