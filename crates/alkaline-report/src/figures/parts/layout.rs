//! Networks laid out on the page: nodes repel, edges pull (Fruchterman & Reingold 1991, doi:10.1002/spe.4380211102).
//!
//! Starts from a sunflower spiral instead of random places, so the same network always looks the same.

/// A connection between two nodes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Edge {
    /// One node.
    pub from: usize,
    /// The other.
    pub to: usize,
    /// Strength of the pull, between 0 and 1.
    pub weight: f64,
}

/// Rounds of pushing and pulling; the picture no longer changes visibly well before.
const ROUNDS: usize = 400;
/// Pull towards the centre that keeps unconnected parts on the page.
const GRAVITY: f64 = 0.06;

/// Space between the parts of a network that nothing joins, in pixels.
const GUTTER: f64 = 16.0;

/// Places for the nodes within a `width` by `height` page, at least a node's radius off its edges.
///
/// `radii` holds one radius per node; circles are pushed apart until they no longer overlap (where room allows). Parts
/// that nothing joins are laid out on their own, each in a share of the page that grows with its number of nodes.
pub fn force_directed(radii: &[f64], edges: &[Edge], width: f64, height: f64) -> Vec<(f64, f64)> {
    let parts = components(radii.len(), edges);
    let mut places = vec![(0.0, 0.0); radii.len()];
    for (part, room) in parts.iter().zip(shares(&parts, width, height)) {
        let inner: Vec<f64> = part.iter().map(|&node| radii[node]).collect();
        let local = |node: usize| part.binary_search(&node).ok();
        let joined: Vec<Edge> = edges
            .iter()
            .filter_map(|edge| {
                Some(Edge { from: local(edge.from)?, to: local(edge.to)?, weight: edge.weight })
            })
            .collect();
        for (&node, (x, y)) in part.iter().zip(connected(&inner, &joined, room.width, room.height)) {
            places[node] = (room.left + x, room.top + y);
        }
    }
    separate(&mut places, radii, width, height);
    places
}

/// The nodes of each connected part, rising; the largest part first.
fn components(nodes: usize, edges: &[Edge]) -> Vec<Vec<usize>> {
    let mut part: Vec<usize> = (0..nodes).collect();
    let mut changed = true;
    while changed {
        changed = false;
        for edge in edges {
            let lower = part[edge.from].min(part[edge.to]);
            changed |= part[edge.from] != lower || part[edge.to] != lower;
            part[edge.from] = lower;
            part[edge.to] = lower;
        }
    }
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for name in 0..nodes {
        let members: Vec<usize> = (0..nodes).filter(|&node| part[node] == name).collect();
        if !members.is_empty() {
            parts.push(members);
        }
    }
    parts.sort_by_key(|members| std::cmp::Reverse(members.len()));
    parts
}

/// A part of the page.
#[derive(Clone, Copy, Debug)]
struct Room {
    left: f64,
    top: f64,
    width: f64,
    height: f64,
}

/// Divides the page among `parts`: the longer side is cut, again and again, in proportion to the nodes on either side.
fn shares(parts: &[Vec<usize>], width: f64, height: f64) -> Vec<Room> {
    let whole = Room { left: 0.0, top: 0.0, width, height };
    // A part of one node needs more room than its share: its label is as large as any.
    let sizes: Vec<f64> = parts.iter().map(|part| part.len() as f64 + 0.7).collect();
    divide(&sizes, whole)
}

fn divide(sizes: &[f64], room: Room) -> Vec<Room> {
    if sizes.len() <= 1 {
        return vec![room; sizes.len()];
    }
    let total: f64 = sizes.iter().sum();
    let mut first = sizes[0];
    let mut cut = 1;
    while cut + 1 < sizes.len() && first + sizes[cut] / 2.0 < total / 2.0 {
        first += sizes[cut];
        cut += 1;
    }
    let share = first / total;
    let (mut one, mut other) = (room, room);
    if room.width >= room.height {
        one.width = (room.width - GUTTER) * share;
        other.width = (room.width - GUTTER) * (1.0 - share);
        other.left = room.left + one.width + GUTTER;
    } else {
        one.height = (room.height - GUTTER) * share;
        other.height = (room.height - GUTTER) * (1.0 - share);
        other.top = room.top + one.height + GUTTER;
    }
    let mut rooms = divide(&sizes[..cut], one);
    rooms.extend(divide(&sizes[cut..], other));
    rooms
}

