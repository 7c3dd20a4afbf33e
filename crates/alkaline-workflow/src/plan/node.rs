//! A node of the plan: a task, what it needs, the files from outside that it reads, and the options that its result depends on.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::task::Task;

/// A node of the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What is done.
    pub task: Task,
    /// Whose results it reads.
    pub needs: Vec<Task>,
    /// Files from outside the run that it reads, with what they are for.
    pub inputs: Vec<(String, PathBuf)>,
    /// The options that it reads, by section of the workflow file; threads are no option of a result.
    pub options: Value,
}

/// What the result of a node depends on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Basis {
    /// Checksums of the files from outside.
    pub inputs: Vec<(String, PathBuf, String)>,
    /// Checksums over what the needed nodes left, by their names.
    pub needs: BTreeMap<String, String>,
}

impl Node {
    /// The key: a checksum over task, version, options and the contents of all that is read. Names of files do not matter.
    pub fn key(&self, version: &str, basis: &Basis) -> String {
        let inputs: Vec<(&str, &str)> =
            basis.inputs.iter().map(|(role, _, hash)| (role.as_str(), hash.as_str())).collect();
        let all = serde_json::json!({
            "task": self.task.to_string(),
            "version": version,
            "options": self.options,
            "inputs": inputs,
            "needs": basis.needs,
        });
        blake3::hash(all.to_string().as_bytes()).to_hex().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_depends_on_contents_and_options_and_not_on_names_of_files() {
        let node =
            |options: Value| Node { task: Task::Count("a".into()), needs: vec![], inputs: vec![], options };
        let basis = |path: &str, hash: &str| Basis {
            inputs: vec![("alignments".into(), path.into(), hash.into())],
            needs: BTreeMap::new(),
        };
        let key = |options: Value, path: &str, hash: &str| node(options).key("1", &basis(path, hash));
        let first = key(Value::Null, "a.bam", "1");
        assert_eq!(first, key(Value::Null, "elsewhere/a.bam", "1"));
        assert_ne!(first, key(Value::Null, "a.bam", "2"));
        assert_ne!(first, key(serde_json::json!({ "count": 1 }), "a.bam", "1"));
        assert_ne!(first, node(Value::Null).key("2", &basis("a.bam", "1")));
    }
}
