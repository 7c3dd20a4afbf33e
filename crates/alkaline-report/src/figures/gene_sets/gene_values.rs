//! Numbers of genes, which figures of gene sets colour and spread by.

use std::collections::HashMap;

use alkaline_core::results::TestTable;

use crate::words;

/// A number for every gene, by every name that a table may call it.
#[derive(Clone, Debug, Default)]
pub struct GeneValues {
    /// What the number is, as an axis says it (`log2 fold change`); empty where there are none.
    pub what: String,
    of: HashMap<String, f64>,
}

impl GeneValues {
    /// Values by name; of two for one name the first counts.
    pub fn new(what: impl Into<String>, values: impl IntoIterator<Item = (String, f64)>) -> Self {
        let mut of = HashMap::new();
        for (name, value) in values {
            of.entry(name).or_insert(value);
        }
        Self { what: what.into(), of }
    }

    /// Log2 fold changes, by symbol and by identifier.
    pub fn of_test(test: &TestTable) -> Self {
        let by_name = test.rows.iter().map(|row| (words::gene_label(row).to_owned(), row.log2_fold_change));
        let by_id = test.rows.iter().map(|row| (row.gene.to_string(), row.log2_fold_change));
        Self::new("log2 fold change", by_name.chain(by_id))
    }

    /// The value of the gene called `name`.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.of.get(name).copied()
    }
}
