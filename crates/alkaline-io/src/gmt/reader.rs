//! Reading GMT files.

use std::collections::HashMap;
use std::path::Path;

use alkaline_core::gene_sets::{GeneSetCollection, GeneSetInterner, GeneSetSource};

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// What was put right while reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GmtNotes {
    /// Genes listed more than once in a set; kept once.
    pub repeated_genes: usize,
    /// Sets given twice with the same genes; kept once.
    pub repeated_sets: usize,
    /// Sets without any gene; kept, but never tested.
    pub empty_sets: usize,
}

/// Reads a GMT file (gzip by content).
///
/// The collection is named by the file without its extensions.
///
/// # Errors
/// Unreadable files, lines without tabs, sets without a name, one name for two different sets, a file without sets.
pub fn read(path: &Path) -> Result<(GeneSetCollection, GmtNotes), ReadError> {
    Ok(parse(&read_text(path)?, path)?)
}

/// As [`read`], from text at hand; `path` names it in messages.
///
/// # Errors
/// As [`read`].
pub fn parse(text: &str, path: &Path) -> Result<(GeneSetCollection, GmtNotes), FileProblems> {
    let source = GeneSetSource { name: file_name(path), ..GeneSetSource::default() };
    let mut collection = GeneSetCollection::new(stem(path), source);
    let mut interner = GeneSetInterner::default();
    let mut notes = GmtNotes::default();
    let mut problems = Vec::new();
    let mut lines: HashMap<&str, (u64, usize)> = HashMap::new();
    for (line, text) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let mut fields = text.split('\t').map(str::trim);
        let (Some(name), Some(description)) = (fields.next(), fields.next()) else {
            problems.push(not_tabbed(line));
            continue;
        };
        if name.is_empty() {
            problems.push(Problem::at_line(line, "the set has no name").in_column("1"));
            continue;
        }
        notes.repeated_genes +=
            collection.push(&mut interner, name, description, fields.filter(|gene| !gene.is_empty()));
        let set = collection.sets.len() - 1;
        notes.empty_sets += usize::from(collection.sets[set].members.is_empty());
        if let Some(&(first_line, first)) = lines.get(name) {
            if same_members(&collection, first, set) {
                collection.sets.pop();
                notes.repeated_sets += 1;
            } else {
                problems.push(name_taken(line, name, first_line));
            }
        } else {
            lines.insert(name, (line, set));
        }
    }
    if problems.is_empty() && collection.sets.is_empty() {
        problems.push(Problem::of_file("the file holds no gene sets"));
    }
    FileProblems::check(path, problems)?;
    Ok((collection, notes))
}

fn not_tabbed(line: u64) -> Problem {
    Problem::at_line(line, "no tab: a set is its name, a description and its genes, separated by tabs")
        .hint("a list of genes, one a line, is not a GMT; give it as `--genes`")
}

fn name_taken(line: u64, name: &str, first_line: u64) -> Problem {
    Problem::at_line(line, format!("the set `{name}` stands on line {first_line} already, with other genes"))
        .in_column("1")
        .hint("give every set a name of its own")
}

fn same_members(collection: &GeneSetCollection, a: usize, b: usize) -> bool {
    let sorted = |set: usize| {
        let mut members = collection.sets[set].members.clone();
        members.sort_unstable();
        members
    };
    sorted(a) == sorted(b)
}

/// `h.all.v7.0.symbols` of `/sets/h.all.v7.0.symbols.gmt.gz`.
fn stem(path: &Path) -> String {
    let name = file_name(path);
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.strip_suffix(".gmt").unwrap_or(name).to_owned()
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_ok(text: &str) -> (GeneSetCollection, GmtNotes) {
        parse(text, Path::new("sets/my.sets.gmt.gz")).unwrap()
    }

    fn error(text: &str) -> String {
        parse(text, Path::new("s.gmt")).unwrap_err().to_string()
    }

    #[test]
    fn byte_order_mark_windows_ends_blank_lines_and_trailing_tabs_are_harmless() {
        let (collection, notes) = parse_ok("\u{feff}A\tfirst\tx\ty\t\r\n\r\nB\t\ty\tz\r\n");
        assert_eq!(
            (collection.ontology.as_str(), collection.source.name.as_str()),
            ("my.sets", "my.sets.gmt.gz")
        );
        assert_eq!(collection.genes.len(), 3);
        assert_eq!(collection.sets[0].description, "first");
        assert_eq!(collection.sets[1].members, [1, 2]);
        assert_eq!(notes, GmtNotes::default());
    }

    #[test]
    fn repeats_and_empty_sets_are_counted() {
        let (collection, notes) = parse_ok("A\t\tx\ty\tx\nA\t\ty\tx\nEMPTY\tno genes\n");
        assert_eq!(collection.sets.len(), 2);
        assert_eq!(notes, GmtNotes { repeated_genes: 1, repeated_sets: 1, empty_sets: 1 });
    }

    #[test]
    fn problems_are_told_with_their_line() {
        assert_eq!(
            error("A\t\tx\nA\t\ty\n"),
            "s.gmt, line 2, column `1`: the set `A` stands on line 1 already, with other genes\n\
             hint: give every set a name of its own"
        );
        assert!(error("TP53\nMYC\n").starts_with("s.gmt, line 1: no tab"));
        assert!(error("\tdescription\tx\n").contains("the set has no name"));
        assert_eq!(error("\n# nothing\n"), "s.gmt: the file holds no gene sets");
    }
}
