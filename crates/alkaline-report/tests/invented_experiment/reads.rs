//! What a counting pass tells of its reads.

use alkaline_core::genome::{Layout, Strandedness};
use alkaline_core::results::{
    AlignmentFlags, Assignment, CountSummary, QcTable, SampleQc, StrandednessEvidence,
};

use super::samples::{SAMPLES, samples};

pub fn qc(sample: usize) -> SampleQc {
    let total = 2_400_000 + 90_000 * sample as u64;
    SampleQc {
        sample: SAMPLES[sample].into(),
        layout: Layout::PairedEnd,
        flags: AlignmentFlags {
            total: 2 * total,
            primary: 2 * total,
            mapped: 2 * total,
            properly_paired: 2 * total,
            ..AlignmentFlags::default()
        },
        strandedness: StrandednessEvidence {
            unstranded: 2_000_000,
            forward: 30_000,
            reverse: 1_950_000,
            forward_fraction: 0.015 + 0.002 * sample as f64,
            verdict: Some(Strandedness::Reverse),
            used: Strandedness::Reverse,
        },
        fragments: total,
        assigned: total * 8 / 10,
        genes_detected: 17_000 + 120 * sample as u64,
        mitochondrial_fraction: Some(0.021),
        biotypes: vec![("protein_coding".into(), total * 7 / 10), ("lncRNA".into(), total / 10)],
        median_insert_size: Some(212),
        warnings: if sample == 2 { vec!["few reads for a library of this kind".into()] } else { Vec::new() },
        tables: qc_tables(sample as u64),
    }
}

/// Tables of the counting pass, by the names that it gives them.
pub fn qc_tables(sample: u64) -> Vec<QcTable> {
    let table = |name: &str, columns: &[&str], rows: Vec<Vec<f64>>| QcTable {
        name: name.into(),
        description: "Invented.".into(),
        columns: columns.iter().map(ToString::to_string).collect(),
        rows,
    };
    let shift = sample as f64;
    let coverage = |i: i32| 1.2 - (f64::from(i) / 50.0 - 1.0).powi(4) + 0.01 * shift;
    let lengths = |i: i32| 900.0 * (-((f64::from(i) - 190.0 - 4.0 * shift) / 60.0).powi(2)).exp() + 2.0;
    let detected = |i: i32| 17_000.0 * (1.0 - (-f64::from(i) / 22.0).exp()) + 60.0 * shift;
    vec![
        table(
            "origin",
            &["exonic", "antisense", "intronic", "intergenic"],
            vec![vec![8.1e5, 9e3, 1.1e5 + 9e3 * shift, 5e4]],
        ),
        table(
            "gene_body_coverage",
            &["percentile", "relative_coverage"],
            (0..100).map(|i| vec![f64::from(i), coverage(i)]).collect(),
        ),
        table(
            "saturation",
            &["percent_of_fragments", "genes_detected"],
            (1..=10).map(|i| vec![f64::from(10 * i), detected(10 * i)]).collect(),
        ),
        table(
            "insert_size",
            &["insert_size", "pairs"],
            (30..900).map(|i| vec![f64::from(i), lengths(i).round()]).collect(),
        ),
    ]
}

pub fn count_summary() -> CountSummary {
    let reads = (0..6)
        .map(|sample| {
            let mut row = [0; Assignment::COUNT];
            row[Assignment::Assigned as usize] = 1_900_000 + 70_000 * sample;
            row[Assignment::MultiMapping as usize] = 210_000;
            row[Assignment::NoFeatures as usize] = 240_000 + 5_000 * sample;
            row[Assignment::Ambiguity as usize] = 61_000;
            row
        })
        .collect();
    CountSummary { samples: samples(), reads, non_split_only: false }
}
