//! Which transcript is of which gene: a table of two columns (`tx2gene`), or an annotation.

use std::collections::HashMap;
use std::path::Path;

use crate::annotation::{attribute, rows_of};
use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};

/// What columns of transcripts are called, without case and signs.
const TRANSCRIPTS: [&str; 8] =
    ["transcriptid", "transcript", "txname", "txid", "tx", "targetid", "enst", "name"];

/// The gene of every transcript.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TranscriptGenes {
    genes: HashMap<String, String>,
    /// Names of genes, where they are told.
    symbols: HashMap<String, String>,
    /// A transcript, to show what they are called.
    pub example: String,
    /// Transcripts that stand under a second gene, of which the first counts.
    pub repeated: usize,
}

impl TranscriptGenes {
    /// The gene of a transcript.
    pub fn gene(&self, transcript: &str) -> Option<&str> {
        self.genes.get(transcript).map(String::as_str)
    }

    /// The symbol of a gene.
    pub fn symbol(&self, gene: &str) -> Option<&str> {
        self.symbols.get(gene).map(String::as_str)
    }

    /// Number of transcripts.
    pub fn len(&self) -> usize {
        self.genes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.genes.is_empty()
    }

    /// The same genes for transcripts that are called otherwise; of those that become alike the first by name counts.
    #[must_use]
    pub fn renamed(&self, rename: impl Fn(&str) -> String) -> Self {
        let mut names: Vec<(&String, &String)> = self.genes.iter().collect();
        names.sort_unstable();
        let mut genes = HashMap::new();
        for (transcript, gene) in names {
            genes.entry(rename(transcript)).or_insert_with(|| gene.clone());
        }
        Self { genes, example: rename(&self.example), ..self.clone() }
    }

    /// The gene in the second field of names that GENCODE joins by bars: `ENST|ENSG|...|symbol|...`.
    pub fn of_names<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        let mut known = Self::default();
        for name in names {
            let fields: Vec<&str> = name.split('|').collect();
            if let [transcript, gene, _, _, _, symbol, ..] = fields.as_slice() {
                known.add(name, gene);
                known.add(transcript, gene);
                known.symbols.entry((*gene).to_owned()).or_insert_with(|| (*symbol).to_owned());
            }
        }
        known
    }

    /// The gene that stands beside each transcript; what stands for none (`.`, nothing) is none.
    pub fn of_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let mut known = Self::default();
        pairs.filter(|(_, gene)| *gene != ".").for_each(|(transcript, gene)| known.add(transcript, gene));
        known
    }

    fn add(&mut self, transcript: &str, gene: &str) {
        if transcript.is_empty() || gene.is_empty() {
            return;
        }
        if self.genes.is_empty() {
            transcript.clone_into(&mut self.example);
        }
        match self.genes.get(transcript) {
            Some(known) => self.repeated += usize::from(known != gene),
            None => {
                self.genes.insert(transcript.to_owned(), gene.to_owned());
            }
        }
    }
}

/// Reads the genes of transcripts from a table of two columns, a GTF or a GFF3 file.
///
/// # Errors
/// [`ReadError`] when the file cannot be read, and when no row names a transcript and its gene.
pub fn read_transcript_genes(path: &Path) -> Result<TranscriptGenes, ReadError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let stem = name.strip_suffix(".gz").unwrap_or(&name);
    let known = if [".gtf", ".gff", ".gff3"].iter().any(|ending| stem.ends_with(ending)) {
        of_annotation(path)?
    } else {
        of_table(path)?
    };
    if known.is_empty() {
        let hint = "a table of transcript and gene, or a GTF as Ensembl and GENCODE write it, is wanted";
        let problem = Problem::of_file("no row names a transcript and its gene").hint(hint);
        return Err(FileProblems::one(path, problem).into());
    }
    Ok(known)
}

/// The genes of an annotation: attributes `transcript_id` and `gene_id`, in GFF3 also the parent of a transcript.
fn of_annotation(path: &Path) -> Result<TranscriptGenes, ReadError> {
    let mut known = TranscriptGenes::default();
    rows_of(path, |attributes| {
        let text = |key: &str| attribute(attributes, key.as_bytes());
        let Some(transcript) = text("transcript_id") else { return };
        let parent = || {
            text("Parent").filter(|parent| parent.starts_with("gene")).map(|parent| parent[5..].to_owned())
        };
        let Some(gene) = text("gene_id").or_else(parent) else { return };
        if let Some(version) = text("transcript_version") {
            known.add(&format!("{transcript}.{version}"), &gene);
        }
        known.add(&transcript, &gene);
        if let Some(symbol) = text("gene_name") {
            known.symbols.entry(gene).or_insert(symbol);
        }
    })?;
    Ok(known)
}

