//! The JSON Schema of a workflow file: what editors complete from, what `check.rs` holds a file against, and where
//! `alkaline init` and the reference page have names, defaults and explanations from. It is made of the option structs themselves.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::contents::WorkflowFile;

/// Keys of option structs that a run does not read, with what decides in their place.
const DECIDED_ELSEWHERE: [(&str, &str, &str); 9] = [
    ("ExactTestOptions", "thresholds", "[test.thresholds]"),
    ("GlmTestOptions", "thresholds", "[test.thresholds]"),
    ("LimmaOptions", "thresholds", "[test.thresholds]"),
    ("Deseq2Options", "thresholds", "[test.thresholds]"),
    ("GlmTestOptions", "compat", "`compat` in [test]"),
    ("DispersionOptions", "compat", "`compat` in [test]"),
    ("CountOptions", "threads", "the option --threads of the command"),
    ("CountOptions", "details", "`alkaline count -R`: a run keeps no such files"),
    (
        "CountOptions",
        "by_read_group",
        "`alkaline count --byReadGroup`: the samples of a run are those of its sheet",
    ),
];

/// Limits of values that their type does not tell: definition, key, limit, number.
const LIMITS: [(&str, &str, &str, f64); 34] = [
    ("Thresholds", "fdr", "exclusiveMinimum", 0.0),
    ("Thresholds", "fdr", "maximum", 1.0),
    ("Thresholds", "lfc", "minimum", 0.0),
    ("Thresholds", "p", "exclusiveMinimum", 0.0),
    ("Thresholds", "p", "maximum", 1.0),
    ("LimmaOptions", "interval", "exclusiveMinimum", 0.0),
    ("LimmaOptions", "interval", "exclusiveMaximum", 1.0),
    ("LimmaOptions", "proportion", "exclusiveMinimum", 0.0),
    ("LimmaOptions", "proportion", "exclusiveMaximum", 1.0),
    ("LimmaOptions", "lfc", "minimum", 0.0),
    ("Deseq2Options", "alpha", "exclusiveMinimum", 0.0),
    ("Deseq2Options", "alpha", "maximum", 1.0),
    ("Deseq2Options", "interval", "exclusiveMinimum", 0.0),
    ("Deseq2Options", "interval", "exclusiveMaximum", 1.0),
    ("Deseq2Options", "lfc", "minimum", 0.0),
    ("TestSettings", "bcv", "minimum", 0.0),
    ("TestSettings", "dispersion", "minimum", 0.0),
    ("GlmTestOptions", "interval", "exclusiveMinimum", 0.0),
    ("GlmTestOptions", "interval", "exclusiveMaximum", 1.0),
    ("GlmTestOptions", "lfc", "minimum", 0.0),
    ("GlmTestOptions", "prior_count", "minimum", 0.0),
    ("ExactTestOptions", "prior_count", "minimum", 0.0),
    ("ExpressionOptions", "prior_count", "minimum", 0.0),
    ("DispersionOptions", "prior_df", "minimum", 0.0),
    ("FilterOptions", "min_count", "minimum", 0.0),
    ("FilterOptions", "min_proportion", "minimum", 0.0),
    ("FilterOptions", "min_proportion", "maximum", 1.0),
    ("NormOptions", "quantile", "exclusiveMinimum", 0.0),
    ("NormOptions", "quantile", "maximum", 1.0),
    ("OverlapRule", "min_fraction", "minimum", 0.0),
    ("OverlapRule", "min_fraction", "maximum", 1.0),
    ("OraOptions", "min_size", "minimum", 1.0),
    ("GseaOptions", "min_size", "minimum", 1.0),
    ("SimplifySettings", "cutoff", "exclusiveMinimum", 0.0),
];

/// The JSON Schema of a workflow file.
pub fn schema() -> &'static Value {
    static SCHEMA: OnceLock<Value> = OnceLock::new();
    SCHEMA.get_or_init(|| {
        let mut schema = schemars::schema_for!(WorkflowFile).to_value();
        for (definition, key, _) in DECIDED_ELSEWHERE {
            if let Some(keys) = schema["$defs"][definition]["properties"].as_object_mut() {
                keys.remove(key);
            }
        }
        for (definition, key, limit, number) in LIMITS {
            schema["$defs"][definition]["properties"][key][limit] = json!(number);
        }
        without_defaults_of_sections(&mut schema);
        // another spelling of a value, as the command line takes it
        if let Some(values) = schema["$defs"]["Compat"]["oneOf"].as_array_mut() {
            values.push(json!({ "type": "string", "const": "featureCounts", "description": "The same as featureCounts-2.0." }));
        }
        schema["title"] = json!("workflow.toml of alkaline");
        schema
    })
}

