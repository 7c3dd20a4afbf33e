//! The tables of tests that answer beside the first, and what all say of each gene.

use std::path::{Path, PathBuf};

use alkaline_core::results::{Consensus, TestTable};
use alkaline_io::results::{consensus, test_table};

use crate::failure::Failure;

/// Writes the tables of further tests beside `output`, and what all say of each gene; gives how far they agree.
pub(super) fn write_others(
    output: &Path,
    first: &str,
    table: &TestTable,
    others: &[(String, TestTable)],
) -> Result<String, Failure> {
    if output.as_os_str() == "-" {
        return Err(Failure::usage("several tests write several tables: name a file with --output"));
    }
    for (method, table) in others {
        test_table::write(&of_method(output, method), table, &[])?;
    }
    let named = others.iter().map(|(method, table)| (method.clone(), table));
    let all: Vec<(String, &TestTable)> = std::iter::once((first.to_owned(), table)).chain(named).collect();
    let consensus = Consensus::of(&all);
    consensus::write(&output.with_file_name("consensus.tsv"), &consensus)?;
    Ok(consensus.in_words())
}

/// The path of the table of a further test: `test.voom.tsv` beside `test.tsv`.
fn of_method(output: &Path, method: &str) -> PathBuf {
    let name = output.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    match name.split_once('.') {
        Some((stem, ending)) => output.with_file_name(format!("{stem}.{method}.{ending}")),
        None => output.with_file_name(format!("{name}.{method}")),
    }
}
