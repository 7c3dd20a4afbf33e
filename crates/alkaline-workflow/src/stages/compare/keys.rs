//! By which names the genes of two tables are the same: identifiers as they stand, or symbols.

use std::collections::HashSet;

use alkaline_core::identifiers::{IdKind, IdentifierMap};
use alkaline_core::results::TestRow;

use super::experiments::Experiment;

/// What tells that two rows are one gene.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// The identifiers of both tables, without versions.
    Identifiers,
    /// Official symbols: the identifiers are of different kinds.
    Symbols,
}

impl KeyKind {
    /// In words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Identifiers => "identifiers",
            Self::Symbols => "official symbols",
        }
    }
}

/// The way by which more genes of the two are found to be the same; identifiers where both find as many.
pub(super) fn common(first: &Experiment, second: &Experiment, identifiers: &IdentifierMap) -> KeyKind {
    let shared = |kind: KeyKind| {
        let keys = |rows: &[TestRow]| {
            keyed(rows, kind, identifiers).into_iter().flatten().collect::<HashSet<String>>()
        };
        keys(&first.rows).intersection(&keys(&second.rows)).count()
    };
    let (by_id, smaller) = (shared(KeyKind::Identifiers), first.rows.len().min(second.rows.len()));
    if 2 * by_id >= smaller || by_id >= shared(KeyKind::Symbols) {
        KeyKind::Identifiers
    } else {
        KeyKind::Symbols
    }
}

/// The key of every row; `None` for a gene that has no name of the kind.
pub(super) fn keyed(rows: &[TestRow], kind: KeyKind, identifiers: &IdentifierMap) -> Vec<Option<String>> {
    let key = |row: &TestRow| match kind {
        KeyKind::Identifiers => Some(stable(row.gene.as_str()).to_owned()),
        KeyKind::Symbols => symbol(row, identifiers),
    };
    rows.iter().map(key).collect()
}

/// An Ensembl identifier without its version; any other as it stands.
fn stable(id: &str) -> &str {
    match IdKind::of(id) {
        IdKind::Ensembl => id.split('.').next().unwrap_or(id),
        _ => id,
    }
}

/// The official symbol, else the symbol of the table.
fn symbol(row: &TestRow, identifiers: &IdentifierMap) -> Option<String> {
    let id = row.gene.as_str();
    let official = |name: &str| identifiers.symbol_of(name).map(str::to_owned);
    let of_name = || row.name.as_deref().and_then(|name| official(name).or_else(|| Some(name.to_owned())));
    match IdKind::of(id) {
        IdKind::Symbol => of_name().or_else(|| official(id)).or_else(|| Some(id.to_owned())),
        _ => official(id).or_else(of_name),
    }
}
