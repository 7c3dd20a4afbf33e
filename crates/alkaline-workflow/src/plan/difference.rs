//! Why a node is done again, in one sentence.

use std::collections::HashSet;

use serde_json::Value;

use super::node::{Basis, Node};
use crate::store::receipt::Receipt;

/// How much of a value is shown.
const SHOWN: usize = 40;

/// What makes the result of `node` another one than that of `receipt`.
pub(super) fn reason(node: &Node, version: &str, basis: &Basis, receipt: &Receipt) -> String {
    if receipt.version != version {
        return format!("it was done by alkaline {}, this is {version}", receipt.version);
    }
    if let Some(change) = changed_option(&receipt.options, &node.options) {
        return in_words(&change);
    }
    for (role, path, hash) in &basis.inputs {
        match receipt.inputs.iter().find(|input| input.path == *path) {
            Some(input) if input.blake3 == *hash => {}
            Some(_) => return format!("{role}: {} has another content", path.display()),
            None => return format!("{role}: {} is read now", path.display()),
        }
    }
    for (task, digest) in &basis.needs {
        match receipt.needs.get(task) {
            Some(old) if old == digest => {}
            Some(_) => return format!("`{task}` left something else"),
            None => return format!("`{task}` is new"),
        }
    }
    let gone = receipt.needs.keys().find(|task| !basis.needs.contains_key(*task));
    gone.map_or_else(
        || "what it reads has changed".to_owned(),
        |task| format!("`{task}` is no longer part of the run"),
    )
}

/// An option that differs: where it stands, as it was, as it is.
struct Change<'a> {
    path: Vec<String>,
    old: &'a Value,
    new: &'a Value,
}

/// What says how the run is described rather than what is done: told when nothing else differs.
const TOLD_LAST: [&str; 3] = ["command", "date", "notices"];

/// The first option that differs; other samples come before what is told of each.
fn changed_option<'a>(old: &'a Value, new: &'a Value) -> Option<Change<'a>> {
    let names = |side: &'a Value| &side["samples"]["names"];
    if names(old) != names(new) {
        let path = ["samples", "names"].map(str::to_owned).into();
        return Some(Change { path, old: names(old), new: names(new) });
    }
    first_change(&[], old, new, |name| !TOLD_LAST.contains(&name))
        .or_else(|| first_change(&[], old, new, |_| true))
}

/// The first difference below `path` among the members of which `is_meant` holds.
fn first_change<'a>(
    path: &[String],
    old: &'a Value,
    new: &'a Value,
    is_meant: fn(&str) -> bool,
) -> Option<Change<'a>> {
    if old == new {
        return None;
    }
    if let (Value::Object(before), Value::Object(after)) = (old, new) {
        let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        let mut names = names.filter(|name| is_meant(name));
        return names.find_map(|name| {
            let at = |side: &'a Value| side.get(name).unwrap_or(&Value::Null);
            let deeper: Vec<String> = path.iter().chain([name]).cloned().collect();
            first_change(&deeper, at(old), at(new), |_| true)
        });
    }
    Some(Change { path: path.to_vec(), old, new })
}

/// The change as a sentence.
fn in_words(change: &Change<'_>) -> String {
    let Change { path, old, new } = change;
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path[..] {
        ["command"] => return "the command that is recorded is another".to_owned(),
        ["design", "first" | "beside"] => {
            return "there are other designs beside it, and its tables lie elsewhere".to_owned();
        }
        ["contrasts"] => return listed("contrasts", old, new),
        ["samples", "names" | "samples"] => return listed("samples", old, new),
        ["samples", column] => return format!("the sample sheet has other values in its column `{column}`"),
        _ => {}
    }
    let is_recorded = path.first() == Some(&"settings");
    let path = &path[usize::from(is_recorded)..];
    let place = match path.split_first() {
        Some((section, rest)) if !rest.is_empty() => format!("`[{section}] {}`", rest.join(".")),
        _ => format!("`{}`", path.join(".")),
    };
    let sentence = format!("{place} changed from {} to {}", shown(old), shown(new));
    match place.starts_with("`[test] thresholds.") && !is_recorded {
        true => format!("{sentence}: calling and what follows; dispersions stay"),
        false => sentence,
    }
}

/// How many members of a list are named.
const NAMED: usize = 3;

/// Which members of a list are new, and which are gone.
fn listed(what: &str, old: &Value, new: &Value) -> String {
    let names = |side: &Value| -> Vec<String> {
        let name = |member: &Value| member.get("id").unwrap_or(member).as_str().map(str::to_owned);
        side.as_array().into_iter().flatten().filter_map(name).collect()
    };
    let (old, new) = (names(old), names(new));
    let only = |these: &[String], others: &[String]| -> Vec<String> {
        let others: HashSet<&String> = others.iter().collect();
        these.iter().filter(|name| !others.contains(name)).cloned().collect()
    };
    let said = |names: Vec<String>, one: &str, many: &str| match names.len() {
        0 => None,
        1 => Some(format!("{} {one}", names[0])),
        number if number <= NAMED => Some(format!("{} {many}", names.join(", "))),
        number => Some(format!("{number} {many}")),
    };
    let parts = [said(only(&new, &old), "is new", "are new"), said(only(&old, &new), "is gone", "are gone")];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    match (parts.is_empty(), old == new) {
        (false, _) => format!("the {what} changed: {}", parts.join(", ")),
        (true, false) => format!("the {what} stand in another order"),
        (true, true) => format!("the {what} are described otherwise"),
    }
}

/// A value as it is shown: short.
fn shown(value: &Value) -> String {
    let text = match value {
        Value::Null => "the default".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if text.chars().count() <= SHOWN { text } else { text.chars().take(SHOWN).chain("...".chars()).collect() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::task::Task;

    #[test]
    fn the_sentence_names_the_option_and_both_values() {
        let node = |fdr: f64| Node {
            task: Task::Test("c".into()),
            needs: vec![],
            inputs: vec![],
            options: json!({ "test": { "thresholds": { "fdr": fdr, "lfc": 1.0 } } }),
        };
        let receipt = Receipt { version: "1".into(), options: node(0.05).options, ..Receipt::default() };
        assert_eq!(
            reason(&node(0.01), "1", &Basis::default(), &receipt),
            "`[test] thresholds.fdr` changed from 0.05 to 0.01: calling and what follows; dispersions stay"
        );
        assert_eq!(
            reason(&node(0.05), "2", &Basis::default(), &receipt),
            "it was done by alkaline 1, this is 2"
        );
    }

    #[test]
    fn members_of_a_list_are_told_by_name() {
        let ids = |names: &[&str]| names.iter().map(|name| json!({ "id": name, "x": 1 })).collect::<Value>();
        assert_eq!(
            listed("contrasts", &ids(&["a", "b"]), &ids(&["b", "c"])),
            "the contrasts changed: c is new, a is gone"
        );
        assert_eq!(
            listed("samples", &json!(["a", "b"]), &json!(["b", "a"])),
            "the samples stand in another order"
        );
        assert_eq!(
            listed("samples", &json!(["a"]), &json!(["a", "b", "c"])),
            "the samples changed: b, c are new"
        );
    }
}
