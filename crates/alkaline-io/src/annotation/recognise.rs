//! Which format an annotation file is in, told by its rows more than by what it says of itself.

use super::options::AnnotationFormat;
use super::position::whole_number;
use super::row::Row;
use super::saf;
use crate::error::Problem;

/// The format of the file that begins with `lines`.
///
/// The attributes of the rows decide; the pragma `##gff-version 3` decides where they leave it open.
pub(super) fn recognise(lines: &[Vec<u8>]) -> AnnotationFormat {
    let (mut gff3, mut gtf, mut rows, mut pragma, mut saf_like) = (0_u32, 0_u32, false, false, false);
    for line in lines {
        pragma |= is_gff3_pragma(line);
        if let Some(row) = Row::parse(line).or_else(|| Row::parse_blanks(line)) {
            rows = true;
            match style(row.attributes) {
                Some(AnnotationFormat::Gff3) => gff3 += 1,
                Some(_) => gtf += 1,
                None => {}
            }
        } else {
            saf_like |= saf::is_header(line) || saf::is_row(line);
        }
    }
    match (gff3, gtf) {
        _ if gff3 > gtf || (gff3 == gtf && pragma) => AnnotationFormat::Gff3,
        _ if !rows && saf_like => AnnotationFormat::Saf,
        _ => AnnotationFormat::Gtf,
    }
}

/// `##gff-version 3`, in any case and with any blanks.
fn is_gff3_pragma(line: &[u8]) -> bool {
    let Some(text) = line.strip_prefix(b"#") else { return false };
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let text = text.trim_start_matches('#').trim_start();
    text.strip_prefix("gff-version").is_some_and(|version| version.trim_start().starts_with('3'))
}

/// The syntax that the attributes of a row have; `None` where they fit both.
fn style(attributes: &[u8]) -> Option<AnnotationFormat> {
    let attributes = attributes.trim_ascii();
    let end = attributes.iter().position(|&byte| matches!(byte, b'=' | b' ' | b';' | b'"'))?;
    let key = &attributes[..end];
    match attributes[end] {
        b'=' => Some(AnnotationFormat::Gff3),
        // GFF3's keys in GTF's way.
        b' ' if key == b"ID" || key == b"Parent" => Some(AnnotationFormat::Gff3),
        b' ' => Some(AnnotationFormat::Gtf),
        _ => None,
    }
}

/// How files of other kinds begin, and what they are.
const OTHER_KINDS: [(&[u8], &str, &str); 15] = [
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8 text"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8 text"),
    (
        b"PK\x03\x04",
        "an Excel workbook or another zip archive",
        "unpack it, or save the sheet as tab-separated text",
    ),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", "save the sheet as tab-separated text"),
    (b"BZh", "compressed by bzip2", "unpack it, or compress it by gzip"),
    (b"\xfd7zXZ", "compressed by xz", "unpack it, or compress it by gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed by zstd", "unpack it, or compress it by gzip"),
    (b"BAM\x01", "alignments (BAM)", "-a takes the annotation; alignments stand at the end of the command"),
    (b"CRAM", "alignments (CRAM)", "-a takes the annotation; alignments stand at the end of the command"),
    (b"@HD\t", "alignments (SAM)", "-a takes the annotation; alignments stand at the end of the command"),
    (b"@SQ\t", "alignments (SAM)", "-a takes the annotation; alignments stand at the end of the command"),
    (b">", "sequences (FASTA)", "-a takes gene models: GTF, GFF3 or SAF"),
    (b"LOCUS ", "a GenBank record", "give gene models: GTF, GFF3 or SAF"),
    (b"<", "a web page or XML", "look at what was downloaded"),
    (b"{", "JSON", "give gene models: GTF, GFF3 or SAF"),
];

/// The problem of a file that begins as another kind of file does.
pub(super) fn other_kind(first_line: &[u8]) -> Option<Problem> {
    let (_, kind, hint) = OTHER_KINDS.iter().find(|(start, _, _)| first_line.starts_with(start))?;
    Some(Problem::of_file(format!("this is no annotation but {kind}")).hint(*hint))
}

/// Whether the file looks like BED: contig, start, end, then a name.
pub(super) fn looks_like_bed(lines: &[Vec<u8>]) -> bool {
    let is_bed = |line: &&Vec<u8>| {
        let columns: Vec<&[u8]> = line.split(|&byte| byte == b'\t').collect();
        let number = |place: usize| {
            columns.get(place).is_some_and(|text| *text == b"0" || whole_number(text).is_some())
        };
        columns.len() >= 3 && number(1) && number(2)
    };
    lines.iter().filter(is_bed).count() * 2 > lines.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> AnnotationFormat {
        recognise(&text.lines().map(|line| line.as_bytes().to_vec()).collect::<Vec<_>>())
    }

    #[test]
    fn the_pragma_is_known_in_any_case_and_with_any_blanks() {
        for pragma in [
            "##gff-version 3",
            "##gff-version\t3",
            "##gff-version  3.1.26",
            "#gff-version 3",
            "##GFF-VERSION 3",
        ] {
            assert_eq!(
                of(&format!("{pragma}\nc\tx\tgene\t1\t9\t.\t+\t.\tg1\n")),
                AnnotationFormat::Gff3,
                "{pragma}"
            );
        }
        assert_eq!(of("##gff-version 2\nc\tx\texon\t1\t9\t.\t+\t.\tg1\n"), AnnotationFormat::Gtf);
    }

    #[test]
    fn rows_decide_and_not_the_first_of_them_alone() {
        let dot = "c\tx\tchromosome\t1\t9\t.\t.\t.\t.\n";
        let gff3 = "c\tx\tgene\t1\t9\t.\t+\t.\tID=g1\n";
        let gtf = "c\tx\texon\t1\t9\t.\t+\t.\tgene_id \"g1\";\n";
        assert_eq!(of(&format!("{dot}{gff3}")), AnnotationFormat::Gff3);
        assert_eq!(of(&format!("{dot}{gtf}")), AnnotationFormat::Gtf);
        assert_eq!(of(&format!("##gff-version 3\n{gtf}{gtf}")), AnnotationFormat::Gtf);
    }

    #[test]
    fn other_kinds_of_files_are_named() {
        for (start, kind) in [("\u{feff}", None), (">c1", Some("FASTA")), ("PK\u{3}\u{4}", Some("Excel"))] {
            let problem = other_kind(start.as_bytes()).map(|problem| problem.message);
            assert_eq!(problem.is_some(), kind.is_some(), "{start}");
            assert!(problem.unwrap_or_default().contains(kind.unwrap_or_default()));
        }
    }
}
