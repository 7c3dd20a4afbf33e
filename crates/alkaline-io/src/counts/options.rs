//! How a count table is to be read, and what its reader hands over.

use alkaline_core::SampleId;
use alkaline_core::results::CountTable;

use super::value::CountFormat;
use crate::delimited::{Delimited, Separator};

/// How a count table is read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CountTableOptions {
    /// The samples wanted, in this order; `None` takes every count column.
    pub samples: Option<Vec<SampleId>>,
    /// Whether fractional counts (RSEM, salmon, shared multi-mappers) are welcome.
    pub allow_fractional: bool,
    /// Whether samples stand in rows and genes in columns.
    pub transpose: bool,
}

impl CountTableOptions {
    /// How the counts of `table` are written.
    pub(super) fn format(&self, table: &Delimited) -> CountFormat {
        let decimal_comma = table.separator == Separator::Byte(b';');
        CountFormat { allow_fractional: self.allow_fractional, decimal_comma }
    }
}

/// A count table, and what its reader decided.
#[derive(Clone, Debug)]
pub struct CountFile {
    /// The counts, and what the table says of the genes.
    pub table: CountTable,
    /// Columns of counts that are no wanted samples.
    pub left_out: Vec<String>,
    /// What was decided while reading, for the user's eyes.
    pub notices: Vec<String>,
}
