//! Writing GMT files.

use std::io::{self, Write};
use std::path::Path;

use alkaline_core::gene_sets::GeneSetCollection;

use crate::error::WriteError;
use crate::file::write_atomically;

/// Writes a collection as GMT (gzip by name).
///
/// # Errors
/// [`WriteError`] when the file cannot be written.
pub fn write(path: &Path, collection: &GeneSetCollection) -> Result<(), WriteError> {
    write_atomically(path, |out| write_to(out, collection))
}

/// As [`write()`], to a stream. Tabs and line ends within names and descriptions become spaces.
///
/// # Errors
/// Those of the stream.
pub fn write_to(out: &mut dyn Write, collection: &GeneSetCollection) -> io::Result<()> {
    let plain = |text: &str| text.replace(['\t', '\n', '\r'], " ");
    for set in &collection.sets {
        write!(out, "{}\t{}", plain(&set.id), plain(&set.description))?;
        for gene in collection.genes_of(set) {
            write!(out, "\t{gene}")?;
        }
        writeln!(out)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gmt::parse;

    #[test]
    fn writing_then_reading_is_identity() {
        let text = "A\tfirst\tx\ty\nB\t\ty\tz\n";
        let (collection, _) = parse(text, Path::new("s.gmt")).unwrap();
        let mut out = Vec::new();
        write_to(&mut out, &collection).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), text);
    }
}
