//! The report as one HTML file that needs no network.

mod error;
mod markdown;
mod pack;
mod payload;
mod view;

use askama::Template;

pub use self::error::ReportError;
use crate::data::ReportData;

/// Renders the report: one HTML file with figures, data, style and script inside.
///
/// Opens from `file://`, loads nothing, works (with static figures) without JavaScript. The same data give the same bytes.
///
/// ```
/// use alkaline_report::{ReportData, RunFacts, render};
///
/// let run = RunFacts { title: "H3122CR & H3122".into(), ..RunFacts::default() };
/// let html = render(&ReportData { run, ..ReportData::default() })?;
/// assert!(html.starts_with("<!DOCTYPE html>") && html.contains("<h1>H3122CR &#38; H3122</h1>"));
/// # Ok::<(), alkaline_report::ReportError>(())
/// ```
///
/// # Errors
/// [`ReportError`] when the template or the packing of the data fails, which would be a bug in alkaline.
pub fn render(data: &ReportData) -> Result<String, ReportError> {
    Ok(view::page(data)?.render()?)
}
