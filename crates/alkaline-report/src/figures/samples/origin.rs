//! Where on the genome the reads lie: exons, the other strand, introns, between genes.

use alkaline_core::results::SampleQc;

use crate::figures::parts::stacked_bars::StackedBars;

/// Name of the table of the counting pass that this figure shows.
const TABLE: &str = "origin";

/// What the figure shows.
pub const CAPTION: &str = "Origin of the fragments that passed the filters: exons, exons of the other strand only, introns, or none of these. Many intronic fragments hint at pre-mRNA, many intergenic ones at genomic DNA or another annotation.";

/// The bars of the samples whose QC tells; `None` when none does.
pub fn points(qc: &[SampleQc]) -> Option<StackedBars> {
    let tables: Vec<_> = qc
        .iter()
        .filter_map(|sample| Some((sample, sample.tables.iter().find(|table| table.name == TABLE)?)))
        .collect();
    let categories = tables.first()?.1.columns.clone();
    let samples: Vec<(String, Vec<u64>)> = tables
        .iter()
        .filter(|(_, table)| table.columns == categories && table.rows.len() == 1)
        .map(|(sample, table)| (sample.sample.clone(), table.rows[0].iter().map(|n| *n as u64).collect()))
        .collect();
    Some(StackedBars {
        title: "Origin of the fragments".to_owned(),
        subtitle: "share of fragments that passed the filters, per sample".to_owned(),
        caption: CAPTION.to_owned(),
        x_title: "share of fragments (%)".to_owned(),
        categories,
        samples,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::fixture;

    #[test]
    fn samples_without_the_table_are_left_out() {
        let mut qc = fixture::report(10).qc;
        assert_eq!(points(&qc).unwrap().samples.len(), qc.len());
        qc[0].tables.clear();
        assert_eq!(points(&qc).unwrap().samples.len(), qc.len() - 1);
        for sample in &mut qc {
            sample.tables.clear();
        }
        assert!(points(&qc).is_none());
    }
}
