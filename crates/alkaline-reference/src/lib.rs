//! Built-in annotation, ontology, identifiers and panels, embedded and compressed.
//!
//! The files stand in `reference/` of the repository, each folder with the script that builds it; `reference/README.md`
//! tells source, version, licence and checksum. They are part of the binary, so that an analysis needs no network and
//! no second download, and they are decoded only when asked for.

pub mod annotation;
mod bundle;
mod catalogue;
pub mod demo;
pub mod identifiers;
pub mod ontology;
pub mod panels;

pub use annotation::{annotation, contigs};
pub use bundle::Bundle;
pub use catalogue::bundles;
pub use demo::{DemoProgramme, demo_programmes};
pub use panels::{Panel, PanelGene, panel, panels};
