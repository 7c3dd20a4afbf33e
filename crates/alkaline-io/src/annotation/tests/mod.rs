//! The readers against small files written in the test.

mod genes_of_gff3;
mod spellings;

use std::path::Path;

use super::*;

fn read_text(text: &str, options: &AnnotationOptions) -> Result<AnnotationFile, String> {
    read_from(text.as_bytes(), Path::new("anno"), options).map_err(|error| error.to_string())
}

/// Reads `text` with no option set.
fn read_plain(text: &str) -> AnnotationFile {
    read_text(text, &AnnotationOptions::default()).unwrap()
}

fn genes(file: &AnnotationFile) -> Vec<&str> {
    file.annotation.genes.iter().map(|gene| gene.id.as_str()).collect()
}

const GTF: &str = concat!(
    "#!genome\n",
    "chr1\tt\tgene\t1\t500\t.\t+\t.\tgene_id \"A\"; gene_name \"SYM\"; gene_type \"lncRNA\";\n",
    "chr1\tt\texon\t1\t100\t.\t+\t.\tgene_id \"A\"; gene_name \"SYM\"; gene_type \"lncRNA\"; tag-x \"1\";\r\n",
    "chr2\tt\texon\t1\t100\t.\t-\t.\tgene_id \"B\"; exon_number 2\n",
    "chr1\tt\texon\t200\t500\t.\t+\t.\tgene_id \"A\";; x 1\n",
    "chr1\tt\texon\t200\t500\t.\t?\t.\tx 1\n",
);

#[test]
fn a_gtf_gives_genes_in_order_with_symbol_and_biotype() {
    let file = read_text(GTF, &AnnotationOptions::default()).unwrap();
    assert_eq!(genes(&file), ["A", "B"]);
    assert_eq!(file.annotation.exons.len(), 3);
    assert_eq!(file.annotation.genes[0].name.as_deref(), Some("SYM"));
    assert_eq!(file.annotation.genes[0].biotype.as_deref(), Some("lncRNA"));
    assert_eq!(file.notices, ["left out 1 `exon` row without a `gene_id` attribute"]);
}

#[test]
fn strictly_the_same_gtf_is_refused_where_featurecounts_refuses() {
    let strict = AnnotationOptions { strict: true, ..AnnotationOptions::default() };
    let error = read_text(GTF, &strict).unwrap_err();
    assert!(error.starts_with("anno, line 3: failed to find the gene identifier attribute"), "{error}");
}

#[test]
fn extra_attributes_have_one_value_per_row() {
    let options =
        AnnotationOptions { extra_attributes: vec!["exon_number".into()], ..AnnotationOptions::default() };
    let file = read_text(GTF, &options).unwrap();
    assert_eq!(file.extra_attributes[0].values, [None, Some("2".into()), None]);
}

#[test]
fn a_file_of_coding_sequences_is_counted_on_these_and_says_so() {
    let text = "c\tt\tgene\t1\t90\t.\t+\t.\tlocus_tag \"b1\"\nc\tt\tCDS\t1\t90\t.\t+\t0\tlocus_tag \"b1\"\n";
    let file = read_text(text, &AnnotationOptions::default()).unwrap();
    assert_eq!(genes(&file), ["b1"]);
    assert_eq!(file.annotation.exons.len(), 1);
    assert_eq!(file.notices.len(), 2, "{:?}", file.notices);
}

#[test]
fn a_gff3_leads_from_exon_over_transcript_to_gene() {
    let text = concat!(
        "##gff-version 3\n",
        "c\tt\tgene\t1\t500\t.\t+\t.\tID=gene:G1;Name=SYM;biotype=protein_coding;gene_id=G1\n",
        "c\tt\tmRNA\t1\t500\t.\t+\t.\tID=t1;Parent=gene:G1\n",
        "c\tt\tmRNA\t1\t500\t.\t+\t.\tID=t2;Parent=gene:G1\n",
        "c\tt\texon\t1\t100\t.\t+\t.\tParent=t1,t2\n",
        "c\tt\texon\t300\t500\t.\t+\t.\tParent=t2\n",
        "c\tt\texon\t600\t700\t.\t+\t.\tNote=lost\n",
        "##FASTA\n>c\nACGT\n",
    );
    let file = read_text(text, &AnnotationOptions::default()).unwrap();
    assert_eq!(genes(&file), ["G1"]);
    assert_eq!(file.annotation.exons.len(), 2);
    assert_eq!(file.annotation.genes[0].name.as_deref(), Some("SYM"));
    assert_eq!(file.notices, ["left out 1 `exon` row that leads to no gene"]);
}

