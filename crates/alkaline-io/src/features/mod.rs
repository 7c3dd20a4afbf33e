//! Tables of `alkaline count`: featureCounts' count table with `-f` and `--extraAttributes`, and its junction table.

mod reader;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use alkaline_core::results::{FeatureTable, JunctionTable};

use crate::counts::LOCUS_COLUMNS;
use crate::error::WriteError;
use crate::file::write_atomically;
pub use reader::{read, read_junctions};

/// First columns of the junction table.
const JUNCTION_COLUMNS: [&str; 8] = [
    "PrimaryGene",
    "SecondaryGenes",
    "Site1_chr",
    "Site1_location",
    "Site1_strand",
    "Site2_chr",
    "Site2_location",
    "Site2_strand",
];

/// Where the junction table beside the count table at `counts` lies.
pub fn junctions_path(counts: &Path) -> PathBuf {
    let mut name = counts.as_os_str().to_owned();
    name.push(".jcounts");
    name.into()
}

/// Writes `table` to `path`; `comment` becomes the `#` line on top (without the `# `).
///
/// Counts that are no whole numbers have two decimals, as featureCounts writes them.
///
/// # Errors
/// [`WriteError`].
pub fn write(path: &Path, table: &FeatureTable, comment: Option<&str>) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        if let Some(comment) = comment {
            writeln!(out, "# {comment}")?;
        }
        write!(out, "{}", LOCUS_COLUMNS.join("\t"))?;
        for attribute in &table.attributes {
            write!(out, "\t{attribute}")?;
        }
        for sample in &table.samples {
            write!(out, "\t{sample}")?;
        }
        writeln!(out)?;
        for row in &table.rows {
            let locus = &row.locus;
            write!(
                out,
                "{}\t{}\t{}\t{}\t{}\t{}",
                row.id, locus.chr, locus.start, locus.end, locus.strand, locus.length
            )?;
            for attribute in &row.attributes {
                write!(out, "\t{attribute}")?;
            }
            row.counts.iter().try_for_each(|count| write_count(out, *count))?;
            writeln!(out)?;
        }
        Ok(())
    })
}

fn write_count(out: &mut dyn Write, count: f64) -> io::Result<()> {
    if count.fract() == 0.0 { write!(out, "\t{count}") } else { write!(out, "\t{count:.2}") }
}

/// Writes the junction table `table` to `path`.
///
/// # Errors
/// [`WriteError`].
pub fn write_junctions(path: &Path, table: &JunctionTable) -> Result<(), WriteError> {
    write_atomically(path, |out| {
        write!(out, "{}", JUNCTION_COLUMNS.join("\t"))?;
        for sample in &table.samples {
            write!(out, "\t{sample}")?;
        }
        writeln!(out)?;
        for row in &table.rows {
            let primary = row.primary_gene.as_ref().map_or("NA", |gene| gene.as_str());
            let others: Vec<&str> = row.secondary_genes.iter().map(|gene| gene.as_str()).collect();
            let others = if others.is_empty() { "NA".to_owned() } else { others.join(",") };
            let strand = row.strand.symbol();
            write!(
                out,
                "{primary}\t{others}\t{0}\t{1}\t{strand}\t{0}\t{2}\t{strand}",
                row.contig, row.left, row.right
            )?;
            row.counts.iter().try_for_each(|count| write!(out, "\t{count}"))?;
            writeln!(out)?;
        }
        Ok(())
    })
}
