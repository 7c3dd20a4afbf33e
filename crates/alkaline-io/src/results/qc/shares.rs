//! Shares of reads that tell whether a library is sound.

use alkaline_core::results::{AlignmentFlags, SampleQc};

/// Biotypes of ribosomal RNA (Ensembl and GENCODE).
const RIBOSOMAL: [&str; 2] = ["rRNA", "Mt_rRNA"];

/// Share of the mapped primary records that are marked as duplicates; `None` where none is marked (nobody looked).
pub(super) fn duplicate_fraction(qc: &SampleQc) -> Option<f64> {
    let AlignmentFlags { primary_duplicates, primary_mapped, .. } = qc.flags;
    (primary_duplicates > 0).then(|| primary_duplicates as f64 / primary_mapped as f64)
}

/// Share of the assigned fragments on genes of ribosomal RNA; `None` where the annotation has no biotypes.
pub(super) fn rrna_fraction(qc: &SampleQc) -> Option<f64> {
    let sum = |fits: fn(&str) -> bool| -> u64 {
        qc.biotypes.iter().filter(|(biotype, _)| fits(biotype)).map(|(_, number)| number).sum()
    };
    let all = sum(|_| true);
    (all > 0).then(|| sum(|biotype| RIBOSOMAL.contains(&biotype)) as f64 / all as f64)
}
