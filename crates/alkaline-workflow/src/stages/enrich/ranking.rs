//! What should be known of a ranked list before its enrichment is believed: equal scores, and scores of one sign.

use alkaline_core::results::{GseaTable, RankBy, RankedGenes, TestRow};
use alkaline_core::words::count;
use alkaline_io::results::test_table::TestInput;

/// From this share of tied genes on the user is warned. The lists of real experiments that were looked at have up to 0.0013,
/// too few to move a running score; a list that was rounded, or ranked by a coarse statistic, has far more.
const NOTABLE: f64 = 0.01;

/// From this share of zeros on the user is warned. Genes with P = 1 score zero in good lists too; they weigh nothing.
const MOSTLY: f64 = 0.5;

/// A table whose smallest P above zero is larger than this did not come by its zeros for want of smaller doubles.
const ROUNDED: f64 = 1e-100;

/// What to warn of: `ranks` as given, `table` what came of them.
pub fn warnings_of_ranking(ranks: &RankedGenes, table: &GseaTable) -> Vec<String> {
    [ties(table.tied_fraction, table), zeros(ranks), one_sign(ranks)].into_iter().flatten().collect()
}

/// What to warn of where the genes of a test table were ranked. Genes of equal P are ordered by their fold change then, and those
/// with P = 1 stand in the middle by right: only genes that are alike in both are in an arbitrary order.
pub fn warnings_of_test(rows: &[TestRow], by: RankBy, ranks: &RankedGenes, table: &GseaTable) -> Vec<String> {
    let tied = match by {
        RankBy::SignedLogP => share_of_twins(rows),
        RankBy::LogFc => table.tied_fraction,
    };
    [ties(tied, table), one_sign(ranks)].into_iter().flatten().collect()
}

/// Share of the genes that have P (below 1) and fold change in common with another gene.
fn share_of_twins(rows: &[TestRow]) -> f64 {
    let changed = rows.iter().filter(|row| row.log10_p < 0.0);
    let mut keys: Vec<(u64, u64)> =
        changed.map(|row| (row.log10_p.to_bits(), row.log2_fold_change.to_bits())).collect();
    keys.sort_unstable();
    let twins: usize = keys.chunk_by(|a, b| a == b).filter(|equal| equal.len() > 1).map(<[_]>::len).sum();
    twins as f64 / rows.len().max(1) as f64
}

/// What is said where P of some genes is exactly zero, which their table rounded or could not tell.
pub fn note_on_zero_p(input: &TestInput) -> Option<String> {
    let least = input.rows.iter().map(|row| row.p_value).filter(|p| *p > 0.0).fold(f64::INFINITY, f64::min);
    let rounded = if least > ROUNDED {
        format!(
            "; the smallest other P is {least:e}, so that these were probably rounded, and now outweigh all others: --rank-by log-fc"
        )
    } else {
        String::new()
    };
    (input.zero_p > 0).then(|| {
        format!(
            "P of {} is 0 and was taken as the smallest number there is (5e-324){rounded}",
            count(input.zero_p, "gene")
        )
    })
}

/// The order of genes with equal scores says nothing, but moves enrichment scores and P.
fn ties(tied_fraction: f64, table: &GseaTable) -> Option<String> {
    (tied_fraction >= NOTABLE).then(|| {
        format!(
            "{:.1} % of the {} ranked genes share their score with another gene: the order among them is arbitrary, yet moves \
             enrichment scores and P; rank by scores that tell genes apart (with more digits, or a statistic in place of a \
             rounded P; --rank-by log-fc for a test table)",
            100.0 * tied_fraction,
            table.genes_ranked
        )
    })
}

fn zeros(ranks: &RankedGenes) -> Option<String> {
    let zeros = ranks.scores.iter().filter(|&&score| score == 0.0).count();
    (zeros as f64 >= MOSTLY * ranks.scores.len() as f64).then(|| {
        format!(
            "{zeros} of the {} ranked genes score zero: their order is arbitrary, and a set of such genes alone has a score that means \
             nothing; rank all genes, or ask for over-representation (`enrich ora`)",
            ranks.scores.len()
        )
    })
}

