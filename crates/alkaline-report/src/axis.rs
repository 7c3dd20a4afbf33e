//! Axes: scales, round tick values, and numbers as readers expect them.

use crate::svg::{Anchor, FOREGROUND, GRID, MUTED, NORMAL, SMALL, Stroke, Svg};

/// A linear map from values to pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
}

impl Scale {
    /// Maps `domain` onto `range`; an empty or unbounded domain is widened to something that can be drawn.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        let (low, high) = domain;
        let domain = if !low.is_finite() || !high.is_finite() {
            (0.0, 1.0)
        } else if high - low <= f64::EPSILON * high.abs().max(low.abs()).max(1.0) {
            (low - 0.5, high + 0.5)
        } else {
            (low, high)
        };
        Self { domain, range }
    }

    /// The values that are mapped, lowest and highest.
    pub fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// The pixel of `value`.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value - self.domain.0) / (self.domain.1 - self.domain.0);
        self.range.0 + share * (self.range.1 - self.range.0)
    }

    /// The pixel of `value`, kept within the range.
    pub fn clamped(&self, value: f64) -> f64 {
        self.at(value.clamp(self.domain.0, self.domain.1))
    }
}

/// Smallest and largest finite value, widened by `margin` of their distance on either side.
pub fn extent(values: impl IntoIterator<Item = f64>, margin: f64) -> (f64, f64) {
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let pad = (high - low) * margin;
    (low - pad, high + pad)
}

/// Round values (1, 2 or 5 times a power of ten apart) within `domain`, about `wanted` of them; two at least where there
/// is anything between the ends, since one alone tells no scale.
pub fn ticks(domain: (f64, f64), wanted: usize) -> Vec<f64> {
    let mut tries = (wanted..=wanted + MORE_TICKS).map(|wanted| ticks_about(domain, wanted));
    tries.find(|values| values.len() >= 2).unwrap_or_else(|| ticks_about(domain, wanted))
}

/// How many more ticks are tried where too few fit.
const MORE_TICKS: usize = 4;

fn ticks_about(domain: (f64, f64), wanted: usize) -> Vec<f64> {
    let step = nice_step((domain.1 - domain.0) / wanted.max(1) as f64);
    let first = (domain.0 / step - 1e-9).ceil() as i64;
    let last = (domain.1 / step + 1e-9).floor() as i64;
    (first..=last).map(|i| i as f64 * step).collect()
}

/// The round number nearest to `raw`, by ratio.
fn nice_step(raw: f64) -> f64 {
    let raw = if raw.is_finite() && raw > 0.0 { raw } else { 1.0 };
    let power = 10f64.powf(raw.log10().floor());
    let digit = raw / power;
    // The borders are the geometric means of neighbours: sqrt(1 * 2), sqrt(2 * 5), sqrt(5 * 10).
    let nice = [(1.414, 1.0), (3.162, 2.0), (7.071, 5.0)].into_iter().find(|(border, _)| digit < *border);
    let nice = nice.map_or(10.0, |(_, nice)| nice);
    nice * power
}

/// A tick's number: no more decimals than its neighbours need, a true minus sign.
pub fn tick_label(value: f64, neighbours: &[f64]) -> String {
    let [first, second, ..] = neighbours else { return with_minus(&crate::words::significant(value, 3)) };
    let step = (second - first).abs();
    let decimals = (-(step.log10() + 1e-9).floor()).clamp(0.0, 9.0) as usize;
    let largest = neighbours.iter().fold(0.0f64, |a, b| a.max(b.abs()));
    let text = if value == 0.0 && step >= 1.0 {
        "0".to_owned()
    } else if largest >= 1e6 && step >= 1e5 {
        format!("{}M", trim(&format!("{:.2}", value / 1e6)))
    } else if largest >= 1e4 && step >= 1e3 {
        format!("{}k", trim(&format!("{:.1}", value / 1e3)))
    } else {
        format!("{value:.decimals$}")
    };
    with_minus(&text)
}

fn trim(text: &str) -> &str {
    text.trim_end_matches('0').trim_end_matches('.')
}

fn with_minus(text: &str) -> String {
    let zero = text.trim_start_matches('-').chars().all(|c| c == '0' || c == '.');
    if zero { text.trim_start_matches('-').to_owned() } else { text.replace('-', "−") }
}

/// The rectangle that data are drawn in, with its two scales.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// Left edge, pixels.
    pub left: f64,
    /// Top edge, pixels.
    pub top: f64,
    /// Right edge, pixels.
    pub right: f64,
    /// Bottom edge, pixels.
    pub bottom: f64,
    /// Horizontal scale.
    pub x: Scale,
    /// Vertical scale (its range runs from bottom to top).
    pub y: Scale,
}

