//! Which strand the reads lie on: the evidence behind the rule that was used.

use alkaline_core::genome::Strandedness;
use alkaline_core::results::SampleQc;

use crate::axis::Plot;
use crate::drawn::{Drawn, MOST_ROWS};
use crate::figures::parts::chart::{self, HEADING, Key, Rows};
use crate::svg::{Anchor, FOREGROUND, MUTED, SMALL, Stroke, Svg, palette};
use crate::words;

/// What the figure shows.
const CAPTION: &str = "Strandedness: share of fragments that lie on the strand of their gene (forward) or opposite (reverse). Near a half means unstranded.";

/// Evidence per sample.
#[derive(Clone, Debug, PartialEq)]
pub struct StrandBars {
    /// Sample, share of forward fragments, and the rule that was used.
    pub samples: Vec<(String, f64, &'static str)>,
    /// What the figure shows.
    pub caption: String,
}

/// The rule in a word.
pub(crate) const fn rule(strandedness: Strandedness) -> &'static str {
    match strandedness {
        Strandedness::Unstranded => "unstranded",
        Strandedness::Forward => "forward",
        Strandedness::Reverse => "reverse",
    }
}

/// The bars of the samples that have evidence; `None` when none has.
pub fn points(qc: &[SampleQc]) -> Option<StrandBars> {
    let samples: Vec<_> = qc
        .iter()
        .filter(|sample| sample.strandedness.forward_fraction.is_finite())
        .map(|sample| {
            (sample.sample.clone(), sample.strandedness.forward_fraction, rule(sample.strandedness.used))
        })
        .collect();
    let shares: Vec<f64> = samples.iter().map(|sample| sample.1).collect();
    let drawn = Drawn::extremes(&shares, MOST_ROWS);
    (!samples.is_empty()).then(|| StrandBars { samples: drawn.pick(&samples), caption: drawn.told(CAPTION) })
}

/// Draws forward and reverse as two parts of a bar.
pub fn draw(points: &StrandBars) -> Svg {
    let names: Vec<&str> = points.samples.iter().map(|(name, ..)| name.as_str()).collect();
    let rows = Rows::new(&names, 170.0);
    let keys = [
        Key { color: palette::group(0), label: "forward" },
        Key { color: palette::group(4), label: "reverse" },
    ];
    let width = 640.0;
    let top = HEADING + chart::legend_height(14.0, width - 14.0, &keys);
    let mut svg = Svg::new(width, top + rows.height + 50.0, "Strandedness", &points.caption);
    chart::heading(
        &mut svg,
        "Strandedness",
        "share of fragments by strand; at the right the rule that was used",
    );
    chart::legend(&mut svg, 14.0, HEADING + 10.0, width - 14.0, &keys);
    let left = rows.width + 24.0;
    let plot = Plot::new((left, top, width - 100.0, top + rows.height), (0.0, 100.0), (0.0, 1.0));
    plot.draw_x_axis(&mut svg, "share of stranded fragments (%)");
    rows.draw(&mut svg, left - 8.0, top);
    for (i, (name, forward, rule)) in points.samples.iter().enumerate() {
        let (y, split) = (top + rows.middle(i), plot.x.at(forward * 100.0));
        let title = format!("{name}: {} forward", words::percent(*forward));
        svg.rect_titled(left, y - 7.0, split - left, 14.0, palette::group(0), &title);
        svg.rect_titled(split, y - 7.0, plot.right - split, 14.0, palette::group(4), &title);
        svg.text(plot.right + 8.0, y + 4.0, SMALL, Anchor::Start, FOREGROUND, rule);
    }
    let half = plot.x.at(50.0);
    svg.line((half, plot.top), (half, plot.bottom), Stroke::ink(MUTED, 1.0).dashed());
    svg
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn samples_without_evidence_are_left_out() {
        let mut qc = fixture::report(10).qc;
        qc[0].strandedness.forward_fraction = f64::NAN;
        let bars = points(&qc).unwrap();
        assert_eq!(bars.samples.len(), qc.len() - 1);
        assert_eq!(bars.samples[0].2, "reverse");
    }
}
