//! Alignments and annotations whose contigs are called otherwise, are missing, or are circles.
#![cfg(test)]

use std::path::Path;

use alkaline_core::Annotation;
use alkaline_core::results::SampleQc;
use alkaline_count::{BamInput, CountOptions, GenomeSequence, StrandRule, count_reads, count_units};
use alkaline_io::annotation;
use alkaline_testkit::SamBuilder;

/// A gene of 501 bases at 900 on each contig, in GTF.
fn genes(contigs: &[&str]) -> Annotation {
    let rows: String = contigs
        .iter()
        .map(|contig| format!("{contig}\tt\texon\t900\t1400\t.\t+\t.\tgene_id \"on_{contig}\";\n"))
        .collect();
    read(&rows)
}

fn read(text: &str) -> Annotation {
    annotation::read_from(text.as_bytes(), Path::new("genes.gtf"), &Default::default()).unwrap().annotation
}

/// Alignments at 1000: so many on each contig.
fn alignments(contigs: &[(&str, u32, usize)]) -> SamBuilder {
    let header: Vec<(&str, u32)> = contigs.iter().map(|&(name, length, _)| (name, length)).collect();
    let mut builder = SamBuilder::new(&header);
    for &(name, _, number) in contigs {
        for read in 0..number {
            builder = builder.read(&format!("{name}_{read}"), name, 1000, "50M");
        }
    }
    builder
}

/// Counts of each gene, and the QC; the same for the quick and for the measuring way of counting.
fn count(builder: &SamBuilder, annotation: &Annotation) -> (Vec<f64>, SampleQc) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.bam");
    builder.write_bam(&path).unwrap();
    let counted = |junctions: bool| {
        let options = CountOptions {
            strandedness: StrandRule::Unstranded,
            threads: 2,
            junctions,
            ..CountOptions::default()
        };
        let counted = count_units(&[BamInput::new("a", &path)], annotation, None, &options).unwrap();
        (counted.rows.iter().map(|row| row[0]).collect::<Vec<f64>>(), counted.qc[0].clone())
    };
    let (quick, measured) = (counted(false), counted(true));
    assert_eq!((&quick.0, &quick.1.warnings), (&measured.0, &measured.1.warnings));
    quick
}

#[test]
fn the_share_of_the_mitochondrion_is_known_by_all_its_names_and_else_missing() {
    for name in ["MT", "chrM", "mitochondrion_genome", "MtDNA", "Mito", "Mt", "NC_012920.1"] {
        let (counts, qc) =
            count(&alignments(&[("1", 100_000, 30), (name, 16_569, 70)]), &genes(&["1", name]));
        assert_eq!(counts, [30.0, 70.0], "{name}");
        assert_eq!(qc.mitochondrial_fraction, Some(0.7), "{name}");
    }
    let (_, qc) = count(&alignments(&[("1", 100_000, 30), ("2", 16_569, 70)]), &genes(&["1", "2"]));
    assert_eq!(qc.mitochondrial_fraction, None);
}

#[test]
fn alignments_to_refseq_are_counted_on_chromosomes_of_ucsc_and_the_other_way_round() {
    let refseq = alignments(&[("NC_000012.12", 133_275_309, 30), ("NC_012920.1", 16_569, 70)]);
    assert_eq!(count(&refseq, &genes(&["chr12", "chrM"])).0, [30.0, 70.0]);
    assert_eq!(count(&refseq, &genes(&["12", "MT"])).0, [30.0, 70.0]);
    let ucsc = alignments(&[("chr12", 133_275_309, 30), ("chrM", 16_569, 70)]);
    assert_eq!(count(&ucsc, &genes(&["NC_000012.12", "NC_012920.1"])).0, [30.0, 70.0]);
}

#[test]
fn genes_and_alignments_that_never_meet_are_told_of() {
    let (_, qc) = count(&alignments(&[("chr1", 9000, 90), ("chrQ", 9000, 10)]), &genes(&["chr1", "chrZ"]));
    let warning = qc.warnings.iter().find(|warning| warning.contains("chrZ")).unwrap();
    assert!(warning.contains("1 of 2 genes lie on contigs that the alignments lack (chrZ)"), "{warning}");
    assert!(
        warning.contains("10 of 100 alignments lie on contigs that the annotation lacks (chrQ: 10)"),
        "{warning}"
    );
    let (_, qc) = count(&alignments(&[("chr1", 9000, 99), ("chrQ", 9000, 1)]), &genes(&["chr1"]));
    assert_eq!(qc.warnings, Vec::<String>::new());
}

#[test]
fn a_gene_across_an_origin_is_counted_on_both_sides_and_speaks_of_no_other_build() {
    let gff3 = concat!(
        "##gff-version 3\n",
        "c\tx\tregion\t1\t10000\t.\t+\t.\tID=c:1..10000;Is_circular=true\n",
        "c\tx\tgene\t9900\t11100\t.\t+\t.\tID=B\n",
        "c\tx\tCDS\t9900\t11100\t.\t+\t0\tID=cds-B;Parent=B\n",
    );
    let circle = alignments(&[("c", 10_000, 5)]).read("end", "c", 9_920, "50M");
    let (counts, qc) = count(&circle, &read(gff3));
    assert_eq!((counts, qc.warnings), (vec![6.0], Vec::new()));
    let gtf = "c\tx\texon\t9900\t11100\t.\t+\t.\tgene_id \"B\";\n";
    let (_, qc) = count(&circle, &read(gtf));
    assert!(
        qc.warnings.iter().any(|warning| warning.contains("if the genome is circular")),
        "{:?}",
        qc.warnings
    );
}

#[test]
fn contigs_with_junctions_that_the_genome_lacks_are_told_of() {
    let directory = tempfile::tempdir().unwrap();
    let (bam, fasta) = (directory.path().join("a.bam"), directory.path().join("g.fa"));
    let builder = SamBuilder::new(&[("c", 9000), ("d", 9000)]).read("r", "c", 1000, "50M100N50M").read(
        "s",
        "d",
        1000,
        "50M100N50M",
    );
    builder.write_bam(&bam).unwrap();
    std::fs::write(&fasta, format!(">d\n{}\n", "A".repeat(9000))).unwrap();
    let genome = GenomeSequence::read(&fasta).unwrap();
    let options = CountOptions { junctions: true, ..CountOptions::default() };
    let inputs = [BamInput::new("a", &bam)];
    let counted = count_units(&inputs, &genes(&["c", "d"]), Some(&genome), &options).unwrap();
    assert_eq!(counted.warnings.len(), 1);
    assert!(
        counted.warnings[0].contains("the strand of 1 junctions (of 2) is not known"),
        "{:?}",
        counted.warnings
    );
    assert!(count_reads(&inputs, &genes(&["c", "d"]), &CountOptions::default()).is_ok());
}
