//! Who the gene is in GFF3 files whose upper rows are missing, or are not what they seem.

use super::*;

/// Rows of GFF3 (type, start, end, attributes) below its pragma.
fn gff3(rows: &[(&str, u32, u32, &str)]) -> String {
    let row = |(kind, start, end, attributes): &(&str, u32, u32, &str)| {
        format!("chr1\tx\t{kind}\t{start}\t{end}\t.\t+\t.\t{attributes}\n")
    };
    "##gff-version 3\n".to_owned() + &rows.iter().map(row).collect::<String>()
}

/// Two transcripts of one gene and one of another, with the attributes given to each of the three transcripts.
fn transcripts(kind: &str, above: &[(&str, u32, u32, &str)], of_each: [&str; 3]) -> String {
    let [first, second, third] = of_each;
    let rows = [
        (kind, 1000, 2300, first),
        ("exon", 1000, 1200, "Parent=t1"),
        ("exon", 2000, 2300, "Parent=t1"),
        (kind, 1000, 3200, second),
        ("exon", 1000, 1200, "Parent=t2"),
        ("exon", 3000, 3200, "Parent=t2"),
        (kind, 6000, 6400, third),
        ("exon", 6000, 6400, "Parent=t3"),
    ];
    gff3(&[above, &rows[..]].concat())
}

/// The gene of each row, by name.
fn gene_of_rows(file: &AnnotationFile) -> Vec<&str> {
    file.annotation.exons.iter().map(|exon| file.annotation.genes[exon.gene as usize].id.as_str()).collect()
}

fn assert_told(file: &AnnotationFile, part: &str) {
    assert!(file.notices.iter().any(|notice| notice.contains(part)), "{part}: {:?}", file.notices);
}

#[test]
fn transcripts_without_a_gene_are_grouped_by_what_names_it() {
    for key in ["gene_id", "geneID", "gene", "locus_tag", "gene_name"] {
        let of = |transcript: u32, gene: u32| format!("ID=t{transcript};{key}=G{gene}");
        let text = transcripts("mRNA", &[], [&of(1, 1), &of(2, 1), &of(3, 2)]);
        let file = read_plain(&text);
        assert_eq!(gene_of_rows(&file), ["G1", "G1", "G1", "G1", "G2"], "{key}");
        assert_told(&file, &format!("2 genes have no row of their own: `{key}` tells"));
    }
}

#[test]
fn a_gene_row_that_holds_its_name_alone_is_a_gene() {
    let above = [("gene", 1000, 3200, "g1"), ("gene", 6000, 6400, "g2")];
    let file = read_plain(&transcripts(
        "transcript",
        &above,
        ["ID=t1;Parent=g1", "ID=t2;Parent=g1", "ID=t3;Parent=g2"],
    ));
    assert_eq!(genes(&file), ["g1", "g2"]);
    assert!(file.notices.is_empty(), "{:?}", file.notices);
}

#[test]
fn a_transcript_named_after_a_gene_of_the_file_is_of_this_gene() {
    let above = [("gene", 1000, 3200, "g1"), ("gene", 6000, 6400, "g2")];
    let text = transcripts("transcript", &above, ["ID=g1.t1", "ID=g1.t2", "ID=g2.t1"]);
    let text = text
        .replace("Parent=t1", "Parent=g1.t1")
        .replace("Parent=t2", "Parent=g1.t2")
        .replace("=t3", "=g2.t1");
    let file = read_plain(&text);
    assert_eq!(gene_of_rows(&file), ["g1", "g1", "g1", "g1", "g2"]);
    let bare =
        read_plain(&text.replace("ID=g1.t1", "g1.t1;Parent=g1").replace("ID=g1.t2", "g1.t2;Parent=g1"));
    assert_eq!(gene_of_rows(&bare), ["g1", "g1", "g1", "g1", "g2"]);
}

#[test]
fn coding_sequences_are_no_genes_beside_exons_of_which_each_is_one() {
    let file = read_plain(&gff3(&[
        ("exon", 1000, 1200, "ID=exon1"),
        ("CDS", 1000, 1200, "ID=cds-1"),
        ("exon", 6000, 6400, "ID=exon2"),
        ("CDS", 6000, 6300, "ID=cds-2"),
    ]));
    assert_eq!(genes(&file), ["exon1", "exon2"]);
}

