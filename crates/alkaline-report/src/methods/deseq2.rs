//! How DESeq2's tests were made, in the words of a methods section.

use super::facts::TestingFacts;
use super::testing::questions;
use crate::references::{Citations, Work};
use crate::words;

/// What the tests of DESeq2's family are called.
pub(super) fn is_deseq2(testing: &TestingFacts) -> bool {
    testing.facts.method.starts_with("deseq2")
}

/// Model, dispersions, test and calls.
pub(super) fn deseq2_sentences(testing: &TestingFacts, cited: &mut Citations) -> String {
    let facts = &testing.facts;
    let (contrasts, formula) = questions(testing);
    let test = if facts.method == "deseq2-lrt" { "likelihood-ratio" } else { "Wald" };
    let (what, limit) = facts.thresholds.level();
    let what = if what == "FDR" { "a false discovery rate" } else { "P (no control over many genes)" };
    let lfc = facts.thresholds.lfc;
    let size = if lfc > 0.0 {
        format!(" and an absolute log2 fold change of at least {}", words::significant(lfc, 3))
    } else {
        String::new()
    };
    format!(
        "Differential expression ({}) was tested{formula} by the {test} test of DESeq2 {} with the numbers of its version 1.38: size factors are medians of ratios to geometric means, and dispersions were estimated gene by gene and shrunk towards their trend over the mean. P values were adjusted ({}) {}; genes with {what} below {}{size} were called differentially expressed.",
        contrasts,
        cited.cite(&[Work::Deseq2]),
        facts.adjustment,
        cited.cite(&[Work::FalseDiscoveryRate]),
        words::significant(limit, 3),
    )
}
