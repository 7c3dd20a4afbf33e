//! `ro-crate-metadata.json`: the run as a Process Run Crate, which repositories and `runcrate report` read.
//!
//! <https://w3id.org/ro/wfrun/process/0.1>. Files of the run are named from its directory, inputs by where they lay. Like all that a run
//! says of itself it tells a day and no times.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::manifest::{FileRecord, RunManifest};
use crate::plan::{Plan, Task};
use crate::store::layout::OWN;
use crate::store::receipt::Receipt;

/// The layout of the metadata.
const CRATE: &str = "https://w3id.org/ro/crate/1.1";

/// How runs of programs are described in it.
const PROFILE: &str = "https://w3id.org/ro/wfrun/process/0.1";

/// What `blake3` means.
const CHECKSUM: &str = "https://github.com/BLAKE3-team/BLAKE3-specs#blake3";

/// Where the program is described.
const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// Folds `receipts` over `plan` into the metadata of the crate; `record` is the fold of the same into `run.json`.
pub fn fold(plan: &Plan, record: &RunManifest, receipts: &BTreeMap<String, Arc<Receipt>>) -> Value {
    let mut graph = vec![
        json!({
            "@id": "ro-crate-metadata.json", "@type": "CreativeWork", "about": id("./"), "conformsTo": id(CRATE)
        }),
        Value::Null,
        json!({ "@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.1" }),
        json!({
            "@id": "#alkaline", "@type": "SoftwareApplication", "name": "alkaline", "url": HOME,
            "softwareVersion": record.version
        }),
        json!({
            "@id": "run.json", "@type": "File", "name": "what ran, and how", "encodingFormat": "application/json"
        }),
    ];
    let mut actions = vec![whole(record)];
    let mut components = Components::default();
    for node in plan.nodes() {
        let Some(receipt) = receipts.get(&node.task.to_string()) else { continue };
        actions.push(of_stage(&node.task, &node.needs, receipt, receipts, &mut components));
    }
    graph[1] = root(record, &actions);
    graph.extend(record.inputs.iter().map(|file| entity(&outside(&file.path), file)));
    graph.extend(record.outputs.iter().map(|file| entity(&inside(&file.path), file)));
    graph.extend(components.entities);
    graph.extend(actions);
    json!({ "@context": [format!("{CRATE}/context"), { "blake3": CHECKSUM }], "@graph": graph })
}

fn id(id: &str) -> Value {
    json!({ "@id": id })
}

fn ids<'a>(files: impl IntoIterator<Item = &'a FileRecord>, named: impl Fn(&Path) -> String) -> Vec<Value> {
    files.into_iter().map(|file| id(&named(&file.path))).collect()
}

/// The crate itself.
fn root(record: &RunManifest, actions: &[Value]) -> Value {
    let mut parts = vec![id("run.json")];
    parts.extend(ids(&record.outputs, inside));
    parts.extend(ids(&record.inputs, outside));
    let simulated = if record.simulated { " of simulated data" } else { "" };
    json!({
        "@id": "./", "@type": "Dataset", "conformsTo": id(PROFILE), "datePublished": record.date, "name": record.title,
        "description": format!("RNA-seq differential expression{simulated}: counts, tests, enrichment and a report, by alkaline {}", record.version),
        "hasPart": parts,
        "mentions": actions.iter().map(|action| json!({ "@id": action["@id"] })).collect::<Vec<_>>(),
    })
}

/// The whole run as one action.
fn whole(record: &RunManifest) -> Value {
    let mut results = ids(&record.outputs, inside);
    results.push(id("run.json"));
    json!({
        "@id": "#run", "@type": "CreateAction", "name": record.title, "description": record.command.join(" "),
        "endTime": record.date, "instrument": id("#alkaline"), "object": ids(&record.inputs, outside), "result": results,
    })
}