/// The text of the schema.
pub fn text() -> String {
    serde_json::to_string_pretty(schema()).unwrap_or_default() + "\n"
}

/// What decides in place of a key that a run does not read.
pub(super) fn decided_elsewhere(definition: &str, key: &str) -> Option<&'static str> {
    let found = DECIDED_ELSEWHERE.iter().find(|(owner, name, _)| *owner == definition && *name == key);
    found.map(|(.., instead)| *instead)
}

/// Takes the defaults of whole sections away, which their keys tell one by one.
fn without_defaults_of_sections(schema: &mut Value) {
    let clean = |properties: &mut Value| {
        for property in properties.as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
            if property["default"].is_object()
                && let Some(property) = property.as_object_mut()
            {
                property.remove("default");
            }
        }
    };
    clean(&mut schema["properties"]);
    for definition in schema["$defs"].as_object_mut().into_iter().flat_map(|all| all.values_mut()) {
        if definition.get("properties").is_some() {
            clean(&mut definition["properties"]);
        }
    }
}

/// What a key holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape<'a> {
    /// Text.
    Text,
    /// One of these words, each with what it means.
    Word(Vec<(&'a str, &'a str)>),
    /// `true` or `false`.
    Switch,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// A list of things of one kind.
    List(Box<Shape<'a>>),
    /// So many things, each of its kind.
    Tuple(Vec<Shape<'a>>),
    /// A section: the name of its definition, and the definition.
    Section(&'a str, &'a Value),
    /// Anything.
    Any,
}

/// A key of a section, as the schema describes it.
#[derive(Clone, Debug)]
pub struct Key<'a> {
    /// Its name.
    pub name: &'a str,
    /// What it holds.
    pub shape: Shape<'a>,
    /// What it holds when it is left out; `None` where that is nothing.
    pub default: Option<&'a Value>,
    /// What it means.
    pub description: &'a str,
    /// The property itself, with its limits.
    pub property: &'a Value,
}

/// The keys of a section (the schema itself, or a definition) in the order of the struct.
pub fn keys(section: &Value) -> Vec<Key<'_>> {
    let properties = section["properties"].as_object().into_iter().flatten();
    let mut keys: Vec<Key<'_>> = properties
        .map(|(name, property)| Key {
            name,
            shape: shape(property),
            default: property.get("default").filter(|value| !value.is_null()),
            description: description(property),
            property,
        })
        .collect();
    let order =
        super::order::of_keys(section["properties"].as_object().into_iter().flat_map(|all| all.keys()));
    keys.sort_by_key(|key| order.iter().position(|name| *name == key.name));
    keys
}

/// The first paragraph of what is said about a property, without links.
fn description(property: &Value) -> &str {
    property["description"].as_str().unwrap_or_default()
}

/// What a property holds.
pub fn shape(property: &Value) -> Shape<'_> {
    if let Some(name) = property["$ref"].as_str().and_then(|path| path.strip_prefix("#/$defs/")) {
        let definition = &schema()["$defs"][name];
        return if definition.get("properties").is_some() {
            Shape::Section(name, definition)
        } else {
            shape(definition)
        };
    }
    let is_null = |option: &&Value| option["type"] == "null";
    if let Some(options) = property["anyOf"].as_array() {
        return options.iter().find(|option| !is_null(option)).map_or(Shape::Any, shape);
    }
    if let Some(words) = words(property) {
        return Shape::Word(words);
    }
    let kind = match &property["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null"),
        kind => kind.as_str(),
    };
    match kind {
        Some("string") => Shape::Text,
        Some("boolean") => Shape::Switch,
        Some("integer") => Shape::Whole,
        Some("number") => Shape::Number,
        Some("array") => match property["prefixItems"].as_array() {
            Some(items) => Shape::Tuple(items.iter().map(shape).collect()),
            None => Shape::List(Box::new(shape(&property["items"]))),
        },
        _ => Shape::Any,
    }
}

/// The words that a property may be, each with what it means.
fn words(property: &Value) -> Option<Vec<(&str, &str)>> {
    let mut words = Vec::new();
    if let Some(options) = property["oneOf"].as_array() {
        for option in options {
            match (option["const"].as_str(), option["enum"].as_array()) {
                (Some(word), _) => words.push((word, description(option))),
                (None, Some(several)) => {
                    words.extend(several.iter().filter_map(Value::as_str).map(|word| (word, "")))
                }
                (None, None) => return None,
            }
        }
        return Some(words);
    }
    let several = property["enum"].as_array()?;
    words.extend(several.iter().filter_map(Value::as_str).map(|word| (word, "")));
    Some(words)
}
