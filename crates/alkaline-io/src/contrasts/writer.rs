//! Writes contrasts.

use std::path::Path;

use alkaline_core::samples::ContrastSpec;

use super::{BLOCKING, EXCLUDE, EXPRESSION, FORMULA, ID, LEVELS};
use crate::error::WriteError;
use crate::file::write_atomically;

/// Writes `contrasts` as comma-separated text.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, contrasts: &[ContrastSpec]) -> Result<(), WriteError> {
    let has_expressions = contrasts.iter().any(|contrast| contrast.expression.is_some());
    let has_formulas = contrasts.iter().any(|contrast| contrast.formula.is_some());
    let has_exclusions = contrasts.iter().any(|contrast| contrast.exclude.is_some());
    let mut header = vec![ID, LEVELS[0], LEVELS[1], LEVELS[2], BLOCKING];
    header.extend(has_expressions.then_some(EXPRESSION));
    header.extend(has_formulas.then_some(FORMULA));
    header.extend(EXCLUDE.into_iter().filter(|_| has_exclusions));
    write_atomically(path, |out| {
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&header)?;
        for contrast in contrasts {
            let ContrastSpec { id, variable, reference, target, blocking, expression, formula, exclude } =
                contrast;
            let excluded = exclude
                .as_ref()
                .map_or_else(Default::default, |out| [out.column.clone(), out.values.join(";")]);
            let blocking = blocking.join(";");
            let mut row = vec![id.as_str(), variable, reference, target, &blocking];
            row.extend(has_expressions.then(|| expression.as_deref().unwrap_or_default()));
            row.extend(has_formulas.then(|| formula.as_ref().map_or("", |formula| &formula.0)));
            row.extend(excluded.iter().filter(|_| has_exclusions).map(String::as_str));
            writer.write_record(row)?;
        }
        writer.flush()
    })
}
