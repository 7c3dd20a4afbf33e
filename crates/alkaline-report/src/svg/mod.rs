//! A small SVG writer: shapes, text and accessible titles, nothing more.
//!
//! Colours are written as plain attributes, so that a file stands alone, and as classes (`fg`, `muted`, `grid`, `bg`),
//! so that the report's style sheet can turn the same figure dark.

pub mod labels;
pub mod palette;
pub mod text;

use std::fmt::Write as _;

/// Fonts tried in turn; the widths of [`text`] bound them all.
const FONTS: &str = "Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/// Font size of tick labels and legends, in pixels.
pub const SMALL: f64 = 11.0;
/// Font size of axis titles and row labels, in pixels.
pub const NORMAL: f64 = 12.0;
/// Font size of titles, in pixels.
pub const LARGE: f64 = 15.0;

/// Where text stands relative to its point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// The point is the left end.
    Start,
    /// The point is the middle.
    Middle,
    /// The point is the right end.
    End,
}

impl Anchor {
    const fn attribute(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// An ink: the class by which a style sheet may recolour it, and its colour where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    class: &'static str,
    color: &'static str,
}

/// Text and axes.
pub const FOREGROUND: Ink = Ink { class: "fg", color: "#1f2933" };
/// Secondary text.
pub const MUTED: Ink = Ink { class: "muted", color: "#5b6770" };
/// Grid lines.
pub const GRID: Ink = Ink { class: "grid", color: "#dfe4e8" };

/// Edges of networks.
pub const EDGE: Ink = Ink { class: "edge", color: "#b6c0c9" };

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stroke<'a> {
    /// Colour.
    pub color: &'a str,
    /// Class for the style sheet; may be empty.
    pub class: &'a str,
    /// Width in pixels.
    pub width: f64,
    /// Dash pattern; empty for a solid line.
    pub dash: &'a str,
}

impl<'a> Stroke<'a> {
    /// A solid line of `color`.
    pub const fn solid(color: &'a str, width: f64) -> Self {
        Self { color, class: "", width, dash: "" }
    }

    /// A solid line in an ink that follows the theme.
    pub const fn ink(ink: Ink, width: f64) -> Self {
        Self { color: ink.color, class: ink.class, width, dash: "" }
    }

    /// The same line, dashed.
    pub const fn dashed(mut self) -> Self {
        self.dash = "4 3";
        self
    }
}

/// A drawing in progress.
#[derive(Clone, Debug)]
pub struct Svg {
    width: f64,
    height: f64,
    head: String,
    body: String,
}

impl Svg {
    /// An empty drawing of `width` by `height` pixels that screen readers announce as `title`, explained by `description`.
    pub fn new(width: f64, height: f64, title: &str, description: &str) -> Self {
        let (title, description) = (text::escape(title), text::escape(description));
        let head = format!("<title>{title}</title><desc>{description}</desc>");
        Self { width, height, head, body: String::new() }
    }

