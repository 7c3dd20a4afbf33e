//! What was found, in plain words: the opening of the report.

use alkaline_core::results::{Direction, DispersionSource, OraTable, PanelTable, Query};

use crate::data::ContrastReport;
use crate::figures::ENRICHED;
use crate::words;

/// How many genes or sets a sentence names.
const NAMED: usize = 5;
/// How many genes of a panel a sentence names.
const PANEL_GENES: usize = 10;

/// The findings of a contrast, one sentence each; plain text.
pub fn findings(contrast: &ContrastReport) -> Vec<String> {
    let mut sentences = vec![headline(contrast)];
    sentences.extend(contrast.agreement().map(|words| format!("Between tests: {words}.")));
    sentences.extend(had_it_been_larger(contrast));
    sentences.extend(top_genes(contrast));
    sentences.extend(contrast.ora.iter().filter_map(top_sets));
    sentences.extend(top_ranked_sets(contrast));
    sentences.extend(contrast.panels.iter().filter_map(panel_sentence));
    sentences
}

fn headline(contrast: &ContrastReport) -> String {
    let test = &contrast.test;
    let (up, down) = test.called();
    let tested = words::count_of(test.rows.len(), "tested gene");
    let up = if up == 1 { "1 is".to_owned() } else { format!("{} are", words::thousands(up as u64)) };
    let down = words::thousands(down as u64);
    let thresholds = words::thresholds(&test.facts);
    match test.contrast.sides() {
        Some((higher, lower)) => {
            format!("Of {tested}, {up} higher and {down} lower in {higher} than in {lower} ({thresholds}).")
        }
        None => {
            let question = test.contrast.question();
            format!("Of {tested}, {up} above zero and {down} below in {question} ({thresholds}).")
        }
    }
}

/// What would be left had the assumed coefficient of variation been about twice as large.
fn had_it_been_larger(contrast: &ContrastReport) -> Option<String> {
    let doubled = 2.0 * contrast.assumed_bcv()?;
    let rows = &contrast.sensitivity.as_ref()?.rows;
    let row = rows.iter().find(|row| row.bcv >= doubled * (1.0 - 1e-9))?;
    Some(format!(
        "Had a biological coefficient of variation of {} been assumed, {} would be up and {} down.",
        words::significant(row.bcv, 3),
        words::count_of(row.up, "gene"),
        words::thousands(row.down as u64)
    ))
}

fn top_genes(contrast: &ContrastReport) -> Option<String> {
    let top = |wanted| -> Vec<String> {
        let rows = contrast.test.rows.iter().filter(|row| row.direction == wanted).take(NAMED);
        rows.map(|row| words::gene_label(row).to_owned()).collect()
    };
    match (top(Direction::Up), top(Direction::Down)) {
        (up, down) if up.is_empty() && down.is_empty() => None,
        (up, down) if down.is_empty() => Some(format!("The clearest increases: {}.", words::and_list(&up))),
        (up, down) if up.is_empty() => Some(format!("The clearest decreases: {}.", words::and_list(&down))),
        (up, down) => Some(format!(
            "The clearest increases: {}; the clearest decreases: {}.",
            words::and_list(&up),
            words::and_list(&down)
        )),
    }
}

fn top_sets(table: &OraTable) -> Option<String> {
    let mut enriched: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    if enriched.is_empty() {
        return None;
    }
    enriched.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let names: Vec<String> =
        enriched.iter().take(NAMED).map(|row| words::set_name(&row.id, &row.description)).collect();
    let genes = match &table.query {
        Query::Up => "increased genes",
        Query::Down => "decreased genes",
        Query::All => "changed genes",
        Query::List(name) => name,
    };
    Some(format!(
        "The {genes} are over-represented in {} (adjusted P < {ENRICHED}), foremost {}.",
        words::count_of(enriched.len(), "gene set"),
        words::and_list(&names)
    ))
}

