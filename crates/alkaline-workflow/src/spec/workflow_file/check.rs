//! Holds a workflow file against its schema and tells everything that is wrong with it, each with line and column.
//!
//! Reading alone would stop at the first mistake.

use std::ops::Range;

use alkaline_core::spelling::nearest;
use alkaline_core::words::listed;
use alkaline_io::Problem;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::schema::{Key, Shape, decided_elsewhere, keys, schema};

/// Everything that is wrong with `text`.
pub(super) fn problems(text: &str) -> Vec<Problem> {
    let mut check = Check { text, problems: Vec::new() };
    let (root, errors) = DeTable::parse_recoverable(text);
    for error in &errors {
        check.problem(error.span().unwrap_or_default(), error.message());
    }
    // what was misread makes mistakes that are none
    if errors.is_empty() {
        check.section(root.get_ref(), "", "", schema());
    }
    check.problems.sort_by_key(|problem| (problem.line, problem.character));
    check.problems
}

/// 1-based line and column of a place in `text`.
fn place(text: &str, offset: usize) -> (u64, u64) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() as u64 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u64 + 1;
    (line, column)
}

struct Check<'a> {
    text: &'a str,
    problems: Vec<Problem>,
}

impl Check<'_> {
    fn problem(&mut self, span: Range<usize>, message: impl Into<String>) -> &mut Problem {
        let (line, character) = place(self.text, span.start);
        self.problems.push(Problem::at(line, character, message));
        let last = self.problems.len() - 1;
        &mut self.problems[last]
    }

    /// The keys of a section called `path` in the file, and `definition` in the schema.
    fn section(&mut self, table: &DeTable<'_>, path: &str, definition: &str, section: &Value) {
        let known = keys(section);
        for (name, value) in table {
            match known.iter().find(|key| key.name == name.get_ref().as_ref()) {
                Some(key) => self.value(value, &joined(path, key.name), key.property, &key.shape),
                None => self.unknown(name, path, definition, &known),
            }
        }
    }

    /// A key that the section does not have.
    fn unknown(
        &mut self,
        name: &Spanned<std::borrow::Cow<'_, str>>,
        path: &str,
        definition: &str,
        known: &[Key<'_>],
    ) {
        let text = name.get_ref().as_ref();
        let whose = if path.is_empty() { String::new() } else { format!(" in [{path}]") };
        if let Some(instead) = decided_elsewhere(definition, text) {
            let message = format!("the key `{text}`{whose} decides nothing in a run");
            self.problem(name.span(), message).hint = Some(format!("what decides is {instead}"));
            return;
        }
        let here = nearest(text, known.iter().map(|key| key.name));
        let hint = match (elsewhere(text), here) {
            (_, Some(near)) if near.len() > 2 => format!("did you mean `{near}`?"),
            (Some(section), _) => format!("`{text}` is a key of [{section}]"),
            (None, Some(near)) => format!("did you mean `{near}`?"),
            (None, None) => {
                format!("its keys are {}", listed(known.iter().map(|key| key.name).collect::<Vec<_>>()))
            }
        };
        self.problem(name.span(), format!("unknown key `{text}`{whose}")).hint = Some(hint);
    }

    /// A value, which must be of this shape and within the limits of its property.
    fn value(&mut self, value: &Spanned<DeValue<'_>>, path: &str, property: &Value, shape: &Shape<'_>) {
        match (shape, value.get_ref()) {
            (Shape::Any, _) | (Shape::Text, DeValue::String(_)) | (Shape::Switch, DeValue::Boolean(_)) => {}
            (Shape::Section(definition, section), DeValue::Table(table)) => {
                self.section(table, path, definition, section);
            }
            (Shape::Word(words), DeValue::String(text)) => self.word(value.span(), path, words, text),
            (Shape::Whole | Shape::Number, DeValue::Integer(number)) => {
                let number =
                    i128::from_str_radix(number.as_str(), number.radix()).map(|number| number as f64);
                self.limits(value.span(), path, property, number.ok());
            }
            (Shape::Number, DeValue::Float(number)) => {
                self.limits(value.span(), path, property, number.as_str().parse().ok());
            }
            (Shape::List(items), DeValue::Array(array)) => {
                array.iter().for_each(|item| self.value(item, path, &Value::Null, items));
            }
            (Shape::Tuple(items), DeValue::Array(array)) if array.len() == items.len() => {
                for (item, shape) in array.iter().zip(items) {
                    self.value(item, path, &Value::Null, shape);
                }
            }
            (wanted, found) => {
                let message = format!("`{path}` is {}, but {} is wanted", of_type(found), in_words(wanted));
                self.problem(value.span(), message).hint = example(wanted);
            }
        }
    }

    /// A word of a list.
    fn word(&mut self, span: Range<usize>, path: &str, words: &[(&str, &str)], text: &str) {
        if words.iter().any(|(word, _)| *word == text) {
            return;
        }
        let known = || words.iter().map(|(word, _)| *word);
        let hint = match nearest(text, known()) {
            Some(near) => format!(
                "did you mean `{near}`? the values of `{path}` are {}",
                listed(known().collect::<Vec<_>>())
            ),
            None => format!("the values of `{path}` are {}", listed(known().collect::<Vec<_>>())),
        };
        self.problem(span, format!("`{text}` is no value of `{path}`")).hint = Some(hint);
    }

    /// A number, which must lie within the limits of its property.
    fn limits(&mut self, span: Range<usize>, path: &str, property: &Value, number: Option<f64>) {
        let limit = |name: &str| property[name].as_f64();
        let written = self.text.get(span.clone()).unwrap_or_default().to_owned();
        // without limit the prior weighs everything: all genes have the dispersion of the trend
        let may_be_infinite = path == "test.estimate.prior_df";
        let wanted = match number {
            Some(number) if number == f64::INFINITY && may_be_infinite => None,
            Some(number) if number.is_finite() => {
                let broken = [
                    limit("minimum").filter(|least| number < *least).map(|least| format!("at least {least}")),
                    limit("exclusiveMinimum")
                        .filter(|least| number <= *least)
                        .map(|least| format!("above {least}")),
                    limit("maximum").filter(|most| number > *most).map(|most| format!("at most {most}")),
                    limit("exclusiveMaximum")
                        .filter(|most| number >= *most)
                        .map(|most| format!("below {most}")),
                ];
                broken.into_iter().flatten().next()
            }
            _ => Some("that can be written with digits".to_owned()),
        };
        if let Some(wanted) = wanted {
            self.problem(span, format!("`{path}` is {written}, but a number {wanted} is wanted"));
        }
    }
}

