//! An experiment as an AnnData file (`.h5ad`): samples in rows, genes in columns, what is known of either beside.
//!
//! After the on-disk format of anndata 0.8 and later: every element says its encoding, data frames are groups of columns, columns of
//! few words are categorical, texts are variable-length UTF-8. Reference: <https://anndata.readthedocs.io/en/latest/fileformat-prose.html>.

use std::collections::HashMap;
use std::io::{self, Write};

use crate::hdf5::{self, Array, Attribute, Elements, Group, Node, Stream};
use crate::{Column, Table, Values};

/// The data set of an index in the group of a data frame.
const INDEX: &str = "_index";

/// Values of a matrix that are made at a time, before they are written.
const VALUES_AT_A_TIME: usize = 1 << 13;

/// An experiment.
pub struct AnnData<'a> {
    /// Names of the samples, which are distinct.
    pub samples: Vec<String>,
    /// Identifiers of the genes, which are distinct.
    pub genes: Vec<String>,
    /// The values that everything began with, usually counts.
    pub x: Matrix<'a>,
    /// What was made of them, in the same shape.
    pub layers: Vec<(String, Matrix<'a>)>,
    /// What is known of the samples.
    pub obs: Table,
    /// What is known of the genes.
    pub var: Table,
    /// Tables of the genes, one a contrast.
    pub varm: Vec<(String, Table)>,
    /// What concerns the experiment as a whole.
    pub uns: Vec<(String, Fact)>,
}

/// Samples by genes, a sample's values side by side; written by [`by_sample`], or otherwise.
pub enum Matrix<'a> {
    /// Whole numbers of 32 bits.
    Wholes(Stream<'a>),
    /// Floats of 64 bits.
    Reals(Stream<'a>),
}

/// Something about the experiment as a whole.
pub enum Fact {
    /// A text.
    Text(String),
    /// Named facts.
    Facts(Vec<(String, Fact)>),
    /// A table, with the names of its rows.
    Table(Vec<String>, Table),
}

/// Writes `experiment` as an AnnData file.
///
/// Columns and contrasts with a slash in their name, which HDF5 reads as a path, have `_` in its place.
///
/// # Errors
/// Those of `out`, and of the streams of matrices.
pub fn write(out: &mut dyn Write, experiment: AnnData<'_>) -> io::Result<()> {
    let AnnData { samples, genes, x, layers, obs, var, varm, uns } = experiment;
    let shape = [samples.len() as u64, genes.len() as u64];
    let mut root = encoded("anndata", "0.1.0");
    let mut add = |name: &str, node| root.children.push((name.to_owned(), node));
    add("X", Node::Array(matrix(x, shape)));
    let layers = layers.into_iter().map(|(name, layer)| (name, Node::Array(matrix(layer, shape))));
    add("layers", mapping(layers.collect()));
    add("obs", frame(&samples, &obs));
    add("var", frame(&genes, &var));
    let varm = varm.into_iter().map(|(name, table)| (name, frame(&genes, &table)));
    add("varm", mapping(varm.collect()));
    for empty in ["obsm", "obsp", "varp"] {
        add(empty, mapping(Vec::new()));
    }
    add("uns", fact(Fact::Facts(uns)));
    hdf5::write(out, &root)
}

/// Writes gene-major `values` of so many `samples` as samples by genes.
///
/// # Errors
/// Those of `out`.
pub fn by_sample(values: &[f64], samples: usize, whole: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut bytes = Vec::with_capacity(8 * VALUES_AT_A_TIME);
    for sample in 0..samples {
        let mut of_sample = values.iter().skip(sample).step_by(samples).peekable();
        while of_sample.peek().is_some() {
            bytes.clear();
            for value in of_sample.by_ref().take(VALUES_AT_A_TIME) {
                match whole {
                    true => bytes.extend((*value as i32).to_le_bytes()),
                    false => bytes.extend(value.to_le_bytes()),
                }
            }
            out.write_all(&bytes)?;
        }
    }
    Ok(())
}

/// Whether all `values` are whole numbers of 32 bits.
pub fn are_whole(values: &[f64]) -> bool {
    values.iter().all(|value| value.fract() == 0.0 && value.abs() <= f64::from(i32::MAX))
}

fn attributes(encoding: &str, version: &str) -> Vec<(String, Attribute)> {
    let text = |name: &str, value: &str| (name.to_owned(), Attribute::Text(value.to_owned()));
    vec![text("encoding-type", encoding), text("encoding-version", version)]
}

fn encoded(encoding: &str, version: &str) -> Group<'static> {
    Group { attributes: attributes(encoding, version), children: Vec::new() }
}

