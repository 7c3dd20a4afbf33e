//! Genes called in several contrasts, as an UpSet plot.

use std::collections::BTreeMap;

use alkaline_core::results::Direction;

use crate::data::ReportData;
use crate::figures::parts::upset::{self, Combinations};
use crate::svg::Svg;

/// What the figure shows.
pub const CAPTION: &str = "Genes in common between contrasts: each column is a combination of contrasts and directions (filled dots); the bar above tells how many genes were called in exactly these.";

/// Contrasts compared.
const CONTRASTS: usize = 5;

/// The called genes of every contrast and direction compared; `None` with fewer than two contrasts or without calls.
pub fn points(data: &ReportData) -> Option<Combinations> {
    if data.contrasts.len() < 2 {
        return None;
    }
    let mut sets: Vec<(String, Vec<&str>)> = Vec::new();
    for contrast in data.contrasts.iter().take(CONTRASTS) {
        for direction in [Direction::Up, Direction::Down] {
            let called = contrast.test.rows.iter().filter(|row| row.direction == direction);
            let genes: Vec<&str> = called.map(|row| row.gene.as_str()).collect();
            if !genes.is_empty() {
                sets.push((format!("{}, {}", contrast.test.contrast.id, direction.word()), genes));
            }
        }
    }
    let mut members: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (set, (_, genes)) in sets.iter().enumerate() {
        for gene in genes {
            members.entry(gene).or_insert_with(|| vec![false; sets.len()])[set] = true;
        }
    }
    let sizes = sets.iter().map(|(name, genes)| (name.clone(), genes.len())).collect();
    (sets.len() >= 2)
        .then(|| upset::combinations("Genes in common between contrasts", CAPTION, sizes, members))
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
    fn the_same_contrast_twice_shares_all_its_genes() {
        let mut report = fixture::report(200);
        assert!(points(&report).is_none(), "one contrast has nothing to share");
        report.contrasts.push(report.contrasts[0].clone());
        let (up, down) = report.contrasts[0].test.called();
        let found = points(&report).unwrap();
        let mut sizes: Vec<usize> = found.combinations.iter().map(|combination| combination.1).collect();
        sizes.sort_unstable();
        let mut expected = vec![up, down];
        expected.sort_unstable();
        assert_eq!(sizes, expected);
    }
}
