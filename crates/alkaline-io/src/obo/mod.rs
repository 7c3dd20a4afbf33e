//! OBO: the Gene Ontology as its authors give it out (`go-basic.obo`).

mod reader;

pub use reader::{OboNotes, parse, read};
