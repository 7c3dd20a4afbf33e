//! What `alkaline` alone shows: the commands by task, a line each, and three examples.

use std::fmt::Write;

use clap::Command;
use clap::builder::Styles;

use crate::examples::indented;

/// What people come with, and the commands for it, in the order in which they are wanted.
const GROUPS: [(&str, &[&str]); 7] = [
    ("Start here", &["demo", "init", "check", "run"]),
    ("From reads, or from others' files, to counts", &["clean", "align", "count", "merge", "import"]),
    ("From counts to genes and what they mean", &["normalize", "test", "enrich", "panel"]),
    ("Beyond one experiment", &["compare", "cohort", "power", "simulate"]),
    ("Look at a run, repeat it", &["status", "why", "export", "report", "diff", "rerun"]),
    ("On a cluster", &["submit", "resume", "emit", "stage"]),
    ("Help, and what is built in", &["reference", "completions", "man", "help"]),
];

/// Where commands stand that no group names.
const OTHERS: &str = "Other commands";

/// What most people type first.
const EXAMPLES: [&str; 3] = [
    "alkaline demo",
    "alkaline run --parental a1.bam a2.bam --resistant b1.bam b2.bam --out out",
    "alkaline run --counts counts.tsv --samples samples.csv --contrast condition,parental,resistant --out out",
];

/// The command line whose own help shows its commands by task.
pub fn by_task(mut command: Command) -> Command {
    command.build();
    let commands = listed(&command);
    let header = *Styles::styled().get_header();
    let options = format!("{header}Options:{header:#}\n{{options}}");
    let template =
        format!("{{about-with-newline}}\n{{usage-heading}} {{usage}}\n{commands}\n\n{options}{{after-help}}");
    command.help_template(template).after_help(indented(&EXAMPLES))
}

/// All groups with their commands.
fn listed(command: &Command) -> String {
    let grouped: Vec<&str> = GROUPS.iter().flat_map(|(_, names)| names.iter().copied()).collect();
    let others: Vec<&str> = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set())
        .map(Command::get_name)
        .filter(|name| !grouped.contains(name))
        .collect();
    let styles = Styles::styled();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let mut text = String::new();
    for (title, names) in GROUPS.iter().copied().chain([(OTHERS, &others[..])]) {
        if !names.is_empty() {
            let _ = write!(text, "\n{header}{title}:{header:#}");
        }
        for inner in names.iter().filter_map(|name| command.find_subcommand(name)) {
            let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
            let _ = write!(text, "\n  {literal}{:<11}{literal:#}  {about}", inner.get_name());
        }
        text.push_str(if names.is_empty() { "" } else { "\n" });
    }
    text.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;
    use crate::examples::with_examples;

    #[test]
    fn every_command_stands_in_one_group_on_one_line() {
        let mut command = Cli::command();
        command.build();
        for inner in command.get_subcommands() {
            let name = inner.get_name();
            let groups = GROUPS.iter().filter(|(_, names)| names.contains(&name)).count();
            assert_eq!(groups, 1, "`{name}` is to stand in one group of GROUPS");
            let about = inner.get_about().unwrap().to_string();
            assert!(
                about.chars().count() <= 80 - 15,
                "`{name}`: a line of 80 columns has no room for: {about}"
            );
        }
    }

    #[test]
    fn the_help_of_alkaline_shows_groups_and_ends_with_examples() {
        let help = by_task(with_examples(Cli::command(), indented)).render_help().to_string();
        let places = GROUPS.map(|(title, _)| help.find(&format!("\n{title}:\n")).expect(title));
        assert!(places.is_sorted());
        assert!(help.contains("\n  run          Run a complete analysis"), "{help}");
        assert!(!help.contains(OTHERS) && !help.contains("\nCommands:"), "{help}");
        assert!(help.trim_end().ends_with(indented(&EXAMPLES).lines().last().unwrap()), "{help}");
    }

    #[test]
    fn the_examples_can_be_typed() {
        for line in EXAMPLES {
            Cli::command().try_get_matches_from(line.split(' ')).unwrap();
        }
    }
}