fn top_ranked_sets(contrast: &ContrastReport) -> Option<String> {
    let table = contrast.gsea.as_ref()?;
    let mut enriched: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    if enriched.is_empty() {
        return Some(format!(
            "Along the ranked list of all tested genes none of {} is enriched (adjusted P < {ENRICHED}).",
            words::count_of(table.rows.len(), "gene set")
        ));
    }
    enriched.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let up = enriched.iter().filter(|row| row.normalized_score > 0.0).count();
    let names: Vec<String> =
        enriched.iter().take(NAMED).map(|row| words::set_name(&row.id, &row.description)).collect();
    Some(format!(
        "Along the ranked list of all tested genes {} enriched upwards and {} downwards, foremost {}.",
        if up == 1 {
            "1 gene set is".to_owned()
        } else {
            format!("{} gene sets are", words::thousands(up as u64))
        },
        words::thousands((enriched.len() - up) as u64),
        words::and_list(&names)
    ))
}

fn panel_sentence(panel: &PanelTable) -> Option<String> {
    let named = |call| -> Vec<&str> {
        let rows = panel.rows.iter().filter(|row| row.direction == Some(call));
        rows.map(|row| row.symbol.as_str()).collect()
    };
    let tested = panel.rows.iter().filter(|row| row.log2_fold_change.is_some()).count();
    if tested == 0 {
        return None;
    }
    let part = |names: Vec<&str>, word: &str| match names.len() {
        0 => format!("none {word}"),
        number if number > PANEL_GENES => {
            format!("{number} {word} ({} and {} more)", names[..PANEL_GENES].join(", "), number - PANEL_GENES)
        }
        number => format!("{number} {word} ({})", words::and_list(&names)),
    };
    Some(format!(
        "Panel {}: {} of {} genes tested, {}, {}.",
        panel.name,
        tested,
        panel.rows.len(),
        part(named(Direction::Up), "up"),
        part(named(Direction::Down), "down")
    ))
}

/// The warning that a test without an estimated dispersion must carry; `None` where it was estimated.
pub fn dispersion_warning(contrast: &ContrastReport) -> Option<String> {
    let id = &contrast.test.contrast.id;
    match &contrast.test.facts.dispersion {
        DispersionSource::Estimated | DispersionSource::NotUsed => None,
        DispersionSource::Assumed { dispersion } => Some(format!(
            "{id}: the dispersion was not estimated from replicates but assumed (biological coefficient of variation {}, dispersion {}). P values and FDR of this contrast hold only as far as this assumption does: read them as a ranking, and confirm with replicates.",
            words::significant(dispersion.sqrt(), 3),
            words::significant(*dispersion, 3)
        )),
        DispersionSource::Borrowed { from } => Some(format!(
            "{id}: the dispersion was not estimated from these samples but taken from another experiment ({from}). P values and FDR hold only as far as the two experiments vary alike."
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn the_headline_counts_what_the_table_calls() {
        let contrast = fixture::contrast(400);
        let (up, down) = contrast.test.called();
        let first = &findings(&contrast)[0];
        assert!(
            first.starts_with("Of 400 tested genes, ")
                && first.contains(&format!("{up} are higher and {down} lower"))
        );
    }

    #[test]
    fn an_assumed_dispersion_is_put_into_proportion() {
        let mut contrast = fixture::contrast(100);
        assert!(!findings(&contrast).iter().any(|sentence| sentence.starts_with("Had a")));
        contrast.test.facts.dispersion = DispersionSource::Assumed { dispersion: 0.01 };
        let expected = "Had a biological coefficient of variation of 0.2 been assumed, 300 genes would be up and 233 down.";
        assert_eq!(findings(&contrast)[1], expected);
    }

    #[test]
    fn only_an_unestimated_dispersion_warns() {
        let mut contrast = fixture::contrast(20);
        assert_eq!(dispersion_warning(&contrast), None);
        contrast.test.facts.dispersion = DispersionSource::Assumed { dispersion: 0.16 };
        assert!(dispersion_warning(&contrast).unwrap().contains("coefficient of variation 0.4,"));
    }
}
