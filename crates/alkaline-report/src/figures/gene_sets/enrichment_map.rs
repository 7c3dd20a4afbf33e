//! Enrichment map: gene sets as nodes, joined where they share genes; as SVG, GraphML and Cytoscape JSON.
//!
//! Reference: Merico et al. (2010), PLoS ONE 5:e13984, doi:10.1371/journal.pone.0013984.

use std::collections::HashSet;
use std::fmt::Write as _;

use alkaline_core::results::{GseaTable, OraTable};
use serde_json::json;

use super::provenance::{origin_of_gsea, origin_of_ora, query_in_words};
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::figures::parts::layout::{self, Edge};
use crate::figures::{ENRICHED, Figure};
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{Anchor, EDGE, MUTED, SMALL, Stroke, Svg, palette, text};
use crate::words;

/// What the figure shows.
pub const CAPTION: &str = "Enrichment map: gene sets (area: number of genes) joined where their genes overlap (Jaccard index at least 0.2; thicker for more). Clusters of sets tell one story.";

/// Sets shown.
const SETS: usize = 30;
/// Jaccard index from which two sets are joined (enrichplot `emapplot`: `min_edge = 0.2`).
const JOINED: f64 = 0.2;

/// Gene sets with what they share.
#[derive(Clone, Debug, PartialEq)]
pub struct SetGraph {
    /// Title of the figure.
    pub title: String,
    /// The test and the gene sets with their release.
    pub origin: String,
    /// The sets.
    pub nodes: Vec<SetNode>,
    /// Pairs of sets with enough genes in common; the weight is the Jaccard index.
    pub edges: Vec<Edge>,
}

/// One gene set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetNode {
    /// Identifier.
    pub id: String,
    /// Name.
    pub label: String,
    /// Ontology or collection.
    pub ontology: String,
    /// Hits or leading-edge genes.
    pub genes: usize,
    /// Adjusted P value.
    pub p_adjusted: f64,
    /// Direction, where the method tells one: positive for up.
    pub score: Option<f64>,
}

/// The map of an over-representation table by shared hits; `None` with fewer than three enriched sets.
pub fn points_of_ora(table: &OraTable) -> Option<SetGraph> {
    let mut rows: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    let sets = rows.into_iter().map(|row| {
        let node = SetNode {
            id: row.id.clone(),
            label: words::set_name(&row.id, &row.description),
            ontology: row.ontology.clone(),
            genes: row.genes.len(),
            p_adjusted: row.p_adjusted,
            score: None,
        };
        (node, row.genes.as_slice())
    });
    graph(format!("Enrichment map: {}", query_in_words(&table.query)), origin_of_ora(table), sets)
}

/// The map of a GSEA table by shared leading edges; `None` with fewer than three enriched sets.
pub fn points_of_gsea(table: &GseaTable) -> Option<SetGraph> {
    let mut rows: Vec<_> = table.rows.iter().filter(|row| row.p_adjusted < ENRICHED).collect();
    rows.sort_by(|a, b| a.p_value.total_cmp(&b.p_value));
    // Half of the places for each direction, so that the stronger one does not crowd out the other.
    let (up, down): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.normalized_score > 0.0);
    let places_of_up = (SETS - SETS.min(down.len()).min(SETS / 2)).min(up.len());
    let chosen = up.into_iter().take(places_of_up).chain(down.into_iter().take(SETS - places_of_up));
    let sets = chosen.map(|row| {
        let node = SetNode {
            id: row.id.clone(),
            label: words::set_name(&row.id, &row.description),
            ontology: row.ontology.clone(),
            genes: row.core_enrichment.len(),
            p_adjusted: row.p_adjusted,
            score: Some(row.normalized_score),
        };
        (node, row.core_enrichment.as_slice())
    });
    graph("Enrichment map: leading edges of GSEA".to_owned(), origin_of_gsea(table), sets)
}

fn graph<'a>(
    title: String,
    origin: String,
    sets: impl Iterator<Item = (SetNode, &'a [String])>,
) -> Option<SetGraph> {
    let (nodes, genes): (Vec<SetNode>, Vec<HashSet<&str>>) =
        sets.take(SETS).map(|(node, genes)| (node, genes.iter().map(String::as_str).collect())).unzip();
    if nodes.len() < 3 {
        return None;
    }
    let nodes = with_unique_ids(nodes);
    let mut edges = Vec::new();
    for from in 0..nodes.len() {
        for to in from + 1..nodes.len() {
            let shared = genes[from].intersection(&genes[to]).count();
            let weight = shared as f64 / (genes[from].len() + genes[to].len() - shared).max(1) as f64;
            if weight >= JOINED {
                edges.push(Edge { from, to, weight });
            }
        }
    }
    Some(SetGraph { title, origin, nodes, edges })
}