fn joined(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// The only other section that has a key called so.
fn elsewhere(name: &str) -> Option<String> {
    let mut found = Vec::new();
    sections_with(name, "", schema(), &mut found);
    match found.as_slice() {
        [one] if !one.is_empty() => Some(one.clone()),
        _ => None,
    }
}

fn sections_with(name: &str, path: &str, section: &Value, found: &mut Vec<String>) {
    for key in keys(section) {
        if key.name == name {
            found.push(path.to_owned());
        }
        if let Shape::Section(_, inner) = key.shape {
            sections_with(name, &joined(path, key.name), inner, found);
        }
    }
}

/// What was written, in words.
fn of_type(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// What is wanted, in words.
pub(super) fn in_words(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Any => "anything".to_owned(),
        Shape::Text => "text".to_owned(),
        Shape::Word(_) => "one word of a list".to_owned(),
        Shape::Switch => "true or false".to_owned(),
        Shape::Whole => "a whole number".to_owned(),
        Shape::Number => "a number".to_owned(),
        Shape::List(items) => format!("a list (of {})", plural(items)),
        Shape::Tuple(items) => format!("a list of {}", items.len()),
        Shape::Section(..) => "a section".to_owned(),
    }
}

fn plural(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Text => "texts".to_owned(),
        Shape::Word(words) => words.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(", "),
        Shape::Tuple(items) => format!("lists of {}", items.len()),
        _ => "values".to_owned(),
    }
}

/// How it would be written.
fn example(shape: &Shape<'_>) -> Option<String> {
    Some(match shape {
        Shape::Text => "text stands in quotes: \"...\"".to_owned(),
        Shape::Word(words) => format!(
            "write one of {}, in quotes",
            listed(words.iter().map(|(word, _)| *word).collect::<Vec<_>>())
        ),
        Shape::Switch => "write true or false, without quotes".to_owned(),
        Shape::Whole | Shape::Number => "write the number without quotes".to_owned(),
        Shape::List(_) => "a list stands in brackets: [\"...\", \"...\"]".to_owned(),
        _ => return None,
    })
}
