//! Pages of documentation as tests read them: what stands between fences, what may be typed, and how a page marks what is special.
//!
//! A comment on the lines before a fence marks its block: `<!-- not run: needs a network -->` (only parsed), `<!-- file: samples.csv -->`
//! (the block is that file), `<!-- exit code: 3 -->` (its last command ends with that).

use std::fs;
use std::path::{Path, PathBuf};

/// What stands between two fences of a page.
#[derive(Clone, Debug)]
pub struct Block {
    /// Line of the opening fence, from 1.
    pub line: usize,
    /// What the page says of it in comments, as `(name, text)`.
    pub marks: Vec<(String, String)>,
    /// Its lines, without the indent of the fence.
    pub text: String,
}

/// A command of ours on a page.
#[derive(Clone, Debug)]
pub struct Typed {
    /// Line of the page, from 1.
    pub line: usize,
    /// The command, on one line.
    pub command: String,
}

/// The Markdown files below `root`, where people read them: what is built, and hidden folders, aside.
pub fn pages(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder").filter_map(Result::ok) {
            let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
            if path.is_dir() && !name.starts_with('.') && name != "target" && name != "golden" {
                folders.push(path);
            } else if name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The blocks of a page.
pub fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut marks = Vec::new();
    let mut open: Option<(Block, usize)> = None;
    for (number, line) in page.lines().enumerate() {
        let trimmed = line.trim_start();
        let fence = trimmed.starts_with("```");
        match open.as_mut() {
            Some(_) if fence => blocks.extend(open.take().map(|(block, _)| block)),
            Some((block, indent)) => {
                let own = line.len() - trimmed.len();
                block.text.push_str(&line[own.min(*indent)..]);
                block.text.push('\n');
            }
            None if fence => {
                let block =
                    Block { line: number + 1, marks: std::mem::take(&mut marks), text: String::new() };
                open = Some((block, line.len() - trimmed.len()));
            }
            None if trimmed.starts_with("<!--") => marks.extend(mark(trimmed)),
            None if trimmed.is_empty() => {}
            None => marks.clear(),
        }
    }
    blocks
}

/// A comment `<!-- name: text -->`.
fn mark(line: &str) -> Option<(String, String)> {
    let inside = line.strip_prefix("<!--")?.trim_end().strip_suffix("-->")?;
    let (name, text) = inside.split_once(':')?;
    Some((name.trim().to_owned(), text.trim().to_owned()))
}

impl Block {
    /// What the page says of the block under this name.
    pub fn mark(&self, name: &str) -> Option<&str> {
        self.marks.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }

    /// The commands of ours in it; lines that end with a backslash go on.
    pub fn commands(&self) -> Vec<Typed> {
        let mut commands: Vec<Typed> = Vec::new();
        let mut goes_on = false;
        for (number, line) in self.text.lines().enumerate() {
            let (part, more) = line.strip_suffix('\\').map_or((line, false), |part| (part, true));
            if goes_on {
                let last = commands.last_mut().expect("what goes on has begun");
                last.command = format!("{} {}", last.command.trim_end(), part.trim());
            } else if part.starts_with("alkaline ") && !part.starts_with("alkaline = ") {
                commands.push(Typed { line: self.line + 1 + number, command: part.trim().to_owned() });
            } else {
                continue;
            }
            goes_on = more;
        }
        commands
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_has_its_marks_and_its_commands() {
        let page = "Text\n\n<!-- exit code: 3 -->\n```\n# no\nalkaline run a \\\n    --out b\nalkaline = \"x\"\n```\nText\n   ```\n   alkaline demo\n   ```\n";
        let blocks = blocks(page);
        assert_eq!(blocks.len(), 2);
        assert_eq!(blocks[0].mark("exit code"), Some("3"));
        let commands = blocks[0].commands();
        assert_eq!((commands[0].line, commands[0].command.as_str()), (6, "alkaline run a --out b"));
        assert_eq!(commands.len(), 1);
        assert_eq!(blocks[1].commands()[0].command, "alkaline demo");
        assert!(blocks[1].marks.is_empty());
    }
}
