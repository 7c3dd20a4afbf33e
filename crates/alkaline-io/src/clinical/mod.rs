//! Tables about patients, as registries, portals and laboratories save them, and what can be found in them.
//!
//! - [`read_table`]: the table itself: separators, workbooks, cBioPortal's `#` rows, GEO's `key: value` cells;
//! - [`endpoints`]: times and events: which columns, which codes, which unit;
//! - [`read_markers`]: panels (rows are samples) and expression (columns are samples), values below detection.
//!
//! What is decided is decided by evidence, and said.

mod endpoints;
mod layout;
mod markers;
mod matching;
mod measurement;
mod samples;
mod status;
mod table;
mod words;

pub use endpoints::{EndpointRequest, Endpoints, endpoints};
pub use layout::identity;
pub use markers::{BelowDetection, MarkerFile, MarkerOptions, read_markers};
pub use matching::{Match, Names};
pub use samples::read_samples;
pub use table::{ClinicalFile, read_table};