    /// Width in pixels.
    pub fn width(&self) -> f64 {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> f64 {
        self.height
    }

    /// Makes the drawing `height` pixels high: for figures that learn their height while drawing.
    pub fn set_height(&mut self, height: f64) {
        self.height = height;
    }

    /// A filled rectangle.
    pub fn rect(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str) {
        let _ = write!(
            self.body,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"/>"#,
            n(x),
            n(y),
            n(width.max(0.0)),
            n(height.max(0.0))
        );
    }

    /// A filled rectangle with a tooltip.
    pub fn rect_titled(&mut self, x: f64, y: f64, width: f64, height: f64, fill: &str, title: &str) {
        let _ = write!(
            self.body,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"><title>{}</title></rect>"#,
            n(x),
            n(y),
            n(width.max(0.0)),
            n(height.max(0.0)),
            text::escape(title)
        );
    }

    /// A frame without filling.
    pub fn frame(&mut self, x: f64, y: f64, width: f64, height: f64, stroke: Stroke<'_>) {
        let _ = write!(
            self.body,
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="none"{}/>"#,
            n(x),
            n(y),
            n(width),
            n(height),
            stroke_attributes(stroke)
        );
    }

    /// A filled circle; `title` is its tooltip, and none where empty.
    pub fn circle(&mut self, x: f64, y: f64, radius: f64, fill: &str, opacity: f64, title: &str) {
        let _ = write!(
            self.body,
            r#"<circle cx="{}" cy="{}" r="{}" fill="{fill}" fill-opacity="{}""#,
            n(x),
            n(y),
            n(radius),
            n(opacity)
        );
        if title.is_empty() {
            self.body.push_str("/>");
        } else {
            let _ = write!(self.body, "><title>{}</title></circle>", text::escape(title));
        }
    }

    /// A filled circle in an ink that follows the theme.
    pub fn inked_circle(&mut self, x: f64, y: f64, radius: f64, ink: Ink) {
        let (x, y, radius, Ink { class, color }) = (n(x), n(y), n(radius), ink);
        let _ = write!(
            self.body,
            r#"<circle cx="{x}" cy="{y}" r="{radius}" class="{class}-dot" fill="{color}"/>"#
        );
    }

    /// A straight line.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke<'_>) {
        let _ = write!(
            self.body,
            r#"<line x1="{}" y1="{}" x2="{}" y2="{}"{}/>"#,
            n(from.0),
            n(from.1),
            n(to.0),
            n(to.1),
            stroke_attributes(stroke)
        );
    }