#[test]
fn circular_parents_end() {
    let text = concat!(
        "##gff-version 3\n",
        "c\tt\tmRNA\t1\t500\t.\t+\t.\tID=a;Parent=b\n",
        "c\tt\tmRNA\t1\t500\t.\t+\t.\tID=b;Parent=a\n",
        "c\tt\texon\t1\t100\t.\t+\t.\tParent=a\n",
    );
    assert!(read_text(text, &AnnotationOptions::default()).is_err());
}

#[test]
fn a_saf_is_recognised_with_and_without_header() {
    let rows = "A\tchr1\t1\t100\t+\nB\tchr1\t50\t80\t-\textra\n";
    for text in [rows.to_owned(), format!("GeneID\tChr\tStart\tEnd\tStrand\n{rows}")] {
        let file = read_text(&text, &AnnotationOptions::default()).unwrap();
        assert_eq!(genes(&file), ["A", "B"]);
    }
}

#[test]
fn impossible_intervals_are_named_with_their_line() {
    for interval in ["0\t10", "20\t10", "x\t10", "1\t99999999999"] {
        let text = format!("c\tt\texon\t{interval}\t.\t+\t.\tgene_id \"A\"\n");
        let error = read_text(&text, &AnnotationOptions::default()).unwrap_err();
        assert!(error.contains("anno, line 1") && error.contains("is not an interval"), "{error}");
    }
}

#[test]
fn a_file_without_the_wanted_type_says_what_it_has() {
    let options = AnnotationOptions { feature_types: vec!["intron".into()], ..AnnotationOptions::default() };
    let error = read_text(GTF, &options).unwrap_err();
    assert!(error.contains("no row of type `intron`; the file has exon, gene"), "{error}");
}

#[test]
fn nonsense_never_panics() {
    let gff3 =
        "##gff-version 3\nc\tt\tgene\t1\t5\t.\t+\t.\tID=g;Name=%41\nc\tt\texon\t1\t5\t.\t+\t.\tParent=g\n";
    let saf = "GeneID\tChr\tStart\tEnd\tStrand\nA\tchr1\t1\t100\t+\n";
    let mut state = 0x2545_f491_u64;
    let mut random = |limit: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % limit as u64) as usize
    };
    let mut read = 0;
    for round in 0..6_000 {
        let mut text = [GTF, gff3, saf][round % 3].as_bytes().to_vec();
        for _ in 0..=random(4) {
            let place = random(text.len());
            text[place] = b"\t\n;\"= %,.09Zz\xff\0"[random(15)];
        }
        let strict = AnnotationOptions { strict: round % 2 == 0, ..AnnotationOptions::default() };
        read += usize::from(read_from(text.as_slice(), Path::new("anno"), &strict).is_ok());
    }
    assert!(read > 100, "{read}");
}

#[test]
fn genes_that_differ_in_latin_letters_are_two() {
    let text =
        b"c\tt\texon\t1\t5\t.\t+\t.\tgene_id \"caf\xe9\";\nc\tt\texon\t7\t9\t.\t+\t.\tgene_id \"caf\xe8\";\n";
    let file = read_from(text.as_slice(), Path::new("anno"), &AnnotationOptions::default()).unwrap();
    assert_eq!(genes(&file), ["caf\u{e9}", "caf\u{e8}"]);
    assert!(file.annotation.gene_index().is_ok());
}

#[test]
fn genes_of_one_name_in_two_encodings_are_one() {
    // Found by fuzzing, in another form: names that read alike must not be two genes.
    let text = b"c\tt\texon\t1\t5\t.\t+\t.\tgene_id \"caf\xe9\";\nc\tt\texon\t7\t9\t.\t+\t.\tgene_id \"caf\xc3\xa9\";\n";
    let file = read_from(text.as_slice(), Path::new("anno"), &AnnotationOptions::default()).unwrap();
    assert_eq!((file.annotation.genes.len(), file.annotation.exons.len()), (1, 2));
    assert!(file.annotation.gene_index().is_ok());
}

/// Three genes of coding sequences (one in two parts) beside one with exons.
const MOSTLY_CODING: &str = concat!(
    "c\tt\tgene\t1\t90\t.\t+\t.\tgene_id \"A\"; gene_biotype \"protein_coding\";\n",
    "c\tt\tCDS\t1\t30\t.\t+\t0\tgene_id \"A\"; x \"1\";\n",
    "c\tt\tCDS\t50\t90\t.\t+\t0\tgene_id \"A\"; x \"2\";\n",
    "c\tt\tCDS\t120\t180\t.\t+\t0\tgene_id \"R\"; x \"3\";\n",
    "c\tt\texon\t110\t190\t.\t+\t.\tgene_id \"R\"; x \"4\";\n",
    "c\tt\tCDS\t200\t300\t.\t-\t0\tgene_id \"B\"; x \"5\";\n",
);

