//! The samples on a plane: like lies near like.

use alkaline_core::results::MapMethod;

use crate::axis::{self, Plot};
use crate::data::ReportData;
use crate::figures::parts::chart::{self, HEADING, Key};
use crate::svg::labels::{self, Area, Wanted};
use crate::svg::{Svg, palette};

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
    let groups: Vec<String> = data.groups().into_iter().map(str::to_owned).collect();
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
        .map(|(sample, (&x, &y))| {
            let group = data.group_of(sample.as_str()).and_then(|name| groups.iter().position(|g| g == name));
            (sample.to_string(), group, x, y)
        })
        .collect();
    Some(MapPoints { method: map.method, axes: [axis_title(0), axis_title(1)], groups, samples })
}

/// What the figure shows.
pub fn caption(points: &MapPoints) -> String {
    let how = match points.method {
        MapMethod::Mds => "multidimensional scaling; distances are leading log2 fold changes between samples",
        MapMethod::Pca => "principal components of log2 CPM",
    };
    format!(
        "Map of the samples: {how}. Replicates should lie together; a sample among the other group is worth a second look."
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
    for (name, group, x, y) in &points.samples {
        let (x, y) = plot.at(*x, *y);
        svg.circle(x, y, 6.0, group.map_or(palette::NOT_SIGNIFICANT, palette::group), 0.9, name);
    }
    let wanted: Vec<Wanted> = points
        .samples
        .iter()
        .map(|(name, _, x, y)| {
            let (x, y) = plot.at(*x, *y);
            Wanted { x, y, gap: 7.0, text: name.clone() }
        })
        .collect();
    let bounds = Area { left: plot.left, top: plot.top, right: plot.right, bottom: plot.bottom };
    labels::draw(&mut svg, &labels::place(&wanted, bounds, &[]));
    svg
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
    fn one_dimension_makes_no_map() {
        let mut report = fixture::report(20);
        report.sample_map.as_mut().unwrap().dimensions.truncate(1);
        assert!(points(&report).is_none());
    }
}