    /// A line through `points`.
    pub fn polyline(&mut self, points: &[(f64, f64)], stroke: Stroke<'_>) {
        let path = path_through(points);
        let _ = write!(self.body, r#"<path d="{path}" fill="none"{}/>"#, stroke_attributes(stroke));
    }

    /// A line through `points` with a tooltip.
    pub fn polyline_titled(&mut self, points: &[(f64, f64)], stroke: Stroke<'_>, title: &str) {
        let (path, title) = (path_through(points), text::escape(title));
        let attributes = stroke_attributes(stroke);
        let _ =
            write!(self.body, r#"<path d="{path}" fill="none"{attributes}><title>{title}</title></path>"#);
    }

    /// A filled outline through `points`.
    pub fn polygon(&mut self, points: &[(f64, f64)], fill: &str, opacity: f64) {
        let path = path_through(points);
        let _ = write!(self.body, r#"<path d="{path}Z" fill="{fill}" fill-opacity="{}"/>"#, n(opacity));
    }

    /// Many dots of one kind as a single path: a hundredth of the bytes of as many circles.
    pub fn dots(&mut self, points: &[(f64, f64)], radius: f64, color: &str, opacity: f64) {
        if points.is_empty() {
            return;
        }
        let mut path = String::with_capacity(points.len() * 14);
        for (x, y) in points {
            let _ = write!(path, "M{} {}h0", n(*x), n(*y));
        }
        let _ = write!(
            self.body,
            r#"<path d="{path}" fill="none" stroke="{color}" stroke-width="{}" stroke-linecap="round" stroke-opacity="{}"/>"#,
            n(2.0 * radius),
            n(opacity)
        );
    }

    /// Text at its baseline.
    pub fn text(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, ink: Ink, content: &str) {
        self.styled_text(x, y, Lettering { size, anchor, ink }, "", content);
    }

    /// Bold text at its baseline.
    pub fn bold(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, content: &str) {
        let lettering = Lettering { size, anchor, ink: FOREGROUND };
        self.styled_text(x, y, lettering, r#" font-weight="600""#, content);
    }

    /// Text that reads upwards, centred on the point.
    pub fn vertical_text(&mut self, x: f64, y: f64, size: f64, ink: Ink, content: &str) {
        let turn = format!(r#" transform="rotate(-90 {} {})""#, n(x), n(y));
        self.styled_text(x, y, Lettering { size, anchor: Anchor::Middle, ink }, &turn, content);
    }

    /// Text that begins at its point and is turned by `degrees` about it (negative turns it upwards).
    pub fn turned_text(&mut self, x: f64, y: f64, size: f64, degrees: f64, content: &str) {
        let turn = format!(r#" transform="rotate({} {} {})""#, n(degrees), n(x), n(y));
        self.styled_text(x, y, Lettering { size, anchor: Anchor::Start, ink: FOREGROUND }, &turn, content);
    }

    /// Text with a halo in the colour of the background, readable on top of points.
    pub fn label(&mut self, x: f64, y: f64, size: f64, anchor: Anchor, content: &str) {
        let halo = r##" class="halo" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke""##;
        let ink = Ink { class: "", color: FOREGROUND.color };
        self.styled_text(x, y, Lettering { size, anchor, ink }, halo, content);
    }

    fn styled_text(&mut self, x: f64, y: f64, lettering: Lettering, extra: &str, content: &str) {
        let Lettering { size, anchor, ink } = lettering;
        let class = if ink.class.is_empty() { String::new() } else { format!(r#" class="{}""#, ink.class) };
        let _ = write!(
            self.body,
            r#"<text x="{}" y="{}" font-size="{}" text-anchor="{}" fill="{}"{class}{extra}>{}</text>"#,
            n(x),
            n(y),
            n(size),
            anchor.attribute(),
            ink.color,
            text::escape(content)
        );
    }

    /// Draws another figure at (`x`, `y`) into this one.
    pub fn embed(&mut self, x: f64, y: f64, other: &Self) {
        let _ = write!(self.body, r#"<g transform="translate({} {})">{}</g>"#, n(x), n(y), other.body);
    }

    /// The finished file.
    pub fn finish(&self) -> String {
        let (width, height) = (n(self.width), n(self.height));
        format!(
            concat!(
                r#"<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="0 0 {width} {height}" width="{width}" "#,
                r#"height="{height}" font-family="{fonts}">{head}"#,
                r##"<rect class="bg" width="{width}" height="{height}" fill="#ffffff"/>{body}</svg>"##
            ),
            width = width,
            height = height,
            fonts = FONTS,
            head = self.head,
            body = self.body
        )
    }
}

/// How text looks.
struct Lettering {
    size: f64,
    anchor: Anchor,
    ink: Ink,
}

fn stroke_attributes(stroke: Stroke<'_>) -> String {
    let mut out = format!(r#" stroke="{}" stroke-width="{}""#, stroke.color, n(stroke.width));
    if !stroke.class.is_empty() {
        let _ = write!(out, r#" class="{}-line""#, stroke.class);
    }
    if !stroke.dash.is_empty() {
        let _ = write!(out, r#" stroke-dasharray="{}""#, stroke.dash);
    }
    out
}

fn path_through(points: &[(f64, f64)]) -> String {
    let mut path = String::with_capacity(points.len() * 12);
    for (i, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{} {}", if i == 0 { 'M' } else { 'L' }, n(*x), n(*y));
    }
    path
}

/// A coordinate with at most two decimals and no trailing zeros; a number that is none becomes 0.
pub(crate) fn n(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let rounded = (value * 100.0).round() / 100.0;
    // Adding zero turns -0 into 0.
    format!("{}", rounded + 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_titled_for_screen_readers_and_escaped() {
        let mut svg = Svg::new(10.0, 20.0, "A < B", "\"quoted\"");
        svg.text(1.0, 2.0, SMALL, Anchor::Middle, FOREGROUND, "</svg><script>");
        let out = svg.finish();
        assert!(out.contains("<title>A &lt; B</title><desc>&quot;quoted&quot;</desc>"));
        assert!(out.contains(r#"role="img""#) && !out.contains("<script>"));
    }

    #[test]
    fn coordinates_are_short_and_never_nan() {
        assert_eq!(
            [n(1.0), n(0.126), n(-0.001), n(f64::NAN), n(f64::INFINITY)],
            ["1", "0.13", "0", "0", "0"]
        );
    }
}
