//! Values of rows by samples, whatever they mean.

/// Values of rows (genes, probes) by samples, row after row; NaN where one is missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ValueTable {
    /// Identifiers of the rows; one may stand twice.
    pub rows: Vec<String>,
    /// Names of the columns.
    pub samples: Vec<String>,
    /// The values, row after row.
    pub values: Vec<f64>,
    /// Symbols of the rows, where the table has them: one a row, or none at all.
    pub symbols: Vec<Option<String>>,
    /// Lengths of the rows in bases, where the table has them (0 where one is missing): one a row, or none at all.
    pub lengths: Vec<u64>,
}

impl ValueTable {
    /// The values of row number `row`.
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.samples.len()..(row + 1) * self.samples.len()]
    }

    /// The values of column number `column`.
    pub fn column(&self, column: usize) -> impl Iterator<Item = f64> {
        self.values.iter().skip(column).step_by(self.samples.len().max(1)).copied()
    }

    /// The same table with the columns at `places`, in that order.
    #[must_use]
    pub fn select_columns(&self, places: &[usize]) -> Self {
        let values =
            (0..self.rows.len()).flat_map(|row| places.iter().map(move |&place| self.row(row)[place]));
        Self {
            rows: self.rows.clone(),
            samples: places.iter().map(|&place| self.samples[place].clone()).collect(),
            values: values.collect(),
            symbols: self.symbols.clone(),
            lengths: self.lengths.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_taken_in_the_order_asked_for() {
        let table = ValueTable {
            rows: vec!["a".into(), "b".into()],
            samples: vec!["x".into(), "y".into()],
            values: vec![1.0, 2.0, 3.0, 4.0],
            ..ValueTable::default()
        };
        let turned = table.select_columns(&[1, 0]);
        assert_eq!((turned.values, turned.samples[0].as_str()), (vec![2.0, 1.0, 4.0, 3.0], "y"));
        assert_eq!(table.column(1).collect::<Vec<_>>(), [2.0, 4.0]);
    }
}
