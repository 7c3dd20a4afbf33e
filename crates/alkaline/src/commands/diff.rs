//! `alkaline diff`: what differs between two runs, and what that changed in their results.

use std::path::{Path, PathBuf};

use alkaline_core::words::{count, count_of, listed_up_to};
use alkaline_io::results::table::{header, write_rows};
use alkaline_workflow::record::difference::{
    Change, ContrastChange, GeneChange, List, RunDifference, SetChange, compare,
};
use clap::Args;
use serde_json::Value;

use super::table_name::table_name;
use crate::console::Console;
use crate::failure::Failure;
use crate::global_options::{GlobalOptions, LogFormat};

/// Arguments of `diff`.
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// A finished run: its directory, or its run.json.
    #[arg(value_name = "RUN_A")]
    pub first: PathBuf,
    /// The run to compare it with.
    #[arg(value_name = "RUN_B")]
    pub second: PathBuf,
    /// Write every gene and gene set that entered or left a list to this table; `-` is standard output.
    #[arg(short, long, value_name = "FILE", value_parser = table_name)]
    pub output: Option<PathBuf>,
    #[command(flatten)]
    pub global: GlobalOptions,
}

/// Compares the two runs.
pub fn run(args: &DiffArgs) -> Result<(), Failure> {
    let console = Console::new(&args.global)?;
    let difference = compare(&args.first, &args.second)?;
    if let Some(path) = &args.output {
        write(path, &difference)?;
    }
    let to_stdout = args.output.as_deref() == Some(Path::new("-"));
    if args.global.log == LogFormat::Json {
        let text = serde_json::to_string(&difference).unwrap_or_default();
        console.output(&text);
    } else if !to_stdout {
        lines(&difference).iter().for_each(|line| console.output(line));
    }
    Ok(())
}

/// Names that are shown of those that entered or left a list.
const NAMED: usize = 10;

/// Letters of a value that are shown.
const SHOWN: usize = 60;

fn lines(difference: &RunDifference) -> Vec<String> {
    let RunDifference { versions, options, inputs, samples, contrasts, files, results } = difference;
    let mut lines: Vec<String> = Vec::new();
    for change in versions.iter().chain(options).chain(inputs).chain(samples).chain(contrasts) {
        lines.push(in_words(change));
    }
    if difference.is_same_question() {
        lines.push("both runs were asked the same: version, options, inputs, samples, contrasts".to_owned());
    }
    for result in results {
        lines.extend(changed(result));
    }
    lines.push(match (files.len(), difference.is_same_answer()) {
        (0, _) => "the results are the same, byte by byte".to_owned(),
        (number, true) => {
            format!("{} differ, but no gene and no gene set entered or left a list", count(number, "file"))
        }
        (number, false) => count_of(number, "file differs", "files differ"),
    });
    lines
}

/// "`[test] thresholds.fdr`: 0.05 -> 0.01".
fn in_words(change: &Change) -> String {
    let Change { section, key, old, new } = change;
    let what = match section.as_str() {
        "version" => format!("version of {key}"),
        "input" | "sample" | "contrast" => format!("{section} {key}"),
        section => format!("`[{section}] {key}`"),
    };
    match (section.as_str(), old, new) {
        ("input", old, new) if old == new => format!("{what}: {} has another content", shown(old)),
        ("sample" | "contrast" | "input", Value::Null, new) => {
            format!("{what}: only in the second run ({})", shown(new))
        }
        ("sample" | "contrast" | "input", old, Value::Null) => {
            format!("{what}: only in the first run ({})", shown(old))
        }
        _ => format!("{what}: {} -> {}", shown(old), shown(new)),
    }
}

fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "none".to_owned(),
        Value::String(text) => text.clone(),
        // 1 and not 1.0, as it is typed
        Value::Number(number) => {
            number.as_f64().map_or_else(|| number.to_string(), |number| number.to_string())
        }
        other => other.to_string(),
    };
    // Paths end with what tells them apart.
    if text.chars().count() <= SHOWN || text.starts_with('/') {
        text
    } else {
        text.chars().take(SHOWN).chain("...".chars()).collect()
    }
}

