//! What may go wrong while a report is made.

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
