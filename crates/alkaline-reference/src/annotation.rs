//! Gene models that need no file: the RefSeq exons of Subread's inbuilt annotation, with symbols.
//!
//! Genes and exons stand in the order of Subread's SAF files, so that a count table made with a built-in annotation is,
//! row for row, what `featureCounts -F SAF -a hg38_RefSeq_exon.txt` gives.

use std::collections::HashMap;
use std::fmt;
use std::io::{BufRead, BufReader};
use std::str::FromStr;

use alkaline_core::annotation::AnnotationSource;
use alkaline_core::genome::{Contig, Span, Strand};
use alkaline_core::{Annotation, ContigName, Exon, Gene};
use thiserror::Error;

use crate::Bundle;

/// A genome whose gene models are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BuiltIn {
    /// Human, GRCh38.
    Hg38,
    /// Human, GRCh37.
    Hg19,
    /// Mouse, GRCm38.
    Mm10,
}

/// A name that is no built-in annotation.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("`{0}` is no built-in annotation; there are hg38, hg19 and mm10")]
pub struct UnknownBuiltIn(pub String);

impl BuiltIn {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Hg38, Self::Hg19, Self::Mm10];

    /// The name that `--annotation` takes.
    pub const fn name(self) -> &'static str {
        self.bundle().name
    }

    /// The embedded file.
    pub const fn bundle(self) -> &'static Bundle {
        &BUNDLES[self as usize]
    }

    /// The assembled chromosomes and the mitochondrion with their lengths in bases, in the order of the assembly.
    pub fn contigs(self) -> Vec<Contig> {
        contigs_of(self.bundle())
    }
}

impl fmt::Display for BuiltIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for BuiltIn {
    type Err = UnknownBuiltIn;

    /// The UCSC name of a build, or the name that NCBI and Ensembl use; upper and lower case alike.
    fn from_str(name: &str) -> Result<Self, UnknownBuiltIn> {
        match name.to_ascii_lowercase().as_str() {
            "hg38" | "grch38" => Ok(Self::Hg38),
            "hg19" | "grch37" => Ok(Self::Hg19),
            "mm10" | "grcm38" => Ok(Self::Mm10),
            _ => Err(UnknownBuiltIn(name.to_owned())),
        }
    }
}

const SOURCE: &str = "NCBI RefSeq exons as flattened by Subread 2.0.3 (Debian subread-data 2.0.3+dfsg-1); \
                      chromosome lengths: Debian r-bioc-genomeinfodb; symbols: Debian r-bioc-org.hs.eg.db 3.16";
const MOUSE_SOURCE: &str = "NCBI RefSeq exons as flattened by Subread 2.0.3 (Debian subread-data \
                                      2.0.3+dfsg-1); chromosome lengths: Debian r-bioc-genomeinfodb; symbols: goatools 1.6.7";
const LICENCE: &str = "public domain (NCBI)";

/// The embedded annotation files, in the order of [`BuiltIn`].
pub(crate) const BUNDLES: [Bundle; 3] = [
    Bundle {
        name: "hg38",
        description: "human gene models (GRCh38), Entrez ids with symbols",
        file: "annotation/hg38.tsv.zst",
        version: "RefSeq build 38.2, NCBI Gene 2022-09-12",
        source: SOURCE,
        licence: LICENCE,
        bytes: include_bytes!("../../../reference/annotation/hg38.tsv.zst"),
    },
    Bundle {
        name: "hg19",
        description: "human gene models (GRCh37), Entrez ids with symbols",
        file: "annotation/hg19.tsv.zst",
        version: "RefSeq build 37.2, NCBI Gene 2022-09-12",
        source: SOURCE,
        licence: LICENCE,
        bytes: include_bytes!("../../../reference/annotation/hg19.tsv.zst"),
    },
    Bundle {
        name: "mm10",
        description: "mouse gene models (GRCm38), Entrez ids with symbols",
        file: "annotation/mm10.tsv.zst",
        version: "RefSeq build 38.1, NCBI Gene 2016-02-22",
        source: MOUSE_SOURCE,
        licence: LICENCE,
        bytes: include_bytes!("../../../reference/annotation/mm10.tsv.zst"),
    },
];

