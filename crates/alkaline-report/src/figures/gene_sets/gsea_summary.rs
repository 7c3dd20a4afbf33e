//! Gene sets by normalised enrichment score, one figure for a whole GSEA table.

use alkaline_core::results::{GseaRow, GseaTable};

use super::provenance::origin_of_gsea;
use crate::figures::ENRICHED;
use crate::figures::parts::row_chart::{self, ChartRow, Mark, RowChart};
use crate::svg::Svg;
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Ranked enrichment: normalised enrichment score (NES) of the strongest gene sets. Right of zero: higher in the target; left: lower. Area of the dot: genes of the set; colour: adjusted P value.";

/// Sets shown per ontology and sign.
const PER_SIGN: usize = 6;

/// The strongest enriched sets of each ontology and sign; `None` when none is enriched.
pub fn points(table: &GseaTable) -> Option<RowChart> {
    let enriched: Vec<&GseaRow> = table
        .rows
        .iter()
        .filter(|row| row.p_adjusted < ENRICHED && row.normalized_score.is_finite())
        .collect();
    let of_sign = |positive: bool| -> Vec<ChartRow> {
        let rows = enriched.iter().filter(|row| (row.normalized_score > 0.0) == positive);
        row_chart::by_section(rows.map(|row| chart_row(row)).collect(), PER_SIGN)
    };
    let mut rows = of_sign(true);
    rows.extend(of_sign(false));
    if rows.is_empty() {
        return None;
    }
    let per_section = 2 * PER_SIGN;
    let mut rows = row_chart::by_section(rows, per_section);
    let sections: Vec<String> = rows.iter().map(|row| row.section.clone()).collect();
    let place = |row: &ChartRow| sections.iter().position(|section| *section == row.section);
    rows.sort_by(|a, b| place(a).cmp(&place(b)).then(b.x.total_cmp(&a.x)));
    Some(RowChart {
        title: format!("Gene sets along the ranking by {}", table.ranked_by),
        subtitle: format!(
            "{}; adjusted P < {ENRICHED}, at most {PER_SIGN} sets per ontology and direction",
            origin_of_gsea(table)
        ),
        description: CAPTION.to_owned(),
        x_title: "normalised enrichment score".to_owned(),
        size_title: "genes in set".to_owned(),
        mark: Mark::Dot,
        rows,
    })
}

fn chart_row(row: &GseaRow) -> ChartRow {
    ChartRow {
        section: row.ontology.clone(),
        label: words::set_name(&row.id, &row.description),
        x: row.normalized_score,
        size: row.set_size,
        p_adjusted: row.p_adjusted,
    }
}

/// Draws the dots.
pub fn draw(points: &RowChart) -> Svg {
    row_chart::draw(points)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn both_directions_are_represented() {
        let chart = points(&fixture::gsea_table()).unwrap();
        assert!(chart.rows.iter().any(|row| row.x > 0.0) && chart.rows.iter().any(|row| row.x < 0.0));
        for pair in chart.rows.windows(2) {
            assert!(pair[0].section != pair[1].section || pair[0].x >= pair[1].x);
        }
    }
}
