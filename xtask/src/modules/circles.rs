//! Circles of a graph: its strongly connected parts of more than one node.

use petgraph::algo::tarjan_scc;
use petgraph::graphmap::DiGraphMap;

use super::names::Uses;

/// Every circle, the members of each rising.
pub fn circles(uses: &Uses) -> Vec<Vec<usize>> {
    let graph = DiGraphMap::<usize, ()>::from_edges(uses.keys().copied());
    let mut found: Vec<Vec<usize>> = tarjan_scc(&graph).into_iter().filter(|part| part.len() > 1).collect();
    found.iter_mut().for_each(|part| part.sort_unstable());
    found.sort();
    found
}