#[test]
fn a_parent_that_the_file_lacks_is_the_gene() {
    let file =
        read_plain(&transcripts("mRNA", &[], ["ID=t1;Parent=G1", "ID=t2;Parent=G1", "ID=t3;Parent=G2"]));
    assert_eq!(gene_of_rows(&file), ["G1", "G1", "G1", "G1", "G2"]);
    assert_told(&file, "2 parents that rows name are not in the file");
    for id in ["ID=e1;", ""] {
        let file = read_plain(&gff3(&[
            ("exon", 1000, 1200, &format!("{id}Parent=tx1;locus_tag=L1")),
            ("exon", 2000, 2300, "Parent=tx1;locus_tag=L1"),
            ("exon", 6000, 6400, "Parent=tx2;locus_tag=L2"),
        ]));
        assert_eq!(gene_of_rows(&file), ["tx1", "tx1", "tx2"]);
    }
}

#[test]
fn parents_that_the_file_lacks_are_transcripts_where_rows_show_it() {
    let file = read_plain(&gff3(&[
        ("exon", 1000, 1200, "Parent=rna-1;gene=ABC"),
        ("exon", 1000, 1300, "Parent=rna-2;gene=ABC"),
        ("exon", 6000, 6400, "Parent=rna-3;gene=DEF"),
    ]));
    assert_eq!(gene_of_rows(&file), ["ABC", "ABC", "DEF"]);
    assert_told(&file, "`gene` shows that they are transcripts");
}

#[test]
fn an_exon_without_parent_is_grouped_too_and_its_own_name_is_the_last_resort() {
    let rows = |first: &str, second: &str, third: &str| {
        gff3(&[("exon", 1000, 1200, first), ("exon", 2000, 2300, second), ("exon", 6000, 6400, third)])
    };
    let tagged = read_plain(&rows("ID=e1;locus_tag=L1", "ID=e2;locus_tag=L1", "ID=e3;locus_tag=L2"));
    assert_eq!(gene_of_rows(&tagged), ["L1", "L1", "L2"]);
    let gene_alone = read_plain(&rows("gene=G1", "gene=G1", "gene=G2"));
    assert_eq!(gene_of_rows(&gene_alone), ["G1", "G1", "G2"]);
    let bare = read_plain(&rows("ID=e1", "ID=e2", "ID=e3"));
    assert_eq!(gene_of_rows(&bare), ["e1", "e2", "e3"]);
    assert_told(&bare, "3 rows have neither a Parent nor an attribute that names a gene");
}

#[test]
fn transcripts_that_end_up_as_genes_are_told() {
    let file = read_plain(&transcripts("mRNA", &[], ["ID=t1", "ID=t2", "ID=t3"]));
    assert_eq!(genes(&file), ["t1", "t2", "t3"]);
    assert_told(&file, "no gene stands above 3 features (`mRNA`)");
}

#[test]
fn a_gene_and_a_transcript_of_one_name_are_one_top() {
    for (first, second) in [("gene", "mRNA"), ("mRNA", "gene")] {
        let attributes = |kind: &str, id: &str| {
            if kind == "gene" { format!("ID={id};Name=n{id}") } else { format!("ID={id};Parent={id}") }
        };
        let text = gff3(&[
            (first, 1000, 2300, &attributes(first, "Y1")),
            (second, 1000, 2300, &attributes(second, "Y1")),
            ("exon", 1000, 1200, "Parent=Y1"),
            ("exon", 2000, 2300, "Parent=Y1"),
            (first, 6000, 6400, &attributes(first, "Y2")),
            (second, 6000, 6400, &attributes(second, "Y2")),
            ("exon", 6000, 6400, "Parent=Y2"),
        ]);
        let file = read_plain(&text);
        assert_eq!(gene_of_rows(&file), ["Y1", "Y1", "Y2"]);
        assert_eq!(file.annotation.genes[0].name.as_deref(), Some("nY1"));
        assert!(file.notices.is_empty(), "{:?}", file.notices);
    }
}

#[test]
fn what_holds_genes_is_no_gene() {
    for holder in ["chromosome", "region", "operon"] {
        let above = [
            (holder, 1, 9000, "ID=top"),
            ("gene", 1000, 3200, "ID=g1;Parent=top"),
            ("gene", 6000, 6400, "ID=g2;Parent=top"),
        ];
        let file = read_plain(&transcripts(
            "mRNA",
            &above,
            ["ID=t1;Parent=g1", "ID=t2;Parent=g1", "ID=t3;Parent=g2"],
        ));
        assert_eq!(genes(&file), ["g1", "g2"], "{holder}");
    }
    let alone =
        read_plain(&gff3(&[("region", 1, 9000, "ID=top"), ("exon", 1, 9, "ID=e1;Parent=top;locus_tag=L1")]));
    assert_eq!(genes(&alone), ["L1"]);
}

