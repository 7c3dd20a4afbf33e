//! `consensus.tsv`: what several tests say of the same genes.

use std::path::Path;

use alkaline_core::results::Consensus;

use super::table::{header, write_rows};
use crate::error::WriteError;

/// The columns before those of the tests.
pub const COLUMNS: [&str; 5] = ["gene_id", "gene_name", "calls", "direction", "mean_rank"];

/// The columns of each test, after its name and a point.
pub const OF_EACH: [&str; 4] = ["direction", "rank", "logFC", "FDR"];

/// Writes the genes to `path`, those that most tests call first.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, consensus: &Consensus) -> Result<(), WriteError> {
    let mut columns = header(&COLUMNS);
    for method in &consensus.methods {
        columns.extend(OF_EACH.iter().map(|name| format!("{method}.{name}")));
    }
    write_rows(path, &columns, &consensus.rows, |line, row| {
        line.text(row.gene.as_str()).optional(row.name.as_deref()).whole(row.calls() as u64);
        line.text(row.direction()).real(row.mean_rank());
        for verdict in &row.verdicts {
            line.optional(verdict.map(|verdict| verdict.direction.word()));
            line.optional_real(verdict.map(|verdict| verdict.rank as f64));
            line.optional_real(verdict.map(|verdict| verdict.log2_fold_change));
            line.optional_real(verdict.map(|verdict| verdict.fdr));
        }
    })
}

#[cfg(test)]
mod tests {
    use alkaline_core::results::{ConsensusRow, Direction, Verdict};

    use super::*;

    fn verdict(rank: usize, log2_fold_change: f64, direction: Direction) -> Option<Verdict> {
        Some(Verdict { rank, log2_fold_change, fdr: 0.01, direction })
    }

    #[test]
    fn every_test_has_its_columns_and_the_sentence_counts_them() {
        let row = |gene: &str, verdicts| ConsensusRow { gene: gene.into(), name: None, verdicts };
        let consensus = Consensus {
            methods: vec!["exact".into(), "voom".into()],
            rows: vec![
                row("a", vec![verdict(1, 2.0, Direction::Up), verdict(2, 1.5, Direction::Up)]),
                row("b", vec![verdict(3, 1.0, Direction::Up), verdict(1, -1.0, Direction::Down)]),
                row("c", vec![verdict(2, 0.1, Direction::NotSignificant), verdict(3, 2.0, Direction::Up)]),
                row("d", vec![None, verdict(4, 0.0, Direction::NotSignificant)]),
            ],
        };
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("consensus.tsv");
        write(&path, &consensus).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].ends_with("exact.direction\texact.rank\texact.logFC\texact.FDR\tvoom.direction\tvoom.rank\tvoom.logFC\tvoom.FDR"));
        assert_eq!(lines[2], "b\tNA\t2\tmixed\t2\tup\t3\t1\t0.01\tdown\t1\t-1\t0.01");
        assert_eq!(lines[4], "d\tNA\t0\tns\t4\tNA\tNA\tNA\tNA\tns\t4\t0\t0.01");
        let words = consensus.in_words();
        assert!(
            words.contains("of 3 genes")
                && words.contains("all call 2 (67 %) and one alone calls 1; 1 in opposite")
                && words.ends_with("the rest of the list hangs on the method"),
            "{words}"
        );
        let agreed = Consensus { rows: consensus.rows[..1].to_vec(), ..consensus };
        assert!(agreed.in_words().ends_with("no call hangs on the method"), "{}", agreed.in_words());
    }
}