/// Two collections may hold sets of one name: there the name of the collection is added, because networks go by ids.
fn with_unique_ids(mut nodes: Vec<SetNode>) -> Vec<SetNode> {
    let ids: Vec<String> = nodes.iter().map(|node| node.id.clone()).collect();
    for node in &mut nodes {
        if ids.iter().filter(|id| **id == node.id).count() > 1 {
            node.id = format!("{} ({})", node.id, node.ontology);
        }
    }
    nodes
}

/// The map as SVG, GraphML and Cytoscape JSON, all called `name`.
pub fn files(name: &str, graph: &SetGraph) -> Vec<Figure> {
    let file = |extension, content| Figure {
        name: name.to_owned(),
        extension,
        caption: CAPTION.to_owned(),
        content,
    };
    let layout = Layout::new(graph);
    vec![
        Figure::new(name, CAPTION, &draw(graph, &layout)),
        file("graphml", graphml(graph)),
        file("cyjs", cytoscape(graph, &layout)),
    ]
}

/// Where the nodes lie in the drawing, and in Cytoscape.
struct Layout {
    /// Radius of every node: its area grows with the number of genes.
    radii: Vec<f64>,
    places: Vec<(f64, f64)>,
}

impl Layout {
    fn new(graph: &SetGraph) -> Self {
        let most = graph.nodes.iter().map(|node| node.genes).max().unwrap_or(1).max(1);
        let radius = |node: &SetNode| 4.0 + 11.0 * (node.genes as f64 / most as f64).sqrt();
        let radii: Vec<f64> = graph.nodes.iter().map(radius).collect();
        let (left, top, width, height) = (90.0, HEADING + 16.0, 680.0, 528.0);
        let places = layout::force_directed(&radii, &graph.edges, width, height)
            .into_iter()
            .map(|(x, y)| (left + x, top + y))
            .collect();
        Self { radii, places }
    }
}

/// Draws the network with labels that do not overlap.
fn draw(graph: &SetGraph, layout: &Layout) -> Svg {
    let mut svg = Svg::new(860.0, 640.0, &graph.title, CAPTION);
    let subtitle = format!(
        "{}; {} strongest sets; lines join sets with a Jaccard index of at least {JOINED}",
        graph.origin,
        graph.nodes.len()
    );
    chart::heading(&mut svg, &graph.title, &subtitle);
    let Layout { radii, places } = layout;
    for edge in &graph.edges {
        svg.line(places[edge.from], places[edge.to], Stroke::ink(EDGE, 0.4 + 3.0 * edge.weight));
    }
    for ((node, &(x, y)), radius) in graph.nodes.iter().zip(places).zip(radii) {
        let title = format!(
            "{} ({}): {}, adjusted P {}",
            node.label,
            node.id,
            words::count_of(node.genes, "gene"),
            words::p_value(node.p_adjusted)
        );
        svg.circle(x, y, *radius, color(node), 0.9, &title);
    }
    draw_labels(&mut svg, graph, places, radii);
    svg.text(
        14.0,
        630.0,
        SMALL,
        Anchor::Start,
        MUTED,
        "Also as GraphML and Cytoscape JSON (.cyjs), beside this file.",
    );
    if graph.nodes.iter().any(|node| node.score.is_some()) {
        let keys = [
            Key { color: palette::UP, label: "at the top of the list" },
            Key { color: palette::DOWN, label: "at its bottom" },
        ];
        chart::legend(&mut svg, 590.0, 630.0, 846.0, &keys);
    }
    svg
}

fn color(node: &SetNode) -> &'static str {
    match node.score {
        Some(score) if score > 0.0 => palette::UP,
        Some(_) => palette::DOWN,
        None => palette::ACCENT,
    }
}

fn draw_labels(svg: &mut Svg, graph: &SetGraph, places: &[(f64, f64)], radii: &[f64]) {
    let wanted: Vec<Wanted> = graph
        .nodes
        .iter()
        .zip(places)
        .zip(radii)
        .map(|((node, &(x, y)), radius)| Wanted {
            x,
            y,
            gap: radius + 2.0,
            text: text::wrap(&node.label, SMALL, 150.0, 4).join("\n"),
        })
        .collect();
    let taken: Vec<Area> = places
        .iter()
        .zip(radii)
        .map(|(&(x, y), r)| Area { left: x - r, top: y - r, right: x + r, bottom: y + r })
        .collect();
    let bounds = Area { left: 4.0, top: HEADING, right: svg.width() - 4.0, bottom: 616.0 };
    labels::draw(svg, &labels::place(&wanted, bounds, &taken));
}