#[test]
fn quotes_in_descriptions_hide_no_parent() {
    let file = read_plain(&gff3(&[
        ("gene", 6000, 6400, "ID=G2"),
        ("mRNA", 6000, 6400, "ID=T2.1;Parent=G2"),
        ("exon", 6000, 6400, "ID=exon-T2.1-1;Note=5\" UTR;Parent=T2.1;prod=3\" exon"),
    ]));
    assert_eq!(genes(&file), ["G2"]);
}

#[test]
fn genes_with_coding_sequences_alone_stand_beside_genes_with_exons() {
    let file = read_plain(&gff3(&[
        ("gene", 1, 90, "ID=gene-A;gene_biotype=protein_coding"),
        ("CDS", 1, 90, "ID=cds-A;Parent=gene-A;gene=A"),
        ("gene", 200, 300, "ID=gene-R;gene_biotype=tRNA"),
        ("tRNA", 200, 300, "ID=rna-R;Parent=gene-R"),
        ("exon", 200, 300, "ID=exon-R;Parent=rna-R;gene=R"),
        ("CDS", 200, 300, "ID=cds-R;gene=R"),
    ]));
    assert_eq!(genes(&file), ["gene-A", "gene-R"]);
    assert_eq!(file.annotation.exons.len(), 2);
    assert_told(&file, "1 of 2 genes have `CDS` rows but no `exon` row");
}

#[test]
fn a_protein_is_no_gene_of_its_coding_sequences() {
    // TAIR's layout: the protein is not below the gene.
    let file = read_plain(&gff3(&[
        ("gene", 1000, 3200, "ID=AT1;Name=AT1"),
        ("mRNA", 1000, 3200, "ID=AT1.1;Parent=AT1"),
        ("protein", 1100, 3100, "ID=AT1.1-Protein;Name=AT1.1;Derives_from=AT1.1"),
        ("exon", 1000, 1200, "Parent=AT1.1"),
        ("CDS", 1100, 1200, "Parent=AT1.1,AT1.1-Protein;"),
        ("exon", 3000, 3200, "Parent=AT1.1"),
        ("CDS", 3000, 3100, "Parent=AT1.1,AT1.1-Protein;"),
    ]));
    assert_eq!(gene_of_rows(&file), ["AT1", "AT1"]);
    assert!(file.notices.is_empty(), "{:?}", file.notices);
}

#[test]
fn a_gene_across_the_origin_of_a_circle_is_counted_on_both_sides_of_it() {
    let file = read_plain(&gff3(&[
        ("region", 1, 10_000, "ID=chr1:1..10000;Is_circular=true"),
        ("gene", 9900, 10_200, "ID=gene-B"),
        ("CDS", 9900, 10_200, "ID=cds-B;Parent=gene-B"),
    ]));
    let spans: Vec<(u32, u32)> =
        file.annotation.exons.iter().map(|exon| (exon.span.start(), exon.span.end())).collect();
    assert_eq!(spans, [(9900, 10_000), (1, 200)]);
    assert_eq!(file.annotation.exonic_lengths(), [301]);
}

#[test]
fn an_attribute_that_is_asked_for_is_found_at_any_height() {
    let above = [("gene", 1000, 3200, "ID=g1"), ("gene", 6000, 6400, "ID=g2")];
    let text = transcripts(
        "mRNA",
        &above,
        ["ID=t1;Parent=g1;Name=a", "ID=t2;Parent=g1;Name=b", "ID=t3;Parent=g2;Name=c"],
    );
    let options = AnnotationOptions { id_attribute: Some("Name".into()), ..AnnotationOptions::default() };
    assert_eq!(genes(&read_text(&text, &options).unwrap()), ["a", "b", "c"]);
}

#[test]
fn chains_of_parents_without_end_end() {
    let mut rows: Vec<(String, String)> =
        (0..500).map(|step| (format!("t{step}"), format!("ID=t{step};Parent=t{}", step + 1))).collect();
    rows.push(("t500".into(), "ID=t500;Parent=t0".into()));
    let mut text = gff3(&[("exon", 1, 9, "Parent=t0")]);
    for (_, attributes) in &rows {
        text += &format!("chr1\tx\tmRNA\t1\t9\t.\t+\t.\t{attributes}\n");
    }
    assert!(read_text(&text, &AnnotationOptions::default()).is_err());
}
