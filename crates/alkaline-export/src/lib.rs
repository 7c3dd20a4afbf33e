//! Results for other people's programs: AnnData files for Python, Parquet, Excel workbooks, and what R needs for a
//! `SummarizedExperiment`.
//!
//! Nothing here knows a run: tables and matrices come in, bytes go out. Who calls it says what they hold and where they go.
//!
//! ```
//! use alkaline_export::{Column, Table, Values, parquet};
//! let table = Table::new(vec![
//!     Column::new("gene_id", Values::Text(vec![Some("3627".into()), None])),
//!     Column::new("logFC", Values::Real(vec![2.5, f64::NAN])),
//! ]);
//! let mut bytes = Vec::new();
//! parquet::write(&mut bytes, &table, &[]).unwrap();
//! assert!(bytes.starts_with(b"PAR1"));
//! ```

pub mod anndata;
pub mod hdf5;
pub mod parquet;
pub mod summarized;
mod table;
pub mod workbook;

pub use table::{Column, Table, Values};
