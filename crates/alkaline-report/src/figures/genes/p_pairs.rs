//! P of two tests of the same question against each other.

use alkaline_core::results::{TestRow, TestTable};

use crate::figures::parts::agreement::{self, Agreement, Pair};
use crate::svg::{Svg, text};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "P of two tests of the same question, one dot per gene that both tested, on a scale of -log10. Genes on the dashed diagonal are as clear to one test as to the other. Where P falls far below that of most genes the axes end, and dots stand at their end.";

/// Tests compared, each with each.
const TESTS: usize = 4;
/// Genes named.
const NAMED: usize = 12;
/// Axes reach at least so far.
const LEAST_REACH: f64 = 5.0;

/// Genes of two tests.
#[derive(Clone, Debug, PartialEq)]
pub struct PPair {
    /// What the tests are called.
    pub tests: [String; 2],
    /// -log10 P of the genes that both tested, with their agreement.
    pub genes: Vec<(f64, f64, Agreement)>,
    /// Genes that one test alone calls, the clearest first.
    pub named: Vec<(f64, f64, String)>,
    /// Where the axes end.
    pub reach: f64,
}

/// Every pair among the first tests; empty with a single one.
pub fn points(tests: &[(&str, &TestTable)]) -> Vec<PPair> {
    agreement::each_pair(tests, TESTS, |first, second| pair(*first, *second))
}

fn pair(first: (&str, &TestTable), second: (&str, &TestTable)) -> PPair {
    let both: Vec<(&TestRow, &TestRow)> = agreement::tested_by_both(first.1, second.1)
        .filter(|(row, other)| row.log10_p.is_finite() && other.log10_p.is_finite())
        .collect();
    let reach = reach(both.iter().flat_map(|(row, other)| [-row.log10_p, -other.log10_p]).collect());
    let mut pair = PPair {
        tests: [first.0.to_owned(), second.0.to_owned()],
        genes: Vec::new(),
        named: Vec::new(),
        reach,
    };
    for (row, other) in both {
        let (x, y) = ((-row.log10_p).min(reach), (-other.log10_p).min(reach));
        let agreement = Agreement::of(row.direction, other.direction);
        if !matches!(agreement, Agreement::Alike | Agreement::Neither) && pair.named.len() < NAMED {
            pair.named.push((x, y, words::gene_label(row).to_owned()));
        }
        pair.genes.push((x, y, agreement));
    }
    pair
}

/// Half as far again as all but one in two hundred values reach.
fn reach(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let Some(last) = values.last() else { return LEAST_REACH };
    let most = values[(values.len() - 1) * 199 / 200];
    last.min(1.5 * most).max(LEAST_REACH)
}

/// Draws the dots.
pub fn draw(points: &PPair) -> Svg {
    let [first, second] = &points.tests;
    agreement::draw(&Pair {
        title: "P of two tests",
        subtitle: format!("{second} against {first}"),
        caption: CAPTION,
        x_title: format!("-log10 P, {}", text::shorten(first, 12.0, 330.0)),
        y_title: format!("-log10 P, {}", text::shorten(second, 12.0, 280.0)),
        genes: &points.genes,
        named: &points.named,
        domain: (0.0, points.reach * 1.03),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn tests_that_agree_lie_on_the_diagonal_and_tiny_p_stand_at_the_end() {
        let first = fixture::test_table(300);
        let mut second = first.clone();
        second.rows[0].log10_p = -400.0;
        let pairs = points(&[("exact", &first), ("voom", &second), ("deseq2", &first)]);
        assert_eq!(pairs.len(), 3);
        let off = pairs[0].genes.iter().filter(|(x, y, _)| (x - y).abs() > 1e-12).count();
        assert!(off <= 1 && pairs[0].reach < 400.0);
        assert!(pairs[0].genes.iter().all(|(x, y, _)| *x <= pairs[0].reach && *y <= pairs[0].reach));
        let figure = crate::figures::Figure::new("p", CAPTION, &draw(&pairs[0]));
        assert!(figure.content.contains("voom against exact"));
    }
}
