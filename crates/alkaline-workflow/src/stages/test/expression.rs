//! Expression values that were not counted here: arrays, panels, logs of whatever origin.
//!
//! What the values are is decided by evidence and said: whether logs have to be taken by GEO2R's rule of quantiles, and samples on
//! different scales are refused. Rows of one identifier are averaged.

use std::path::Path;
use std::sync::Arc;

use alkaline_core::annotation::GeneLabel;
use alkaline_core::words::{count, listed};
use alkaline_core::{
    ExpressionMatrix, ExpressionUnit, GeneId, GeneIndex, PerGene, SampleId, SampleIndex, SampleSheet,
};
use alkaline_dge::limma::{average_replicates, log_scale, take_logs};
use alkaline_io::expression_input::{self, ExpressionFile};
use alkaline_math::quantile_normalisation::normalise_quantiles;
use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use crate::error::WorkflowError;

/// Whether logs are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum TakeLogs {
    /// As the values tell (GEO2R's rule of quantiles).
    #[default]
    Auto,
    /// Logs are taken.
    Yes,
    /// The values are logs already.
    No,
}

/// How a table of expression values is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExpressionOptions {
    /// Whether logs are taken.
    pub log2: TakeLogs,
    /// What is added to every value before logs are taken, so that zeros have one (GEO2R adds nothing: they become missing).
    pub add_before_log: f64,
    /// Whether all samples are given the same distribution (quantile normalisation).
    pub normalise_quantiles: bool,
    /// Whether rows that lack the value of some sample are left out (as newer scripts of GEO2R do).
    pub complete_rows: bool,
    /// Whether probes of one symbol are averaged; probes of several genes, or of none, are then left out.
    pub by_symbol: bool,
}

/// Between the genes of a probe that stands for several.
const SEVERAL_GENES: &str = "///";

/// Values on a log2 scale, ready to be tested.
#[derive(Clone, Debug)]
pub struct LogValues {
    /// The values.
    pub matrix: ExpressionMatrix,
    /// Symbols of the rows.
    pub labels: PerGene<GeneLabel>,
    /// What was decided, in words.
    pub notices: Vec<String>,
}

/// Reads the samples of `sheet` from the table at `path`.
///
/// # Errors
/// [`WorkflowError`] when the table cannot be read, samples are on different scales, or probes shall be averaged by symbols that the table
/// does not have.
pub fn read_values(
    path: &Path,
    sheet: &SampleSheet,
    options: &ExpressionOptions,
) -> Result<LogValues, WorkflowError> {
    log_values(path, &read_file(path, sheet)?, options)
}

/// The samples of `sheet` in the table at `path`, as they stand there.
///
/// # Errors
/// [`WorkflowError`] when the table cannot be read.
pub fn read_file(path: &Path, sheet: &SampleSheet) -> Result<ExpressionFile, WorkflowError> {
    let samples: Vec<_> = sheet.samples.iter().map(|sample| sample.id.clone()).collect();
    Ok(expression_input::read(path, &samples)?)
}

/// What was read at `path`, on a log2 scale.
///
/// # Errors
/// As [`read_values`].
pub fn log_values(
    path: &Path,
    file: &ExpressionFile,
    options: &ExpressionOptions,
) -> Result<LogValues, WorkflowError> {
    let samples = file.samples.clone();
    let mut notices = file.notices.clone();
    let shape = (file.ids.len(), samples.len());
    let wrong = |error: &dyn std::fmt::Display| WorkflowError::design(format!("{}: {error}", path.display()));
    let mut values = Array2::from_shape_vec(shape, file.values.clone()).map_err(|error| wrong(&error))?;
    notices.extend(to_logs(path, &mut values, &samples, options)?);
    if options.normalise_quantiles {
        normalise_quantiles(values.view_mut());
        notices.push(format!("{}: all samples were given the same distribution (quantiles)", path.display()));
    }
    let index = SampleIndex::new(samples).map_err(|error| wrong(&error))?;
    let own = if options.by_symbol { None } else { GeneIndex::new(file.ids.clone()).ok() };
    let matrix = match own {
        Some(genes) => ExpressionMatrix::from_array(ExpressionUnit::Log2, genes, index, values),
        None => {
            let rows = rows_by_place(shape.0);
            let all = ExpressionMatrix::from_array(ExpressionUnit::Log2, rows, index, values)
                .map_err(|error| wrong(&error))?;
            let (ids, words) = identities(path, file, options.by_symbol)?;
            notices.push(words);
            average_replicates(&all, &ids)
        }
    };
    let mut matrix = matrix.map_err(|error| wrong(&error))?;
    if options.complete_rows {
        let kept: Vec<usize> = (0..matrix.genes().len())
            .filter(|&row| matrix.row(row).iter().all(|value| value.is_finite()))
            .collect();
        let left_out = count(matrix.genes().len() - kept.len(), "row");
        notices.push(format!("{}: {left_out} without the value of some sample left out", path.display()));
        matrix = matrix.select_genes(&kept);
    }
    let labels = labels_of(&matrix, file, options.by_symbol);
    Ok(LogValues { matrix, labels, notices })
}

/// Reads the table that a run left: logs were taken, and probes averaged, when it was made.
///
/// # Errors
/// [`WorkflowError`] when the table is damaged.
pub fn read_logs(path: &Path, sheet: &SampleSheet) -> Result<LogValues, WorkflowError> {
    read_values(path, sheet, &ExpressionOptions { log2: TakeLogs::No, ..ExpressionOptions::default() })
}

