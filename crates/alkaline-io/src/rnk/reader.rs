//! Reading ranked lists.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::GeneId;
use alkaline_core::results::RankedGenes;

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};
use crate::number;

/// What was put right while reading.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RnkNotes {
    /// Genes whose score is missing (`NA`, `NaN`); left out.
    pub without_score: usize,
    /// Lines of genes that stand in the list already; the largest absolute score was kept.
    pub repeated: Vec<String>,
    /// Whether the scores were not in falling order and had to be sorted.
    pub sorted: bool,
}

/// Reads a ranked list (gzip by content): two columns, gene and score, with or without a header line.
///
/// The list comes back with the highest score first; equal scores keep the order of the file.
///
/// # Errors
/// Unreadable files, lines without two columns, scores that are no numbers or infinite, a list without genes.
pub fn read(path: &Path) -> Result<(RankedGenes, RnkNotes), ReadError> {
    Ok(parse(&read_text(path)?, path)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path) -> Result<(RankedGenes, RnkNotes), FileProblems> {
    let text = text.trim_start_matches('\u{feff}');
    let delimiter = if text.lines().take(2).any(|line| line.contains('\t')) { '\t' } else { ',' };
    let mut list = List::default();
    let mut problems = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        match entry(text, delimiter, line) {
            Ok((gene, score)) => list.add(gene, score),
            Err(_) if list.is_untouched() && looks_like_header(text, delimiter) => list.header_seen = true,
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() && list.genes.is_empty() {
        problems.push(Problem::of_file("the file holds no gene with a score"));
    }
    FileProblems::check(path, problems)?;
    Ok(list.finish())
}

/// The list so far.
#[derive(Default)]
struct List {
    genes: Vec<(String, f64)>,
    places: HashMap<String, usize>,
    notes: RnkNotes,
    header_seen: bool,
}

impl List {
    fn is_untouched(&self) -> bool {
        self.genes.is_empty() && self.notes.without_score == 0 && !self.header_seen
    }

    fn add(&mut self, gene: &str, score: f64) {
        if score.is_nan() {
            self.notes.without_score += 1;
        } else if let Some(&place) = self.places.get(gene) {
            self.notes.repeated.push(gene.to_owned());
            if score.abs() > self.genes[place].1.abs() {
                self.genes[place].1 = score;
            }
        } else {
            self.places.insert(gene.to_owned(), self.genes.len());
            self.genes.push((gene.to_owned(), score));
        }
    }

    fn finish(mut self) -> (RankedGenes, RnkNotes) {
        self.notes.sorted = !self.genes.is_sorted_by(|a, b| a.1 >= b.1);
        // Zero may carry a sign; adding zero removes it, so that equal scores compare as equal.
        self.genes.sort_by(|a, b| (b.1 + 0.0).total_cmp(&(a.1 + 0.0)));
        let (genes, scores) = self.genes.into_iter().map(|(gene, score)| (GeneId::from(gene), score)).unzip();
        (RankedGenes { genes, scores }, self.notes)
    }
}

fn entry(text: &str, delimiter: char, line: u64) -> Result<(&str, f64), Problem> {
    let fields: Vec<&str> = text.split(delimiter).map(bare).collect();
    let [gene, score] = fields[..] else {
        let message = format!("{} columns; a ranked list has two, gene and score", fields.len());
        return Err(Problem::at_line(line, message));
    };
    if gene.is_empty() {
        return Err(Problem::at_line(line, "the gene is missing").in_column("1"));
    }
    if gene.contains(char::is_control) {
        let message = format!("the gene {gene:?} holds a control character");
        return Err(Problem::at_line(line, message)
            .in_column("1")
            .hint("separate the two columns by a tab in every line"));
    }
    match number::parse(score) {
        Some(score) if score.is_infinite() => Err(Problem::at_line(line, format!("the score is {score}"))
            .in_column("2")
            .hint("give a finite score: of P = 0 take the smallest P that the test can tell")),
        Some(score) => Ok((gene, score)),
        None => Err(Problem::at_line(line, format!("the score `{score}` is no number")).in_column("2")),
    }
}

/// A field without blanks, quotes and byte-order marks around it, in whatever order they stand. Files that were joined
/// have such a mark where the second one begins.
fn bare(field: &str) -> &str {
    field.trim_matches(|character: char| matches!(character, '"' | '\u{feff}') || character.is_whitespace())
}

/// Two words, the second of them no number.
fn looks_like_header(text: &str, delimiter: char) -> bool {
    let fields: Vec<&str> = text.split(delimiter).collect();
    fields.len() == 2 && number::parse(bare(fields[1])).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn genes(list: &RankedGenes) -> Vec<&str> {
        list.genes.iter().map(GeneId::as_str).collect()
    }

    #[test]
    fn a_header_is_tolerated_and_equal_scores_keep_their_order() {
        let (list, notes) =
            parse("\u{feff}gene\tstat\r\nb\t1\r\na\t1\r\nc\t-3\r\nd\t0.0\r\n", Path::new("l.rnk")).unwrap();
        assert_eq!(genes(&list), ["b", "a", "d", "c"]);
        assert_eq!(list.scores, [1.0, 1.0, 0.0, -3.0]);
        assert!(notes.sorted);
    }

    #[test]
    fn missing_scores_and_repeats_are_counted() {
        let (list, notes) = parse("a\t2\nb\tNA\na\t-3\nc\t1\n", Path::new("l.rnk")).unwrap();
        assert_eq!(genes(&list), ["c", "a"]);
        assert_eq!(list.scores, [1.0, -3.0]);
        assert_eq!((notes.without_score, notes.repeated), (1, vec!["a".to_owned()]));
    }

    #[test]
    fn problems_are_told_with_line_and_column() {
        let error = |text| parse(text, Path::new("l.rnk")).unwrap_err().to_string();
        assert!(error("a\t1\nb\tInf\n").starts_with("l.rnk, line 2, column `2`: the score is inf"));
        assert_eq!(error("a\t1\nb\thigh\n"), "l.rnk, line 2, column `2`: the score `high` is no number");
        assert_eq!(
            error("a\t1\nb\t2\t3\n"),
            "l.rnk, line 2: 3 columns; a ranked list has two, gene and score"
        );
        assert_eq!(error("gene\tscore\n"), "l.rnk: the file holds no gene with a score");
        assert!(error("h\th\nx\ty\na\t1\n").contains("line 2"), "only one header is tolerated");
    }

    #[test]
    fn a_byte_order_mark_within_the_file_is_no_part_of_a_gene() {
        let (list, notes) = parse("b\t2\na\t1\n\u{feff}b\t-5\n", Path::new("joined.rnk")).unwrap();
        assert_eq!(genes(&list), ["a", "b"]);
        assert_eq!(notes.repeated, ["b"]);
    }

    #[test]
    fn a_gene_of_blanks_in_quotes_is_missing() {
        let problems = parse("a,1\n\"\r\",-4\n", Path::new("a.rnk")).unwrap_err();
        assert!(problems.to_string().contains("the gene is missing"), "{problems}");
    }

    #[test]
    fn a_tab_in_a_list_separated_by_commas_is_refused() {
        let problems = parse("a,1\nb,2\nc\td,3\n", Path::new("a.rnk")).unwrap_err();
        assert!(problems.to_string().contains("control character"), "{problems}");
    }
}
