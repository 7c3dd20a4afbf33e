//! A table whose columns know what they hold.

/// Columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
}

/// A named column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub values: Values,
}

/// The values of a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Names and words; `None` where there is none. Never numbers or dates, whatever they look like.
    Text(Vec<Option<String>>),
    /// Numbers; NaN where there is none.
    Real(Vec<f64>),
    /// Whole numbers.
    Whole(Vec<i64>),
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(values) => values.len(),
            Self::Real(values) => values.len(),
            Self::Whole(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Column {
    /// A column.
    pub fn new(name: impl Into<String>, values: Values) -> Self {
        Self { name: name.into(), values }
    }
}

impl Table {
    /// A table of these columns.
    ///
    /// # Panics
    /// When they differ in length: who makes a table makes its rows.
    pub fn new(columns: Vec<Column>) -> Self {
        let lengths = columns.windows(2).all(|pair| pair[0].values.len() == pair[1].values.len());
        assert!(lengths, "the columns of a table have one length");
        Self { columns }
    }

    /// Its columns, in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |column| column.values.len())
    }
}
