//! What a figure of gene sets says of where it comes from: the query, the test, the release of the sets.

use alkaline_core::gene_sets::GeneSetSource;
use alkaline_core::results::{GseaTable, OraTable, Query};

/// What a query asked about.
pub(crate) fn query_in_words(query: &Query) -> String {
    match query {
        Query::Up => "genes that are up".to_owned(),
        Query::Down => "genes that are down".to_owned(),
        Query::All => "genes that are up or down".to_owned(),
        Query::List(name) => name.clone(),
    }
}

/// The test and the gene sets with their release, as a figure of over-representation says them.
pub(crate) fn origin_of_ora(table: &OraTable) -> String {
    let test = if table.test.is_empty() { "over-representation" } else { &table.test };
    format!("{test}, {}", GeneSetSource::labels(&table.sources))
}

/// The same for a figure of ranked enrichment.
pub(crate) fn origin_of_gsea(table: &GseaTable) -> String {
    format!("GSEA, {}", GeneSetSource::labels(&table.sources))
}
