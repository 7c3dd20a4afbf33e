//! Gene lengths: a column of a count table, or a table of its own.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::GeneId;

use crate::column_names::length_column;
use crate::delimited::Delimited;
use crate::error::{FileProblems, Problem, ReadError};
use crate::number;

/// Reads the lengths of genes (gzip by content): the first column names the gene, the column `Length` its length.
///
/// Ensembl versions are left out of the names. Lengths that are missing or not positive are left out; where a gene stands
/// twice, the first counts.
///
/// # Errors
/// Unreadable files, tables without such a column, lengths that are no numbers.
pub fn read(path: &Path) -> Result<HashMap<String, f64>, ReadError> {
    let table = Delimited::open(path)?;
    let Some(column) = length_column(&table.header) else {
        let message =
            format!("no column `Length`; the columns are: {}", alkaline_core::words::listed(&table.header));
        let problem = Problem::at_line(table.header_line, message).hint(
            "give a count table as featureCounts writes it, or a table with the columns gene_id and Length",
        );
        return Err(FileProblems::one(path, problem).into());
    };
    let mut lengths = HashMap::new();
    let mut problems = Vec::new();
    for (line, row) in table.rows()? {
        let (gene, text) = (row.get(0).unwrap_or_default(), row.get(column).unwrap_or_default());
        match number::parse(text) {
            Some(length) if length > 0.0 => {
                lengths.entry(GeneId::from(gene).unversioned().to_owned()).or_insert(length);
            }
            Some(_) => {}
            None => problems.push(Problem::at_line(line, format!("`{text}` is not a length"))),
        }
    }
    FileProblems::check(path, problems)?;
    Ok(lengths)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> Result<HashMap<String, f64>, ReadError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("lengths.tsv");
        std::fs::write(&path, text).unwrap();
        read(&path)
    }

    #[test]
    fn a_count_table_and_a_table_of_two_columns_tell_lengths() {
        let counts = "# Program:x\nGeneid\tChr\tStart\tEnd\tStrand\tLength\ta.bam\nENSG1.3\t1\t1\t9\t+\t1200\t5\nB\t1\t1\t9\t+\t0\t5\n";
        let lengths = read_text(counts).unwrap();
        assert_eq!((lengths.len(), lengths["ENSG1"]), (1, 1200.0));
        assert_eq!(read_text("gene_id,length\r\nA,10.5\r\nA,11\r\nB,NA\r\n").unwrap()["A"], 10.5);
    }

    #[test]
    fn what_tells_no_length_is_refused() {
        assert!(read_text("gene\tx\nA\t1\n").unwrap_err().to_string().contains("no column `Length`"));
        assert!(
            read_text("gene\tLength\nA\tlong\n").unwrap_err().to_string().contains("`long` is not a length")
        );
    }
}
