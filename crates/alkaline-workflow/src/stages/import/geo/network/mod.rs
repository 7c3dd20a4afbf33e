//! A series by its accession, from NCBI's servers or a mirror of them.

mod addresses;
mod client;
mod fetch;
mod series;

pub use client::{Network, Proxy};
pub use series::{is_accession, series_files};
