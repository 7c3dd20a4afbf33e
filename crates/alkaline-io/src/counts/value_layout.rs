//! The layout of a table of values, by the rules of count tables.

use super::layout::Layout;
use super::options::CountTableOptions;
use crate::delimited::Delimited;
use crate::error::ReadError;

/// Which column of a table of values holds what.
pub(crate) struct ValueLayout {
    /// The identifiers.
    pub id: usize,
    /// Name and place of the columns of values.
    pub samples: Vec<(String, usize)>,
    /// Symbols.
    pub symbol: Option<usize>,
    /// Lengths.
    pub length: Option<usize>,
    /// What was decided.
    pub notices: Vec<String>,
}

impl ValueLayout {
    /// The layout of `table`.
    ///
    /// # Errors
    /// [`ReadError`] where no column holds values, and where two are called alike.
    pub fn of(table: &mut Delimited) -> Result<Self, ReadError> {
        let layout = Layout::of(table, &CountTableOptions::default())?;
        let samples = layout.samples.into_iter().map(|(sample, column)| (sample.to_string(), column));
        Ok(Self {
            id: layout.id,
            samples: samples.collect(),
            symbol: layout.name,
            length: layout.length,
            notices: layout.notices,
        })
    }
}
