//! Series of the Gene Expression Omnibus.

mod choice;
mod columns;
mod gather;
mod groups;
mod import;
mod listing;
mod network;
mod omitted;
mod selection;
mod sheet;

pub use import::{GeoOptions, import};
pub use listing::list;
pub use network::{Network, Proxy, is_accession, series_files};
