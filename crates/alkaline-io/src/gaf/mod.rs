//! GAF: who annotated which gene to which Gene Ontology term (GO Annotation File 2.x).

mod reader;

pub use reader::{Gaf, GafNames, GafNotes, parse, read};
