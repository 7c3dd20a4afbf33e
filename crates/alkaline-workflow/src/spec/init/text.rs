//! The text of a workflow file in which every option stands, with what it means and what it is when nobody says otherwise; and the same
//! as a page of the reference.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use super::names::{CONTRASTS, SAMPLES, SCHEMA};
use crate::spec::workflow_file::schema::{Key, Shape, keys, schema};

/// Width of comments.
const WIDTH: usize = 110;

/// What stands in the file without being a comment.
pub(super) struct Filled<'a> {
    pub title: Option<String>,
    pub counts: Option<&'a Path>,
    /// A table of expression values in place of counts; it stands where a run takes one.
    pub expression: Option<&'a Path>,
    /// Average lengths beside the counts.
    pub offsets: Option<&'a Path>,
    pub annotation: Option<&'a Path>,
    /// Whether fractional counts are welcome.
    pub allow_fractional: bool,
    /// Whether every group has a single sample.
    pub without_replicates: bool,
    /// Keys of sections that do not keep their defaults: the path of the key, and its value in TOML.
    pub decided: Vec<(&'static str, String)>,
    /// Whether the schema lies beside the file.
    pub with_schema: bool,
}

impl Filled<'_> {
    /// The value of a key of the file itself.
    fn value(&self, key: &str) -> Option<String> {
        let path = |path: &Path| quoted(&path.display().to_string());
        match key {
            "title" => self.title.as_deref().map(quoted),
            "samples" => Some(quoted(SAMPLES)),
            "contrasts" => Some(quoted(CONTRASTS)),
            "counts" => self.counts.map(path),
            "expression" => self.expression.map(path),
            "offsets" => self.offsets.map(path),
            "annotation" => self.annotation.map(path),
            "allow_fractional" => self.allow_fractional.then(|| "true".to_owned()),
            _ => None,
        }
    }
}

impl Filled<'_> {
    /// The value of a key of a section.
    fn decided(&self, section: &str, key: &str) -> Option<String> {
        let is_it =
            |path: &str| path.strip_prefix(section).is_some_and(|rest| rest.strip_prefix('.') == Some(key));
        self.decided.iter().find(|(path, _)| is_it(path)).map(|(_, value)| value.clone())
    }
}

/// The text of workflow.toml.
pub(super) fn workflow(filled: &Filled<'_>) -> String {
    let mut text = String::new();
    if filled.with_schema {
        writeln!(text, "#:schema ./{}", SCHEMA).unwrap_or_default();
    }
    text.push_str(
        "# An analysis of alkaline. Look through samples.csv and contrasts.csv, correct what was guessed, then:\n\
         #   alkaline check workflow.toml\n\
         #   alkaline run workflow.toml --out results\n\
         # Options that are left out, or stand behind a #, have the value that is shown. Paths are relative to this file.\n\n",
    );
    section(&mut text, "", schema(), filled);
    if filled.without_replicates && filled.expression.is_none() {
        let note = "# There are no replicates, so the biological coefficient of variation must be given (0.1 for genetically\n\
                    # identical cultures, 0.2 for cell lines grown apart, 0.4 for human samples): take the # away from `bcv`.\n[test]\n";
        text = text.replacen("[test]\n", note, 1);
    }
    text
}

/// The keys of a section, then the sections in it.
fn section(text: &mut String, path: &str, section_schema: &Value, filled: &Filled<'_>) {
    let (sections, values): (Vec<Key<'_>>, Vec<Key<'_>>) =
        keys(section_schema).into_iter().partition(|key| matches!(key.shape, Shape::Section(..)));
    for key in values {
        comment(text, &explanation(&key));
        let value = if path.is_empty() { filled.value(key.name) } else { filled.decided(path, key.name) };
        match value {
            Some(value) => writeln!(text, "{} = {value}", key.name),
            None => writeln!(text, "# {} = {}", key.name, default_in_words(&key)),
        }
        .unwrap_or_default();
        text.push('\n');
    }
    for key in sections {
        let Shape::Section(_, inner) = key.shape else { continue };
        let path = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        comment(text, key.description);
        // a section that is there at all switches something on
        let mark = if is_optional(&key) { "# " } else { "" };
        writeln!(text, "{mark}[{path}]").unwrap_or_default();
        section(text, &path, inner, filled);
    }
}

/// Whether nothing may stand in place of a section.
fn is_optional(key: &Key<'_>) -> bool {
    key.property["anyOf"].is_array()
}

/// What a key means, and the words that it may be.
fn explanation(key: &Key<'_>) -> String {
    let mut text = key.description.to_owned();
    let words = match &key.shape {
        Shape::Word(words) => words,
        Shape::List(items) => match items.as_ref() {
            Shape::Word(words) => words,
            _ => return text,
        },
        _ => return text,
    };
    for (word, meaning) in words {
        let meaning = if meaning.is_empty() { String::new() } else { format!(": {meaning}") };
        write!(text, "\n  \"{word}\"{meaning}").unwrap_or_default();
    }
    text
}

/// Writes a comment, broken into lines.
fn comment(text: &mut String, words: &str) {
    for line in words.lines() {
        let indent: String = line.chars().take_while(|letter| *letter == ' ').collect();
        let mut length = 0;
        text.push('#');
        for word in line.split_whitespace() {
            if length > 0 && length + word.len() > WIDTH {
                text.push_str("\n# ");
                text.push_str(&indent);
                length = 0;
            }
            if length == 0 && !text.ends_with(' ') {
                text.push(' ');
                text.push_str(&indent);
            } else if length > 0 {
                text.push(' ');
            }
            text.push_str(word);
            length += word.len() + 1;
        }
        text.push('\n');
    }
}

