//! Why an enrichment could not be computed.

use thiserror::Error;

/// Why an enrichment could not be computed.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum EnrichError {
    /// The list of genes is empty.
    #[error("the list of {what} is empty")]
    Empty {
        /// What was empty (`genes of interest`, `ranked genes`).
        what: &'static str,
    },
    /// No collection, or only empty ones.
    #[error("there are no gene sets to test")]
    NoSets,
    /// None of the identifiers is known to the gene sets.
    #[error(
        "none of the {given} genes is in the gene sets: {examples} look like {kind}{species}, the sets hold {sets_kind}",
        species = .species.map_or_else(String::new, |species| format!(" of {species}"))
    )]
    NothingMapped {
        /// Identifiers given.
        given: usize,
        /// A few of them.
        examples: String,
        /// What they look like.
        kind: &'static str,
        /// The species that they betray, where it is not human.
        species: Option<&'static str>,
        /// What the sets hold.
        sets_kind: &'static str,
    },
    /// The universe and the chosen genes have nothing in common.
    #[error("none of the {chosen} genes of interest is among the {universe} genes of the universe")]
    OutsideUniverse {
        /// Chosen genes.
        chosen: usize,
        /// Genes of the universe.
        universe: usize,
    },
    /// A score is not a number, or infinite.
    #[error("the score of `{gene}` (entry {position}) is {score}; scores must be finite numbers")]
    NotFinite {
        /// The gene.
        gene: String,
        /// Its 1-based place in the list.
        position: usize,
        /// The score.
        score: f64,
    },
    /// Too few ways to label the samples.
    #[error(
        "{references} against {targets} samples can be labelled in {labellings} ways only: permutation of samples cannot \
         give a P below 1/{labellings}; it takes 5 against 5, or 4 against 6"
    )]
    FewLabellings {
        /// Samples of the reference group.
        references: usize,
        /// Samples of the target group.
        targets: usize,
        /// Distinct labellings.
        labellings: u64,
    },
    /// Scores are not sorted.
    #[error("the list is not sorted: entry {position} (`{gene}`) scores higher than the one before it")]
    NotSorted {
        /// The gene.
        gene: String,
        /// Its 1-based place in the list.
        position: usize,
    },
    /// All scores are equal: there is no ranking.
    #[error("all {genes} genes have the same score ({score}): that is no ranking")]
    AllEqual {
        /// Genes in the list.
        genes: usize,
        /// Their score.
        score: f64,
    },
    /// An option is out of its range.
    #[error("`{option}` is {value}, but must be {allowed}")]
    Option {
        /// The option.
        option: &'static str,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// Term similarity needs an ontology that knows the terms.
    #[error("none of the {terms} tested sets is a term of the ontology of release {release}")]
    UnknownTerms {
        /// Number of terms.
        terms: usize,
        /// Release of the ontology.
        release: String,
    },
}

impl EnrichError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NothingMapped { .. } => Some(
                "use the identifiers of the gene sets, or Ensembl, Entrez or symbols of the same species; \
                 the built-in sets are human: for another species make its own with `alkaline reference build go` and \
                 name them with --go-file",
            ),
            Self::OutsideUniverse { .. } => {
                Some("the universe must list all genes that could have been chosen, spelled alike")
            }
            Self::NotFinite { .. } => Some(
                "give a finite score: of P = 0 take the smallest P that the test can tell, of an infinite fold change the largest that is finite",
            ),
            Self::NotSorted { .. } => Some("sort the list by falling score"),
            Self::AllEqual { .. } => Some("rank by another column"),
            Self::FewLabellings { .. } => {
                Some("rank genes and draw random gene sets instead: --engine importance")
            }
            Self::UnknownTerms { .. } => Some("simplify works on Gene Ontology terms only"),
            Self::Empty { .. } | Self::NoSets | Self::Option { .. } => None,
        }
    }
}
