//! Why a node is done again, in one sentence.

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
    if let Some((place, old, new)) = changed_option(&receipt.options, &node.options) {
        let sentence = format!("{place} changed from {} to {}", shown(old), shown(new));
        return match consequence(&place) {
            Some(words) => format!("{sentence}: {words}"),
            None => sentence,
        };
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

/// What a change of this option leads to, where that is not plain.
fn consequence(place: &str) -> Option<&'static str> {
    place.starts_with("`[test] thresholds.").then_some("calling and what follows; dispersions stay")
}

/// The first option that differs: where it stands, as it was, as it is.
fn changed_option<'a>(old: &'a Value, new: &'a Value) -> Option<(String, &'a Value, &'a Value)> {
    let (path, old, new) = first_change(Vec::new(), old, new)?;
    let name = match path.split_first() {
        Some((section, rest)) if !rest.is_empty() => format!("`[{section}] {}`", rest.join(".")),
        _ => format!("`{}`", path.join(".")),
    };
    Some((name, old, new))
}

fn first_change<'a>(
    path: Vec<String>,
    old: &'a Value,
    new: &'a Value,
) -> Option<(Vec<String>, &'a Value, &'a Value)> {
    if old == new {
        return None;
    }
    if let (Value::Object(before), Value::Object(after)) = (old, new) {
        let names = before.keys().chain(after.keys().filter(|name| !before.contains_key(*name)));
        for name in names {
            let at = |side: &'a Value| side.get(name).unwrap_or(&Value::Null);
            let deeper = path.iter().cloned().chain([name.clone()]).collect();
            if let Some(found) = first_change(deeper, at(old), at(new)) {
                return Some(found);
            }
        }
        return None;
    }
    Some((path, old, new))
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
}
