//! Genes called by several tests of one contrast, as an UpSet plot.

use std::collections::BTreeMap;

use alkaline_core::results::{Direction, TestTable};

use crate::figures::parts::upset::{self, Combinations};

/// What the figure shows.
pub const CAPTION: &str = "Genes in common between tests of the same question: each column is a combination of tests and directions (filled dots); the bar above tells how many genes were called in exactly these. What all tests call does not hang on the method.";

/// The called genes of every test and direction; `None` with a single test, or where nothing is called.
pub fn points(tests: &[(&str, &TestTable)]) -> Option<Combinations> {
    let mut sets: Vec<(String, Vec<&str>)> = Vec::new();
    for direction in [Direction::Up, Direction::Down] {
        for (method, table) in tests {
            let called = table.rows.iter().filter(|row| row.direction == direction);
            let genes: Vec<&str> = called.map(|row| row.gene.as_str()).collect();
            sets.push((format!("{method}, {}", direction.word()), genes));
        }
    }
    if tests.len() < 2 || sets.iter().all(|(_, genes)| genes.is_empty()) {
        return None;
    }
    let mut members: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
    for (set, (_, genes)) in sets.iter().enumerate() {
        for gene in genes {
            members.entry(gene).or_insert_with(|| vec![false; sets.len()])[set] = true;
        }
    }
    let sizes = sets.iter().map(|(name, genes)| (name.clone(), genes.len())).collect();
    Some(upset::combinations("Genes in common between tests", CAPTION, sizes, members))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn a_test_that_calls_nothing_shares_nothing() {
        let first = fixture::test_table(200);
        let mut second = first.clone();
        assert!(points(&[("exact", &first)]).is_none(), "one test has nothing to share");
        second.rows.iter_mut().for_each(|row| row.direction = Direction::NotSignificant);
        let found = points(&[("exact", &first), ("voom", &second)]).unwrap();
        let (up, down) = first.called();
        let mut sizes: Vec<usize> = found.combinations.iter().map(|(_, genes)| *genes).collect();
        sizes.sort_unstable();
        let mut expected = vec![up, down];
        expected.sort_unstable();
        assert_eq!(sizes, expected);
        assert_eq!(found.sets[1], ("voom, up".to_owned(), 0));
    }
}
