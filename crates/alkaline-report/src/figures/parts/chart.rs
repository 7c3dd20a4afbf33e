//! What charts share: headings, legends, and rows with wrapped labels.

use crate::svg::{Anchor, FOREGROUND, LARGE, MUTED, NORMAL, SMALL, Svg, text};

/// Height taken by a heading, in pixels.
pub(crate) const HEADING: f64 = 52.0;

/// Space left free at the sides of a heading, in pixels.
const SIDE: f64 = 14.0;

/// Writes title and subtitle at the top of a figure, cut to its width.
pub(crate) fn heading(svg: &mut Svg, title: &str, subtitle: &str) {
    let room = svg.width() - 2.0 * SIDE;
    svg.bold(SIDE, 22.0, LARGE, Anchor::Start, &text::shorten(title, LARGE * 1.06, room));
    svg.text(SIDE, 40.0, SMALL, Anchor::Start, MUTED, &text::shorten(subtitle, SMALL, room));
}

/// An entry of a legend.
pub(crate) struct Key<'a> {
    /// Colour of the swatch.
    pub color: &'a str,
    /// What the colour means.
    pub label: &'a str,
}

/// Draws keys side by side from (`x`, `y`), wrapping at `right`; gives back the lower edge.
pub(crate) fn legend(svg: &mut Svg, x: f64, y: f64, right: f64, keys: &[Key<'_>]) -> f64 {
    let (mut at_x, mut at_y) = (x, y);
    for key in keys {
        let width = 16.0 + text::width(key.label, SMALL) + 16.0;
        if at_x + width > right && at_x > x {
            at_x = x;
            at_y += 18.0;
        }
        svg.rect(at_x, at_y - 9.0, 11.0, 11.0, key.color);
        svg.text(at_x + 16.0, at_y, SMALL, Anchor::Start, FOREGROUND, key.label);
        at_x += width;
    }
    at_y + 10.0
}

/// Height that [`legend`] will take.
pub(crate) fn legend_height(x: f64, right: f64, keys: &[Key<'_>]) -> f64 {
    let mut scratch = Svg::new(right, 1.0, "", "");
    legend(&mut scratch, x, 0.0, right, keys) + 10.0
}

/// Labels of rows, wrapped into a column.
pub(crate) struct Rows {
    labels: Vec<Vec<String>>,
    tops: Vec<f64>,
    /// Width of the widest line, in pixels.
    pub width: f64,
    /// Height of all rows together, in pixels.
    pub height: f64,
}

/// Height of one line of a row's label.
const LINE: f64 = 13.5;
/// Space between rows beside their lines.
const ROW_GAP: f64 = 8.5;

impl Rows {
    /// Wraps `labels` at `limit` pixels, three lines at most each.
    pub(crate) fn new<S: AsRef<str>>(labels: &[S], limit: f64) -> Self {
        let labels: Vec<Vec<String>> =
            labels.iter().map(|label| text::wrap(label.as_ref(), NORMAL, limit, 3)).collect();
        let width = labels.iter().flatten().map(|line| text::width(line, NORMAL)).fold(0.0, f64::max);
        let mut tops = Vec::with_capacity(labels.len());
        let mut height = 0.0;
        for lines in &labels {
            tops.push(height);
            height += lines.len() as f64 * LINE + ROW_GAP;
        }
        Self { labels, tops, width, height }
    }

    /// Vertical middle of row number `row`, counted from the top of the rows.
    pub(crate) fn middle(&self, row: usize) -> f64 {
        self.tops[row] + (self.labels[row].len() as f64 * LINE + ROW_GAP) / 2.0
    }

    /// Height of row number `row`.
    pub(crate) fn row_height(&self, row: usize) -> f64 {
        self.labels[row].len() as f64 * LINE + ROW_GAP
    }

    /// Writes the labels, right-aligned at `right`, the first row at `top`.
    pub(crate) fn draw(&self, svg: &mut Svg, right: f64, top: f64) {
        for row in 0..self.labels.len() {
            self.draw_row(svg, row, right, top + self.middle(row));
        }
    }

    /// Writes the label of one row, right-aligned at `right`, centred on `middle`.
    pub(crate) fn draw_row(&self, svg: &mut Svg, row: usize, right: f64, middle: f64) {
        let lines = &self.labels[row];
        let first = middle - (lines.len() as f64 - 1.0) * LINE / 2.0 + NORMAL * 0.36;
        for (i, line) in lines.iter().enumerate() {
            svg.text(right, first + i as f64 * LINE, NORMAL, Anchor::End, FOREGROUND, line);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_grow_with_their_labels_and_do_not_overlap() {
        let rows = Rows::new(
            &["short", "a label that is far too long for a single line of this column", "x"],
            120.0,
        );
        for row in 0..2 {
            let bottom = rows.middle(row) + rows.row_height(row) / 2.0;
            assert!(bottom <= rows.middle(row + 1) - rows.row_height(row + 1) / 2.0 + 1e-9);
        }
        assert!(rows.row_height(1) > 2.0 * rows.row_height(0) && rows.width <= 120.0);
    }

    #[test]
    fn a_legend_wraps_within_its_width() {
        let keys: Vec<Key<'_>> =
            (0..8).map(|_| Key { color: "#000000", label: "a group with a name" }).collect();
        assert!(legend_height(10.0, 300.0, &keys) > legend_height(10.0, 3000.0, &keys));
    }
}
