//! Lists of genes: one identifier a line, or what people have in its place: quotes, a header, several columns, all genes in one
//! line. Genes of interest, universes and panels are read by this one reader.

use std::path::Path;

use alkaline_core::GeneId;
use alkaline_core::identifiers::IdKind;
use alkaline_core::words::{count, listed};

use crate::delimited::{Delimited, Record};
use crate::error::{FileProblems, Problem, ReadError};
use crate::number::MISSING;
use crate::row_numbers::are_row_numbers;

/// The genes of a list, in its order, and what was decided while reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeneList {
    /// The genes; one that is listed twice stands twice.
    pub genes: Vec<GeneId>,
    /// What was decided, or left out.
    pub notes: Vec<String>,
}

/// Names of columns of genes, as R, pandas and the data bases write them, without case and punctuation.
const HEADERS: [&str; 36] = [
    "",
    "x",
    "v1",
    "gene",
    "genes",
    "geneid",
    "geneids",
    "id",
    "ids",
    "symbol",
    "symbols",
    "genesymbol",
    "genesymbols",
    "genename",
    "genenames",
    "hgncsymbol",
    "mgisymbol",
    "externalgenename",
    "ensembl",
    "ensemblid",
    "ensemblids",
    "ensemblgeneid",
    "entrez",
    "entrezid",
    "entrezids",
    "entrezgeneid",
    "ncbigeneid",
    "locus",
    "locustag",
    "orf",
    "feature",
    "featureid",
    "target",
    "targetid",
    "identifier",
    "name",
];

/// Names of columns that R and pandas add: row numbers, where they hold numbers.
const NUMBERED: [&str; 6] = ["", "x", "unnamed0", "index", "rowname", "rownames"];

/// Reads a list (gzip by content).
///
/// # Errors
/// [`ReadError`] when the file cannot be read, or holds no gene.
pub fn read(path: &Path) -> Result<GeneList, ReadError> {
    let table = Delimited::open(path).map_err(|error| nothing_there(path, error))?;
    let header: Vec<String> = table.header.iter().map(|field| bare(field).to_owned()).collect();
    let is_comment = |row: &Record| row.get(0).is_some_and(|field| field.starts_with('#'));
    let rows: Vec<Record> =
        table.rows()?.into_iter().map(|(_, row)| row).filter(|row| !is_comment(row)).collect();
    let mut notes = Vec::new();
    let fields = if rows.is_empty() && header.len() > 1 {
        notes.push(format!("all {} stand in one line", count(header.len(), "gene")));
        header
    } else {
        column(&header, &rows, &mut notes).map_err(|problem| FileProblems::one(path, problem))?
    };
    let missing = fields.iter().filter(|field| field.as_str() == MISSING).count();
    if missing > 0 {
        notes.push(format!("{} without a gene (NA) left out", count(missing, "line")));
    }
    let genes: Vec<GeneId> =
        fields.iter().filter(|field| !matches!(field.as_str(), "" | MISSING)).map(GeneId::from).collect();
    if genes.is_empty() {
        return Err(FileProblems::one(path, no_gene()).into());
    }
    Ok(GeneList { genes, notes })
}

fn no_gene() -> Problem {
    Problem::of_file("no gene in the list").hint("one identifier a line")
}

/// An empty file is a list without genes.
fn nothing_there(path: &Path, error: ReadError) -> ReadError {
    match error {
        ReadError::Format(problems) if problems.problems.iter().any(|p| p.message == "the file is empty") => {
            FileProblems::one(path, no_gene()).into()
        }
        other => other,
    }
}

/// The column of the genes, from its first line on.
fn column(header: &[String], rows: &[Record], notes: &mut Vec<String>) -> Result<Vec<String>, Problem> {
    let place = place_of_genes(header, rows)?;
    let width = header.len().max(rows.iter().map(Record::len).max().unwrap_or(0));
    let numbered = width == 1 && rows.iter().all(|row| behind_row_number(&row[0]).is_some());
    let field = |row: &Record| {
        let text = row.get(place).unwrap_or_default();
        bare(if numbered { behind_row_number(text).unwrap_or(text) } else { text }).to_owned()
    };
    let mut fields: Vec<String> = rows.iter().map(field).collect();
    let first = header.get(place).cloned().unwrap_or_default();
    if is_header(&first, header, rows, &fields) {
        if !first.is_empty() {
            notes.push(format!("its first line (`{first}`) was taken for a header"));
        }
    } else {
        fields.insert(0, first);
    }
    if width > 1 {
        let others = header.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, name)| name);
        let named: Vec<&String> = others.filter(|name| !name.is_empty()).collect();
        let others = if named.is_empty() { String::new() } else { format!(", not {}", listed(named)) };
        notes.push(format!("of {width} columns the {} was read{others}", ordinal(place)));
    }
    Ok(fields)
}

/// What stands behind the number of a row where blanks separate the two, as `write.table` of R leaves them: `"1" "TP53"`.
fn behind_row_number(line: &str) -> Option<&str> {
    let (number, gene) = line.trim().split_once(' ')?;
    (bare(number).parse::<usize>().is_ok() && !gene.trim().contains(' ')).then_some(gene)
}

/// "first column", "second column", "column 7".
fn ordinal(place: usize) -> String {
    match place {
        0 => "first".to_owned(),
        1 => "second".to_owned(),
        other => format!("one at place {}", other + 1),
    }
}