fn array<'a>(encoding: &str, shape: Vec<u64>, elements: Elements<'a>) -> Array<'a> {
    Array { attributes: attributes(encoding, "0.2.0"), shape, elements }
}

fn matrix(matrix: Matrix<'_>, shape: [u64; 2]) -> Array<'_> {
    let elements = match matrix {
        Matrix::Wholes(stream) => Elements::StreamedWholes(stream),
        Matrix::Reals(stream) => Elements::StreamedReals(stream),
    };
    array("array", shape.to_vec(), elements)
}

fn mapping<'a>(children: Vec<(String, Node<'a>)>) -> Node<'a> {
    let children = children.into_iter().map(|(name, node)| (without_slash(&name), node)).collect();
    Node::Group(Group { children, ..encoded("dict", "0.1.0") })
}

fn fact(about: Fact) -> Node<'static> {
    match about {
        Fact::Text(text) => Node::Array(array("string", Vec::new(), Elements::Texts(vec![text]))),
        Fact::Facts(facts) => mapping(facts.into_iter().map(|(name, inner)| (name, fact(inner))).collect()),
        Fact::Table(rows, table) => frame(&rows, &table),
    }
}

/// A data frame whose rows are called so.
fn frame(rows: &[String], table: &Table) -> Node<'static> {
    let mut group = encoded("dataframe", "0.2.0");
    let names: Vec<String> = table.columns().iter().map(|column| column_name(&column.name)).collect();
    group.attributes.push((INDEX.to_owned(), Attribute::Text(INDEX.to_owned())));
    group.attributes.push(("column-order".to_owned(), Attribute::Texts(names.clone())));
    group.children.push((INDEX.to_owned(), Node::Array(texts(rows.to_vec()))));
    group.children.extend(names.into_iter().zip(table.columns().iter().map(column)));
    Node::Group(group)
}

fn without_slash(name: &str) -> String {
    name.replace(['/', '\0'], "_")
}

/// A column's name, which must not be that of the index.
fn column_name(name: &str) -> String {
    let name = without_slash(name);
    if name.is_empty() || name == "." || name == INDEX { format!("{name}_column") } else { name }
}

fn texts(texts: Vec<String>) -> Array<'static> {
    array("string-array", vec![texts.len() as u64], Elements::Texts(texts))
}

fn column(column: &Column) -> Node<'static> {
    let shape = vec![column.values.len() as u64];
    Node::Array(match &column.values {
        Values::Real(values) => array("array", shape, Elements::Reals(values.clone())),
        Values::Whole(values) => array("array", shape, Elements::LongWholes(values.clone())),
        Values::Text(values) => return words(values),
    })
}

/// Words as a categorical column where some are missing or most are repeated; else as texts.
fn words(values: &[Option<String>]) -> Node<'static> {
    let mut categories: Vec<&str> = values.iter().flatten().map(String::as_str).collect();
    categories.sort_unstable();
    categories.dedup();
    let all: Option<Vec<String>> = values.iter().cloned().collect();
    if let Some(all) = all.filter(|all| categories.len() * 2 > all.len()) {
        return Node::Array(texts(all));
    }
    let codes: HashMap<&str, i32> = categories.iter().copied().zip(0..).collect();
    let code = |value: &Option<String>| value.as_deref().map_or(-1, |word| codes[word]);
    let codes = Elements::Wholes(values.iter().map(code).collect());
    let mut group = encoded("categorical", "0.2.0");
    group.attributes.push(("ordered".to_owned(), Attribute::Flag(false)));
    let codes = array("array", vec![values.len() as u64], codes);
    let categories = texts(categories.into_iter().map(str::to_owned).collect());
    group.children =
        vec![("categories".to_owned(), Node::Array(categories)), ("codes".to_owned(), Node::Array(codes))];
    Node::Group(group)
}
