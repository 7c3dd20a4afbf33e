//! What GEO2R, the analysis on NCBI's pages, writes: its R script and its table of results.
//!
//! In the script a string of digits, one a sample in the order of the series, tells the groups; `X` leaves a sample out. The first group is
//! compared with the second: its values stand above the line.

use std::path::Path;

use alkaline_core::words::count;

use crate::column_names::plain;
use crate::delimited::{Delimited, Record, read_text};
use crate::error::{FileProblems, Problem, ReadError};
use crate::number;

/// What a script of GEO2R asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Geo2rScript {
    /// The series.
    pub series: Option<String>,
    /// The platform, where the script chooses one.
    pub platform: Option<String>,
    /// The group of every sample in the order of the series; `None` leaves it out.
    pub groups: Vec<Option<usize>>,
    /// The names of the groups.
    pub names: Vec<String>,
    /// Whether it is the analysis of counts (DESeq2), not of arrays (limma).
    pub is_sequencing: bool,
    /// What it does with the values.
    pub steps: Geo2rSteps,
    /// What it does, in words.
    pub options: Vec<String>,
}

/// What a script does with the values of arrays before it tests them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Geo2rSteps {
    /// Whether logarithms are taken: as the quantiles ask for (`None`), or whatever they say.
    pub logarithms: Option<bool>,
    /// Whether all samples are given the same distribution.
    pub normalises: bool,
    /// Whether rows with a missing value are left out.
    pub is_complete: bool,
    /// Whether values are weighted by their precision (vooma).
    pub weighs: bool,
}

/// A table of results of GEO2R.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geo2rResult {
    /// Whether it is of counts (DESeq2), not of arrays (limma).
    pub is_sequencing: bool,
    /// Rows.
    pub rows: usize,
    /// Rows with an adjusted P below 0.05.
    pub significant: usize,
    /// Of these, rows with a log fold change above zero: higher in the first group.
    pub higher_in_first: usize,
}

/// Whether text is a script of GEO2R.
pub(super) fn is_script(text: &str) -> bool {
    text.contains("gsms") && text.contains("strsplit") || text.contains("gsms <-")
}

/// Whether these are the columns of its results.
pub(super) fn is_result_header(names: &[&str]) -> bool {
    let has = |name: &str| names.contains(&name);
    (has("adj.P.Val") && has("logFC")) || (has("padj") && has("log2FoldChange") && has("lfcSE"))
}

/// Reads the script at `path`.
///
/// # Errors
/// [`ReadError`] when it cannot be read, or has no string of groups.
pub fn read_geo2r_script(path: &Path) -> Result<Geo2rScript, ReadError> {
    Ok(parse_script(&read_text(path)?).map_err(|problem| FileProblems::one(path, problem))?)
}

/// The script in `text`.
fn parse_script(text: &str) -> Result<Geo2rScript, Problem> {
    let statements = text.replace("\r", "");
    let digits = assigned(&statements, "gsms").map(|value| strings(&value).concat()).unwrap_or_default();
    if digits.is_empty() {
        let hint = "the R script of GEO2R has a line such as gsms <- \"0011XX\"";
        return Err(Problem::of_file("there is no string of groups (`gsms`) in the script").hint(hint));
    }
    let groups: Result<Vec<Option<usize>>, Problem> = digits.chars().map(group_of).collect();
    let groups = groups?;
    let number = groups.iter().flatten().max().map_or(0, |largest| largest + 1);
    let named = ["groups", "gs <- factor"].iter().find_map(|name| {
        let value = if *name == "groups" { assigned(&statements, "groups") } else { levels(&statements) };
        value.map(|value| strings(&value)).filter(|names| names.len() >= number)
    });
    let names = named.unwrap_or_else(|| (0..number).map(|group| format!("G{group}")).collect());
    let is_sequencing = statements.contains("DESeq");
    let series = accession(&statements, "GSE");
    let platform = accession(&statements, "GPL");
    let options = options(&statements, is_sequencing);
    let steps = Geo2rSteps {
        logarithms: (!statements.contains("LogC")).then(|| statements.contains("log2(")),
        normalises: statements.contains("normalizeBetweenArrays"),
        is_complete: statements.contains("complete.cases"),
        weighs: statements.contains("vooma"),
    };
    Ok(Geo2rScript { series, platform, groups, names, is_sequencing, steps, options })
}