/// Places for the nodes of one connected part.
fn connected(radii: &[f64], edges: &[Edge], width: f64, height: f64) -> Vec<(f64, f64)> {
    let mut places = sunflower(radii.len());
    let ideal = (1.0 / radii.len().max(1) as f64).sqrt();
    let edges = eased(edges, radii.len());
    for round in 0..ROUNDS {
        let heat = 0.12 * (1.0 - round as f64 / ROUNDS as f64);
        step(&mut places, &edges, ideal, heat);
    }
    let mut places = fit(&places, radii, width, height);
    separate(&mut places, radii, width, height);
    places
}

/// Edges between nodes with many others pull less: a dense part would otherwise collapse into a clump.
fn eased(edges: &[Edge], nodes: usize) -> Vec<Edge> {
    let mut degrees = vec![0.0f64; nodes];
    for edge in edges {
        degrees[edge.from] += 1.0;
        degrees[edge.to] += 1.0;
    }
    let ease = |edge: &Edge| (degrees[edge.from] * degrees[edge.to]).sqrt().max(1.0);
    edges.iter().map(|edge| Edge { weight: 3.0 * edge.weight / ease(edge), ..*edge }).collect()
}

/// Points spread evenly over the unit disc by the golden angle.
fn sunflower(count: usize) -> Vec<(f64, f64)> {
    let golden = std::f64::consts::PI * (3.0 - 5f64.sqrt());
    (0..count)
        .map(|i| {
            let radius = ((i as f64 + 0.5) / count as f64).sqrt();
            let angle = i as f64 * golden;
            (radius * angle.cos(), radius * angle.sin())
        })
        .collect()
}

fn step(places: &mut [(f64, f64)], edges: &[Edge], ideal: f64, heat: f64) {
    let mut forces = vec![(0.0, 0.0); places.len()];
    for i in 0..places.len() {
        for j in i + 1..places.len() {
            let (dx, dy) = difference(places[i], places[j]);
            let squared = (dx * dx + dy * dy).max(1e-6);
            let push = ideal * ideal / squared;
            add(&mut forces[i], dx * push, dy * push);
            add(&mut forces[j], -dx * push, -dy * push);
        }
    }
    for edge in edges {
        let (dx, dy) = difference(places[edge.from], places[edge.to]);
        let pull = edge.weight * (dx * dx + dy * dy).sqrt() / ideal;
        add(&mut forces[edge.from], -dx * pull, -dy * pull);
        add(&mut forces[edge.to], dx * pull, dy * pull);
    }
    for (place, force) in places.iter_mut().zip(forces) {
        let (fx, fy) = (force.0 - place.0 * GRAVITY, force.1 - place.1 * GRAVITY);
        let length = (fx * fx + fy * fy).sqrt().max(1e-9);
        let moved = length.min(heat);
        add(place, fx / length * moved, fy / length * moved);
    }
}

fn difference(a: (f64, f64), b: (f64, f64)) -> (f64, f64) {
    (a.0 - b.0, a.1 - b.1)
}

fn add(to: &mut (f64, f64), x: f64, y: f64) {
    to.0 += x;
    to.1 += y;
}

/// Stretches the places to fill the page.
fn fit(places: &[(f64, f64)], radii: &[f64], width: f64, height: f64) -> Vec<(f64, f64)> {
    let margin = (radii.iter().copied().fold(0.0, f64::max) + 2.0).min(width.min(height) / 2.0);
    let span = |pick: fn(&(f64, f64)) -> f64| {
        let values = places.iter().map(pick);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
    };
    let scale = |value: f64, (low, high): (f64, f64), size: f64| {
        if high - low < 1e-9 {
            return size / 2.0;
        }
        margin + (value - low) / (high - low) * (size - 2.0 * margin)
    };
    let (x_span, y_span) = (span(|p| p.0), span(|p| p.1));
    places.iter().map(|&(x, y)| (scale(x, x_span, width), scale(y, y_span, height))).collect()
}

