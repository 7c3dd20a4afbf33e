//! The report as one HTML file that needs no network.

mod markdown;
mod pack;
mod payload;
mod view;

use askama::Template;

use crate::data::ReportData;

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ReportError {
    /// The template did not render.
    #[error("the report template could not be rendered")]
    Template(#[from] askama::Error),
    /// The data could not be written as JSON.
    #[error("the data of contrast `{contrast}` could not be packed")]
    Pack {
        /// The contrast.
        contrast: String,
        /// What the JSON writer said.
        source: serde_json::Error,
    },
}

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
