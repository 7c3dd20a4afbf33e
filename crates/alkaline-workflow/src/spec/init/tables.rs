//! What a table holds, counts or expression values, as its values tell.

use std::path::Path;

use alkaline_io::values::{Scale, ScaleHints, ValueTable, Verdict, read, recognise};

use crate::error::WorkflowError;
use crate::spec::request::TableOptions;
use crate::stages::count::read_table;

/// Words in names of tables whose values are no counts, whatever they look like.
const NO_COUNTS: [&str; 4] = ["fpkm", "rpkm", "tpm", "cpm"];

/// A table that can be analysed.
pub(super) struct Found {
    pub samples: Vec<String>,
    pub rows: usize,
    /// Whether its values are counts.
    pub is_counts: bool,
    /// What its values are, where there are any.
    pub scale: Option<Scale>,
    /// What was decided, and why.
    pub said: Vec<String>,
}

/// Looks into the table at `path`.
///
/// # Errors
/// [`WorkflowError`] when it is no table of genes by samples.
pub(super) fn look(path: &Path) -> Result<Found, WorkflowError> {
    let counted = read_table(path, None, TableOptions { allow_fractional: true, transpose: false });
    let (table, as_counts) = match &counted {
        Ok(file) => {
            let matrix = &file.table.matrix;
            let values = matrix.rows().flatten().copied().collect();
            let rows = matrix.genes().ids().iter().map(ToString::to_string).collect();
            let samples = matrix.samples().ids().iter().map(ToString::to_string).collect();
            (ValueTable { rows, samples, values, ..ValueTable::default() }, true)
        }
        // below zero, or with gaps: what counts are not
        Err(_) => match read(path) {
            Ok(file) => (file.table, false),
            Err(_) => {
                return Err(counted.err().map_or_else(|| WorkflowError::design("no table"), Into::into));
            }
        },
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let called = NO_COUNTS.iter().any(|word| name.to_lowercase().contains(word));
    let verdict = recognise(&table, &ScaleHints { names: vec![name], ..ScaleHints::default() });
    if !as_counts && verdict.as_ref().is_none_or(|verdict| verdict.scale.are_counts()) {
        // negative or missing counts: the reader of counts says which
        return Err(counted.err().map_or_else(|| WorkflowError::design("no table"), Into::into));
    }
    let is_counts = as_counts && verdict.as_ref().is_none_or(|verdict| may_be_counts(verdict, called));
    let said = verdict.as_ref().map(|verdict| in_words(verdict, is_counts)).into_iter().collect();
    let (samples, rows) = (table.samples, table.rows.len());
    Ok(Found { samples, rows, is_counts, scale: verdict.map(|verdict| verdict.scale), said })
}

/// Whether values can be counts: whole numbers can, and fractional ones that are too large for logarithms, unless their table is called otherwise.
fn may_be_counts(verdict: &Verdict, called: bool) -> bool {
    let is_whole = verdict.facts.whole == verdict.facts.present;
    match verdict.scale {
        Scale::Counts | Scale::ExpectedCounts => true,
        _ if is_whole => true,
        Scale::Abundances | Scale::Intensities => !called,
        _ => false,
    }
}

/// What the values were taken for, and why.
fn in_words(verdict: &Verdict, is_counts: bool) -> String {
    let Verdict { scale, evidence, .. } = verdict;
    if !is_counts {
        return format!("its values are {} ({evidence}): no counts, tested by limma", scale.words());
    }
    match scale {
        Scale::Abundances | Scale::Intensities => format!(
            "its values are fractional ({evidence}): taken as estimated counts; if they are FPKM, TPM or intensities, write `expression` in \
             place of `counts`"
        ),
        _ => format!("its values are counts ({evidence})"),
    }
}
