//! What an HDF5 file holds: a tree of groups and arrays.

use std::io::{self, Write};

/// Something in a group.
#[derive(Debug)]
pub enum Node<'a> {
    /// Named things.
    Group(Group<'a>),
    /// Values.
    Array(Array<'a>),
}

/// Named things, and what is said of them as a whole.
#[derive(Debug, Default)]
pub struct Group<'a> {
    /// What is said of it.
    pub attributes: Vec<(String, Attribute)>,
    /// What it holds; names are distinct, and hold no slash.
    pub children: Vec<(String, Node<'a>)>,
}

/// Values in a shape.
#[derive(Debug)]
pub struct Array<'a> {
    /// What is said of it.
    pub attributes: Vec<(String, Attribute)>,
    /// Its size in each dimension, the last changing fastest; empty for a single value.
    pub shape: Vec<u64>,
    /// The values.
    pub elements: Elements<'a>,
}

/// What is said of a group or an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// A text.
    Text(String),
    /// Several.
    Texts(Vec<String>),
    /// Yes or no, as h5py writes it.
    Flag(bool),
}

/// The values of an array.
pub enum Elements<'a> {
    /// Texts.
    Texts(Vec<String>),
    /// 64-bit floats.
    Reals(Vec<f64>),
    /// 32-bit whole numbers.
    Wholes(Vec<i32>),
    /// 64-bit whole numbers.
    LongWholes(Vec<i64>),
    /// 64-bit floats that are made while the file is written.
    StreamedReals(Stream<'a>),
    /// 32-bit whole numbers that are made while the file is written.
    StreamedWholes(Stream<'a>),
}

/// Writes values, little end first, as many as the shape says.
pub type Stream<'a> = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + 'a>;

impl std::fmt::Debug for Elements<'_> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Texts(_) => "texts",
            Self::Reals(_) | Self::StreamedReals(_) => "reals",
            Self::Wholes(_) | Self::StreamedWholes(_) | Self::LongWholes(_) => "wholes",
        })
    }
}
