//! Gene-concept network: gene sets joined to their genes, as enrichplot's `cnetplot`.

use std::collections::HashMap;

use alkaline_core::results::OraTable;

use super::gene_values::GeneValues;
use super::provenance::{origin_of_ora, query_in_words};
use crate::axis::tick_label;
use crate::figures::ENRICHED;
use crate::figures::parts::chart::{self, HEADING};
use crate::figures::parts::layout::{self, Edge};
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{Anchor, MUTED, SMALL, Stroke, Svg, palette, text};
use crate::words;

/// What the figure shows.
pub fn caption(network: &ConceptNetwork) -> String {
    let colour = match network.what.as_str() {
        "" => String::new(),
        what => format!(", coloured by {what}"),
    };
    format!(
        "Gene-concept network: the strongest gene sets (large dots) joined to their genes (small dots{colour}). Genes between sets belong to several."
    )
}

/// Sets shown.
const SETS: usize = 5;
/// Genes shown per set, in the order of the table (most significant first).
const GENES: usize = 22;

/// Gene sets and genes.
#[derive(Clone, Debug, PartialEq)]
pub struct ConceptNetwork {
    /// Title of the figure.
    pub title: String,
    /// The test and the gene sets with their release.
    pub origin: String,
    /// Names of the sets; they are the first nodes.
    pub sets: Vec<String>,
    /// What the values of the genes are; empty without values.
    pub what: String,
    /// Genes with their values; they are the nodes after the sets.
    pub genes: Vec<(String, Option<f64>)>,
    /// Set to gene.
    pub edges: Vec<Edge>,
}

/// The strongest enriched sets with their genes; `None` when none is enriched.
pub fn points(table: &OraTable, values: &GeneValues) -> Option<ConceptNetwork> {
    let mut rows: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    rows.truncate(SETS);
    if rows.is_empty() {
        return None;
    }
    let mut genes: Vec<(String, Option<f64>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    let mut edges = Vec::new();
    for (set, row) in rows.iter().enumerate() {
        for gene in row.genes.iter().take(GENES) {
            let place = *places.entry(gene.as_str()).or_insert_with(|| {
                genes.push((gene.clone(), values.get(gene)));
                genes.len() - 1
            });
            edges.push(Edge { from: set, to: rows.len() + place, weight: 0.5 });
        }
    }
    Some(ConceptNetwork {
        title: format!("Gene-concept network: {}", query_in_words(&table.query)),
        origin: origin_of_ora(table),
        what: values.what.clone(),
        sets: rows.iter().map(|row| words::set_name(&row.id, &row.description)).collect(),
        genes,
        edges,
    })
}

/// Draws the network; labels of genes that find no room are left to the tooltips.
pub fn draw(network: &ConceptNetwork) -> Svg {
    let mut svg = Svg::new(860.0, 660.0, &network.title, &caption(network));
    let subtitle =
        format!("{}; {} strongest sets, at most {GENES} genes each", network.origin, network.sets.len());
    chart::heading(&mut svg, &network.title, &subtitle);
    let radii: Vec<f64> =
        network.sets.iter().map(|_| 10.0).chain(network.genes.iter().map(|_| 4.0)).collect();
    let (left, top) = (70.0, HEADING + 14.0);
    let places: Vec<(f64, f64)> = layout::force_directed(&radii, &network.edges, 720.0, 544.0)
        .into_iter()
        .map(|(x, y)| (left + x, top + y))
        .collect();
    for edge in &network.edges {
        svg.line(places[edge.from], places[edge.to], Stroke::solid(palette::group(edge.from), 0.8));
    }
    for (i, name) in network.sets.iter().enumerate() {
        let (x, y) = places[i];
        svg.circle(x, y, radii[i], palette::group(i), 1.0, name);
    }
    let reach =
        network.genes.iter().filter_map(|gene| gene.1).fold(1.0f64, |reach, value| reach.max(value.abs()));
    for ((name, value), &(x, y)) in network.genes.iter().zip(&places[network.sets.len()..]) {
        let (color, title) = match value {
            Some(value) => (
                palette::diverging(value / reach),
                format!("{name}: {} {}", network.what, words::significant(*value, 3)),
            ),
            None => (palette::NOT_SIGNIFICANT.to_owned(), name.clone()),
        };
        svg.circle(x, y, 4.6, "#5b6770", 1.0, "");
        svg.circle(x, y, 3.8, &color, 1.0, &title);
    }
    draw_labels(&mut svg, network, &places, &radii);
    if !network.what.is_empty() {
        draw_scale(&mut svg, &network.what, reach);
    }
    svg
}

/// Steps of the colour scale.
const STEPS: usize = 40;

/// What the colours of the genes mean.
fn draw_scale(svg: &mut Svg, what: &str, reach: f64) {
    let (left, top, width) = (svg.width() - 180.0, svg.height() - 30.0, 120.0);
    for step in 0..STEPS {
        let share = step as f64 / (STEPS - 1) as f64;
        let x = left + width * step as f64 / STEPS as f64;
        svg.rect(x, top, width / STEPS as f64 + 0.4, 9.0, &palette::diverging(2.0 * share - 1.0));
    }
    svg.text(left - 8.0, top + 8.5, SMALL, Anchor::End, MUTED, what);
    for (share, value) in [(0.0, -reach), (0.5, 0.0), (1.0, reach)] {
        let label = tick_label(value, &[value]);
        svg.text(left + width * share, top + 21.0, SMALL, Anchor::Middle, MUTED, &label);
    }
}

fn draw_labels(svg: &mut Svg, network: &ConceptNetwork, places: &[(f64, f64)], radii: &[f64]) {
    let set_texts = network.sets.iter().map(|name| text::wrap(name, SMALL, 150.0, 3).join("\n"));
    let texts = set_texts.chain(network.genes.iter().map(|gene| gene.0.clone()));
    let wanted: Vec<Wanted> = texts
        .zip(places.iter().zip(radii))
        .map(|(text, (&(x, y), radius))| Wanted { x, y, gap: radius + 1.5, text })
        .collect();
    let taken: Vec<Area> = places[..network.sets.len()]
        .iter()
        .map(|&(x, y)| Area { left: x - 10.0, top: y - 10.0, right: x + 10.0, bottom: y + 10.0 })
        .collect();
    let bounds = Area { left: 4.0, top: HEADING, right: svg.width() - 4.0, bottom: svg.height() - 36.0 };
    labels::draw(svg, &labels::place(&wanted, bounds, &taken));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn a_gene_of_several_sets_is_one_node() {
        let network =
            points(&fixture::ora_table("up"), &GeneValues::of_test(&fixture::test_table(400))).unwrap();
        let mut names: Vec<&str> = network.genes.iter().map(|gene| gene.0.as_str()).collect();
        let nodes = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), nodes);
        assert!(network.edges.len() > nodes, "the fixture's sets share genes");
    }
}
