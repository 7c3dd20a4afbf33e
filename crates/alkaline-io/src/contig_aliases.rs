//! Tables of contig names (featureCounts' `-A`): the annotation's name, a comma (or a tab), the alignments' name.

use std::path::Path;

use crate::delimited::read_text;
use crate::error::{FileProblems, Problem, ReadError};

/// Reads the pairs of names at `path`: annotation, alignments. Blank lines and lines that open with `#` are passed over.
///
/// Under `compat` the last character of a file that does not end in a line end is lost, as featureCounts loses it.
///
/// # Errors
/// [`ReadError`] when the file cannot be read, or with every line that is no pair of names.
///
/// # Differences
/// C-08.
pub fn read(path: &Path, compat: bool) -> Result<Vec<(String, String)>, ReadError> {
    let mut text = read_text(path)?;
    if compat && !text.ends_with('\n') {
        text.pop();
    }
    let mut pairs = Vec::new();
    let mut problems = Vec::new();
    for (line, content) in (1..).zip(text.lines()) {
        match content.split_once([',', '\t']) {
            _ if content.starts_with('#') || content.trim().is_empty() => {}
            Some((annotation, alignments)) => {
                pairs.push((annotation.trim().to_owned(), alignments.trim().to_owned()));
            }
            None => problems.push(
                Problem::at_line(line, format!("`{content}` is not a pair of names"))
                    .hint("a line is: name in the annotation, comma, name in the alignments"),
            ),
        }
    }
    FileProblems::check(path, problems)?;
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read_as(text: &str, compat: bool) -> Result<Vec<(String, String)>, ReadError> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read(file.path(), compat)
    }

    #[test]
    fn the_last_line_of_an_alias_file_needs_no_line_end_but_loses_a_letter_in_featurecounts() {
        let name = |compat| read_as("# ours, theirs\nchr1,1\n\nchr22,22", compat).unwrap()[1].1.clone();
        assert_eq!(name(false), "22");
        assert_eq!(name(true), "2");
    }

    #[test]
    fn every_line_that_is_no_pair_is_told() {
        let message = read_as("chr1 1\nchr2,2\nchr3\n", false).unwrap_err().to_string();
        assert!(message.contains("line 1: `chr1 1` is not a pair"), "{message}");
        assert!(message.contains("line 3: `chr3` is not a pair"), "{message}");
    }
}