/// The group of one character.
fn group_of(character: char) -> Result<Option<usize>, Problem> {
    match character {
        'X' | 'x' => Ok(None),
        digit if digit.is_ascii_alphanumeric() => Ok(digit.to_digit(36).map(|digit| digit as usize)),
        other => Err(Problem::of_file(format!("`{other}` in the string of groups is neither a group nor X"))),
    }
}

/// What the script assigns to `name`: the rest of the statement, over as many lines as brackets and quotes are open.
fn assigned(text: &str, name: &str) -> Option<String> {
    text.match_indices(name).find_map(|(at, _)| {
        let before = text[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == '.' || c == '(') {
            return None;
        }
        let rest = text[at + name.len()..].trim_start();
        let rest = rest.strip_prefix("<-").or_else(|| rest.strip_prefix('='))?;
        Some(statement(rest))
    })
}

/// The names in `levels(gs) <- groups`, as old scripts have them: `fl <- ...; labels <- c("a","b")`.
fn levels(text: &str) -> Option<String> {
    assigned(text, "labels")
}

/// The text up to the end of a statement.
fn statement(text: &str) -> String {
    let (mut depth, mut quoted) = (0_i32, false);
    let end = text.char_indices().find(|(_, c)| {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            '\n' | ';' if !quoted && depth <= 0 => return true,
            _ => {}
        }
        false
    });
    text[..end.map_or(text.len(), |(at, _)| at)].to_owned()
}

