//! Writing ranked lists.

use std::io::{self, Write};
use std::path::Path;

use alkaline_core::results::RankedGenes;

use crate::error::WriteError;
use crate::file::write_atomically;
use crate::number::Decimal;

/// Writes a ranked list: gene, tab, score; no header (gzip by name).
///
/// # Errors
/// [`WriteError`] when the file cannot be written.
pub fn write(path: &Path, list: &RankedGenes) -> Result<(), WriteError> {
    write_atomically(path, |out| write_to(out, list))
}

/// As [`write()`], to a stream.
///
/// # Errors
/// Those of the stream.
pub fn write_to(out: &mut dyn Write, list: &RankedGenes) -> io::Result<()> {
    for (gene, score) in list.genes.iter().zip(&list.scores) {
        writeln!(out, "{gene}\t{}", Decimal(*score))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rnk::parse;

    #[test]
    fn writing_then_reading_is_identity() {
        let (list, _) = parse("b\t1.5e300\na\t0.1\nc\t-3\n", Path::new("l.rnk")).unwrap();
        let mut out = Vec::new();
        write_to(&mut out, &list).unwrap();
        let (again, _) = parse(std::str::from_utf8(&out).unwrap(), Path::new("l.rnk")).unwrap();
        assert_eq!(again, list);
    }
}