/// Pushes overlapping circles apart, a little at a time.
fn separate(places: &mut [(f64, f64)], radii: &[f64], width: f64, height: f64) {
    for _ in 0..120 {
        let mut moved = false;
        for i in 0..places.len() {
            for j in i + 1..places.len() {
                let (dx, dy) = difference(places[i], places[j]);
                let distance = (dx * dx + dy * dy).sqrt().max(1e-6);
                let overlap = radii[i] + radii[j] + 2.0 - distance;
                if overlap > 0.0 {
                    let (ux, uy) = (dx / distance * overlap / 2.0, dy / distance * overlap / 2.0);
                    add(&mut places[i], ux, uy);
                    add(&mut places[j], -ux, -uy);
                    moved = true;
                }
            }
        }
        for (place, radius) in places.iter_mut().zip(radii) {
            place.0 = place.0.clamp(radius + 1.0, (width - radius - 1.0).max(radius + 1.0));
            place.1 = place.1.clamp(radius + 1.0, (height - radius - 1.0).max(radius + 1.0));
        }
        if !moved {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_cliques() -> Vec<Edge> {
        let clique = |start: usize| {
            (start..start + 4)
                .flat_map(move |a| (a + 1..start + 4).map(move |b| Edge { from: a, to: b, weight: 0.8 }))
        };
        clique(0).chain(clique(4)).collect()
    }

    fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
        ((a.0 - b.0).powi(2) + (a.1 - b.1).powi(2)).sqrt()
    }

    #[test]
    fn connected_nodes_lie_nearer_than_unconnected_ones() {
        let bridge = Edge { from: 0, to: 4, weight: 0.2 };
        let edges: Vec<Edge> = two_cliques().into_iter().chain([bridge]).collect();
        let places = force_directed(&[8.0; 8], &edges, 600.0, 400.0);
        let mean = |pairs: Vec<(usize, usize)>| {
            pairs.iter().map(|&(a, b)| distance(places[a], places[b])).sum::<f64>() / pairs.len() as f64
        };
        let within = mean(vec![(0, 1), (0, 2), (1, 3), (4, 5), (5, 6), (6, 7)]);
        let between = mean(vec![(1, 5), (2, 6), (3, 7), (1, 6)]);
        assert!(within < 0.6 * between, "within {within}, between {between}");
    }

    #[test]
    fn circles_stay_on_the_page_and_apart() {
        let radii = [14.0; 30];
        let places = force_directed(&radii, &[], 600.0, 400.0);
        for (i, &a) in places.iter().enumerate() {
            assert!(a.0 >= 14.0 && a.0 <= 586.0 && a.1 >= 14.0 && a.1 <= 386.0);
            assert!(places[i + 1..].iter().all(|&b| distance(a, b) > 27.0));
        }
    }

    #[test]
    fn parts_that_nothing_joins_get_rooms_of_their_own() {
        let mut edges = two_cliques();
        edges.retain(|edge| edge.from < 4);
        let places = force_directed(&[6.0; 5], &edges, 600.0, 300.0);
        let right_of_clique = places[..4].iter().all(|place| place.0 < places[4].0);
        assert!(right_of_clique, "{places:?}");
        assert_eq!(components(5, &edges), [vec![0, 1, 2, 3], vec![4]]);
    }

    #[test]
    fn a_dense_part_spreads_over_its_room() {
        let edges: Vec<Edge> =
            (0..20).flat_map(|a| (a + 1..20).map(move |b| Edge { from: a, to: b, weight: 0.6 })).collect();
        let places = force_directed(&[10.0; 20], &edges, 600.0, 400.0);
        let spread = |pick: fn(&(f64, f64)) -> f64| {
            let values: Vec<f64> = places.iter().map(pick).collect();
            values.iter().copied().fold(f64::MIN, f64::max) - values.iter().copied().fold(f64::MAX, f64::min)
        };
        assert!(spread(|p| p.0) > 450.0 && spread(|p| p.1) > 280.0);
    }

    #[test]
    fn the_same_network_always_looks_the_same() {
        let layout = || force_directed(&[5.0; 8], &two_cliques(), 300.0, 300.0);
        assert_eq!(layout(), layout());
    }

    #[test]
    fn nothing_and_a_single_node_can_be_laid_out() {
        assert!(force_directed(&[], &[], 100.0, 100.0).is_empty());
        assert_eq!(force_directed(&[5.0], &[], 100.0, 80.0), [(50.0, 40.0)]);
    }
}