/// A list without a sign has no genes that go down: its end holds those that hardly change.
fn one_sign(ranks: &RankedGenes) -> Option<String> {
    let (first, last) = (ranks.scores.first()?, ranks.scores.last()?);
    let (missing, end, sign) = match (*first > 0.0, *last < 0.0) {
        (true, false) => ("below", "lowest", "negative"),
        (false, true) => ("above", "highest", "positive"),
        _ => return None,
    };
    Some(format!(
        "no score is {missing} zero: sets with a {sign} NES are at the {end} scores, which are those nearest to zero here, not those \
         of the other direction; give scores a sign where there is a direction"
    ))
}

#[cfg(test)]
mod tests {
    use alkaline_core::GeneId;
    use alkaline_core::results::MethodColumns;

    use super::*;

    fn warnings(scores: &[f64], tied_fraction: f64) -> Vec<String> {
        let (sources, ranked_by, rows) = (Vec::new(), String::new(), Vec::new());
        let table = GseaTable { sources, ranked_by, genes_ranked: 12_000, tied_fraction, seed: 1, rows };
        let genes = (0..scores.len()).map(|i| GeneId::from(format!("g{i}"))).collect();
        warnings_of_ranking(&RankedGenes { genes, scores: scores.to_vec() }, &table)
    }

    fn row(log2_fold_change: f64, p_value: f64) -> TestRow {
        TestRow {
            gene: GeneId::from(format!("{log2_fold_change} {p_value}")),
            name: None,
            log2_fold_change,
            standard_error: None,
            interval: None,
            log2_cpm: 5.0,
            statistic: None,
            p_value,
            log10_p: p_value.log10(),
            fdr: p_value,
            direction: alkaline_core::results::Direction::NotSignificant,
            group_cpm: Vec::new(),
            of_method: MethodColumns::default(),
        }
    }

    #[test]
    fn genes_of_a_test_that_differ_in_fold_change_are_in_no_arbitrary_order() {
        let (sources, ranked_by, rows) = (Vec::new(), String::new(), Vec::new());
        let table = GseaTable { sources, ranked_by, genes_ranked: 6, tied_fraction: 0.6, seed: 1, rows };
        let ordered =
            [row(2.0, 0.1), row(1.5, 0.1), row(-1.0, 0.2), row(0.1, 1.0), row(0.1, 1.0), row(0.1, 1.0)];
        let ranks = alkaline_core::results::ranked_by(&ordered, RankBy::SignedLogP);
        assert!(warnings_of_test(&ordered, RankBy::SignedLogP, &ranks, &table).is_empty());
        assert_eq!(warnings_of_ranking(&ranks, &table).len(), 2, "as a list of scores it has ties and zeros");
        let twins = [row(2.0, 0.1), row(2.0, 0.1), row(-1.0, 0.2)];
        let said = warnings_of_test(&twins, RankBy::SignedLogP, &ranks, &table);
        assert!(said.len() == 1 && said[0].starts_with("66.7 % of the 6 ranked genes"), "{said:?}");
    }

    #[test]
    fn many_ties_are_told_with_their_share_and_a_few_are_not() {
        let told = warnings(&[2.0, 1.0, -1.0], 0.254);
        assert!(told.len() == 1 && told[0].starts_with("25.4 % of the 12000 ranked genes"), "{told:?}");
        assert!(warnings(&[2.0, 1.0, -1.0], 0.0013).is_empty());
    }

    #[test]
    fn lists_of_one_sign_and_lists_of_zeros_are_told() {
        let told = |scores: &[f64]| warnings(scores, 0.0).join("\n");
        assert!(
            told(&[2.0, 1.0, 0.5])
                .contains("no score is below zero: sets with a negative NES are at the lowest")
        );
        assert!(
            told(&[0.0, -1.0, -2.0])
                .contains("no score is above zero: sets with a positive NES are at the highest")
        );
        assert!(told(&[2.0, 0.0, 0.0, -1.0]).starts_with("2 of the 4 ranked genes score zero"));
        assert_eq!(told(&[2.0, 1.0, 0.0, -1.0]), "");
    }
}
