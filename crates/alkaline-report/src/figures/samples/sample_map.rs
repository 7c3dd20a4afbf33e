//! The samples on a plane: like lies near like.

use alkaline_core::results::MapMethod;

use crate::axis::{self, Plot};
use crate::data::ReportData;
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::figures::parts::scatter::thin;
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{SMALL, Svg, palette, text};
use crate::words;

/// Samples with coordinates.
#[derive(Clone, Debug, PartialEq)]
pub struct MapPoints {
    /// How the map was drawn.
    pub method: MapMethod,
    /// Titles of the two axes.
    pub axes: [String; 2],
    /// Groups in the order of their colours.
    pub groups: Vec<String>,
    /// Name, group, and the two coordinates of each sample.
    pub samples: Vec<(String, Option<usize>, f64, f64)>,
}

/// The first two dimensions; `None` when there is no map or it has only one dimension.
pub fn points(data: &ReportData) -> Option<MapPoints> {
    let map = data.sample_map.as_ref()?;
    let [first, second, ..] = map.dimensions.as_slice() else { return None };
    let groups = data.sample_groups();
    let axis_title = |dimension: usize| {
        let name = match map.method {
            MapMethod::Mds => format!("leading log2 fold change, dimension {}", dimension + 1),
            MapMethod::Pca => format!("principal component {}", dimension + 1),
        };
        match map.variance_explained.get(dimension) {
            Some(share) if share.is_finite() => format!("{name} ({:.0} %)", share * 100.0),
            _ => name,
        }
    };
    let samples = map
        .samples
        .ids()
        .iter()
        .zip(first.iter().zip(second))
        .map(|(sample, (&x, &y))| (sample.to_string(), groups.of(sample.as_str()), x, y))
        .collect();
    Some(MapPoints {
        method: map.method,
        axes: [axis_title(0), axis_title(1)],
        groups: groups.names,
        samples,
    })
}

/// What the figure shows.
pub fn caption(points: &MapPoints) -> String {
    let how = match points.method {
        MapMethod::Mds => "multidimensional scaling; distances are leading log2 fold changes between samples",
        MapMethod::Pca => "principal components of log2 CPM",
    };
    let few = if points.samples.len() > NAMED {
        format!(
            " Of {} the {NAMED} farthest from the middle of their group are named, where there is room.",
            words::count_of(points.samples.len(), "sample")
        )
    } else {
        String::new()
    };
    format!(
        "Map of the samples: {how}. Replicates should lie together; a sample among the other group is worth a second look.{few}"
    )
}

/// Draws the map.
pub fn draw(points: &MapPoints) -> Svg {
    let caption = caption(points);
    let mut svg = Svg::new(640.0, 480.0, "Map of the samples", &caption);
    let method = match points.method {
        MapMethod::Mds => "multidimensional scaling of leading log2 fold changes",
        MapMethod::Pca => "principal components of log2 CPM",
    };
    chart::heading(&mut svg, "Map of the samples", method);
    let keys: Vec<Key<'_>> =
        points.groups.iter().enumerate().map(|(i, label)| Key { color: palette::group(i), label }).collect();
    let top = HEADING + chart::legend_height(62.0, 622.0, &keys);
    chart::legend(&mut svg, 62.0, HEADING + 10.0, 622.0, &keys);
    let x_domain = axis::extent(points.samples.iter().map(|s| s.2), 0.12);
    let y_domain = axis::extent(points.samples.iter().map(|s| s.3), 0.12);
    let plot = Plot::new((62.0, top, 622.0, 432.0), x_domain, y_domain);
    plot.draw_x_axis(&mut svg, &points.axes[0]);
    plot.draw_y_axis(&mut svg, &points.axes[1], 18.0);
    let gap = if is_crowded(points) {
        draw_crowd(&mut svg, &plot, points)
    } else {
        draw_each(&mut svg, &plot, points)
    };
    let wanted: Vec<Wanted> = named(points)
        .into_iter()
        .map(|place| {
            let (name, _, x, y) = &points.samples[place];
            let (x, y) = plot.at(*x, *y);
            Wanted { x, y, gap, text: text::shorten_middle(name, SMALL, 150.0) }
        })
        .collect();
    let bounds = Area { left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom };
    labels::draw(&mut svg, &labels::place(&wanted, bounds, &[]));
    svg
}

