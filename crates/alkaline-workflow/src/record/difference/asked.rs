//! What two runs were asked differently, and what they read differently.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::change::Change;
use crate::record::again::Recorded;
use crate::record::manifest::{FileRecord, RunManifest};
use crate::spec::request::RunRequest;

fn value<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// The keys whose values differ, `section` being what they are about.
fn changes(section: &str, old: &BTreeMap<String, Value>, new: &BTreeMap<String, Value>) -> Vec<Change> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of = |key: &String| Change {
        section: section.to_owned(),
        key: key.clone(),
        old: old.get(key).cloned().unwrap_or_default(),
        new: new.get(key).cloned().unwrap_or_default(),
    };
    keys.into_iter().map(of).filter(|change| change.old != change.new).collect()
}

/// The values below `value`, by the path that leads to each.
fn leaves(path: &str, value: &Value, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                leaves(&path, value, found);
            }
        }
        value => {
            found.insert(path.to_owned(), value.clone());
        }
    }
}

/// Versions of the program and of what it used.
pub(super) fn versions(old: &RunManifest, new: &RunManifest) -> Vec<Change> {
    let of = |record: &RunManifest| {
        let own = ("alkaline".to_owned(), value(&record.version));
        // What has no version is a file, and files go by content.
        let told = record.components.iter().filter(|(_, version)| !version.is_empty());
        let others = told.map(|(name, version)| (name.clone(), value(version)));
        std::iter::once(own).chain(others).collect()
    };
    changes("version", &of(old), &of(new))
}

/// Options by section and key.
pub(super) fn options(old: &RunRequest, new: &RunRequest) -> Vec<Change> {
    let sections = |request: &RunRequest| {
        let Value::Object(mut sections) = value(&request.settings) else { return Map::new() };
        let RunRequest { annotation, allow_fractional, transpose, keep_filtered, panels, title, .. } =
            request;
        // The content of files counts, not their names.
        let annotation = annotation.as_ref().filter(|name| !std::path::Path::new(name).is_absolute());
        let panels: Map<String, Value> =
            panels.iter().map(|panel| (panel.name.clone(), value(&panel.symbols))).collect();
        let whole = json!({
            "title": title, "annotation": annotation, "allow_fractional": allow_fractional,
            "transpose": transpose, "keep_filtered": keep_filtered
        });
        sections.insert("run".to_owned(), whole);
        sections.insert("panels".to_owned(), Value::Object(panels));
        for (section, key) in [("enrich", "gene_sets"), ("enrich", "go_file"), ("test", "bcv_from")] {
            if let Some(Value::Object(members)) = sections.get_mut(section) {
                members.remove(key);
            }
        }
        // Threads are no option of a result.
        if let Some(Value::Object(count)) = sections.get_mut("count") {
            count.remove("threads");
        }
        sections
    };
    let (old, new) = (sections(old), sections(new));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let of_section = |name: &String| {
        let leaves = |side: &Map<String, Value>| {
            let mut found = BTreeMap::new();
            leaves("", side.get(name).unwrap_or(&Value::Null), &mut found);
            found.remove("");
            found
        };
        changes(name, &leaves(&old), &leaves(&new))
    };
    names.into_iter().flat_map(of_section).collect()
}

/// Files that were read, by content: those of equal role that only one run read. Of equally many, the first stands against the first.
pub(super) fn inputs(old: &RunManifest, new: &RunManifest) -> Vec<Change> {
    let roles: BTreeSet<&String> = old.inputs.iter().chain(&new.inputs).map(|file| &file.role).collect();
    let mut changes = Vec::new();
    for role in roles {
        let lacks = |others: &RunManifest, file: &&FileRecord| {
            file.role == *role && !others.inputs.iter().any(|other| other.blake3 == file.blake3)
        };
        let before: Vec<&FileRecord> = old.inputs.iter().filter(|file| lacks(new, file)).collect();
        let after: Vec<&FileRecord> = new.inputs.iter().filter(|file| lacks(old, file)).collect();
        let name = |file: Option<&&FileRecord>| file.map_or(Value::Null, |file| value(&file.path));
        let pairs = (0..before.len().max(after.len())).map(|place| (before.get(place), after.get(place)));
        changes.extend(pairs.map(|(before, after)| Change {
            section: "input".to_owned(),
            key: role.clone(),
            old: name(before),
            new: name(after),
        }));
    }
    changes
}

/// Samples, and what the sheet says of them.
pub(super) fn samples(old: &RunRequest, new: &RunRequest) -> Vec<Change> {
    let of = |request: &RunRequest| -> BTreeMap<String, Value> {
        let sheet = &request.experiment.sheet;
        let told = sheet.samples.iter().map(|sample| {
            let values: Map<String, Value> =
                sheet.variables.iter().cloned().zip(sample.values.iter().map(value)).collect();
            (sample.id.to_string(), Value::Object(values))
        });
        told.collect()
    };
    changes("sample", &of(old), &of(new))
}

/// Contrasts by their ids.
pub(super) fn contrasts(old: &RunRequest, new: &RunRequest) -> Vec<Change> {
    let of = |request: &RunRequest| -> BTreeMap<String, Value> {
        let contrasts = &request.experiment.contrasts;
        contrasts.iter().map(|contrast| (contrast.id.clone(), value(contrast))).collect()
    };
    changes("contrast", &of(old), &of(new))
}

/// Result files that differ, or that only one run has.
pub(super) fn files(old: &Recorded, new: &Recorded) -> Vec<String> {
    let mut files: Vec<String> =
        old.differing_outputs(&new.outputs).iter().map(|path| path.display().to_string()).collect();
    files.sort();
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_named_by_section_and_key_and_files_go_by_content() {
        let mut all = BTreeMap::new();
        leaves("", &json!({ "thresholds": { "fdr": 0.05 }, "bcv": null }), &mut all);
        assert_eq!(all["thresholds.fdr"], json!(0.05));
        let mut other = all.clone();
        other.insert("thresholds.fdr".to_owned(), json!(0.01));
        let found = changes("test", &all, &other);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].key.as_str(), &found[0].new), ("thresholds.fdr", &json!(0.01)));

        let file = |path: &str, hash: &str| FileRecord {
            role: "alignments".to_owned(),
            path: path.into(),
            bytes: 1,
            blake3: hash.to_owned(),
            stamp: Default::default(),
        };
        let run = |files: &[FileRecord]| RunManifest { inputs: files.to_vec(), ..RunManifest::default() };
        let first = run(&[file("/x/a.bam", "1"), file("/x/b.bam", "2")]);
        assert_eq!(inputs(&first, &run(&[file("/y/b2.bam", "2"), file("/y/a2.bam", "1")])), []);
        let found =
            inputs(&first, &run(&[file("/x/a.bam", "3"), file("/x/b.bam", "2"), file("/x/c.bam", "4")]));
        let named: Vec<(&Value, &Value)> = found.iter().map(|change| (&change.old, &change.new)).collect();
        assert_eq!(named, [(&json!("/x/a.bam"), &json!("/x/a.bam")), (&Value::Null, &json!("/x/c.bam"))]);
    }
}