/// The gene models of a genome: Entrez ids, symbols and NCBI gene types where known (types: human only).
pub fn annotation(build: BuiltIn) -> Annotation {
    let bundle = build.bundle();
    let source = AnnotationSource { name: bundle.name.to_owned(), version: Some(bundle.version.to_owned()) };
    let mut rows = Rows::default();
    for line in bundle.text().lines().filter(|line| !line.starts_with('#')).skip(1) {
        rows.push_gene(line);
    }
    Annotation { source, contigs: rows.contigs, genes: rows.genes, exons: rows.exons }
}

/// The genomes that a BAM header's contigs belong to, told by the lengths of the assembled chromosomes, whatever these
/// are called.
///
/// Usually one; none for another organism or build; several when genomes were indexed together (a xenograft).
/// The mitochondrion is left aside: GRCh37 and GRCh38 share one.
pub fn recognise(contigs: &[Contig]) -> Vec<BuiltIn> {
    let has = |chromosome: &Contig| contigs.iter().any(|contig| contig.length == chromosome.length);
    let nuclear = |chromosome: &Contig| chromosome.name.as_str() != "chrM";
    BuiltIn::ALL
        .into_iter()
        .filter(|build| build.contigs().iter().any(|chromosome| nuclear(chromosome) && has(chromosome)))
        .collect()
}

/// Reads a bundle's head only: recognising a genome should not cost three decoded annotations.
fn contigs_of(bundle: &Bundle) -> Vec<Contig> {
    let head = zstd::Decoder::new(bundle.bytes).expect("an embedded bundle is a zstd frame");
    BufReader::new(head)
        .lines()
        .map(|line| line.expect("an embedded bundle is UTF-8"))
        .take_while(|line| line.starts_with('#'))
        .filter_map(|line| {
            let (name, length) = line.strip_prefix("#contig\t")?.split_once('\t')?;
            Some(Contig { name: ContigName::from(name), length: number(length) })
        })
        .collect()
}

/// The parts of an [`Annotation`] while lines of a bundle are read (columns: see `reference/annotation/build.py`).
#[derive(Default)]
struct Rows {
    contigs: Vec<ContigName>,
    contig_numbers: HashMap<String, u32>,
    genes: Vec<Gene>,
    exons: Vec<Exon>,
}

impl Rows {
    fn push_gene(&mut self, line: &str) {
        let mut columns = line.split('\t');
        let mut next = || columns.next().expect("a gene line has id, symbol and type");
        let (id, symbol, biotype) = (next(), next(), next());
        let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let gene = self.genes.len() as u32;
        self.genes.push(Gene { id: id.into(), name: known(symbol), biotype: known(biotype) });
        columns.for_each(|column| self.push_exons(gene, column));
    }

    /// Reads `CONTIG STRAND START,LENGTH,GAP,LENGTH,...` (without the blanks).
    fn push_exons(&mut self, gene: u32, column: &str) {
        let sign = column.find(['+', '-']).expect("a strand stands between contig and start");
        let (contig, numbers) = (self.contig(&column[..sign]), &column[sign + 1..]);
        let strand = if &column[sign..=sign] == "+" { Strand::Forward } else { Strand::Reverse };
        let mut numbers = numbers.split(',').map(number);
        let mut end = 0;
        while let (Some(gap), Some(length)) = (numbers.next(), numbers.next()) {
            let start = end + gap;
            end = start + length - 1;
            let span = Span::new(start, end).expect("an exon holds at least one base");
            self.exons.push(Exon { contig, span, strand, gene });
        }
    }

    fn contig(&mut self, name: &str) -> u32 {
        if let Some(&number) = self.contig_numbers.get(name) {
            return number;
        }
        let number = self.contigs.len() as u32;
        self.contigs.push(name.into());
        self.contig_numbers.insert(name.to_owned(), number);
        number
    }
}