/// Samples that have a dot with a tooltip each; more become plain dots.
const WITH_TOOLTIP: usize = 400;
/// Samples that are named; of more those that lie farthest from the middle of their group.
const NAMED: usize = 40;

fn is_crowded(points: &MapPoints) -> bool {
    points.samples.len() > WITH_TOOLTIP
}

fn color(group: Option<usize>) -> &'static str {
    group.map_or(palette::NOT_SIGNIFICANT, palette::group)
}

/// Draws every sample with its name as tooltip; gives the room that labels leave around a dot.
fn draw_each(svg: &mut Svg, plot: &Plot, points: &MapPoints) -> f64 {
    for (name, group, x, y) in &points.samples {
        let (x, y) = plot.at(*x, *y);
        svg.circle(x, y, 6.0, color(*group), 0.9, name);
    }
    8.0
}

/// Draws one small dot for all samples of a group that lie on the same spot: as many as the page has room for.
fn draw_crowd(svg: &mut Svg, plot: &Plot, points: &MapPoints) -> f64 {
    let groups = (0..points.groups.len()).map(Some).chain([None]);
    for group in groups {
        let own = points.samples.iter().filter(|sample| sample.1 == group);
        let dots: Vec<(f64, f64)> = own.map(|(_, _, x, y)| plot.at(*x, *y)).collect();
        svg.dots(&thin(&dots), 2.6, color(group), 0.7);
    }
    3.5
}

/// The samples to name: all where they are few, else those farthest from the middle (the median) of their group.
fn named(points: &MapPoints) -> Vec<usize> {
    let mut places: Vec<usize> = (0..points.samples.len()).collect();
    if places.len() <= NAMED {
        return places;
    }
    let middle = |group: Option<usize>| {
        let own: Vec<_> = points.samples.iter().filter(|sample| sample.1 == group).collect();
        let median = |mut values: Vec<f64>| {
            values.sort_by(f64::total_cmp);
            values.get(values.len() / 2).copied().unwrap_or(0.0)
        };
        let [x, y] =
            [own.iter().map(|sample| sample.2).collect(), own.iter().map(|sample| sample.3).collect()];
        (median(x), median(y))
    };
    let middles: Vec<(f64, f64)> = (0..points.groups.len()).map(Some).chain([None]).map(middle).collect();
    let distance = |place: usize| {
        let (_, group, x, y) = &points.samples[place];
        let (mx, my) = middles[group.unwrap_or(points.groups.len())];
        (x - mx).hypot(y - my)
    };
    places.sort_by(|&a, &b| distance(b).total_cmp(&distance(a)));
    places.truncate(NAMED);
    places
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn axes_tell_the_method_and_the_share_explained() {
        let map = points(&fixture::report(20)).unwrap();
        assert_eq!(map.axes[0], "leading log2 fold change, dimension 1 (61 %)");
        assert_eq!(map.samples.len(), 6);
    }

    #[test]
    fn of_very_many_samples_the_outliers_are_named_and_the_drawing_stays_small() {
        let map = points(&fixture::many_samples(2000, 20)).unwrap();
        let svg = draw(&map).finish();
        assert!(svg.len() < 60_000, "{} bytes", svg.len());
        assert!(svg.contains(">S0007</text>"), "the odd one out is named");
        assert!(caption(&map).contains("Of 2,000 samples the 40 farthest"));
    }

    #[test]
    fn one_dimension_makes_no_map() {
        let mut report = fixture::report(20);
        report.sample_map.as_mut().unwrap().dimensions.truncate(1);
        assert!(points(&report).is_none());
    }
}
