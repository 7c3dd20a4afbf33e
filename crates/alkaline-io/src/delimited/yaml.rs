//! A list of records in YAML as a table: each record is a row, each key a column, a list in a cell is joined by `;`.
//!
//! Sample sheets and contrasts of nf-core come so. Values are taken as they stand in the file: `010` and `1.0` are names here,
//! not numbers. A record's row has the line at which the record begins.

use std::path::Path;

use yaml_rust2::Event;
use yaml_rust2::parser::Parser;
use yaml_rust2::scanner::{Marker, ScanError, TScalarStyle};

use super::workbook::quoted;
use crate::error::{FileProblems, Problem, ReadError};

/// How deep lists and records may lie in each other.
const MAX_DEPTH: usize = 8;

/// What a list in a cell is joined by, as nf-core writes it in tables.
const LIST_SEPARATOR: &str = ";";

/// Whether a file of this name is YAML.
pub(super) fn is_yaml(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".yaml") || name.ends_with(".yml")
}

/// Records as lines of a table.
pub(super) struct Records {
    /// The keys.
    pub header: Vec<String>,
    /// The rows as text, separated by tabs, each with the line of its record.
    pub rows: Vec<(u64, String)>,
}

/// The records of `text`.
///
/// # Errors
/// [`ReadError`] for what is no YAML, and for YAML that is no list of flat records.
pub(super) fn read(path: &Path, text: &str) -> Result<Records, ReadError> {
    let in_file = |problem: Problem| FileProblems::one(path, problem);
    let root = parse(text).map_err(in_file)?;
    let records = records(root).map_err(in_file)?;
    let (header, rows) =
        rows(records).map_err(|problems| FileProblems { path: path.to_owned(), problems })?;
    let text = |fields: &[String]| fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join("\t");
    Ok(Records { header, rows: rows.iter().map(|(line, fields)| (*line, text(fields))).collect() })
}

/// A part of the document, with its line.
struct Node {
    line: u64,
    kind: Kind,
}

enum Kind {
    /// Text, or nothing where nothing is meant.
    Scalar(String),
    List(Vec<Node>),
    Record(Vec<(Node, Node)>),
}

/// A list or record that is still open.
struct Open {
    line: u64,
    items: Vec<Node>,
    is_record: bool,
}

impl Open {
    fn close(self) -> Node {
        let kind = if self.is_record {
            let mut pairs = Vec::with_capacity(self.items.len() / 2);
            let mut items = self.items.into_iter();
            while let (Some(key), Some(value)) = (items.next(), items.next()) {
                pairs.push((key, value));
            }
            Kind::Record(pairs)
        } else {
            Kind::List(self.items)
        };
        Node { line: self.line, kind }
    }
}

/// The first document of `text`.
fn parse(text: &str) -> Result<Node, Problem> {
    let mut parser = Parser::new_from_str(text);
    let mut open: Vec<Open> = Vec::new();
    loop {
        let (event, mark) = parser.next_token().map_err(|error| no_yaml(&error))?;
        let line = line_of(&mark);
        let node = match event {
            Event::Scalar(text, style, ..) => Node { line, kind: Kind::Scalar(scalar(text, style)) },
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if open.len() == MAX_DEPTH {
                    return Err(Problem::at_line(line, "lists and records lie too deep in each other"));
                }
                open.push(Open {
                    line,
                    items: Vec::new(),
                    is_record: matches!(event, Event::MappingStart(..)),
                });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(part) => part.close(),
                None => continue,
            },
            Event::Alias(_) => {
                let problem = Problem::at_line(line, "an alias (`*name`) is not understood");
                return Err(problem.hint("write the value out"));
            }
            Event::StreamEnd | Event::DocumentEnd => return Err(Problem::of_file("the file is empty")),
            Event::Nothing | Event::StreamStart | Event::DocumentStart => continue,
        };
        match open.last_mut() {
            Some(part) => part.items.push(node),
            None => return Ok(node),
        }
    }
}

/// The 1-based line; that of the end of an empty text is its first.
fn line_of(mark: &Marker) -> u64 {
    mark.line().max(1) as u64
}

fn no_yaml(error: &ScanError) -> Problem {
    let message = format!("this is no YAML: {}", error.info());
    let mark = error.marker();
    Problem::at(line_of(mark), mark.col() as u64 + 1, message)
}

/// The text of a scalar; nothing where YAML writes that there is nothing.
fn scalar(text: String, style: TScalarStyle) -> String {
    let is_nothing = style == TScalarStyle::Plain && matches!(text.as_str(), "~" | "null" | "Null" | "NULL");
    if is_nothing { String::new() } else { text.replace(['\n', '\r', '\t'], " ") }
}