fn number(text: &str) -> u32 {
    text.parse().expect("a coordinate is a number")
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn every_build_has_the_genes_and_exons_of_its_source() {
        let sizes = |build| {
            let annotation = annotation(build);
            (annotation.genes.len(), annotation.exons.len(), annotation.contigs.len())
        };
        assert_eq!(sizes(BuiltIn::Hg38), (28_395, 261_752, 55));
        assert_eq!(sizes(BuiltIn::Hg19), (25_702, 225_074, 52));
        assert_eq!(sizes(BuiltIn::Mm10), (27_179, 222_996, 43));
    }

    #[test]
    fn gene_ids_are_unique_and_symbols_are_known() {
        let annotation = annotation(BuiltIn::Hg38);
        let genes = annotation.gene_index().unwrap();
        let symbol = |id| annotation.genes[genes.position(id).unwrap()].name.as_deref();
        assert_eq!(symbol("6364"), Some("CCL20"));
        assert_eq!(symbol("238"), Some("ALK"));
        let named = annotation.genes.iter().filter(|gene| gene.name.is_some()).count();
        assert!(named > 27_700, "{named} genes have a symbol");
    }

    #[test]
    fn mouse_genes_have_symbols() {
        let annotation = annotation(BuiltIn::Mm10);
        let genes = annotation.gene_index().unwrap();
        assert_eq!(annotation.genes[genes.position("11682").unwrap()].name.as_deref(), Some("Alk"));
        assert_eq!(annotation.genes.iter().filter(|gene| gene.name.is_some()).count(), 22_056);
    }

    /// SHA-256 of Subread's SAF files, uncompressed.
    const SAF_CHECKSUMS: [(BuiltIn, &str); 3] = [
        (BuiltIn::Hg38, "787ff872da70d13536ad0db516767fe014324acf13fe4af9d0c12b8ad2041ad5"),
        (BuiltIn::Hg19, "3e60486dd16a1ab7285dc97680b1e835de563fbaa04c5b8cb6af56fdf08c9134"),
        (BuiltIn::Mm10, "fe5911031dfcda774badb4b029c2c10dd4b2b11a503a43526646a427ec164f91"),
    ];

    #[test]
    fn written_back_as_saf_it_is_the_source_byte_for_byte() {
        for (build, expected) in SAF_CHECKSUMS {
            let annotation = annotation(build);
            let mut saf = String::from("GeneID\tChr\tStart\tEnd\tStrand\n");
            for exon in &annotation.exons {
                let (gene, contig) =
                    (&annotation.genes[exon.gene as usize], &annotation.contigs[exon.contig as usize]);
                let (start, end, strand) = (exon.span.start(), exon.span.end(), exon.strand.symbol());
                saf += &format!("{}\t{contig}\t{start}\t{end}\t{strand}\n", gene.id);
            }
            let checksum: String = Sha256::digest(saf).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(checksum, expected, "{build}");
        }
    }

    #[test]
    fn a_build_is_recognised_by_chromosome_lengths_whatever_the_names() {
        let contig = |name: &str, length| Contig { name: name.into(), length };
        assert_eq!(recognise(&[contig("19", 58_617_616)]), [BuiltIn::Hg38]);
        assert_eq!(recognise(&[contig("chr1", 249_250_621), contig("MT", 16_569)]), [BuiltIn::Hg19]);
        assert_eq!(recognise(&[contig("MT", 16_569)]), []);
        let mut xenograft = BuiltIn::Hg38.contigs();
        xenograft.extend(BuiltIn::Mm10.contigs());
        assert_eq!(recognise(&xenograft), [BuiltIn::Hg38, BuiltIn::Mm10]);
    }

    #[test]
    fn names_are_read_in_both_vocabularies() {
        assert_eq!("GRCh38".parse(), Ok(BuiltIn::Hg38));
        assert_eq!(
            "hg18".parse::<BuiltIn>().unwrap_err().to_string(),
            "`hg18` is no built-in annotation; there are hg38, hg19 and mm10"
        );
        for build in BuiltIn::ALL {
            assert_eq!(build.name().parse(), Ok(build));
        }
    }
}
