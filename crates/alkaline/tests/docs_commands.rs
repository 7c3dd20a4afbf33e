//! Every command on the pages of the documentation is run: in a folder a page, in order, on small files under the names that the page uses.
//!
//! What cannot be run here is marked on the page, before the fence, with the reason: `<!-- not run: needs a network -->`.
//! `<!-- file: samples.csv -->` writes a block as that file, `<!-- exit code: 3 -->` says how the block's last command ends.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use alkaline_testkit::pages::{Block, Typed, blocks, pages};

/// The page that the program itself writes: its examples are those of `--help`, parsed by a test beside them.
const GENERATED: &str = "commands.md";

/// Runs a line as a shell does, with our program on the path; standard output, standard error and the exit code.
fn bash(directory: &Path, line: &str) -> (Option<i32>, String) {
    let program = Path::new(env!("CARGO_BIN_EXE_alkaline")).parent().expect("a folder");
    let path = format!("{}:{}", program.display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("bash")
        .current_dir(directory)
        .env("PATH", path)
        .args(["-c", line])
        .output()
        .expect("bash starts");
    let said = [&output.stderr[..], &output.stdout[..]].concat();
    (output.status.code(), String::from_utf8_lossy(&said).into_owned())
}

/// Every block of a page that is to be run, and what went wrong.
struct Page {
    name: String,
    blocks: Vec<Block>,
}

impl Page {
    fn read(root: &Path, path: &Path) -> Self {
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        Self { name, blocks: blocks(&fs::read_to_string(path).expect("a page")) }
    }

    /// Whether something of it is run.
    fn is_run(&self) -> bool {
        !self.name.ends_with(GENERATED) && self.blocks.iter().any(is_run)
    }

    /// Runs its commands in a copy of `inputs`; what failed, in words.
    fn run(&self, inputs: &Path, ran: &AtomicUsize) -> Vec<String> {
        let place = tempfile::tempdir().expect("a folder");
        let copied = bash(inputs, &format!("cp -r . '{}'", place.path().display()));
        assert_eq!(copied.0, Some(0), "{}", copied.1);
        let mut wrong = Vec::new();
        for block in &self.blocks {
            if let Some(name) = block.mark("file") {
                fs::write(place.path().join(name), &block.text).expect("the file is written");
            }
            if !is_run(block) {
                continue;
            }
            let commands = block.commands();
            for (number, Typed { line, command }) in commands.iter().enumerate() {
                let is_last = number + 1 == commands.len();
                let code = block
                    .mark("exit code")
                    .filter(|_| is_last)
                    .map_or(0, |code| code.parse().expect("a number"));
                ran.fetch_add(1, Ordering::Relaxed);
                let (ended, said) = bash(place.path(), command);
                if ended != Some(code) {
                    wrong.push(format!(
                        "{}:{line}: {command}\nended with {ended:?}, not {code}:\n{said}",
                        self.name
                    ));
                }
            }
        }
        wrong
    }
}

/// Whether a block has commands that are run.
fn is_run(block: &Block) -> bool {
    block.mark("not run").is_none() && !block.commands().is_empty()
}

#[test]
fn every_command_of_the_documentation_runs() {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap();
    let pages: Vec<Page> =
        pages(&root).iter().map(|path| Page::read(&root, path)).filter(Page::is_run).collect();
    let inputs = tempfile::tempdir().unwrap();
    let made = bash(inputs.path(), include_str!("docs_inputs/make.sh"));
    assert_eq!(made.0, Some(0), "the inputs of the pages cannot be made:\n{}", made.1);
    let (next, ran, wrong) = (AtomicUsize::new(0), AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(page) = pages.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let of_page = page.run(inputs.path(), &ran);
                    wrong.lock().unwrap().extend(of_page);
                }
            });
        }
    });
    let (wrong, ran) = (wrong.into_inner().unwrap(), ran.into_inner());
    println!("{ran} commands of {} pages were run", pages.len());
    assert!(ran > 20, "{ran} commands were run");
    assert!(
        wrong.is_empty(),
        "{} commands of the documentation fail. Mend the page, make the files that it speaks of in tests/docs_inputs/make.sh, or mark the block: \
         a line `<!-- not run: REASON -->` before the fence.\n\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

#[test]
fn whatever_is_not_run_says_why() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for path in pages(&root) {
        for block in blocks(&fs::read_to_string(&path).unwrap()) {
            let reason = block.mark("not run");
            assert!(
                reason.is_none_or(|reason| reason.len() > 8),
                "{}:{}: a reason",
                path.display(),
                block.line
            );
        }
    }
}
