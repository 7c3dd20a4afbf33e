//! Built-in annotation, ontology, identifiers and panels, embedded and compressed.

pub mod identifiers;
pub mod ontology;
