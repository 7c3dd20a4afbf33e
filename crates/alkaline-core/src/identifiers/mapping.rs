//! What became of a list of identifiers.

use serde::{Deserialize, Serialize};

use super::kinds::IdKind;

/// What became of the identifiers of a list when they were matched with gene sets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdMapping {
    /// What the list holds.
    pub kind: Option<IdKind>,
    /// What the gene sets hold.
    pub sets_kind: Option<IdKind>,
    /// Release of the identifier map; `None` where both sides spell alike and none was needed.
    pub release: Option<String>,
    /// Distinct identifiers in the list.
    pub given: usize,
    /// Of these, matched with a gene.
    pub mapped: usize,
    /// Of the matched, through an alias.
    pub through_alias: usize,
    /// Identifiers that are two in one, of which one part was matched.
    #[serde(default)]
    pub combined: usize,
    /// Of those that match nothing, known genes all the same: no set holds them.
    #[serde(default)]
    pub known_elsewhere: usize,
    /// Genes of the sets, where both sides were compared as they are spelled, and how many of them the list holds.
    #[serde(default)]
    pub sets_genes: usize,
    /// Of the genes of the sets, in the list.
    #[serde(default)]
    pub sets_genes_found: usize,
    /// Identifiers that several genes carry: the gene chosen, or `None` where none was.
    pub ambiguous: Vec<(String, Option<String>)>,
    /// Identifiers that match nothing.
    pub lost: Vec<String>,
    /// Identifiers set aside because another one of the list is the same gene: (set aside, kept).
    pub merged: Vec<(String, String)>,
    /// Every distinct identifier, in the order of the list.
    pub entries: Vec<IdEntry>,
}

/// What became of one identifier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdEntry {
    /// The identifier as given.
    pub id: String,
    /// What became of it.
    pub outcome: IdOutcome,
    /// The gene it stands for: its NCBI number, or its spelling in the gene sets.
    pub gene: Option<String>,
    /// Official symbol of the gene, where known.
    pub symbol: Option<String>,
    /// The identifier of the same gene that was kept in its place.
    pub kept: Option<String>,
}

/// What became of an identifier when it was matched with gene sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdOutcome {
    /// One gene.
    Mapped,
    /// One gene, through an alias.
    Alias,
    /// Several genes; one was chosen.
    Chosen,
    /// Several genes; none was chosen.
    Ambiguous,
    /// A gene that another identifier of the list stands for already.
    Merged,
    /// No gene.
    Lost,
}

impl IdOutcome {
    /// The word in tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Alias => "alias",
            Self::Chosen => "chosen",
            Self::Ambiguous => "ambiguous",
            Self::Merged => "merged",
            Self::Lost => "lost",
        }
    }
}

impl IdMapping {
    /// Share of the identifiers that were matched, between 0 and 1; 1 for an empty list.
    pub fn mapped_fraction(&self) -> f64 {
        if self.given == 0 { 1.0 } else { self.mapped as f64 / self.given as f64 }
    }

    /// Whether so few identifiers were matched that they are probably of the wrong kind or species: fewer than half, although the
    /// sets are not just small (their genes are in the list, or the list holds known genes that are in no set).
    pub fn looks_wrong(&self) -> bool {
        let genes_are_known = 2 * (self.mapped + self.known_elsewhere) >= self.given;
        let sets_are_covered = self.sets_genes > 0 && 2 * self.sets_genes_found >= self.sets_genes;
        self.mapped_fraction() < 0.5 && !genes_are_known && !sets_are_covered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_matches_look_wrong_only_where_the_genes_are_strange() {
        let mapping = |mapped, known_elsewhere, sets_genes_found| IdMapping {
            given: 1000,
            mapped,
            known_elsewhere,
            sets_genes: 300,
            sets_genes_found,
            ..IdMapping::default()
        };
        assert!(mapping(100, 0, 100).looks_wrong());
        assert!(!mapping(100, 500, 100).looks_wrong(), "known genes that are in no set");
        assert!(!mapping(240, 0, 240).looks_wrong(), "small sets, all of them in the list");
        assert!(!mapping(500, 0, 0).looks_wrong());
    }
}
