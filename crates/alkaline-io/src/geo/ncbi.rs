//! Counts that NCBI made of the reads of a series: a table of numbers of genes and samples, and a table that describes the genes.

use std::path::Path;

use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};
use crate::number;

/// Why NCBI leaves a sample out, as far as its documentation tells.
pub const NCBI_LEAVES_OUT: &str = "NCBI counts human and mouse RNA-seq alone, and leaves out runs of which less than half align or whose processing failed";

/// Columns of the annotation that are used.
const COLUMNS: [&str; 4] = ["GeneID", "Symbol", "GeneType", "Length"];

/// What NCBI tells of a gene.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NcbiGene {
    /// NCBI's number.
    pub id: String,
    /// Its symbol.
    pub symbol: Option<String>,
    /// What kind of gene it is: `protein-coding`, `ncRNA`, `pseudo`.
    pub biotype: Option<String>,
    /// Its length in bases, with which NCBI computes TPM and FPKM.
    pub length: Option<u64>,
    /// Its identifier at Ensembl.
    pub ensembl: Option<String>,
}

/// Whether a file of this name holds counts that NCBI made.
pub fn is_ncbi_name(name: &str) -> bool {
    name.contains("_raw_counts_") && name.contains("_NCBI")
}

/// Whether these are the columns of the annotation.
pub(super) fn is_annotation_header(names: &[&str]) -> bool {
    names.first() == Some(&"GeneID") && names.contains(&"Symbol") && names.contains(&"GeneType")
}

/// Reads the annotation of the genes (`Human.GRCh38.p13.annot.tsv.gz`).
///
/// # Errors
/// [`ReadError`] for a file that cannot be read, or lacks its columns.
pub fn read_ncbi_annotation(path: &Path) -> Result<Vec<NcbiGene>, ReadError> {
    let mut table = Delimited::open(path)?;
    let place = |name: &str| table.header.iter().position(|column| column == name);
    let places = COLUMNS.map(place);
    let ensembl = place("EnsemblGeneID");
    if let Some(missing) = COLUMNS.iter().zip(places).find(|(_, place)| place.is_none()) {
        let message = format!("no column `{}`: this is not NCBI's annotation of its counts", missing.0);
        return Err(FileProblems::one(path, Problem::at_line(table.header_line, message)).into());
    }
    let mut genes = Vec::new();
    let mut row = Record::default();
    while table.next_row(&mut row)?.is_some() {
        let text = |place: Option<usize>| {
            place
                .and_then(|place| row.get(place))
                .map(str::trim)
                .filter(|text| !matches!(*text, "" | "NA" | "na"))
        };
        let Some(id) = text(places[0]) else { continue };
        genes.push(NcbiGene {
            id: id.to_owned(),
            symbol: text(places[1]).map(str::to_owned),
            biotype: text(places[2]).map(str::to_owned),
            length: text(places[3])
                .and_then(number::parse)
                .filter(|length| *length > 0.0)
                .map(|length| length as u64),
            ensembl: text(ensembl).map(str::to_owned),
        });
    }
    Ok(genes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genes_are_read_with_what_is_missing() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("Human.annot.tsv");
        let text = "GeneID\tSymbol\tDescription\tSynonyms\tGeneType\tEnsemblGeneID\tLength\n\
                    7157\tTP53\ttumor protein\tP53|LFS1\tprotein-coding\tENSG00000141510\t2512\n\
                    5\t\t\t\tna\t\t\n";
        std::fs::write(&path, text).unwrap();
        let genes = read_ncbi_annotation(&path).unwrap();
        assert_eq!((genes[0].symbol.as_deref(), genes[0].length), (Some("TP53"), Some(2512)));
        assert_eq!(
            (genes[1].symbol.as_deref(), genes[1].biotype.as_deref(), genes[1].length),
            (None, None, None)
        );
    }
}
