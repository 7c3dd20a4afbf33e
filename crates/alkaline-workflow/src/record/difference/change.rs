//! A value that two runs have differently.

use serde::Serialize;
use serde_json::Value;

/// A value that two runs have differently.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Section of the workflow file, or what it is about.
    pub section: String,
    /// Key in that section, or the name of the thing.
    pub key: String,
    /// In the first run; null where it has none.
    pub old: Value,
    /// In the second run; null where it has none.
    pub new: Value,
}
