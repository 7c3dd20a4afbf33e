//! Fold changes of two contrasts against each other: do they tell the same story?

use alkaline_core::results::TestTable;

use crate::data::ReportData;
use crate::figures::parts::agreement::{self, Agreement, Pair};
use crate::svg::{Svg, text};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Log2 fold changes of two contrasts against each other, one dot per gene that both tested. Genes on the dashed diagonal change alike; genes on an axis change in one contrast only.";

/// Contrasts compared, each with each.
const CONTRASTS: usize = 3;
/// Genes named.
const NAMED: usize = 20;

/// Genes of two contrasts.
#[derive(Clone, Debug, PartialEq)]
pub struct FoldChangePair {
    /// Identifiers of the two contrasts.
    pub contrasts: [String; 2],
    /// Log2 fold changes of the genes that both tested, with their agreement.
    pub genes: Vec<(f64, f64, Agreement)>,
    /// Genes called in both, most significant first.
    pub named: Vec<(f64, f64, String)>,
}

/// Every pair among the first contrasts; empty with a single contrast.
pub fn points(data: &ReportData) -> Vec<FoldChangePair> {
    let tables: Vec<&TestTable> = data.contrasts.iter().map(|contrast| &contrast.test).collect();
    agreement::each_pair(&tables, CONTRASTS, |first, second| pair(first, second))
}

fn pair(first: &TestTable, second: &TestTable) -> FoldChangePair {
    let mut genes = Vec::new();
    let mut named = Vec::new();
    for (row, other) in agreement::tested_by_both(first, second) {
        let (x, y) = (row.log2_fold_change, other.log2_fold_change);
        if !x.is_finite() || !y.is_finite() {
            continue;
        }
        let agreement = Agreement::of(row.direction, other.direction);
        if matches!(agreement, Agreement::Alike | Agreement::Opposite) && named.len() < NAMED {
            named.push((x, y, words::gene_label(row).to_owned()));
        }
        genes.push((x, y, agreement));
    }
    FoldChangePair { contrasts: [first.contrast.id.clone(), second.contrast.id.clone()], genes, named }
}

/// Draws the dots with labels that do not overlap.
pub fn draw(points: &FoldChangePair) -> Svg {
    let [first, second] = &points.contrasts;
    let largest = points.genes.iter().fold(1.0f64, |reach, gene| reach.max(gene.0.abs()).max(gene.1.abs()));
    let reach = largest * 1.05;
    agreement::draw(&Pair {
        title: "Fold changes of two contrasts",
        subtitle: format!("{second} against {first}"),
        caption: CAPTION,
        x_title: format!("log2 fold change, {}", text::shorten(first, 12.0, 330.0)),
        y_title: format!("log2 fold change, {}", text::shorten(second, 12.0, 280.0)),
        genes: &points.genes,
        named: &points.named,
        domain: (-reach, reach),
    })
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::Direction;

    use super::*;
    use crate::figures::fixture;

    #[test]
    fn a_contrast_agrees_with_itself_and_disagrees_with_its_reverse() {
        let test = fixture::test_table(300);
        let mut reverse = test.clone();
        for row in &mut reverse.rows {
            row.log2_fold_change = -row.log2_fold_change;
            row.direction = match row.direction {
                Direction::Up => Direction::Down,
                Direction::Down => Direction::Up,
                Direction::NotSignificant => Direction::NotSignificant,
            };
        }
        let (up, down) = test.called();
        let count = |pair: &FoldChangePair, wanted| pair.genes.iter().filter(|gene| gene.2 == wanted).count();
        assert_eq!(count(&pair(&test, &test), Agreement::Alike), up + down);
        assert_eq!(count(&pair(&test, &reverse), Agreement::Opposite), up + down);
    }

    #[test]
    fn three_contrasts_make_three_pairs() {
        let mut report = fixture::report(50);
        assert!(points(&report).is_empty());
        let contrast = report.contrasts[0].clone();
        report.contrasts.extend([contrast.clone(), contrast]);
        assert_eq!(points(&report).len(), 3);
    }
}
