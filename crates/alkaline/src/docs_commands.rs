//! Every command on the pages of the documentation can be typed, those too that no test can run.

use std::path::Path;

use alkaline_testkit::pages::{blocks, pages};
use clap::CommandFactory;

use crate::cli::Cli;

/// Words as a shell splits them: quotes hold words together, a comment or a redirection ends them, `&&` ends a
/// command.
fn commands_of(line: &str) -> Vec<Vec<String>> {
    let (mut all, mut word, mut quote) = (vec![Vec::new()], String::new(), None);
    for letter in format!("{line} ").chars() {
        match (quote, letter) {
            (Some(open), letter) if open == letter => quote = None,
            (None, '\'' | '"') => quote = Some(letter),
            (None, '#' | '>') if word.is_empty() => break,
            (None, ' ') if word == "&&" => {
                all.push(Vec::new());
                word.clear();
            }
            (None, ' ') => {
                let word = std::mem::take(&mut word);
                // a variable of the shell stands for something that is right there
                let word = if word.starts_with('$') { "1".to_owned() } else { word };
                all.last_mut().unwrap().extend(Some(word).filter(|word| !word.is_empty()));
            }
            (_, letter) => word.push(letter),
        }
    }
    all
}

#[test]
fn every_command_of_the_documentation_can_be_typed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut wrong = Vec::new();
    let mut typed = 0;
    for page in pages(&root) {
        let text = std::fs::read_to_string(&page).unwrap();
        for command in blocks(&text).iter().flat_map(|block| block.commands()) {
            for words in commands_of(&command.command) {
                typed += 1;
                if words.first().is_some_and(|word| word == "alkaline")
                    && let Err(error) = Cli::command().try_get_matches_from(&words)
                    && error.use_stderr()
                {
                    wrong.push(format!("{}:{}: {}\n{error}", page.display(), command.line, command.command));
                }
            }
        }
    }
    assert!(typed > 60, "{typed} commands were found");
    assert!(
        wrong.is_empty(),
        "{} commands of the documentation cannot be typed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