/// The list of records of a document: the document itself, or what its only key holds.
fn records(root: Node) -> Result<Vec<Node>, Problem> {
    let line = root.line;
    let hint = "give a list of records: - id: ...";
    match root.kind {
        Kind::List(items) => Ok(items),
        Kind::Record(mut pairs) if pairs.len() == 1 && matches!(pairs[0].1.kind, Kind::List(_)) => {
            match pairs.remove(0).1.kind {
                Kind::List(items) => Ok(items),
                _ => Ok(Vec::new()),
            }
        }
        Kind::Record(pairs) => {
            let keys: Vec<&str> = pairs.iter().filter_map(|(key, _)| text_of(key)).collect();
            let message = format!("a list of records is wanted, but there are the keys {}", keys.join(", "));
            Err(Problem::at_line(line, message).hint(hint))
        }
        Kind::Scalar(text) => {
            Err(Problem::at_line(line, format!("a list of records is wanted, not `{text}`")).hint(hint))
        }
    }
}

fn text_of(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(text) => Some(text),
        _ => None,
    }
}

/// A row of fields, and its line.
type Row = (u64, Vec<String>);

/// Names of all columns, in the order in which they are met, and the rows.
fn rows(records: Vec<Node>) -> Result<(Vec<String>, Vec<Row>), Vec<Problem>> {
    let mut header: Vec<String> = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    let mut problems = Vec::new();
    for record in records {
        let Kind::Record(pairs) = record.kind else {
            problems.push(Problem::at_line(record.line, "a record (`key: value`) is wanted here"));
            continue;
        };
        let mut fields: Vec<String> = vec![String::new(); header.len()];
        let mut seen: Vec<usize> = Vec::new();
        for (key, value) in pairs {
            let line = key.line;
            let Some(name) = text_of(&key).map(|name| name.trim().to_owned()) else {
                problems.push(Problem::at_line(line, "a key is text"));
                continue;
            };
            let column = header.iter().position(|known| *known == name).unwrap_or_else(|| {
                header.push(name.clone());
                header.len() - 1
            });
            fields.resize(header.len(), String::new());
            if seen.contains(&column) {
                problems
                    .push(Problem::at_line(line, "the key stands in this record already").in_column(&name));
            }
            seen.push(column);
            match cell(value) {
                Ok(text) => fields[column] = text,
                Err(line) => problems
                    .push(Problem::at_line(line, "a value, or a list of values, is wanted").in_column(&name)),
            }
        }
        rows.push((record.line, fields));
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the list has no records"));
    }
    rows.iter_mut().for_each(|(_, fields)| fields.resize(header.len(), String::new()));
    if problems.is_empty() { Ok((header, rows)) } else { Err(problems) }
}

/// The text of a cell, or the line at which it is none.
fn cell(value: Node) -> Result<String, u64> {
    match value.kind {
        Kind::Scalar(text) => Ok(text),
        Kind::Record(_) => Err(value.line),
        Kind::List(items) => {
            let texts: Result<Vec<String>, u64> =
                items.iter().map(|item| text_of(item).map(str::to_owned).ok_or(item.line)).collect();
            Ok(texts?.join(LIST_SEPARATOR))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delimited::{Record, Separator};

    fn read(text: &str) -> Result<(Vec<String>, Vec<Row>), String> {
        let records = super::read(Path::new("t.yaml"), text).map_err(|error| error.to_string())?;
        let fields =
            |text: &String| Record::of(text, Separator::Byte(b'\t')).iter().map(str::to_owned).collect();
        Ok((records.header, records.rows.iter().map(|(line, text)| (*line, fields(text))).collect()))
    }

    #[test]
    fn records_are_rows_and_values_stay_as_written() {
        let text = "# made by hand\ncontrasts:\n  - id: a\n    comparison: [condition, \"010\", 1.0]\n  - {batch: ~, id: 'b, c'}\n";
        let (header, rows) = read(text).unwrap();
        assert_eq!(header, ["id", "comparison", "batch"]);
        assert_eq!(rows[0], (3, ["a", "condition;010;1.0", ""].map(str::to_owned).to_vec()));
        assert_eq!(rows[1], (5, ["b, c", "", ""].map(str::to_owned).to_vec()));
    }

    #[test]
    fn what_is_no_list_of_records_is_told_with_its_line() {
        for (text, part) in [
            ("", "t.yaml: the file is empty"),
            ("a: [1", "t.yaml, line 2:1: this is no YAML: "),
            (
                "id: a\nvariable: b\n",
                "t.yaml, line 1: a list of records is wanted, but there are the keys id, variable",
            ),
            ("- id: a\n- 7\n", "t.yaml, line 2: a record (`key: value`) is wanted here"),
            ("- id: a\n  blocking: {x: 1}\n", "t.yaml, line 2, column `blocking`: a value, or a list"),
            ("- id: a\n  id: b\n", "t.yaml, line 2, column `id`: the key stands in this record already"),
            ("- &x {id: a}\n- *x\n", "t.yaml, line 2: an alias"),
            ("[[[[[[[[[1]]]]]]]]]", "too deep"),
        ] {
            let message = read(text).unwrap_err();
            assert!(message.contains(part), "{text:?}: {message}");
        }
    }
}
