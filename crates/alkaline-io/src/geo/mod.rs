//! Files of the Gene Expression Omnibus: series matrix, SOFT, platform tables, counts made by NCBI, archives of submitters, and what
//! GEO2R writes.
//!
//! A sample is described by what stands in its own cells: characteristics are parsed one by one, `key: value`, so that a key that one
//! sample lacks shifts nothing.

mod archive;
mod cells;
mod geo2r;
mod kind;
mod ncbi;
mod platform;
mod record;
mod series_matrix;
mod soft;
mod values;
mod web_page;

pub use archive::{ArchiveEntry, read_archive};
pub use geo2r::{Geo2rResult, Geo2rScript, read_geo2r_result, read_geo2r_script};
pub use kind::{FileKind, kind_of};
pub use ncbi::{NCBI_LEAVES_OUT, NcbiGene, is_ncbi_name, read_ncbi_annotation};
pub use platform::{Platform, PlatformProbes, read_platform};
pub use record::{Characteristic, GeoSample, GeoSeries};
pub use series_matrix::{parse_series_matrix, read_series_matrix};
pub use soft::{Soft, parse_soft, read_soft};
