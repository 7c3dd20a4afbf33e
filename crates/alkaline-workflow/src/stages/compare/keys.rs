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

/// A key for every row of one experiment.
pub(super) type Keys = Vec<Option<String>>;

/// The way by which more genes of the two are found to be the same, identifiers where both find as many, and the keys of both.
pub(super) fn common(
    first: &Experiment,
    second: &Experiment,
    identifiers: &IdentifierMap,
) -> (KeyKind, Keys, Keys) {
    let of = |kind: KeyKind| {
        let keys = [first, second].map(|experiment| keyed(&experiment.rows, kind, identifiers));
        let [known, other] = keys.each_ref().map(|keys| keys.iter().flatten().collect::<HashSet<&String>>());
        (known.intersection(&other).count(), keys)
    };
    let (by_id, [first_ids, second_ids]) = of(KeyKind::Identifiers);
    let smaller = first.rows.len().min(second.rows.len());
    if 2 * by_id < smaller {
        let (by_symbol, [first_symbols, second_symbols]) = of(KeyKind::Symbols);
        if by_symbol > by_id {
            return (KeyKind::Symbols, first_symbols, second_symbols);
        }
    }
    (KeyKind::Identifiers, first_ids, second_ids)
}

/// The key of every row; `None` for a gene that has no name of the kind.
fn keyed(rows: &[TestRow], kind: KeyKind, identifiers: &IdentifierMap) -> Keys {
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
