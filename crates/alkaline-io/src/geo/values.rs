//! The columns of values that samples bring, one by one, put side by side.

use std::collections::HashMap;

use crate::values::ValueTable;

/// Columns of values over rows that are named in each of them.
#[derive(Debug, Default)]
pub(super) struct Columns {
    rows: Vec<String>,
    places: HashMap<String, usize>,
    columns: Vec<(String, Vec<f64>)>,
}

impl Columns {
    /// Adds the column of a sample: pairs of row and value, of which the first of a row counts.
    pub fn add(&mut self, sample: &str, values: Vec<(String, f64)>) {
        let mut column = vec![f64::NAN; self.rows.len()];
        let mut seen = vec![false; self.rows.len()];
        for (row, value) in values {
            let place = match self.places.get(&row) {
                Some(&place) => place,
                None => {
                    self.places.insert(row.clone(), self.rows.len());
                    self.rows.push(row);
                    column.push(f64::NAN);
                    seen.push(false);
                    self.rows.len() - 1
                }
            };
            if !std::mem::replace(&mut seen[place], true) {
                column[place] = value;
            }
        }
        self.columns.push((sample.to_owned(), column));
    }

    /// Everything side by side; what a sample does not have is missing.
    pub fn into_table(self) -> ValueTable {
        let number = self.rows.len();
        let value = |column: &Vec<f64>, row: usize| column.get(row).copied().unwrap_or(f64::NAN);
        let values =
            (0..number).flat_map(|row| self.columns.iter().map(move |(_, column)| value(column, row)));
        ValueTable {
            values: values.collect(),
            samples: self.columns.iter().map(|(sample, _)| sample.clone()).collect(),
            rows: self.rows,
            ..ValueTable::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_matched_by_name_and_what_a_sample_lacks_is_missing() {
        let mut columns = Columns::default();
        columns.add("a", vec![("p1".into(), 1.0), ("p2".into(), 2.0), ("p1".into(), 9.0)]);
        columns.add("b", vec![("p3".into(), 3.0), ("p1".into(), 4.0)]);
        let table = columns.into_table();
        assert_eq!(table.rows, ["p1", "p2", "p3"]);
        assert_eq!(table.row(0), [1.0, 4.0]);
        assert!(table.row(1)[1].is_nan() && table.row(2)[0].is_nan());
    }
}
