//! The figures of a cohort, from its rows.

use std::path::Path;

use alkaline_core::cohort::Endpoint;
use alkaline_io::WriteError;
use alkaline_io::file::write_atomically;
use alkaline_math::order_statistics::quantile;
use alkaline_report::Figure;
use alkaline_report::axis::ticks;
use alkaline_report::figures::cohort::{boxes, curves, forest, roc};
use alkaline_survival::SurvivalCurve;
use alkaline_survival::cut::{Split, split};

use super::analysis::CohortResults;
use super::input::Cohort;
use super::rows::{ComparisonRow, RocRow, UnivariateRow};
use super::univariate::{outcomes, usable};

/// Markers, by P, that have curves.
const CURVES: usize = 6;
/// Rows of a forest.
const FOREST: usize = 40;
/// Comparisons, by P, that have boxes.
const BOXES: usize = 6;

/// Writes the figures into `folder`.
pub fn draw(folder: &Path, cohort: &Cohort, results: &CohortResults) -> Result<(), WriteError> {
    for figure in figures(cohort, results) {
        let path = folder.join(figure.file_name());
        write_atomically(&path, |out| out.write_all(figure.content.as_bytes()))?;
    }
    Ok(())
}

fn figures(cohort: &Cohort, results: &CohortResults) -> Vec<Figure> {
    let mut all = Vec::new();
    for endpoint in &cohort.endpoints {
        let mut rows: Vec<&UnivariateRow> = results
            .univariate
            .iter()
            .filter(|row| row.endpoint == endpoint.name && !row.p.is_nan())
            .collect();
        rows.sort_by(|a, b| a.p.total_cmp(&b.p));
        for row in rows.iter().take(CURVES) {
            if let Some(shown) = curves_of(cohort, endpoint, row) {
                let name = format!("curve_{}_{}", endpoint.name, row.marker);
                all.push(Figure::new(name, shown.subtitle.clone(), &curves::draw(&shown)));
            }
        }
        if let Some(shown) = forest_of(endpoint, &rows) {
            all.push(Figure::new(
                format!("forest_{}", endpoint.name),
                shown.subtitle.clone(),
                &forest::draw(&shown),
            ));
        }
        for row in rows.iter().take(CURVES) {
            let of_marker: Vec<&RocRow> = results
                .roc
                .iter()
                .filter(|found| {
                    found.endpoint == endpoint.name
                        && found.marker == row.marker
                        && found.estimator.starts_with("IPCW")
                })
                .collect();
            if let Some(shown) = roc_of(endpoint, &of_marker) {
                let name = format!("roc_{}_{}", endpoint.name, row.marker);
                all.push(Figure::new(name, shown.subtitle.clone(), &roc::draw(&shown)));
            }
        }
    }
    let mut compared: Vec<&ComparisonRow> =
        results.comparisons.iter().filter(|row| !row.wilcoxon_p.is_nan()).collect();
    compared.sort_by(|a, b| a.wilcoxon_p.total_cmp(&b.wilcoxon_p));
    for row in compared.into_iter().take(BOXES) {
        let shown = boxes_of(row);
        let kind = if shown.paired { "pairs" } else { "boxes" };
        let name = format!("{kind}_{}_{}", row.comparison.split(':').next().unwrap_or_default(), row.marker);
        all.push(Figure::new(name, shown.subtitle.clone(), &boxes::draw(&shown)));
    }
    all
}

/// Curves of the groups of a marker; a continuous one is split at its median for the eye.
fn curves_of(cohort: &Cohort, endpoint: &Endpoint, row: &UnivariateRow) -> Option<curves::Curves> {
    let marker = cohort.markers.iter().find(|marker| marker.name == row.marker)?;
    let known = usable(endpoint, &marker.values);
    let outcomes = outcomes(endpoint, &known)?;
    let values: Vec<f64> = known.iter().map(|&row| marker.values[row]).collect();
    let cuts = if row.cuts.is_empty() { Split::Median.cuts(&values) } else { row.cuts.clone() };
    let groups = split(&values, &cuts);
    let end = outcomes.times().iter().copied().fold(0.0, f64::max);
    let grid = ticks((0.0, end), 6);
    let group = |at: usize| {
        let members: Vec<usize> = (0..groups.len()).filter(|&row| groups[row] == Some(at)).collect();
        let curve = SurvivalCurve::of(&outcomes, &members);
        let points = curve.points();
        curves::GroupCurve {
            label: format!("{} ({})", group_name(at, &cuts), members.len()),
            steps: points.iter().filter(|p| p.events > 0.0).map(|p| (p.time, p.survival)).collect(),
            censored: points.iter().filter(|p| p.censored > 0.0).map(|p| (p.time, p.survival)).collect(),
            end: curve.end(),
            at_risk: curve.numbers_at_risk(&grid).iter().map(|row| row.at_risk).collect(),
        }
    };
    Some(curves::Curves {
        title: format!("{} by {}", endpoint.name, row.marker),
        subtitle: format!("P = {}, hazard ratio {}", short(row.p), ratio(row.hazard_ratio, row.interval)),
        x_title: endpoint.unit.map_or_else(|| "time".to_owned(), |unit| unit.word().to_owned()),
        groups: (0..=cuts.len()).map(group).collect(),
        grid,
    })
}