/// A stage as an action: what it read from outside and of the stages before it, what it left.
fn of_stage(
    task: &Task,
    needs: &[Task],
    receipt: &Receipt,
    receipts: &BTreeMap<String, Arc<Receipt>>,
    components: &mut Components,
) -> Value {
    let own = |receipt: &Receipt| {
        let shown = receipt.outputs.iter().filter(|output| !output.path.starts_with(OWN));
        shown.map(|output| id(&inside(&output.path))).collect::<Vec<_>>()
    };
    let mut object = ids(&receipt.inputs, outside);
    // Record and report read all there is.
    if !matches!(task, Task::Record | Task::Report) {
        object.extend(
            needs.iter().filter_map(|need| receipts.get(&need.to_string())).flat_map(|receipt| own(receipt)),
        );
    }
    let programs = matches!(task, Task::Clean(_) | Task::Align(_));
    let used = receipt.said.components.iter().map(|(name, version)| components.id(name, version, programs));
    let used: Vec<Value> = used.map(|name| id(&name)).collect();
    let mut instrument = vec![id("#alkaline")];
    if programs {
        instrument.extend(used)
    } else {
        object.extend(used)
    }
    json!({
        "@id": format!("#{}", encoded(&task.to_string())), "@type": "CreateAction", "name": task.to_string(),
        "description": receipt.said.outcome, "instrument": one_or_all(instrument), "object": object, "result": own(receipt),
    })
}

/// One value as itself: readers expect that of what is mostly one.
fn one_or_all(mut values: Vec<Value>) -> Value {
    if values.len() == 1 { values.remove(0) } else { Value::Array(values) }
}

/// Programs, annotations and gene sets that stages used, each told once.
#[derive(Default)]
struct Components {
    entities: Vec<Value>,
}

impl Components {
    fn id(&mut self, name: &str, version: &str, is_program: bool) -> String {
        let own = format!("#{}", encoded(&format!("{name} {version}")));
        if !self.entities.iter().any(|known| known["@id"] == *own) {
            let (kind, key) = if is_program {
                ("SoftwareApplication", "softwareVersion")
            } else {
                ("CreativeWork", "version")
            };
            let mut entity = json!({ "@id": own, "@type": kind, "name": name });
            if !version.is_empty() {
                entity[key] = version.into();
            }
            self.entities.push(entity);
        }
        own
    }
}

/// A file with its size and checksum.
fn entity(name: &str, file: &FileRecord) -> Value {
    let mut entity = Map::new();
    let is_script = file.path.extension().is_some_and(|ending| ending == "R");
    let kind = if is_script { json!(["File", "SoftwareSourceCode"]) } else { json!("File") };
    entity.insert("@id".to_owned(), name.into());
    entity.insert("@type".to_owned(), kind);
    let short = file.path.file_name().unwrap_or(file.path.as_os_str());
    entity.insert("name".to_owned(), short.to_string_lossy().into());
    entity.insert("contentSize".to_owned(), file.bytes.to_string().into());
    entity.insert("blake3".to_owned(), file.blake3.clone().into());
    if is_script {
        entity.insert("programmingLanguage".to_owned(), "R".into());
    }
    if let Some(format) = format_of(&file.path) {
        entity.insert("encodingFormat".to_owned(), format.into());
    }
    Value::Object(entity)
}

/// The media type of a file, where its name tells.
fn format_of(path: &Path) -> Option<&'static str> {
    Some(match path.extension()?.to_str()? {
        "tsv" | "rnk" => "text/tab-separated-values",
        "csv" => "text/csv",
        "json" => "application/json",
        "html" => "text/html",
        "md" => "text/markdown",
        "svg" => "image/svg+xml",
        "txt" => "text/plain",
        "bam" => "application/vnd.bam",
        "gz" => "application/gzip",
        _ => return None,
    })
}

/// The name of a file of the run.
fn inside(path: &Path) -> String {
    encoded(&path.to_string_lossy())
}

/// The name of a file outside.
fn outside(path: &Path) -> String {
    format!("file://{}", encoded(&path.to_string_lossy()))
}

/// Text as a part of an address: what is neither letter nor digit, nor one of `-._~/:`, as bytes in hexadecimal.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b':' => {
                out.push(byte.into())
            }
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_addresses() {
        assert_eq!(outside(Path::new("/x/a b#1.bam")), "file:///x/a%20b%231.bam");
        assert_eq!(inside(Path::new("contrasts/µ/test.tsv")), "contrasts/%C2%B5/test.tsv");
    }

    #[test]
    fn a_component_is_told_once() {
        let mut components = Components::default();
        let first = components.id("annotation genes.gtf", "", false);
        assert_eq!((components.id("annotation genes.gtf", "", false), components.entities.len()), (first, 1));
        components.id("fastp", "0.23.2", true);
        assert_eq!(components.entities[1]["softwareVersion"], "0.23.2");
    }
}
