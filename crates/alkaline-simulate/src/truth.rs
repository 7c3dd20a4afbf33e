//! What is true of every gene of a simulated experiment: the table that results are judged against.

use std::io::{self, Write};

use alkaline_core::GeneId;

/// The truth about one gene.
#[derive(Clone, Debug, PartialEq)]
pub struct GeneTruth {
    /// Identifier.
    pub gene: GeneId,
    /// Symbol, where the annotation has one.
    pub symbol: Option<String>,
    /// Log2 ratio of expression, target against reference; zero for a gene that does not change.
    pub log2_fold_change: f64,
    /// Expected count in a reference sample of the nominal library size; zero for a silent gene.
    pub reference_mean: f64,
    /// Expected count in a target sample of the nominal library size.
    ///
    /// Libraries of both groups have the same expected size, so where more genes rise than fall the means of the
    /// unchanged genes fall a little: the composition bias that normalisation is there to undo.
    pub target_mean: f64,
    /// Negative binomial dispersion: the variance of a count is mean + dispersion * mean².
    pub dispersion: f64,
    /// The programme that the gene belongs to.
    pub programme: Option<String>,
}

/// Column names of the truth table.
pub const TRUTH_COLUMNS: [&str; 7] =
    ["gene_id", "gene_name", "log2_fold_change", "reference_mean", "target_mean", "dispersion", "programme"];

/// Writes the truth about all genes as a tab-separated table: one line a gene, missing names as `NA`.
///
/// # Errors
/// What `out` refuses.
pub fn write_truth(truth: &[GeneTruth], out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", TRUTH_COLUMNS.join("\t"))?;
    for row in truth {
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{}\t{}",
            row.gene,
            row.symbol.as_deref().unwrap_or("NA"),
            row.log2_fold_change,
            row.reference_mean,
            row.target_mean,
            row.dispersion,
            row.programme.as_deref().unwrap_or("NA"),
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_truth_table_has_one_line_a_gene_and_says_what_is_missing() {
        let truth = GeneTruth {
            gene: "6364".into(),
            symbol: Some("CCL20".to_owned()),
            log2_fold_change: 2.5,
            reference_mean: 10.0,
            target_mean: 56.0,
            dispersion: 0.02,
            programme: None,
        };
        let mut table = Vec::new();
        write_truth(&[truth], &mut table).unwrap();
        let table = String::from_utf8(table).unwrap();
        assert_eq!(table.lines().nth(1), Some("6364\tCCL20\t2.5\t10\t56\t0.02\tNA"));
    }
}
