//! Tables of `alkaline count`: featureCounts' count table with `-f` and `--extraAttributes`, and its junction table.

mod reader;

use std::cmp::Ordering;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use alkaline_core::results::{
    ExonBoundary, FeatureTable, JunctionRow, JunctionSites, JunctionTable, SiteStrand,
};

use crate::counts::LOCUS_COLUMNS;
use crate::error::WriteError;
use crate::file::write_atomically;
use crate::number::MISSING;
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

/// First columns of the junction table of featureCounts 2.1.
const SITE_COLUMNS: [&str; 14] = [
    "Gene_SP1",
    "Gene_SP2",
    "Transcript",
    "Status",
    "Donor",
    "Acceptor",
    "Chr_SP1",
    "Location_SP1",
    "Strand_SP1",
    "Chr_SP2",
    "Location_SP2",
    "Strand_SP2",
    "NearestExonBoundary_SP1",
    "NearestExonBoundary_SP2",
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

/// Writes the junction table `table` to `path`: in the layout of featureCounts 2.1 where it has what that tells.
///
/// # Errors
/// [`WriteError`].
pub fn write_junctions(path: &Path, table: &JunctionTable) -> Result<(), WriteError> {
    write_atomically(path, |out| match &table.sites {
        None => write_layout(out, table, &JUNCTION_COLUMNS, |row, _| genes_and_places(row)),
        Some(sites) => {
            write_layout(out, table, &SITE_COLUMNS, |row, number| sites_and_places(row, &sites[number]))
        }
    })
}

fn write_layout(
    out: &mut dyn Write,
    table: &JunctionTable,
    columns: &[&str],
    fields: impl Fn(&JunctionRow, usize) -> String,
) -> io::Result<()> {
    write!(out, "{}", columns.join("\t"))?;
    for sample in &table.samples {
        write!(out, "\t{sample}")?;
    }
    writeln!(out)?;
    for (number, row) in table.rows.iter().enumerate() {
        write!(out, "{}", fields(row, number))?;
        row.counts.iter().try_for_each(|count| write!(out, "\t{count}"))?;
        writeln!(out)?;
    }
    Ok(())
}

/// The first columns of a row in the layout of featureCounts 2.0.
fn genes_and_places(row: &JunctionRow) -> String {
    let primary = row.primary_gene.as_ref().map_or(MISSING, |gene| gene.as_str());
    let others = joined(row.secondary_genes.iter().map(|gene| gene.as_str()), ",");
    let (contig, strand) = (&row.contig, row.strand.symbol());
    format!("{primary}\t{others}\t{contig}\t{}\t{strand}\t{contig}\t{}\t{strand}", row.left, row.right)
}

/// The first columns of a row in the layout of featureCounts 2.1.
fn sites_and_places(row: &JunctionRow, sites: &JunctionSites) -> String {
    let [left_genes, right_genes] =
        [0, 1].map(|site| joined(sites.genes[site].iter().map(|gene| gene.as_str()), ","));
    let transcripts = joined(sites.transcripts.iter().map(String::as_str), ",");
    let status = if sites.is_known() { "KNOWN" } else { "NOVEL" };
    let (donor, acceptor) = match row.strand {
        SiteStrand::Forward => ("SP1", "SP2"),
        SiteStrand::Reverse => ("SP2", "SP1"),
        SiteStrand::Unknown => (MISSING, MISSING),
    };
    let (contig, strand) = (&row.contig, row.strand.symbol());
    let boundaries = |site: u32, nearest: &[ExonBoundary]| {
        joined(nearest.iter().map(|boundary| boundary_text(contig, site, boundary)), ";")
    };
    format!(
        "{left_genes}\t{right_genes}\t{transcripts}\t{status}\t{donor}\t{acceptor}\t{contig}\t{}\t{strand}\t\
         {contig}\t{}\t{strand}\t{}\t{}",
        row.left,
        row.right,
        boundaries(row.left, &sites.nearest[0]),
        boundaries(row.right, &sites.nearest[1]),
    )
}

/// A boundary as featureCounts writes it: place, gene, distance, and the side on which it lies.
fn boundary_text(contig: &str, site: u32, boundary: &ExonBoundary) -> String {
    let ExonBoundary { position, gene } = boundary;
    let side = match position.cmp(&site) {
        Ordering::Less => ",left",
        Ordering::Equal => "",
        Ordering::Greater => ",right",
    };
    format!("{contig}:{position},{gene},{}{side}", position.abs_diff(site))
}

fn joined(items: impl Iterator<Item = impl AsRef<str>>, separator: &str) -> String {
    let mut text = String::new();
    for item in items {
        if !text.is_empty() {
            text.push_str(separator);
        }
        text.push_str(item.as_ref());
    }
    if text.is_empty() { MISSING.to_owned() } else { text }
}