#[test]
fn genes_with_coding_sequences_alone_are_counted_on_these() {
    let file = read_plain(MOSTLY_CODING);
    assert_eq!(genes(&file), ["A", "R", "B"]);
    let rows: Vec<(u32, u32)> =
        file.annotation.exons.iter().map(|exon| (exon.gene, exon.span.start())).collect();
    assert_eq!(rows, [(0, 1), (0, 50), (1, 110), (2, 200)]);
    assert_eq!(file.feature_types, ["exon", "CDS"]);
    assert!(
        file.notices[0].starts_with("2 of 3 genes have `CDS` rows but no `exon` row"),
        "{:?}",
        file.notices
    );
}

#[test]
fn what_is_asked_for_or_strictly_read_has_exons_alone() {
    let asked = AnnotationOptions { feature_types: vec!["exon".into()], ..AnnotationOptions::default() };
    let strict = AnnotationOptions { strict: true, ..AnnotationOptions::default() };
    for options in [asked, strict] {
        assert_eq!(genes(&read_text(MOSTLY_CODING, &options).unwrap()), ["R"]);
    }
}

#[test]
fn extra_attributes_stay_with_their_rows_when_late_rows_come_in_between() {
    let options = AnnotationOptions { extra_attributes: vec!["x".into()], ..AnnotationOptions::default() };
    let file = read_text(MOSTLY_CODING, &options).unwrap();
    assert_eq!(file.extra_attributes[0].values, ["1", "2", "4", "5"].map(|value| Some(value.to_owned())));
}

#[test]
fn a_row_without_gene_id_decides_for_itself_alone() {
    let text = concat!(
        "c2\tt\texon\t1\t90\t.\t+\t.\tgene_name \"EGFP\"; transcript_id \"EGFP\";\n",
        "c\tt\texon\t1\t90\t.\t+\t.\tgene_id \"A\"; gene_name \"NA1\";\n",
        "c\tt\texon\t100\t190\t.\t+\t.\tgene_id \"B\";\n",
        "c\tt\texon\t200\t290\t.\t+\t.\tgene_name \"NA1\";\n",
    );
    let file = read_plain(text);
    assert_eq!(genes(&file), ["EGFP", "A", "B"]);
    assert_eq!(
        file.notices,
        [
            "1 `exon` row has no `gene_id` attribute (the first is line 1): `gene_name` names the gene",
            "left out 1 `exon` row without a `gene_id` attribute",
        ]
    );
}

#[test]
fn most_rows_decide_which_attribute_stands_in_for_gene_id() {
    let row =
        |start: u32, attributes: &str| format!("c\tt\texon\t{start}\t{}\t.\t+\t.\t{attributes}\n", start + 8);
    let text = row(1, "Name \"x\"; ID \"e1\"") + &row(11, "locus_tag \"L1\"") + &row(21, "locus_tag \"L2\"");
    let options = AnnotationOptions { format: AnnotationFormat::Gtf, ..AnnotationOptions::default() };
    let file = read_text(&text, &options).unwrap();
    assert_eq!(genes(&file), ["L1", "L2"]);
    assert_eq!(file.notices[0], "no `gene_id` attribute in this annotation: `locus_tag` names the genes");
}

#[test]
fn a_column_of_one_name_is_the_group_of_the_first_gff() {
    let row =
        |start: u32, attributes: &str| format!("c\tt\texon\t{start}\t{}\t.\t+\t.\t{attributes}\n", start + 8);
    let file = read_plain(&(row(1, "geneA") + &row(11, "geneA") + &row(21, "geneB")));
    assert_eq!(genes(&file), ["geneA", "geneB"]);
    assert_eq!(file.notices[0], "no `gene_id` attribute in this annotation: `group` names the genes");
}

#[test]
fn symbol_and_biotype_come_from_rows_of_genes_too() {
    let text = concat!(
        "c\tt\tgene\t1\t90\t.\t+\t.\tgene_id \"A\"; gene \"SYM\"; gene_biotype \"rRNA\";\n",
        "c\tt\texon\t1\t90\t.\t+\t.\tgene_id \"A\"; transcript_biotype \"mRNA\";\n",
        "c\tt\texon\t100\t190\t.\t+\t.\tgene_id \"B\"; gene \"SYB\";\n",
        "c\tt\tgene\t100\t190\t.\t+\t.\tgene_id \"B\"; gene_type \"lncRNA\";\n",
    );
    let file = read_plain(text);
    let labels: Vec<(Option<&str>, Option<&str>)> =
        file.annotation.genes.iter().map(|gene| (gene.name.as_deref(), gene.biotype.as_deref())).collect();
    assert_eq!(labels, [(Some("SYM"), Some("rRNA")), (Some("SYB"), Some("lncRNA"))]);
}
