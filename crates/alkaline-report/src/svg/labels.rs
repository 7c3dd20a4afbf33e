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

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        x > self.left && x < self.right && y > self.top && y < self.bottom
    }

    /// Whether the line between two points passes through (Liang & Barsky's clipping leaves something of it).
    fn is_crossed(&self, from: (f64, f64), to: (f64, f64)) -> bool {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enters, mut leaves) = (0.0_f64, 1.0_f64);
        let sides = [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ];
        for (slope, room) in sides {
            if slope == 0.0 && room <= 0.0 {
                return false;
            }
            if slope < 0.0 {
                enters = enters.max(room / slope);
            } else if slope > 0.0 {
                leaves = leaves.min(room / slope);
            }
        }
        enters < leaves
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

impl Placed {
    /// Whether the leader of one passes through the other.
    fn crosses(&self, other: &Self) -> bool {
        let through =
            |leader: &Self, label: &Self| leader.leader && label.area.is_crossed(leader.point, leader.near());
        through(self, other) || through(other, self)
    }

    /// Where the leader ends at the label.
    fn near(&self) -> (f64, f64) {
        let Area { left, top, right, bottom } = self.area;
        (self.point.0.clamp(left, right), self.point.1.clamp(top, bottom))
    }
}

/// Rings of places tried around a point: distance beyond the gap, in pixels.
const RINGS: [f64; 6] = [1.0, 9.0, 20.0, 34.0, 52.0, 74.0];
/// Directions tried on each ring.
const DIRECTIONS: usize = 16;

/// Gives each label, in order of importance, the nearest free place within `bounds`; labels that find none are left out.
///
/// `taken` holds places that are occupied from the start. Deterministic.
pub fn place(wanted: &[Wanted], bounds: Area, taken: &[Area]) -> Vec<Placed> {
    place_among(wanted, bounds, taken, &[])
}

/// As [`place`], but of the free places that which covers the fewest of some other `dots`.
pub fn place_among(wanted: &[Wanted], bounds: Area, taken: &[Area], dots: &[(f64, f64)]) -> Vec<Placed> {
    let mut occupied: Vec<Area> = taken.to_vec();
    // A label should not cover the very points that other labels name.
    let named: Vec<Area> = wanted.iter().map(|w| dot(w, (w.gap - 2.0).max(2.0))).collect();
    let mut placed: Vec<Placed> = Vec::new();
    for (index, label) in wanted.iter().enumerate() {
        let free = |area: &Area| {
            area.within(&bounds)
                && !occupied.iter().any(|other| other.overlaps(area))
                && !named.iter().enumerate().any(|(other, dot)| other != index && dot.overlaps(area))
        };
        let of_area = |(ring, area): (usize, Area)| Placed {
            index,
            area,
            text: label.text.clone(),
            point: (label.x, label.y),
            leader: ring > 0,
        };
        let places = candidates(label).filter(|(_, area)| free(area)).map(of_area);
        let crossed = |new: &Placed| placed.iter().filter(|other| new.crosses(other)).count();
        let covered =
            |new: &Placed| CROSSING * crossed(new) + dots.iter().filter(|dot| new.area.holds(**dot)).count();
        let Some(best) = fewest(places, covered) else { continue };
        occupied.push(best.area);
        placed.push(best);
    }
    placed
}

/// A label crossed by a leader is as bad as so many dots covered.
const CROSSING: usize = 20;

/// The first of the places with the smallest number; the search ends at the first with none.
fn fewest(places: impl Iterator<Item = Placed>, number: impl Fn(&Placed) -> usize) -> Option<Placed> {
    let mut best: Option<(usize, Placed)> = None;
    for place in places {
        let found = number(&place);
        if best.as_ref().is_none_or(|(least, _)| found < *least) {
            best = Some((found, place));
        }
        if found == 0 {
            break;
        }
    }
    best.map(|(_, place)| place)
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
        svg.line(label.point, label.near(), Stroke::ink(MUTED, 0.6));
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
    fn leaders_pass_through_no_label_where_there_is_room() {
        let placed = place(&crowd(10), PAGE, &[]);
        assert!(placed.iter().any(|label| label.leader));
        for (i, label) in placed.iter().enumerate() {
            let hit = placed[i + 1..].iter().find(|other| label.crosses(other));
            assert!(hit.is_none(), "{label:?} and {hit:?}");
        }
    }

    #[test]
    fn a_label_keeps_off_the_whole_of_other_dots_and_prefers_places_without_any() {
        let wanted = |x: f64, text: &str| Wanted { x, y: 150.0, gap: 8.0, text: text.into() };
        let placed = place(&[wanted(200.0, "left"), wanted(212.0, "right")], PAGE, &[]);
        let dot = Area { left: 206.0, top: 144.0, right: 218.0, bottom: 156.0 };
        assert!(placed.len() == 2 && !placed[0].area.overlaps(&dot), "{placed:?}");
        let beside = [(215.0, 150.0), (220.0, 152.0)];
        let alone = place_among(&[wanted(200.0, "name")], PAGE, &[], &beside);
        assert!(beside.iter().all(|dot| !alone[0].area.holds(*dot)), "{alone:?}");
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
