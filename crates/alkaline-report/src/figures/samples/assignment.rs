//! What became of the reads.

use alkaline_core::results::{Assignment, CountSummary};

use crate::figures::parts::stacked_bars::StackedBars;

/// What the figure shows.
pub const CAPTION: &str = "Assignment of reads (or fragments) to genes, per sample, in featureCounts' categories. Categories without reads are left out.";

/// The bars; `None` without any read.
pub fn points(summary: &CountSummary) -> Option<StackedBars> {
    let occurring: Vec<Assignment> = Assignment::ALL
        .into_iter()
        .filter(|&category| summary.reads.iter().any(|row| row[category as usize] > 0))
        .collect();
    if occurring.is_empty() {
        return None;
    }
    let name = |category: Assignment| summary.status(category).replace("Unassigned_", "").replace('_', " ");
    let samples = summary
        .samples
        .ids()
        .iter()
        .zip(&summary.reads)
        .map(|(sample, row)| (sample.to_string(), occurring.iter().map(|&c| row[c as usize]).collect()))
        .collect();
    Some(StackedBars {
        title: "Assignment of reads".to_owned(),
        subtitle: "share of all reads or fragments, per sample".to_owned(),
        caption: CAPTION.to_owned(),
        x_title: "share of reads (%)".to_owned(),
        categories: occurring.iter().map(|&category| name(category)).collect(),
        samples,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn only_categories_with_reads_are_shown() {
        let report = fixture::report(20);
        let bars = points(report.count_summary.as_ref().unwrap()).unwrap();
        assert_eq!(bars.categories, ["Assigned", "MultiMapping", "NoFeatures", "Ambiguity"]);
        assert!(bars.samples.iter().all(|(_, reads)| reads.len() == 4));
    }
}
