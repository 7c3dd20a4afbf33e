//! Files as R, spreadsheets and editors leave them: marks, line ends, numbers, strands, headers.

use super::*;

/// The same four genes, in two formats.
const GTF_ROWS: &str = concat!(
    "chr1\tx\texon\t900\t1300\t.\t+\t.\tgene_id \"A\";\n",
    "chr1\tx\texon\t4900\t5300\t.\t-\t.\tgene_id \"B\";\n",
    "chr1\tx\texon\t100000\t100400\t.\t+\t.\tgene_id \"C\";\n",
    "chr2\tx\texon\t1900\t2400\t.\t+\t.\tgene_id \"D\";\n",
);
const SAF_ROWS: &str =
    "A\tchr1\t900\t1300\t+\nB\tchr1\t4900\t5300\t-\nC\tchr1\t100000\t100400\t+\nD\tchr2\t1900\t2400\t+\n";

/// Whether `text` holds the four genes where they are.
fn assert_four_genes(text: &[u8]) -> AnnotationFile {
    let shown = String::from_utf8_lossy(text);
    let file = read_from(text, Path::new("anno"), &AnnotationOptions::default()).unwrap();
    let expected = read_plain(GTF_ROWS).annotation;
    assert_eq!(genes(&file), ["A", "B", "C", "D"], "{shown}");
    assert_eq!(
        (&file.annotation.contigs, &file.annotation.exons),
        (&expected.contigs, &expected.exons),
        "{shown}"
    );
    file
}

#[test]
fn a_byte_order_mark_belongs_to_no_contig_and_no_gene() {
    for rows in
        [GTF_ROWS.to_owned(), SAF_ROWS.to_owned(), format!("GeneID\tChr\tStart\tEnd\tStrand\n{SAF_ROWS}")]
    {
        assert_four_genes(format!("\u{feff}{rows}").as_bytes());
    }
}

#[test]
fn lines_may_end_as_on_any_machine() {
    for end in ["\r", "\r\n"] {
        for rows in [GTF_ROWS, SAF_ROWS] {
            assert_four_genes(rows.replace('\n', end).as_bytes());
        }
    }
}

#[test]
fn large_positions_are_read_whole_however_they_are_written() {
    for number in ["1e+05", "100,000", "100000.0", "\"100000\""] {
        for rows in [GTF_ROWS, SAF_ROWS] {
            let file = assert_four_genes(rows.replace("\t100000\t", &format!("\t{number}\t")).as_bytes());
            let told = file
                .notices
                .iter()
                .any(|notice| notice.contains("in line 3") && notice.contains("read as 100000"));
            assert_eq!(told, !number.starts_with('"'), "{number}: {:?}", file.notices);
        }
    }
}

#[test]
fn positions_that_cannot_be_understood_are_all_told_with_their_lines() {
    let text = GTF_ROWS.replace("\t100000\t", "\t100.000\t").replace("\t1900\t", "\t1,90\t");
    let error = read_text(&text, &AnnotationOptions::default()).unwrap_err();
    assert!(error.contains("anno, line 3: `100.000`") && error.contains("anno, line 4: `1,90`"), "{error}");
}

#[test]
fn strictly_positions_are_their_leading_digits() {
    let strict = AnnotationOptions { strict: true, ..AnnotationOptions::default() };
    let file = read_text(&GTF_ROWS.replace("\t100000\t", "\t1e+05\t"), &strict).unwrap();
    assert_eq!(file.annotation.exons[2].span.start(), 1);
}

#[test]
fn a_header_by_any_usual_spelling_is_passed_over() {
    for header in [
        "GeneID\tChr\tStart\tEnd\tStrand",
        "gene_id\tchrom\tstart\tend\tstrand",
        "\"GeneID\"\t\"Chr\"\t\"Start\"\t\"End\"\t\"Strand\"",
        "Geneid\tChromosome\tstart_position\tend_position\tstrand\tlength",
        "ensembl_gene_id\tseqnames\tbegin\tstop\torientation",
        "quelle\tque\tsoit\tla\tlangue",
    ] {
        assert_four_genes(format!("{header}\n{SAF_ROWS}").as_bytes());
    }
}

#[test]
fn a_header_says_in_which_order_columns_stand() {
    let rows = "seqnames\tstart\tend\tstrand\tgene_id\nchr1\t900\t1300\t+\tA\nchr1\t4900\t5300\t-\tB\n\
                chr1\t100000\t100400\t+\tC\nchr2\t1900\t2400\t+\tD\n";
    let saf = AnnotationOptions { format: AnnotationFormat::Saf, ..AnnotationOptions::default() };
    assert_eq!(genes(&read_text(rows, &saf).unwrap()), ["A", "B", "C", "D"]);
    assert_four_genes(rows.as_bytes());
}

#[test]
fn tables_of_r_keep_their_quotes_and_row_names_to_themselves() {
    let quoted = |line: (usize, &str)| {
        let fields: Vec<&str> = line.1.split('\t').collect();
        let [gene, contig, start, end, strand] = fields[..] else { unreachable!() };
        format!("\"{}\"\t\"{gene}\"\t\"{contig}\"\t{start}\t{end}\t\"{strand}\"\n", line.0 + 1)
    };
    let rows: String = SAF_ROWS.lines().enumerate().map(quoted).collect();
    assert_four_genes(format!("\"GeneID\"\t\"Chr\"\t\"Start\"\t\"End\"\t\"Strand\"\n{rows}").as_bytes());
    assert_four_genes(rows.as_bytes());
}

#[test]
fn saf_columns_may_be_separated_as_spreadsheets_do() {
    for separator in [",", ";", " ", "  "] {
        let text = format!("GeneID\tChr\tStart\tEnd\tStrand\n{SAF_ROWS}").replace('\t', separator);
        assert_four_genes(text.as_bytes());
    }
}

#[test]
fn strands_of_ensembl_are_strands() {
    let text = SAF_ROWS.replace("\t+\n", "\t1\n").replace("\t-\n", "\t-1\n");
    assert!(assert_four_genes(text.as_bytes()).notices.is_empty());
    let odd = read_plain(&SAF_ROWS.replace("\t-\n", "\twest\n"));
    assert!(odd.notices[0].contains("`west` in line 2"), "{:?}", odd.notices);
}

#[test]
fn rows_whose_tabs_became_blanks_are_read() {
    let text = GTF_ROWS.replace('\t', "  ");
    assert_four_genes(text.as_bytes());
}

#[test]
fn lines_that_are_no_rows_are_told() {
    let text = format!("# made by hand\n\ntrack name=x\n{GTF_ROWS}chr2\tx\texon\t5000\t5100\n");
    let file = assert_four_genes(text.as_bytes());
    assert_eq!(file.notices, ["left out 1 line that is no row of an annotation (line 8)"]);
}

#[test]
fn what_is_no_annotation_is_named() {
    for (text, kind) in [
        (&b"\xff\xfec\0h\0r\0"[..], "text in UTF-16"),
        (b"PK\x03\x04", "an Excel workbook"),
        (b">chr1\nACGT\n", "sequences (FASTA)"),
        (b"<!DOCTYPE html>\n", "a web page"),
        (b"chr1\t0\t100\tA\t0\t+\nchr1\t200\t300\tB\t0\t-\n", "BED"),
    ] {
        let error =
            read_from(text, Path::new("anno"), &AnnotationOptions::default()).unwrap_err().to_string();
        assert!(error.contains(kind) && error.contains("hint: "), "{error}");
    }
}
