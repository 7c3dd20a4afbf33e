//! Gene models that need no file: the RefSeq exons of Subread's inbuilt annotation, with symbols.
//!
//! Genes and exons stand in the order of Subread's SAF files, so that a count table made with a built-in annotation is,
//! row for row, what `featureCounts -F SAF -a hg38_RefSeq_exon.txt` gives.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};

use alkaline_core::annotation::AnnotationSource;
use alkaline_core::genome::{Contig, Span, Strand};
use alkaline_core::{Annotation, ContigName, Exon, Gene, GenomeBuild};

use crate::Bundle;

/// The embedded file of a build.
fn bundle(build: GenomeBuild) -> &'static Bundle {
    &BUNDLES[build as usize]
}

/// The assembled chromosomes and the mitochondrion of a build with their lengths in bases, in the order of the assembly.
pub fn contigs(build: GenomeBuild) -> Vec<Contig> {
    contigs_of(bundle(build))
}

const SOURCE: &str = "NCBI RefSeq exons as flattened by Subread 2.0.3 (Debian subread-data 2.0.3+dfsg-1); \
                      chromosome lengths: Debian r-bioc-genomeinfodb; symbols: Debian r-bioc-org.hs.eg.db 3.16";
const MOUSE_SOURCE: &str = "NCBI RefSeq exons as flattened by Subread 2.0.3 (Debian subread-data \
                                      2.0.3+dfsg-1); chromosome lengths: Debian r-bioc-genomeinfodb; symbols: goatools 1.6.7";
const LICENCE: &str = "public domain (NCBI)";

/// The embedded annotation files, in the order of [`GenomeBuild`].
pub(crate) const BUNDLES: [Bundle; 3] = [
    Bundle {
        name: "hg38",
        description: "human gene models (GRCh38), Entrez ids with symbols",
        file: "annotation/hg38.tsv.zst",
        version: "RefSeq build 38.2, NCBI Gene 2022-09-12",
        source: SOURCE,
        licence: LICENCE,
        bytes: include_bytes!("../data/annotation/hg38.tsv.zst"),
    },
    Bundle {
        name: "hg19",
        description: "human gene models (GRCh37), Entrez ids with symbols",
        file: "annotation/hg19.tsv.zst",
        version: "RefSeq build 37.2, NCBI Gene 2022-09-12",
        source: SOURCE,
        licence: LICENCE,
        bytes: include_bytes!("../data/annotation/hg19.tsv.zst"),
    },
    Bundle {
        name: "mm10",
        description: "mouse gene models (GRCm38), Entrez ids with symbols",
        file: "annotation/mm10.tsv.zst",
        version: "RefSeq build 38.1, NCBI Gene 2016-02-22",
        source: MOUSE_SOURCE,
        licence: LICENCE,
        bytes: include_bytes!("../data/annotation/mm10.tsv.zst"),
    },
];

/// The gene models of a genome: Entrez ids, symbols and NCBI gene types where known (types: human only).
pub fn annotation(build: GenomeBuild) -> Annotation {
    let bundle = bundle(build);
    let source = AnnotationSource { name: bundle.name.to_owned(), version: Some(bundle.version.to_owned()) };
    let mut rows = Rows::default();
    for line in bundle.text().lines().filter(|line| !line.starts_with('#')).skip(1) {
        rows.push_gene(line);
    }
    Annotation { source, contigs: rows.contigs, genes: rows.genes, exons: rows.exons }
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
    use alkaline_core::genome_recognition::recognise_builds;
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn every_build_has_the_genes_and_exons_of_its_source() {
        let sizes = |build| {
            let annotation = annotation(build);
            (annotation.genes.len(), annotation.exons.len(), annotation.contigs.len())
        };
        assert_eq!(sizes(GenomeBuild::Hg38), (28_395, 261_752, 55));
        assert_eq!(sizes(GenomeBuild::Hg19), (25_702, 225_074, 52));
        assert_eq!(sizes(GenomeBuild::Mm10), (27_179, 222_996, 43));
    }

    #[test]
    fn gene_ids_are_unique_and_symbols_are_known() {
        let annotation = annotation(GenomeBuild::Hg38);
        let genes = annotation.gene_index().unwrap();
        let symbol = |id| annotation.genes[genes.position(id).unwrap()].name.as_deref();
        assert_eq!(symbol("6364"), Some("CCL20"));
        assert_eq!(symbol("238"), Some("ALK"));
        let named = annotation.genes.iter().filter(|gene| gene.name.is_some()).count();
        assert!(named > 27_700, "{named} genes have a symbol");
    }

    #[test]
    fn mouse_genes_have_symbols() {
        let annotation = annotation(GenomeBuild::Mm10);
        let genes = annotation.gene_index().unwrap();
        assert_eq!(annotation.genes[genes.position("11682").unwrap()].name.as_deref(), Some("Alk"));
        assert_eq!(annotation.genes.iter().filter(|gene| gene.name.is_some()).count(), 22_056);
    }

    /// SHA-256 of Subread's SAF files, uncompressed.
    const SAF_CHECKSUMS: [(GenomeBuild, &str); 3] = [
        (GenomeBuild::Hg38, "787ff872da70d13536ad0db516767fe014324acf13fe4af9d0c12b8ad2041ad5"),
        (GenomeBuild::Hg19, "3e60486dd16a1ab7285dc97680b1e835de563fbaa04c5b8cb6af56fdf08c9134"),
        (GenomeBuild::Mm10, "fe5911031dfcda774badb4b029c2c10dd4b2b11a503a43526646a427ec164f91"),
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
    fn chromosomes_of_the_bundles_are_as_long_as_those_of_their_builds() {
        for build in GenomeBuild::ALL {
            let lengths: HashMap<String, u32> =
                contigs(build).into_iter().map(|contig| (contig.name.to_string(), contig.length)).collect();
            for (chromosome, length) in build.chromosomes() {
                assert_eq!(lengths[&format!("chr{chromosome}")], length, "{build} {chromosome}");
            }
            assert_eq!(recognise_builds(&contigs(build)), [build]);
            assert_eq!(bundle(build).name, build.name());
        }
    }
}
