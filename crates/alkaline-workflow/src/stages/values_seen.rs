//! What a table of expression values holds, by evidence, and what should be known before it is tested.

use std::path::Path;

use alkaline_io::expression_input::ExpressionFile;
use alkaline_io::values::{Scale, ScaleHints, ValueTable, recognise};

use super::test::{TakeLogs, TestMethod};
use crate::error::WorkflowError;
use crate::spec::request::RunRequest;

/// What values are.
pub struct Seen {
    /// What they are and why, in words.
    pub words: String,
    /// What the user should know.
    pub warnings: Vec<String>,
}

/// Looks at the values that were read at `path`.
///
/// # Errors
/// [`WorkflowError`] when there is no value, or some samples are on another scale.
pub fn look(path: &Path, file: &ExpressionFile, request: &RunRequest) -> Result<Seen, WorkflowError> {
    let table = ValueTable {
        rows: file.ids.iter().map(ToString::to_string).collect(),
        samples: file.samples.iter().map(ToString::to_string).collect(),
        values: file.values.clone(),
        ..ValueTable::default()
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let hints = ScaleHints { names: vec![name], ..ScaleHints::default() };
    let Some(verdict) = recognise(&table, &hints) else {
        return Err(WorkflowError::design(format!("{}: there is not a single value in it", path.display())));
    };
    if verdict.is_mixed {
        return Err(WorkflowError::design_with_hint(
            format!("{}: {}", path.display(), verdict.doubts.join("; ")),
            "bring them to one scale, or leave the samples of the other scale out of the sheet",
        ));
    }
    let about = |text: String| format!("{}: {text}", path.display());
    let mut warnings: Vec<String> = verdict.doubts.iter().cloned().map(about).collect();
    warnings.extend(advice(verdict.scale, request).map(about));
    warnings.extend(nameless(&file.symbols, request).map(about));
    Ok(Seen { words: format!("{} ({})", verdict.scale.words(), verdict.evidence), warnings })
}

/// What values of this scale ask for.
fn advice(scale: Scale, request: &RunRequest) -> Option<String> {
    let has_trend =
        request.settings.test.method == Some(TestMethod::LimmaTrend) || request.settings.test.limma.trend;
    let values = &request.settings.values;
    match scale {
        Scale::Counts | Scale::ExpectedCounts => Some(
            "these look like counts: as a count table (counts, --counts) they are tested by edgeR, DESeq2 or voom, which know how counts vary"
                .to_owned(),
        ),
        Scale::Tpm | Scale::Abundances if !has_trend => Some(format!(
            "these are {}: the variance of their logarithms follows their size, which limma-trend allows for (--method limma-trend)",
            scale.words()
        )),
        Scale::Tpm | Scale::Abundances if values.add_before_log == 0.0 && values.log2 != TakeLogs::No => Some(
            "zeros have no logarithm and become missing: add a little before logs are taken (--add-before-log 1, or add_before_log in [values])"
                .to_owned(),
        ),
        Scale::ZScores | Scale::Fractions | Scale::Percentages => Some(format!(
            "these are {}: differences between them are no log2 fold changes, and the column logFC holds differences",
            scale.words()
        )),
        _ => None,
    }
}

/// Probes that are not averaged by gene have no gene sets.
fn nameless(symbols: &Option<Vec<Option<std::sync::Arc<str>>>>, request: &RunRequest) -> Option<String> {
    let symbols = symbols.as_ref().filter(|_| !request.settings.values.by_symbol)?;
    symbols.iter().any(Option::is_some).then(|| {
        "rows are tested one by one under their own identifiers: gene sets know them by symbol only if probes are averaged by symbol \
         (--by-symbol, or by_symbol in [values])"
            .to_owned()
    })
}
