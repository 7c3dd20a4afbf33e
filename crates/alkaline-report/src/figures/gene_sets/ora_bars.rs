//! Bar plot of over-represented gene sets, as enrichplot's `barplot`.

use alkaline_core::results::OraTable;

use super::ora_rows::enriched;
use super::provenance::{origin_of_ora, query_in_words};
use crate::figures::ENRICHED;
use crate::figures::parts::row_chart::{self, Mark, RowChart};
use crate::svg::Svg;

/// What the figure shows.
pub const CAPTION: &str = "Over-represented gene sets, strongest first: length of the bar: fold enrichment; colour: adjusted P value.";

/// Sets shown per ontology.
const PER_ONTOLOGY: usize = 8;

/// The strongest enriched sets of each ontology; `None` when none is enriched.
pub fn points(table: &OraTable) -> Option<RowChart> {
    let rows = enriched(table, |row| row.fold_enrichment)?;
    Some(RowChart {
        title: format!("Fold enrichment: {}", query_in_words(&table.query)),
        subtitle: format!(
            "{}; adjusted P < {ENRICHED}, at most {PER_ONTOLOGY} sets per ontology, by rising P",
            origin_of_ora(table)
        ),
        description: CAPTION.to_owned(),
        x_title: "fold enrichment".to_owned(),
        size_title: String::new(),
        mark: Mark::Bar,
        rows: row_chart::by_section(rows, PER_ONTOLOGY),
    })
}

/// Draws the bars.
pub fn draw(points: &RowChart) -> Svg {
    row_chart::draw(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn bars_keep_the_order_of_the_table() {
        let table = fixture::ora_table("up");
        let chart = points(&table).unwrap();
        assert_eq!(chart.rows[0].label, table.rows[0].description);
        assert_eq!(chart.mark, Mark::Bar);
    }
}
