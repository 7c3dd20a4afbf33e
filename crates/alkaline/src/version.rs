//! The version that the program reports.

/// Version with the revision it was built from, where known.
pub const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), env!("ALKALINE_REVISION"));