/// What stands in quotes.
fn strings(text: &str) -> Vec<String> {
    text.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The first accession of a kind that the script names.
fn accession(text: &str, kind: &str) -> Option<String> {
    text.match_indices(kind).find_map(|(at, _)| {
        let digits: String = text[at + kind.len()..].chars().take_while(char::is_ascii_digit).collect();
        (!digits.is_empty()).then(|| format!("{kind}{digits}"))
    })
}

/// What the script does, in words.
fn options(text: &str, is_sequencing: bool) -> Vec<String> {
    let mut options = Vec::new();
    let mut add = |is: bool, words: &str| options.extend(is.then(|| words.to_owned()));
    add(is_sequencing, "DESeq2 on NCBI's counts");
    add(!is_sequencing && text.contains("lmFit"), "limma");
    add(text.contains("LogC"), "logarithms taken where the quantiles ask for them");
    add(text.contains("normalizeBetweenArrays"), "quantile normalisation");
    add(text.contains("vooma"), "precision weights (vooma)");
    add(text.contains("complete.cases"), "rows with a missing value left out");
    add(text.contains("poscounts"), "size factors of positive counts");
    add(text.contains(">= 10"), "genes kept with 10 counts in as many samples as the smallest group has");
    options
}

/// Reads the table of results at `path`.
///
/// # Errors
/// [`ReadError`] when it cannot be read, or lacks its columns.
pub fn read_geo2r_result(path: &Path) -> Result<Geo2rResult, ReadError> {
    let mut table = Delimited::open(path)?;
    let place = |wanted: &[&str]| table.header.iter().position(|name| wanted.contains(&plain(name).as_str()));
    let (adjusted, change) = (place(&["adjpval", "padj"]), place(&["logfc", "log2foldchange"]));
    let (Some(adjusted), Some(change)) = (adjusted, change) else {
        let message = "columns of an adjusted P and a log fold change are wanted: this is no table of GEO2R";
        return Err(FileProblems::one(path, Problem::at_line(table.header_line, message)).into());
    };
    let is_sequencing = place(&["lfcse"]).is_some();
    let mut result = Geo2rResult { is_sequencing, rows: 0, significant: 0, higher_in_first: 0 };
    let mut row = Record::default();
    while table.next_row(&mut row)?.is_some() {
        let value = |place: usize| row.get(place).and_then(number::parse).unwrap_or(f64::NAN);
        let is_significant = value(adjusted) < 0.05;
        result.rows += 1;
        result.significant += usize::from(is_significant);
        result.higher_in_first += usize::from(is_significant && value(change) > 0.0);
    }
    Ok(result)
}

impl Geo2rResult {
    /// What the table says, in a sentence.
    pub fn in_words(&self) -> String {
        let test = if self.is_sequencing { "DESeq2 on NCBI's counts" } else { "limma" };
        format!(
            "a table of GEO2R ({test}): {}, {} with an adjusted P below 0.05; {} of these have a log fold change above zero, which \
             means higher in the first group",
            count(self.rows, "row"),
            self.significant,
            self.higher_in_first
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_of_an_array_script_are_read_with_x_left_out() {
        let script = "library(GEOquery)\ngset <- getGEO(\"GSE42872\", GSEMatrix =TRUE, AnnotGPL=FALSE)\n\
            if (length(gset) > 1) idx <- grep(\"GPL6244\", attr(gset, \"names\")) else idx <- 1\n\
            gsms <- paste0(\"00011\",\n        \"1XX\")\nsml <- strsplit(gsms, split=\"\")[[1]]\n\
            groups <- make.names(c(\"vemurafenib\",\"control; DMSO\"))\nLogC <- (qx[5] > 100)\nfit <- lmFit(gset, design)\n";
        let read = parse_script(script).unwrap();
        assert_eq!(read.series.as_deref(), Some("GSE42872"));
        assert_eq!(read.platform.as_deref(), Some("GPL6244"));
        assert_eq!(read.groups, [Some(0), Some(0), Some(0), Some(1), Some(1), Some(1), None, None]);
        assert_eq!(read.names, ["vemurafenib", "control; DMSO"]);
        assert!(!read.is_sequencing && read.options.contains(&"limma".to_owned()));
    }

    #[test]
    fn a_script_of_counts_is_told_and_groups_without_names_are_numbered() {
        let script = "urld <- \"https://www.ncbi.nlm.nih.gov/geo/download/?format=file&type=rnaseq_counts\"\n\
            path <- paste(urld, \"acc=GSE201926\", sep=\"&\")\ngsms <- \"1100\"\nsml <- strsplit(gsms, split=\"\")[[1]]\n\
            keep <- rowSums( tbl >= 10 ) >= min(table(gs))\nds <- DESeq(ds, test=\"Wald\", sfType=\"poscount\")\n";
        let read = parse_script(script).unwrap();
        assert!(read.is_sequencing);
        assert_eq!((read.groups[0], read.names), (Some(1), vec!["G0".to_owned(), "G1".to_owned()]));
    }

    #[test]
    fn a_script_without_groups_or_with_a_strange_one_is_refused() {
        assert!(parse_script("x <- 1").unwrap_err().message.contains("no string of groups"));
        assert!(parse_script("gsms <- \"00-1\"").unwrap_err().message.contains("`-`"));
    }

    #[test]
    fn both_kinds_of_results_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("GSE1.top.table.tsv");
        std::fs::write(&path, "ID\tadj.P.Val\tP.Value\tt\tB\tlogFC\na\t0.01\t1e-5\t2.06e+01\t5\t2.81e-01\nb\t0.9\t0.5\t1\t1\t-1\n").unwrap();
        let result = read_geo2r_result(&path).unwrap();
        assert_eq!(
            (result.rows, result.significant, result.higher_in_first, result.is_sequencing),
            (2, 1, 1, false)
        );
        std::fs::write(
            &path,
            "GeneID\tpadj\tpvalue\tlfcSE\tstat\tlog2FoldChange\tbaseMean\n1\t1e-5\t0\t1\t1\t-6.2\t9\n",
        )
        .unwrap();
        let result = read_geo2r_result(&path).unwrap();
        assert!(result.is_sequencing && result.in_words().contains("first group"), "{}", result.in_words());
    }
}
