//! Writes a count table in featureCounts' layout.

use std::io::{self, Write};
use std::path::Path;

use alkaline_core::annotation::GeneLocus;
use alkaline_core::results::CountTable;

use super::LOCUS_COLUMNS;
use crate::error::WriteError;
use crate::file::write_atomically;
use crate::number::Decimal;

/// Writes `table` to `path`; `comment` becomes the `#` line on top (without the `# `).
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &CountTable, comment: Option<&str>) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        if let Some(comment) = comment {
            writeln!(out, "# {comment}")?;
        }
        write_header(out, table)?;
        let no_locus = GeneLocus::default();
        for (gene, id) in table.matrix.genes().ids().iter().enumerate() {
            let locus = table.facts.loci.as_ref().map_or(&no_locus, |loci| &loci[gene]);
            write!(
                out,
                "{id}\t{}\t{}\t{}\t{}\t{}",
                locus.chr, locus.start, locus.end, locus.strand, locus.length
            )?;
            for &count in table.matrix.row(gene) {
                write_count(out, count)?;
            }
            out.write_all(b"\n")?;
        }
        Ok(())
    })
}

/// The header line.
fn write_header(out: &mut dyn Write, table: &CountTable) -> io::Result<()> {
    out.write_all(LOCUS_COLUMNS.join("\t").as_bytes())?;
    for sample in table.matrix.samples().ids() {
        write!(out, "\t{sample}")?;
    }
    writeln!(out)
}

/// A count behind a tab: whole numbers without a decimal point.
fn write_count(out: &mut dyn Write, count: f64) -> io::Result<()> {
    if count.fract() == 0.0 && count < u64::MAX as f64 {
        write!(out, "\t{}", count as u64)
    } else {
        write!(out, "\t{}", Decimal(count))
    }
}