/// What entered and left the lists of a contrast.
fn changed(result: &ContrastChange) -> Vec<String> {
    let ContrastChange { contrast, genes, sets } = result;
    let gene = |gene: &GeneChange| gene.name.clone().unwrap_or_else(|| gene.gene.clone());
    let set = |set: &SetChange| set.description.clone();
    let of_genes = genes.iter().filter(|list| !list.is_empty()).map(|list| {
        let what = format!("{contrast}: genes {}", list.list);
        moved(&what, list, ["entered", "left"], gene)
    });
    let of_sets = sets.iter().filter(|list| !list.is_empty()).map(|list| {
        let what = format!("{contrast}: gene sets of {}", list.list);
        moved(&what, list, ["became significant", "ceased to be"], set)
    });
    of_genes.chain(of_sets).flatten().collect()
}

fn moved<T>(what: &str, list: &List<T>, words: [&str; 2], name: impl Fn(&T) -> String) -> Vec<String> {
    let mut lines = vec![format!("{what}: {} -> {}", list.before, list.after)];
    for (word, moved) in words.into_iter().zip([&list.entered, &list.left]) {
        if !moved.is_empty() {
            let names = listed_up_to(NAMED, moved.iter().map(&name));
            lines.push(format!("  {} {word}: {names}", moved.len()));
        }
    }
    lines
}

/// Columns of the table: which list, what entered or left it, and its numbers in both runs.
const COLUMNS: [&str; 10] =
    ["contrast", "kind", "list", "change", "id", "name", "logFC_A", "logFC_B", "FDR_A", "FDR_B"];

/// A gene or gene set that entered or left a list.
struct Row<'a> {
    texts: [&'a str; 5],
    name: Option<&'a str>,
    numbers: [Option<f64>; 4],
}

/// Writes every gene and gene set that entered or left a list, one a row.
fn write(path: &Path, difference: &RunDifference) -> Result<(), Failure> {
    let rows = difference.results.iter().flat_map(|result| {
        let genes = result.genes.iter().flat_map(|list| {
            moves(list).map(|(change, gene)| {
                let ([a, b], [c, d]) = (gene.log2_fold_change, gene.fdr);
                let texts = [&*result.contrast, "gene", &*list.list, change, &*gene.gene];
                Row { texts, name: gene.name.as_deref(), numbers: [a, b, c, d] }
            })
        });
        let sets = result.sets.iter().flat_map(|list| {
            moves(list).map(|(change, set)| {
                let [c, d] = set.p_adjusted;
                let texts = [&*result.contrast, "set", &*list.list, change, &*set.id];
                Row { texts, name: Some(&*set.description), numbers: [None, None, c, d] }
            })
        });
        genes.chain(sets).collect::<Vec<_>>()
    });
    let rows: Vec<Row<'_>> = rows.collect();
    Ok(write_rows(path, &header(&COLUMNS), rows, |line, row| {
        row.texts.iter().for_each(|text| {
            line.text(text);
        });
        line.optional(row.name);
        row.numbers.iter().for_each(|number| {
            line.optional_real(*number);
        });
    })?)
}

/// What entered a list, and what left it.
fn moves<T>(list: &List<T>) -> impl Iterator<Item = (&'static str, &T)> {
    let entered = list.entered.iter().map(|moved| ("entered", moved));
    entered.chain(list.left.iter().map(|moved| ("left", moved)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changes_are_told_with_section_key_and_both_values() {
        let words = |section: &str, key: &str, old: Value, new: Value| {
            in_words(&Change { section: section.into(), key: key.into(), old, new })
        };
        assert_eq!(
            words("test", "thresholds.fdr", json!(0.05), json!(1.0)),
            "`[test] thresholds.fdr`: 0.05 -> 1"
        );
        assert_eq!(
            words("input", "alignments", json!("/x/a.bam"), json!("/x/a.bam")),
            "input alignments: /x/a.bam has another content"
        );
        assert_eq!(
            words("input", "alignments", Value::Null, json!("/x/a.bam")),
            "input alignments: only in the second run (/x/a.bam)"
        );
        assert_eq!(words("version", "alkaline", json!("1"), json!("2")), "version of alkaline: 1 -> 2");
    }

    #[test]
    fn long_lists_are_counted_and_named_up_to_a_bound() {
        let list = List {
            list: "up".into(),
            before: 0,
            after: 30,
            entered: (0..30).collect(),
            left: Vec::<usize>::new(),
        };
        let lines = moved("c: genes up", &list, ["entered", "left"], |number| format!("g{number}"));
        assert_eq!(lines[0], "c: genes up: 0 -> 30");
        assert!(
            lines.len() == 2 && lines[1].starts_with("  30 entered: g0, g1") && !lines[1].contains("g20"),
            "{lines:?}"
        );
    }
}
