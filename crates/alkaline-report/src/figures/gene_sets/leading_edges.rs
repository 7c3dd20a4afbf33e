//! Leading edges as an UpSet plot: which genes drive several sets at once.

use std::collections::BTreeMap;

use alkaline_core::results::GseaTable;

use super::provenance::origin_of_gsea;
use crate::figures::ENRICHED;
use crate::figures::parts::upset::{self, Combinations};
use crate::svg::Svg;
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Leading edges in common: each column is a combination of gene sets (filled dots); the bar above tells how many leading-edge genes belong to exactly these sets.";

/// Sets compared.
const SETS: usize = 6;

/// The strongest sets compared; `None` with fewer than two enriched sets.
pub fn points(table: &GseaTable) -> Option<Combinations> {
    let mut rows: Vec<_> = table
        .rows
        .iter()
        .filter(|row| row.p_adjusted < ENRICHED && !row.core_enrichment.is_empty())
        .collect();
    rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    rows.truncate(SETS);
    if rows.len() < 2 {
        return None;
    }
    let mut members: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (set, row) in rows.iter().enumerate() {
        for gene in &row.core_enrichment {
            members.entry(gene).or_insert_with(|| vec![false; rows.len()])[set] = true;
        }
    }
    let sets = rows
        .iter()
        .map(|row| (words::set_name(&row.id, &row.description), row.core_enrichment.len()))
        .collect();
    let found = upset::combinations("Leading edges in common", CAPTION, sets, members);
    Some(Combinations { subtitle: format!("{}; {}", origin_of_gsea(table), found.subtitle), ..found })
}

/// Draws bars above a matrix of dots.
pub fn draw(points: &Combinations) -> Svg {
    upset::draw(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn every_gene_is_in_one_combination() {
        let mut table = fixture::gsea_table();
        table.rows.truncate(2);
        for (row, genes) in table.rows.iter_mut().zip([vec!["a", "b", "c"], vec!["b", "c", "d"]]) {
            row.p_adjusted = 0.01;
            row.core_enrichment = genes.into_iter().map(String::from).collect();
        }
        let found = points(&table).unwrap();
        assert_eq!(
            found.combinations,
            [(vec![true, true], 2), (vec![true, false], 1), (vec![false, true], 1)]
        );
    }
}
