//! Built-in annotation, ontology, identifiers and panels, embedded and compressed.