/// Low and high, or the number of a group among more than two.
fn group_name(at: usize, cuts: &[f64]) -> String {
    match (at, cuts.len()) {
        (0, _) => "low".to_owned(),
        (at, last) if at == last => "high".to_owned(),
        (at, _) => format!("group {}", at + 1),
    }
}

fn forest_of(endpoint: &Endpoint, rows: &[&UnivariateRow]) -> Option<forest::Forest> {
    let first = rows.first()?;
    let one = |row: &&UnivariateRow| forest::Ratio {
        label: row.marker.clone(),
        ratio: row.hazard_ratio,
        interval: row.interval,
        beside: format!("{}  P {}", ratio(row.hazard_ratio, row.interval), short(row.p)),
    };
    Some(forest::Forest {
        title: format!("{}: hazard ratios, each marker alone", endpoint.name),
        subtitle: format!("up to {} patients, {} events; 95 % intervals", first.patients, first.events),
        ratios: rows.iter().take(FOREST).map(one).collect(),
    })
}

fn roc_of(endpoint: &Endpoint, rows: &[&RocRow]) -> Option<roc::RocCurves> {
    let first = rows.first()?;
    let unit = endpoint.unit.map_or("", |unit| unit.word());
    let curve = |row: &&RocRow| roc::RocCurve {
        label: format!(
            "{} {unit}: {:.3} ({:.3} to {:.3})",
            row.time, row.area, row.interval.0, row.interval.1
        ),
        points: row.curve.clone(),
    };
    Some(roc::RocCurves {
        title: format!("{}: {}", endpoint.name, first.marker),
        subtitle: format!("{}; area with 95 % interval", first.estimator),
        curves: rows.iter().map(curve).collect(),
    })
}

fn boxes_of(row: &ComparisonRow) -> boxes::Boxes {
    let paired = row.comparison.ends_with("paired");
    let name = row.comparison.trim_end_matches(", paired");
    let name = name.split_once(": ").map_or(name, |(_, rest)| rest);
    let (second, first) = name.split_once(" against ").unwrap_or(("second", "first"));
    let group = |label: &str, values: &[f64]| boxes::Group {
        label: label.to_owned(),
        values: values.to_vec(),
        quartiles: quartiles(values),
    };
    boxes::Boxes {
        title: row.marker.clone(),
        subtitle: format!("Wilcoxon P = {}, FDR = {}", short(row.wilcoxon_p), short(row.fdr)),
        groups: [group(first, &row.values.1), group(second, &row.values.0)],
        paired,
    }
}

fn quartiles(values: &[f64]) -> Option<boxes::Quartiles> {
    if values.is_empty() {
        return None;
    }
    let mut sorted = values.to_vec();
    let [low, first, median, third, high] =
        [0.0, 0.25, 0.5, 0.75, 1.0].map(|share| quantile(&mut sorted, share));
    Some(boxes::Quartiles { low, first, median, third, high })
}

/// A hazard ratio with its interval.
pub fn ratio(ratio: f64, interval: (f64, f64)) -> String {
    if ratio.is_nan() {
        "NA".to_owned()
    } else {
        format!("{ratio:.2} ({:.2} to {:.2})", interval.0, interval.1)
    }
}

/// A P value for the eye.
pub fn short(p: f64) -> String {
    if p.is_nan() {
        "NA".to_owned()
    } else if p < 0.001 {
        format!("{p:.1e}")
    } else {
        format!("{p:.3}")
    }
}