/// The genes of a table: its first two columns, or those that are called so.
fn of_table(path: &Path) -> Result<TranscriptGenes, ReadError> {
    let mut table = Delimited::open(path)?;
    if table.header.len() < 2 {
        let message = "two columns are wanted: transcript and gene";
        return Err(FileProblems::one(path, Problem::at_line(table.header_line, message)).into());
    }
    let plain: Vec<String> = table.header.iter().map(|name| crate::column_names::plain(name)).collect();
    let transcript = TRANSCRIPTS.iter().find_map(|name| plain.iter().position(|column| column == name));
    let gene = ["geneid", "gene", "ensg", "genename", "symbol"]
        .iter()
        .find_map(|name| plain.iter().position(|column| column == name));
    let has_header = transcript.is_some() || gene.is_some();
    if !has_header {
        let names = (1..=table.header.len()).map(|number| format!("V{number}")).collect();
        table.header_is_a_row(names);
    }
    let first = transcript.unwrap_or(usize::from(gene == Some(0)));
    let second = gene.filter(|gene| *gene != first).unwrap_or(usize::from(first == 0));
    let symbol = plain
        .iter()
        .position(|name| matches!(name.as_str(), "genename" | "symbol" | "genesymbol"))
        .filter(|place| *place != second);
    let mut known = TranscriptGenes::default();
    let mut row = Record::default();
    while table.next_row(&mut row)?.is_some() {
        let text = |place: usize| row.get(place).unwrap_or_default().trim();
        known.add(text(first), text(second));
        if let Some(name) = symbol.map(text).filter(|name| !name.is_empty()) {
            known.symbols.entry(text(second).to_owned()).or_insert_with(|| name.to_owned());
        }
    }
    Ok(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str) -> Result<TranscriptGenes, ReadError> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(name);
        std::fs::write(&path, text).unwrap();
        read_transcript_genes(&path)
    }

    #[test]
    fn genes_come_from_tables_with_and_without_a_header() {
        let named = read("t.csv", "gene_id,transcript_id,gene_name\nG,T,TP53\nH,T,x\n").unwrap();
        assert_eq!((named.gene("T"), named.symbol("G"), named.repeated), (Some("G"), Some("TP53"), 1));
        let bare = read("t.tsv", "T1\tG1\nT2\tG1\n").unwrap();
        assert_eq!((bare.gene("T1"), bare.gene("T2"), bare.len()), (Some("G1"), Some("G1"), 2));
        assert!(read("t.tsv", "T1\n").is_err());
    }

    #[test]
    fn genes_come_from_annotations_with_versions_beside() {
        let gtf = "1\te\ttranscript\t1\t9\t.\t+\t.\tgene_id \"G1\"; transcript_id \"T1\"; transcript_version \"3\"; gene_name \"ALK\";\n";
        let known = read("a.gtf", gtf).unwrap();
        assert_eq!(
            (known.gene("T1"), known.gene("T1.3"), known.symbol("G1")),
            (Some("G1"), Some("G1"), Some("ALK"))
        );
        let gff =
            "##gff-version 3\n1\te\tmRNA\t1\t9\t.\t+\t.\tID=transcript:T1;Parent=gene:G1;transcript_id=T1\n";
        assert_eq!(read("a.gff3", gff).unwrap().gene("T1"), Some("G1"));
        assert!(
            read("a.gtf", "1\te\texon\t1\t9\t.\t+\t.\tgene_id \"G\";\n")
                .unwrap_err()
                .to_string()
                .contains("no row names")
        );
    }

    #[test]
    fn names_joined_by_bars_tell_their_gene() {
        let name = "ENST1.2|ENSG1.5|OTTG|OTTT|A-201|A|900|protein_coding|";
        let known = TranscriptGenes::of_names([name, "ENST2"].into_iter());
        assert_eq!(
            (known.gene(name), known.symbol("ENSG1.5"), known.gene("ENST2")),
            (Some("ENSG1.5"), Some("A"), None)
        );
    }
}
