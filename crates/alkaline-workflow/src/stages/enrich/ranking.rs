//! What should be known of a ranked list before its enrichment is believed: equal scores, and scores of one sign.

use alkaline_core::results::{GseaTable, RankedGenes};

/// From this share of tied genes on the user is warned. The lists of real experiments that were looked at have up to 0.0013,
/// too few to move a running score; a list that was rounded, or ranked by a coarse statistic, has far more.
const NOTABLE: f64 = 0.01;

/// From this share of zeros on the user is warned. Genes with P = 1 score zero in good lists too; they weigh nothing.
const MOSTLY: f64 = 0.5;

/// What to warn of: `ranks` as given, `table` what came of them.
pub fn warnings_of_ranking(ranks: &RankedGenes, table: &GseaTable) -> Vec<String> {
    [ties(table), zeros(ranks), one_sign(ranks)].into_iter().flatten().collect()
}

/// The order of genes with equal scores says nothing, but moves enrichment scores and P.
fn ties(table: &GseaTable) -> Option<String> {
    (table.tied_fraction >= NOTABLE).then(|| {
        format!(
            "{:.1} % of the {} ranked genes share their score with another gene: the order among them is arbitrary, yet moves \
             enrichment scores and P; rank by scores that tell genes apart (with more digits, or a statistic in place of a \
             rounded P; --rank-by log-fc for a test table)",
            100.0 * table.tied_fraction,
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

    use super::*;

    fn warnings(scores: &[f64], tied_fraction: f64) -> Vec<String> {
        let (sources, ranked_by, rows) = (Vec::new(), String::new(), Vec::new());
        let table = GseaTable { sources, ranked_by, genes_ranked: 12_000, tied_fraction, seed: 1, rows };
        let genes = (0..scores.len()).map(|i| GeneId::from(format!("g{i}"))).collect();
        warnings_of_ranking(&RankedGenes { genes, scores: scores.to_vec() }, &table)
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