/// The default of a key as it is written in TOML; what kind of value it takes where there is none.
fn default_in_words(key: &Key<'_>) -> String {
    key.default.map_or_else(|| format!("{}   # nothing when left out", placeholder(&key.shape)), toml_value)
}

/// A value that shows how it is written.
fn placeholder(shape: &Shape<'_>) -> String {
    match shape {
        Shape::Word(words) => quoted(words.first().map_or("", |(word, _)| word)),
        Shape::Switch => "false".to_owned(),
        Shape::Whole => "1".to_owned(),
        Shape::Number => "0.1".to_owned(),
        Shape::List(_) | Shape::Tuple(_) => "[]".to_owned(),
        Shape::Text | Shape::Section(..) | Shape::Any => "\"...\"".to_owned(),
    }
}

/// A value in TOML.
fn toml_value(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(items) => format!("[{}]", items.iter().map(toml_value).collect::<Vec<_>>().join(", ")),
        other => other.to_string(),
    }
}

/// Text in quotes, as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The page of the reference: every key, section by section.
pub fn reference_page() -> String {
    let mut text = String::from(
        "# The workflow file\n\n\
         `workflow.toml` describes a whole analysis: `alkaline run workflow.toml`. `alkaline init` writes one with every option in it.\n\
         Each section is the options of one stage; whatever is left out keeps its default; what stands on the command line wins. Paths are\n\
         relative to the file. A key that does not exist is refused, with the nearest one that does; everything that is wrong is told at\n\
         once, with line and column. The schema for editors is [workflow.schema.json](workflow.schema.json); `alkaline init --schema` puts it\n\
         beside the file and names it in the first line, where editors look for it.\n\n\
         Not here, because they do not change what comes out: `--out`, `--threads`, `--memory`, and how messages look.\n\n",
    );
    page_of(&mut text, "", schema());
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// The keys of a section as a table, then the sections in it.
fn page_of(text: &mut String, path: &str, section_schema: &Value) {
    let (sections, values): (Vec<Key<'_>>, Vec<Key<'_>>) =
        keys(section_schema).into_iter().partition(|key| matches!(key.shape, Shape::Section(..)));
    if !values.is_empty() {
        text.push_str("| key | default | what it means |\n|---|---|---|\n");
    }
    for key in values {
        let default = key.default.map_or_else(String::new, |value| format!("`{}`", toml_value(value)));
        let words = explanation(&key).replace('|', "\\|").replace("\n  ", "<br>");
        writeln!(text, "| `{}` | {default} | {} |", key.name, words.replace('\n', " ")).unwrap_or_default();
    }
    text.push('\n');
    for key in sections {
        let Shape::Section(_, inner) = key.shape else { continue };
        let path = if path.is_empty() { key.name.to_owned() } else { format!("{path}.{}", key.name) };
        let when = if is_optional(&key) { " Off when the section is left out." } else { "" };
        writeln!(text, "## `[{path}]`\n\n{}{when}\n", key.description.lines().next().unwrap_or_default())
            .unwrap_or_default();
        page_of(text, &path, inner);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::WorkflowFile;

    fn filled(with_schema: bool) -> Filled<'static> {
        Filled {
            title: None,
            counts: None,
            expression: None,
            offsets: None,
            annotation: None,
            allow_fractional: false,
            without_replicates: true,
            decided: Vec::new(),
            with_schema,
        }
    }

    fn read(text: &str) -> WorkflowFile {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("workflow.toml");
        std::fs::write(&path, text).unwrap();
        let file = WorkflowFile::read(&path).unwrap_or_else(|error| panic!("{error}\n{text}"));
        WorkflowFile { samples: None, contrasts: None, ..file }
    }

    /// The text with every default in force.
    fn with_defaults(text: &str) -> (String, usize) {
        let mut defaults = 0;
        let lines = text.lines().map(|line| {
            let key = line.strip_prefix("# ").filter(|rest| {
                let name = rest.split(" = ").next().unwrap_or_default();
                let is_key = rest.contains(" = ")
                    && !name.is_empty()
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                (is_key && !rest.contains("# nothing when left out"))
                    || (rest.starts_with('[') && rest.ends_with(']'))
            });
            defaults += usize::from(key.is_some());
            key.unwrap_or(line).to_owned() + "\n"
        });
        (lines.collect(), defaults)
    }

    #[test]
    fn every_default_stands_in_the_file_as_it_is() {
        let text = workflow(&filled(false));
        assert_eq!(read(&text), WorkflowFile::default());
        let (text, defaults) = with_defaults(&text);
        let mut expected = WorkflowFile::default();
        expected.enrich.simplify = Some(Default::default());
        assert_eq!(read(&text), expected);
        assert!(defaults > 70, "{defaults} defaults were read");
    }

    #[test]
    fn options_stand_in_their_order_with_what_they_mean() {
        let text = workflow(&filled(true));
        assert!(text.starts_with("#:schema ./workflow.schema.json\n"), "{text}");
        let place = |part: &str| text.find(part).unwrap_or_else(|| panic!("`{part}` is not in {text}"));
        for pair in [
            "# title = ",
            "samples = \"samples.csv\"",
            "[count]",
            "[test]",
            "# design = ",
            "# bcv = ",
            "[test.thresholds]",
            "# fdr = 0.05",
            "[enrich]",
        ]
        .windows(2)
        {
            assert!(place(pair[0]) < place(pair[1]), "{} stands after {}", pair[0], pair[1]);
        }
        assert!(text.contains("take the # away from `bcv`.\n[test]\n"), "{text}");
        assert!(text.contains("# False discovery rate, exclusive.\n# fdr = 0.05\n"), "{text}");
        assert!(
            text.contains("#   \"lrt\": Likelihood ratio under a linear model (edgeR `glmLRT`)."),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() < 140), "{text}");
    }
}
