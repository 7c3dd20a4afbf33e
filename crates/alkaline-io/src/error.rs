//! What can be wrong with a file, said so that it can be mended: file, line, column, what was found, what to do next.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

pub use alkaline_core::spelling::nearest;
use thiserror::Error;

/// How many problems of one file are printed in full; the rest are counted.
const PROBLEMS_SHOWN: usize = 20;

/// How many hints of one file are printed.
const HINTS_SHOWN: usize = 3;

/// Why a file could not be read.
#[derive(Debug, Error)]
pub enum ReadError {
    /// The file is not there.
    #[error("{}: no such file", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The refusal.
        source: io::Error,
    },
    /// The file is there but does not hold what it should.
    #[error(transparent)]
    Format(#[from] FileProblems),
}

impl ReadError {
    /// The error for `source`, met while reading `path`.
    pub fn from_io(path: &Path, source: io::Error) -> Self {
        if let Some((message, hint)) = crate::plain_text::what_is_no_text(&source) {
            return FileProblems::one(path, Problem::of_file(message).hint(hint)).into();
        }
        use io::ErrorKind::{InvalidData, InvalidInput, IsADirectory, NotFound, UnexpectedEof};
        let problem = match source.kind() {
            NotFound => return Self::Missing { path: path.to_owned() },
            IsADirectory => Problem::of_file("it is a directory, not a file"),
            InvalidData => Problem::of_file(source.to_string()).hint("save the file as UTF-8 text"),
            // Plain reading gives neither of these: they come from decompression.
            InvalidInput | UnexpectedEof => {
                Problem::of_file(format!("the compressed data are damaged or cut off ({source})"))
                    .hint("copy or download the file again")
            }
            _ => return Self::Io { path: path.to_owned(), source },
        };
        FileProblems::one(path, problem).into()
    }

    /// What is wrong, without what to do about it.
    pub fn message(&self) -> String {
        match self {
            Self::Format(problems) => problems.message(),
            other => other.to_string(),
        }
    }

    /// What to do next, where something helps.
    pub fn hints(&self) -> Vec<&str> {
        match self {
            Self::Format(problems) => problems.hints(),
            _ => Vec::new(),
        }
    }

    /// Whether the file's content (or absence) is at fault, rather than the machine.
    pub fn is_bad_input(&self) -> bool {
        !matches!(self, Self::Io { .. })
    }
}

/// Why a file could not be written.
#[derive(Debug, Error)]
#[error("cannot write {}: {source}", path.display())]
pub struct WriteError {
    /// The file.
    pub path: PathBuf,
    /// The refusal.
    pub source: io::Error,
}

/// One thing wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// 1-based line, where one is at fault.
    pub line: Option<u64>,
    /// 1-based place in that line, where it is known.
    pub character: Option<u64>,
    /// Name (or number) of the column, where one is at fault.
    pub column: Option<String>,
    /// What was found.
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
}

impl Problem {
    /// A problem of the file as a whole.
    pub fn of_file(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }

    /// A problem of line number `line`.
    pub fn at_line(line: u64, message: impl Into<String>) -> Self {
        Self { line: Some(line), message: message.into(), ..Self::default() }
    }

    /// A problem of a place in a line.
    pub fn at(line: u64, character: u64, message: impl Into<String>) -> Self {
        Self { character: Some(character), ..Self::at_line(line, message) }
    }

    /// The same problem, in column `column`.
    pub fn in_column(self, column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..self }
    }

    /// The same problem, with what to do about it.
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

/// Everything that is wrong with one file, all at once.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub struct FileProblems {
    /// The file.
    pub path: PathBuf,
    /// What is wrong, in the order of the file; never empty.
    pub problems: Vec<Problem>,
}

impl FileProblems {
    /// A single problem of `path`.
    pub fn one(path: &Path, problem: Problem) -> Self {
        Self { path: path.to_owned(), problems: vec![problem] }
    }

    /// `Ok` when nothing was found wrong.
    ///
    /// # Errors
    /// The problems, when there are any.
    pub fn check(path: &Path, problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self { path: path.to_owned(), problems }) }
    }

    /// What is wrong, a line each, without what to do about it.
    pub fn message(&self) -> String {
        let shown = self.problems.iter().take(PROBLEMS_SHOWN);
        let mut lines: Vec<String> = shown.map(|problem| self.line(problem)).collect();
        if self.problems.len() > PROBLEMS_SHOWN {
            lines
                .push(format!("... and {} more problems in this file", self.problems.len() - PROBLEMS_SHOWN));
        }
        lines.join("\n")
    }

    /// What to do about it: the first few of the hints that differ.
    pub fn hints(&self) -> Vec<&str> {
        let mut hints: Vec<&str> = Vec::new();
        for hint in self.problems.iter().filter_map(|problem| problem.hint.as_deref()) {
            if hints.len() < HINTS_SHOWN && !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        hints
    }

    /// "samples.csv, line 3, column `condition`: empty".
    fn line(&self, problem: &Problem) -> String {
        let mut text = self.path.display().to_string();
        if let Some(line) = problem.line {
            text.push_str(&format!(", line {line}"));
        }
        if let Some(character) = problem.character {
            text.push_str(&format!(":{character}"));
        }
        if let Some(column) = &problem.column {
            text.push_str(&format!(", column `{column}`"));
        }
        format!("{text}: {}", problem.message)
    }
}

impl fmt::Display for FileProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())?;
        self.hints().iter().try_for_each(|hint| write!(f, "\nhint: {hint}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_are_printed_with_file_line_column_and_hint() {
        let problems = FileProblems {
            path: "samples.csv".into(),
            problems: vec![
                Problem::at_line(3, "empty").in_column("condition").hint("fill it in"),
                Problem::of_file("no column `sample`"),
            ],
        };
        assert_eq!(
            problems.to_string(),
            "samples.csv, line 3, column `condition`: empty\nsamples.csv: no column `sample`\nhint: fill it in"
        );
    }
}