/// The network as GraphML.
pub fn graphml(graph: &SetGraph) -> String {
    let mut out = String::from(concat!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n",
        "  <key id=\"name\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>\n",
        "  <key id=\"ontology\" for=\"node\" attr.name=\"ontology\" attr.type=\"string\"/>\n",
        "  <key id=\"genes\" for=\"node\" attr.name=\"genes\" attr.type=\"int\"/>\n",
        "  <key id=\"p.adjust\" for=\"node\" attr.name=\"p.adjust\" attr.type=\"double\"/>\n",
        "  <key id=\"NES\" for=\"node\" attr.name=\"NES\" attr.type=\"double\"/>\n",
        "  <key id=\"jaccard\" for=\"edge\" attr.name=\"jaccard\" attr.type=\"double\"/>\n",
        "  <key id=\"title\" for=\"graph\" attr.name=\"title\" attr.type=\"string\"/>\n",
        "  <key id=\"source\" for=\"graph\" attr.name=\"source\" attr.type=\"string\"/>\n",
        "  <graph edgedefault=\"undirected\">\n",
    ));
    for (key, value) in [("title", &graph.title), ("source", &graph.origin)] {
        let _ = writeln!(out, "    <data key=\"{key}\">{}</data>", text::escape(value));
    }
    for node in &graph.nodes {
        let _ = write!(
            out,
            "    <node id=\"{}\"><data key=\"name\">{}</data><data key=\"ontology\">{}</data><data key=\"genes\">{}</data><data key=\"p.adjust\">{}</data>",
            text::escape(&node.id),
            text::escape(&node.label),
            text::escape(&node.ontology),
            node.genes,
            node.p_adjusted
        );
        if let Some(score) = node.score {
            let _ = write!(out, "<data key=\"NES\">{score}</data>");
        }
        out.push_str("</node>\n");
    }
    for edge in &graph.edges {
        let (from, to) = (&graph.nodes[edge.from].id, &graph.nodes[edge.to].id);
        let _ = writeln!(
            out,
            "    <edge source=\"{}\" target=\"{}\"><data key=\"jaccard\">{}</data></edge>",
            text::escape(from),
            text::escape(to),
            edge.weight
        );
    }
    out.push_str("  </graph>\n</graphml>\n");
    out
}

/// The network as Cytoscape JSON (`.cyjs`), nodes where they lie in the drawing. Python's networkx asks for `value`.
fn cytoscape(graph: &SetGraph, layout: &Layout) -> String {
    let nodes: Vec<_> = graph
        .nodes
        .iter()
        .zip(&layout.places)
        .map(|(node, (x, y))| {
            json!({"data": {"id": node.id, "value": node.id, "shared_name": node.id, "name": node.label,
                "ontology": node.ontology, "genes": node.genes, "p_adjust": node.p_adjusted, "NES": node.score},
                "position": {"x": x, "y": y}})
        })
        .collect();
    let edges: Vec<_> = graph
        .edges
        .iter()
        .enumerate()
        .map(|(i, edge)| {
            json!({"data": {"id": format!("e{i}"), "source": graph.nodes[edge.from].id,
                "target": graph.nodes[edge.to].id, "interaction": "shares genes", "jaccard": edge.weight}})
        })
        .collect();
    let network = json!({"format_version": "1.0", "generated_by": "alkaline", "target_cytoscapejs_version": "~3",
        "data": {"name": graph.title, "source": graph.origin}, "elements": {"nodes": nodes, "edges": edges}});
    format!("{network:#}\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn sets_that_share_genes_are_joined() {
        let graph = points_of_ora(&fixture::ora_table("up")).unwrap();
        assert!(!graph.edges.is_empty());
        assert!(graph.edges.iter().all(|edge| (JOINED..=1.0).contains(&edge.weight) && edge.from < edge.to));
    }

    #[test]
    fn sets_of_one_name_in_two_collections_are_two_nodes() {
        let mut table = fixture::ora_table("up");
        table.rows[1].id = table.rows[0].id.clone();
        table.rows[1].ontology = "mine".into();
        let graph = points_of_ora(&table).unwrap();
        assert_eq!(graph.nodes.iter().filter(|node| node.id.ends_with("(mine)")).count(), 1);
        let mut ids: Vec<&str> = graph.nodes.iter().map(|node| node.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), graph.nodes.len());
    }

    #[test]
    fn the_exchange_formats_hold_every_node_and_edge() {
        let graph = points_of_gsea(&fixture::gsea_table()).unwrap();
        let xml = graphml(&graph);
        assert_eq!(xml.matches("<node ").count(), graph.nodes.len());
        assert_eq!(xml.matches("<edge ").count(), graph.edges.len());
        let parsed: serde_json::Value =
            serde_json::from_str(&cytoscape(&graph, &Layout::new(&graph))).unwrap();
        let nodes = parsed["elements"]["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), graph.nodes.len());
        for node in nodes {
            assert_eq!(node["data"]["id"], node["data"]["value"]);
            let [x, y] = ["x", "y"].map(|axis| node["position"][axis].as_f64().unwrap());
            assert!((0.0..860.0).contains(&x) && (0.0..640.0).contains(&y), "{node}");
        }
    }
}
