//! The columns of a test table that only some tests have: limma's `AveExpr` and `B`, DESeq2's `baseMean`, `lfcSE`
//! and shrunken fold changes. One line a column.

use alkaline_core::results::{MethodColumns, TestRow};

use super::super::line::Line;
use super::super::table::Row;

/// A column: its name, and where a row has its value.
struct Column {
    name: &'static str,
    value: fn(&mut MethodColumns) -> &mut Option<f64>,
}

/// The columns, in the order of the table.
const COLUMNS: [Column; 6] = [
    Column { name: "AveExpr", value: |row| &mut row.average_expression },
    Column { name: "B", value: |row| &mut row.log_odds },
    Column { name: "baseMean", value: |row| &mut row.base_mean },
    Column { name: "lfcSE", value: |row| &mut row.fold_change_error },
    Column { name: "shrunkLFC", value: |row| &mut row.shrunken_fold_change },
    Column { name: "shrunkLFCSE", value: |row| &mut row.shrunken_error },
];

/// Which of the columns a table has.
#[derive(Clone, Copy, Debug)]
pub(super) struct OfMethod([bool; COLUMNS.len()]);

impl OfMethod {
    /// Those that any of the rows has a value for.
    pub(super) fn of(rows: &[TestRow]) -> Self {
        Self(COLUMNS.map(|column| {
            rows.iter().any(|row| {
                let mut own = row.of_method;
                (column.value)(&mut own).is_some()
            })
        }))
    }

    /// Those that the header has, as `has` tells.
    pub(super) fn among(has: impl Fn(&str) -> bool) -> Self {
        Self(COLUMNS.map(|column| has(column.name)))
    }

    fn columns(self) -> impl Iterator<Item = Column> {
        COLUMNS.into_iter().zip(self.0).filter(|(_, is_there)| *is_there).map(|(column, _)| column)
    }

    /// Their names.
    pub(super) fn names(self) -> impl Iterator<Item = &'static str> {
        self.columns().map(|column| column.name)
    }

    /// Appends the values of a row.
    pub(super) fn add(self, line: &mut Line, row: &MethodColumns) {
        let mut row = *row;
        for column in self.columns() {
            line.optional_real(*(column.value)(&mut row));
        }
    }

    /// The values of a row.
    pub(super) fn read(self, row: &mut Row<'_>) -> MethodColumns {
        let mut read = MethodColumns::default();
        for column in self.columns() {
            *(column.value)(&mut read) = row.optional_real(column.name);
        }
        read
    }
}