impl Plot {
    /// A plot between (`left`, `top`) and (`right`, `bottom`) that shows `x_domain` by `y_domain`.
    pub fn new(area: (f64, f64, f64, f64), x_domain: (f64, f64), y_domain: (f64, f64)) -> Self {
        let (left, top, right, bottom) = area;
        Self {
            left,
            top,
            right,
            bottom,
            x: Scale::new(x_domain, (left, right)),
            y: Scale::new(y_domain, (bottom, top)),
        }
    }

    /// The pixel of a point.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.at(x), self.y.at(y))
    }

    /// Grid, tick labels and title of the horizontal axis.
    pub fn draw_x_axis(&self, svg: &mut Svg, title: &str) {
        let wanted = ((self.right - self.left) / 70.0).clamp(2.0, 10.0) as usize;
        let values = ticks(self.x.domain(), wanted);
        for &value in &values {
            let x = self.x.at(value);
            svg.line((x, self.top), (x, self.bottom), Stroke::ink(GRID, 1.0));
            svg.text(x, self.bottom + 15.0, SMALL, Anchor::Middle, MUTED, &tick_label(value, &values));
        }
        svg.line((self.left, self.bottom), (self.right, self.bottom), Stroke::ink(MUTED, 1.0));
        let middle = (self.left + self.right) / 2.0;
        svg.text(middle, self.bottom + 34.0, NORMAL, Anchor::Middle, FOREGROUND, title);
    }

    /// Grid, tick labels and title of the vertical axis; `title_x` is the pixel of the title.
    pub fn draw_y_axis(&self, svg: &mut Svg, title: &str, title_x: f64) {
        let wanted = ((self.bottom - self.top) / 45.0).clamp(2.0, 10.0) as usize;
        let values = ticks(self.y.domain(), wanted);
        for &value in &values {
            let y = self.y.at(value);
            svg.line((self.left, y), (self.right, y), Stroke::ink(GRID, 1.0));
            svg.text(self.left - 6.0, y + 4.0, SMALL, Anchor::End, MUTED, &tick_label(value, &values));
        }
        svg.line((self.left, self.top), (self.left, self.bottom), Stroke::ink(MUTED, 1.0));
        svg.vertical_text(title_x, (self.top + self.bottom) / 2.0, NORMAL, FOREGROUND, title);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(ticks((0.0, 10.0), 5), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(ticks((-3.2, 7.9), 4), [-2.0, 0.0, 2.0, 4.0, 6.0]);
        assert_eq!(ticks((-9.6, 19.4), 2), [0.0, 10.0]);
        let fine = ticks((0.131, 0.172), 4);
        assert!(fine.iter().all(|t| (0.131..=0.172).contains(t)) && fine.len() >= 3, "{fine:?}");
    }

    #[test]
    fn tick_labels_have_the_decimals_of_their_step() {
        assert_eq!(tick_label(-0.5, &[-0.5, 0.0, 0.5]), "−0.5");
        assert_eq!(tick_label(0.0, &[-0.5, 0.0, 0.5]), "0.0");
        assert_eq!(tick_label(2.5e6, &[0.0, 2.5e6, 5e6]), "2.5M");
        assert_eq!(tick_label(20000.0, &[0.0, 10000.0, 20000.0]), "20k");
        assert_eq!(tick_label(-0.0, &[-1.0, 0.0]), "0");
        assert_eq!([tick_label(0.0, &[0.0]), tick_label(-2.5, &[-2.5])], ["0", "−2.5"]);
    }

    #[test]
    fn a_degenerate_domain_can_still_be_drawn() {
        assert!(Scale::new((3.0, 3.0), (0.0, 100.0)).at(3.0).is_finite());
        assert!(Scale::new((f64::NAN, 3.0), (0.0, 100.0)).at(0.5).is_finite());
        assert_eq!(extent([f64::NAN], 0.1), (0.0, 1.0));
        assert!(!ticks((0.0, 0.0), 5).is_empty());
    }

    #[test]
    fn a_scale_maps_ends_to_ends() {
        let scale = Scale::new((-2.0, 2.0), (100.0, 0.0));
        assert_eq!([scale.at(-2.0), scale.at(0.0), scale.at(2.0)], [100.0, 50.0, 0.0]);
        assert_eq!(scale.clamped(9.0), 0.0);
    }
}
