//! Labels beside points, placed so that none covers another.

use super::{Anchor, SMALL, Stroke, Svg, text};
use crate::svg::MUTED;

/// A label wanted at a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// Horizontal pixel of the point.
    pub x: f64,
    /// Vertical pixel of the point.
    pub y: f64,
    /// Distance to keep from the point, in pixels.
    pub gap: f64,
    /// The text; line breaks are kept.
    pub text: String,
}

/// Height of a line of a label.
const LINE: f64 = SMALL * 1.15;

/// A rectangle on the page, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Area {
    /// Whether two rectangles share ink.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }

    fn within(&self, outer: &Self) -> bool {
        self.left >= outer.left
            && self.right <= outer.right
            && self.top >= outer.top
            && self.bottom <= outer.bottom
    }
}

/// A label with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Which of the wanted labels it is.
    pub index: usize,
    /// What it covers.
    pub area: Area,
    /// The text.
    pub text: String,
    /// The point it names, for a leader line.
    pub point: (f64, f64),
    /// Whether it stands so far off that a leader line is needed.
    pub leader: bool,
}

/// Rings of places tried around a point: distance beyond the gap, in pixels.
const RINGS: [f64; 5] = [1.0, 9.0, 20.0, 34.0, 52.0];
/// Directions tried on each ring.
const DIRECTIONS: usize = 16;

/// Gives each label, in order of importance, the nearest free place within `bounds`; labels that find none are left out.
///
/// `taken` holds places that are occupied from the start. Deterministic.
pub fn place(wanted: &[Wanted], bounds: Area, taken: &[Area]) -> Vec<Placed> {
    let mut occupied: Vec<Area> = taken.to_vec();
    // A label should not cover the very points that other labels name.
    let dots: Vec<Area> = wanted.iter().map(|w| dot(w, 2.0)).collect();
    let mut placed = Vec::new();
    for (index, label) in wanted.iter().enumerate() {
        let free = |area: &Area| {
            area.within(&bounds)
                && !occupied.iter().any(|other| other.overlaps(area))
                && !dots.iter().any(|other| other.overlaps(area))
        };
        let Some((ring, area)) = candidates(label).find(|(_, area)| free(area)) else { continue };
        occupied.push(area);
        placed.push(Placed {
            index,
            area,
            text: label.text.clone(),
            point: (label.x, label.y),
            leader: ring > 0,
        });
    }
    placed
}

fn dot(label: &Wanted, radius: f64) -> Area {
    Area { left: label.x - radius, top: label.y - radius, right: label.x + radius, bottom: label.y + radius }
}

/// Places for a label, nearest first: rings of growing distance, on each ring the sides before the corners.
fn candidates(label: &Wanted) -> impl Iterator<Item = (usize, Area)> + '_ {
    let width = label.text.lines().map(|line| text::width(line, SMALL)).fold(0.0, f64::max);
    let height = label.text.lines().count().max(1) as f64 * LINE;
    RINGS.iter().enumerate().flat_map(move |(ring, distance)| {
        (0..DIRECTIONS).map(move |step| {
            let turn = if step % 2 == 0 { step / 2 } else { DIRECTIONS - step.div_ceil(2) };
            let angle = turn as f64 / DIRECTIONS as f64 * std::f64::consts::TAU;
            let reach = label.gap + distance;
            let (dx, dy) = (angle.cos(), -angle.sin());
            let center_x =
                label.x + dx * reach + dx.signum() * if dx.abs() < 0.3 { 0.0 } else { width / 2.0 };
            let center_y = label.y + dy * (reach + height / 2.0);
            let area = Area {
                left: center_x - width / 2.0,
                right: center_x + width / 2.0,
                top: center_y - height / 2.0,
                bottom: center_y + height / 2.0,
            };
            (ring, area)
        })
    })
}

/// Draws labels that were placed, with thin leaders where they stand off.
pub fn draw(svg: &mut Svg, placed: &[Placed]) {
    for label in placed.iter().filter(|label| label.leader) {
        let near = (
            label.point.0.clamp(label.area.left, label.area.right),
            label.point.1.clamp(label.area.top, label.area.bottom),
        );
        svg.line(label.point, near, Stroke::ink(MUTED, 0.6));
    }
    for label in placed {
        let middle = (label.area.left + label.area.right) / 2.0;
        for (i, line) in label.text.lines().enumerate() {
            let baseline = label.area.top + (i + 1) as f64 * LINE - SMALL * 0.28;
            // A label that stands beside its point hugs it, whatever the font's true width.
            let (x, anchor) = if label.area.left >= label.point.0 {
                (label.area.left, Anchor::Start)
            } else if label.area.right <= label.point.0 {
                (label.area.right, Anchor::End)
            } else {
                (middle, Anchor::Middle)
            };
            svg.label(x, baseline, SMALL, anchor, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Area = Area { left: 0.0, top: 0.0, right: 400.0, bottom: 300.0 };

    fn crowd(count: usize) -> Vec<Wanted> {
        (0..count)
            .map(|i| {
                let spread = i as f64;
                Wanted {
                    x: 200.0 + (spread * 7.3) % 60.0,
                    y: 150.0 + (spread * 3.1) % 40.0,
                    gap: 4.0,
                    text: format!("GENE{i}"),
                }
            })
            .collect()
    }

    #[test]
    fn placed_labels_never_overlap_and_stay_on_the_page() {
        let placed = place(&crowd(25), PAGE, &[]);
        assert!(placed.len() >= 15, "only {} placed", placed.len());
        for (i, a) in placed.iter().enumerate() {
            assert!(a.area.within(&PAGE));
            assert!(placed[i + 1..].iter().all(|b| !a.area.overlaps(&b.area)), "{a:?}");
        }
    }

    #[test]
    fn a_lone_label_stands_beside_its_point_without_a_leader() {
        let placed = place(&crowd(1), PAGE, &[]);
        assert!(!placed[0].leader && (placed[0].area.left - 205.0).abs() < 2.0, "{placed:?}");
    }

    #[test]
    fn places_taken_from_the_start_stay_free() {
        let legend = Area { left: 200.0, top: 0.0, right: 400.0, bottom: 300.0 };
        assert!(place(&crowd(5), PAGE, &[legend]).iter().all(|label| !label.area.overlaps(&legend)));
    }
}
