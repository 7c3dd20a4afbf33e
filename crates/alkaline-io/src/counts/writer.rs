//! Writes a count table in featureCounts' layout.

use std::io::{self, Write};
use std::path::Path;

use alkaline_core::SampleId;
use alkaline_core::annotation::GeneLocus;
use alkaline_core::results::CountTable;

use super::LOCUS_COLUMNS;
use crate::error::WriteError;
use crate::file::write_atomically;
use crate::results::line::Line;
use crate::results::table::write_lines;

/// Writes `table` to `path`; `comment` becomes the `#` line on top (without the `# `).
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &CountTable, comment: Option<&str>) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        if let Some(comment) = comment {
            writeln!(out, "# {comment}")?;
        }
        write_header(out, &LOCUS_COLUMNS, table.matrix.samples().ids())?;
        let no_locus = GeneLocus::default();
        let genes = table.matrix.genes().ids();
        let width = LOCUS_COLUMNS.len() + table.matrix.samples().len();
        write_lines(out, Line::of_tabs, width, 0..genes.len(), |line, &gene| {
            let locus = table.facts.loci.as_ref().map_or(&no_locus, |loci| &loci[gene]);
            line.text(genes[gene].as_str()).text(&locus.chr).text(&locus.start).text(&locus.end);
            line.text(&locus.strand).whole(locus.length);
            table.matrix.row(gene).iter().for_each(|count| write_count(line, *count));
        })
    })
}

/// The header line; a name that begins with a quote stands in quotes, as it does in rows.
pub(super) fn write_header(out: &mut dyn Write, first: &[&str], samples: &[SampleId]) -> io::Result<()> {
    let mut line = Line::of_tabs();
    first.iter().copied().chain(samples.iter().map(SampleId::as_str)).for_each(|name| {
        line.text(name);
    });
    line.end();
    out.write_all(line.as_bytes())
}

/// A count: whole numbers without a decimal point.
fn write_count(line: &mut Line, count: f64) {
    if count.fract() == 0.0 && count < u64::MAX as f64 {
        line.whole(count as u64);
    } else {
        line.real(count);
    }
}