/// Names for rows whose own may stand twice.
fn rows_by_place(rows: usize) -> Arc<GeneIndex> {
    GeneIndex::new((0..rows).map(|row| GeneId::from(row.to_string())).collect()).expect("numbers differ")
}

/// Takes logs where they are wanted, and says so.
fn to_logs(
    path: &Path,
    values: &mut Array2<f64>,
    samples: &[SampleId],
    options: &ExpressionOptions,
) -> Result<Vec<String>, WorkflowError> {
    let ExpressionOptions { log2: wanted, add_before_log: added, .. } = *options;
    let scale = log_scale(values.view());
    let [least, _, middle, _, high, most] = scale.quantiles;
    let seen = format!("median {middle:.3}, 99th percentile {high:.3}, range {least:.3} to {most:.3}");
    let needs: Vec<bool> =
        values.axis_iter(Axis(1)).map(|column| log_scale(column.insert_axis(Axis(1))).needs_logs).collect();
    let raw: Vec<&str> =
        samples.iter().zip(&needs).filter(|(_, raw)| **raw).map(|(id, _)| id.as_str()).collect();
    let half_way =
        values.axis_iter(Axis(1)).map(|column| log_scale(column.insert_axis(Axis(1))).quantiles[2]);
    let medians: Vec<f64> = half_way.collect();
    let (low, top) =
        (medians.iter().copied().fold(f64::INFINITY, f64::min), medians.iter().copied().fold(0.0, f64::max));
    if wanted == TakeLogs::Auto && !raw.is_empty() && raw.len() < samples.len() && top > 20.0 * low.max(1.0) {
        return Err(WorkflowError::design_with_hint(
            format!(
                "{}: samples are on different scales: intensities or counts in {}, logs in the others (medians from {low:.3} to {top:.3})",
                path.display(),
                listed(&raw)
            ),
            "take logs of all samples or of none, and tell with --log2 yes or no",
        ));
    }
    let take = match wanted {
        TakeLogs::Auto => scale.needs_logs,
        TakeLogs::Yes => true,
        TakeLogs::No => false,
    };
    let why = if wanted == TakeLogs::Auto { "by GEO2R's rule of quantiles" } else { "as asked for" };
    if !take {
        return Ok(vec![format!("{}: the values were taken as logs, {why} ({seen})", path.display())]);
    }
    values.mapv_inplace(|value| value + added);
    let lost = take_logs(values.view_mut());
    let sum = if added == 0.0 { String::new() } else { format!(" plus {added}") };
    let mut words = vec![format!("{}: log2 was taken of all values{sum}, {why} ({seen})", path.display())];
    if lost > 0 {
        words.push(format!("{}: {} of zero and below became missing", path.display(), count(lost, "value")));
    }
    Ok(words)
}

/// What each row stands for: itself, or its symbol; and what that makes of rows that share one, in words.
fn identities(
    path: &Path,
    file: &ExpressionFile,
    by_symbol: bool,
) -> Result<(Vec<Option<GeneId>>, String), WorkflowError> {
    if !by_symbol {
        let mut distinct: Vec<&GeneId> = file.ids.iter().collect();
        distinct.sort_unstable();
        distinct.dedup();
        let repeated = file.ids.len() - distinct.len();
        let words = format!(
            "{}: {} whose identifier stood before were averaged with it",
            path.display(),
            count(repeated, "row")
        );
        return Ok((file.ids.iter().cloned().map(Some).collect(), words));
    }
    let Some(symbols) = &file.symbols else {
        return Err(WorkflowError::design_with_hint(
            format!(
                "{}: probes shall be averaged by symbol, and the table has no column of symbols",
                path.display()
            ),
            "call the column gene_name",
        ));
    };
    let nameless = symbols.iter().filter(|symbol| symbol.is_none()).count();
    let several = symbols.iter().flatten().filter(|symbol| symbol.contains(SEVERAL_GENES)).count();
    let words = format!(
        "{}: probes of one symbol were averaged; {} without a symbol and {several} of several genes left out",
        path.display(),
        count(nameless, "probe")
    );
    if nameless + several == symbols.len() {
        return Err(WorkflowError::design_with_hint(
            format!(
                "{}: probes shall be averaged by symbol, and none has the symbol of a single gene",
                path.display()
            ),
            "leave --by-symbol (by_symbol in [values]) away: every probe is then tested by itself; or give the genes of the platform",
        ));
    }
    let one = |symbol: &Option<Arc<str>>| {
        symbol.as_deref().filter(|name| !name.contains(SEVERAL_GENES)).map(GeneId::from)
    };
    Ok((symbols.iter().map(one).collect(), words))
}

fn labels_of(matrix: &ExpressionMatrix, file: &ExpressionFile, by_symbol: bool) -> PerGene<GeneLabel> {
    let mut names: std::collections::HashMap<&str, Arc<str>> = std::collections::HashMap::new();
    for (id, symbol) in file.ids.iter().zip(file.symbols.iter().flatten()) {
        if let Some(symbol) = symbol {
            names.entry(id.as_str()).or_insert_with(|| Arc::clone(symbol));
        }
    }
    let ids = matrix.genes().ids();
    PerGene::from_fn(Arc::clone(matrix.genes()), |gene| {
        let id = ids[gene].as_str();
        let name = if by_symbol { Some(Arc::from(id)) } else { names.get(id).cloned() };
        GeneLabel { name, ..GeneLabel::default() }
    })
}
