//! Gene identifiers of one species: NCBI Gene (Entrez), official symbols, Ensembl, aliases.

mod kinds;
mod map;
mod mapping;

pub use kinds::{IdKind, foreign_species, part_of_kind, parts};
pub use map::{GeneNames, GeneType, IdentifierMap, Resolution};
pub use mapping::{IdEntry, IdMapping, IdOutcome};
