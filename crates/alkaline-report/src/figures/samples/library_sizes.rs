//! Library sizes, with the factors that correct them.

use crate::axis::{self, Plot};
use crate::data::ReportData;
use crate::drawn::{Drawn, MOST_ROWS};
use crate::figures::parts::chart::{self, HEADING, Key, Rows};
use crate::svg::{Anchor, FOREGROUND, SMALL, Svg, palette};
use crate::words;

/// What the figure shows.
const CAPTION: &str = "Library sizes: fragments counted on genes, per sample. The number at each bar is the normalisation factor, which multiplies the size; factors far from one betray a shift in composition.";

/// One bar per sample.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryBars {
    /// Groups in the order of their colours.
    pub groups: Vec<String>,
    /// The bars.
    pub bars: Vec<LibraryBar>,
    /// What the figure shows.
    pub caption: String,
}

/// The size of one library.
#[derive(Clone, Debug, PartialEq)]
pub struct LibraryBar {
    /// Sample.
    pub sample: String,
    /// Place of its group in [`LibraryBars::groups`].
    pub group: Option<usize>,
    /// Raw size, counts.
    pub size: f64,
    /// Normalisation factor.
    pub factor: f64,
}

/// The bars, in the order of the samples; `None` when library sizes are unknown.
pub fn points(data: &ReportData) -> Option<LibraryBars> {
    let sizes = data.library_sizes.as_ref()?;
    let groups = data.sample_groups();
    let drawn = Drawn::extremes(sizes.raw.values(), MOST_ROWS);
    let bar = |&place: &usize| {
        let sample = &sizes.samples().ids()[place];
        let (size, factor) = (sizes.raw.values()[place], sizes.factors.values()[place]);
        LibraryBar { sample: sample.to_string(), group: groups.of(sample.as_str()), size, factor }
    };
    let bars = drawn.places.iter().map(bar).collect();
    Some(LibraryBars { groups: groups.names, bars, caption: drawn.told(CAPTION) })
}

/// Draws the bars, one row per sample.
pub fn draw(points: &LibraryBars) -> Svg {
    let names: Vec<&str> = points.bars.iter().map(|bar| bar.sample.as_str()).collect();
    let rows = Rows::new(&names, 170.0);
    let keys: Vec<Key<'_>> =
        points.groups.iter().enumerate().map(|(i, label)| Key { color: palette::group(i), label }).collect();
    let width = 640.0;
    let top = HEADING + chart::legend_height(14.0, width - 14.0, &keys);
    let mut svg = Svg::new(width, top + rows.height + 50.0, "Library sizes", &points.caption);
    chart::heading(&mut svg, "Library sizes", "bars: counts per sample; numbers: normalisation factors");
    chart::legend(&mut svg, 14.0, HEADING + 10.0, width - 14.0, &keys);
    let largest = axis::extent(points.bars.iter().map(|bar| bar.size), 0.0).1;
    let left = rows.width + 24.0;
    let plot = Plot::new((left, top, width - 66.0, top + rows.height), (0.0, largest.max(1.0)), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, "counts");
    rows.draw(&mut svg, left - 8.0, top);
    for (i, bar) in points.bars.iter().enumerate() {
        let color = bar.group.map_or(palette::NOT_SIGNIFICANT, palette::group);
        let y = top + rows.middle(i);
        let length = plot.x.at(bar.size) - left;
        let title = format!(
            "{}: {} counts, factor {:.4}",
            bar.sample,
            words::thousands(bar.size.round() as u64),
            bar.factor
        );
        svg.rect_titled(left, y - 7.0, length, 14.0, color, &title);
        svg.text(
            left + length + 6.0,
            y + 4.0,
            SMALL,
            Anchor::Start,
            FOREGROUND,
            &format!("× {:.3}", bar.factor),
        );
    }
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn of_very_many_libraries_the_extremes_are_drawn_and_the_caption_says_so() {
        let bars = points(&fixture::many_samples(500, 20)).unwrap();
        assert_eq!(bars.bars.len(), MOST_ROWS);
        assert!(bars.bars.is_sorted_by(|a, b| a.size <= b.size));
        assert!(bars.caption.contains("60 of 500 samples are drawn"), "{}", bars.caption);
    }

    #[test]
    fn bars_follow_the_samples_and_know_their_group() {
        let bars = points(&fixture::report(50)).unwrap();
        assert_eq!(bars.groups, ["parental", "resistant"]);
        assert_eq!(bars.bars.iter().map(|bar| bar.group).collect::<Vec<_>>(), [0, 0, 0, 1, 1, 1].map(Some));
        assert_eq!(draw(&bars).finish().matches("× ").count(), 6);
    }
}