/// The place of the genes: the first column with a telling name, else the first column; never one that numbers the rows.
fn place_of_genes(header: &[String], rows: &[Record]) -> Result<usize, Problem> {
    let numbers_rows = |place: usize| {
        let numbers: Option<Vec<usize>> =
            rows.iter().map(|row| bare(row.get(place).unwrap_or_default()).parse().ok()).collect();
        numbers.is_some_and(are_row_numbers)
    };
    let all_numbers =
        |place: usize| rows.iter().all(|row| bare(row.get(place).unwrap_or_default()).parse::<f64>().is_ok());
    let added_by_r = NUMBERED.contains(&plain(&header[0]).as_str()) && all_numbers(0) && header.len() > 1;
    if header.len() > 1 && (added_by_r || numbers_rows(0)) {
        let rest =
            (1..header.len()).find(|&place| !plain(&header[place]).is_empty() && is_known(&header[place]));
        return Ok(rest.unwrap_or(1));
    }
    if header.len() == 1 && NUMBERED.contains(&plain(&header[0]).as_str()) && numbers_rows(0) {
        return Err(Problem::of_file("the list numbers its lines; it holds no genes")
            .hint("write the genes themselves, one a line"));
    }
    let telling =
        (0..header.len()).find(|&place| !plain(&header[place]).is_empty() && is_known(&header[place]));
    Ok(telling.unwrap_or(0))
}

/// Whether the first line names columns: by a usual name, by what stands below it being identifiers of another kind, or by
/// words above numbers in another column.
fn is_header(first: &str, header: &[String], rows: &[Record], below: &[String]) -> bool {
    if is_known(first) {
        return true;
    }
    let other_kind = IdKind::of_column(below.iter().map(String::as_str))
        .is_some_and(|kind| kind != IdKind::Symbol && below.len() > 1 && IdKind::of(first) != kind);
    let is_number = |text: &str| bare(text).parse::<f64>().is_ok();
    let words_above_numbers = (1..header.len()).any(|place| {
        !is_number(&header[place])
            && !rows.is_empty()
            && rows
                .iter()
                .all(|row| row.get(place).is_some_and(|field| is_number(field) || bare(field) == MISSING))
    });
    other_kind || words_above_numbers
}

fn is_known(name: &str) -> bool {
    HEADERS.contains(&plain(name).as_str())
}

/// A name without case, blanks and punctuation.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// A field without blanks, quotes of any kind and invisible marks around it.
fn bare(field: &str) -> &str {
    let is_mark =
        |c: char| c.is_whitespace() || matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{feff}' | '\u{200b}');
    let field = field.trim_matches(is_mark);
    let unquoted = field.strip_prefix('\'').and_then(|field| field.strip_suffix('\''));
    unquoted.unwrap_or(field).trim_matches(is_mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("genes.txt");
        std::fs::write(&path, text).unwrap();
        let list = read(&path).unwrap();
        (list.genes.iter().map(ToString::to_string).collect(), list.notes)
    }

    fn genes(text: &str) -> Vec<String> {
        read_text(text).0
    }

    const THREE: [&str; 3] = ["TP53", "MYC", "JUN"];

    #[test]
    fn quotes_headers_and_further_columns_are_no_part_of_genes() {
        for text in [
            "TP53\nMYC\nJUN\n",
            "\"x\"\n\"TP53\"\n\"MYC\"\n\"JUN\"\n",
            "\"\",\"x\"\n\"1\",\"TP53\"\n\"2\",\"MYC\"\n\"3\",\"JUN\"\n",
            "gene\tlogFC\nTP53\t2\nMYC\t1\nJUN\t-1\n",
            "TP53,2\nMYC,1\nJUN,-1\n",
            "who\tscore\nTP53\t2\nMYC\tNA\nJUN\t-1\n",
            "chosen by\tSymbol\nme\tTP53\nme\tMYC\nyou\tJUN\n",
            "\u{feff}'TP53'\r\n \u{201c}MYC\u{201d}\u{a0}\r\n\r\n# no gene\r\nJUN\u{200b}\r\n",
            "TP53\tMYC\tJUN\n",
            "TP53,MYC,JUN",
            "TP53\nNA\nMYC\nJUN\n",
            "\"x\"\n\"1\" \"TP53\"\n\"2\" \"MYC\"\n\"3\" \"JUN\"\n",
        ] {
            assert_eq!(genes(text), THREE, "{text}");
        }
    }

    #[test]
    fn what_was_decided_is_said() {
        let notes = |text: &str| read_text(text).1;
        assert!(notes("TP53\nMYC\n").is_empty());
        assert_eq!(notes("\"x\"\n\"TP53\"\n"), ["its first line (`x`) was taken for a header"]);
        assert_eq!(
            notes("gene\tlogFC\nTP53\t2\n"),
            ["its first line (`gene`) was taken for a header", "of 2 columns the first was read, not logFC"]
        );
        assert_eq!(notes("TP53,MYC"), ["all 2 genes stand in one line"]);
        assert_eq!(notes("TP53\nNA\n"), ["1 line without a gene (NA) left out"]);
    }

    #[test]
    fn a_header_is_told_from_a_gene_by_what_stands_below_it() {
        assert_eq!(genes("my list\n7157\n4609\n"), ["7157", "4609"]);
        assert_eq!(genes("7157\n4609\n"), ["7157", "4609"]);
        assert_eq!(genes("ENSG00000141510\nENSG00000136997\n").len(), 2);
        assert_eq!(genes("MARCHF1\nTP53\n"), ["MARCHF1", "TP53"]);
    }

    #[test]
    fn a_list_without_genes_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("genes.txt");
        for text in ["", "\n# nothing\n", "gene\n", "\"\"\n", "x\n1\n2\n3\n4\n5\n"] {
            std::fs::write(&path, text).unwrap();
            let error = read(&path).unwrap_err();
            assert!(error.is_bad_input() && error.to_string().contains("hint: "), "{text:?}: {error}");
        }
    }
}
