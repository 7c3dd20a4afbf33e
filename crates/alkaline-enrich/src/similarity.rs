//! How alike two ontology terms are, by the graph above them (Wang's measure).
//!
//! A term's meaning is spread over itself (1) and its ancestors: each step up multiplies by the weight of the relation,
//! and an ancestor counts by the best path to it. Two terms are as alike as the share of their meaning that lies in
//! common ancestors. Reference: Wang et al. (2007) Bioinformatics 23:1274, doi:10.1093/bioinformatics/btm087.
//! Upstream: GOSemSim `mgoSim(measure = "Wang")`.

use alkaline_core::ontology::{Ontology, Relation};
use serde::{Deserialize, Serialize};

/// How much of a term's meaning a relation hands on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RelationWeights {
    /// Wang's: 0.8 for `is_a`, 0.6 for `part_of`, 0.7 for the regulations (GOSemSim from 2.38.3).
    #[default]
    Wang,
    /// 0.7 for all, what GOSemSim used before 2.38.3 without saying so.
    Flat07,
}

impl RelationWeights {
    const fn of(self, relation: Relation) -> f64 {
        match (self, relation) {
            (Self::Wang, Relation::IsA) => 0.8,
            (Self::Wang, Relation::PartOf) => 0.6,
            _ => 0.7,
        }
    }
}

/// The meaning of one term: its share in itself and every ancestor.
#[derive(Clone, Debug, PartialEq)]
pub struct Semantics {
    /// Ancestor positions, rising, with their shares.
    shares: Vec<(u32, f64)>,
    total: f64,
}

impl Semantics {
    /// Spreads the meaning of the term at `term` over its ancestors.
    pub fn of(ontology: &Ontology, term: u32, weights: RelationWeights) -> Self {
        let mut best: std::collections::BTreeMap<u32, f64> = [(term, 1.0)].into();
        let mut waiting = vec![term];
        while let Some(next) = waiting.pop() {
            let share = best[&next];
            for &(parent, relation) in ontology.parents(next) {
                let handed_on = share * weights.of(relation);
                let known = best.entry(parent).or_insert(0.0);
                if handed_on > *known {
                    *known = handed_on;
                    waiting.push(parent);
                }
            }
        }
        let total = best.values().sum();
        Self { shares: best.into_iter().collect(), total }
    }

    /// Similarity of two terms, between 0 and 1, rounded to three decimals as GOSemSim does.
    pub fn similarity(&self, other: &Self) -> f64 {
        let (mut i, mut j, mut common) = (0, 0, 0.0);
        while let (Some(a), Some(b)) = (self.shares.get(i), other.shares.get(j)) {
            match a.0.cmp(&b.0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    common += a.1 + b.1;
                    i += 1;
                    j += 1;
                }
            }
        }
        (common / (self.total + other.total) * 1000.0).round_ties_even() / 1000.0
    }
}

#[cfg(test)]
mod tests {
    use alkaline_core::ontology::{Aspect, OntologyEdge, Term};

    use super::*;

    /// Wang et al. (2007), figure 1 and table 1: the ancestors of `GO:0043231` (intracellular membrane-bounded organelle).
    fn paper() -> Ontology {
        let term = |id: &str| Term { id: id.into(), name: id.into(), aspect: Aspect::CellularComponent };
        let edge = |child: &str, relation, parent: &str| OntologyEdge {
            child: child.into(),
            relation,
            parent: parent.into(),
        };
        let ids = [
            "0043231", "0043229", "0043227", "0043226", "0005622", "0044424", "0044464", "0005623", "0005575",
        ];
        let edges = [
            edge("0043231", Relation::IsA, "0043229"),
            edge("0043231", Relation::IsA, "0043227"),
            edge("0043229", Relation::IsA, "0043226"),
            edge("0043227", Relation::IsA, "0043226"),
            edge("0043229", Relation::IsA, "0044424"),
            edge("0044424", Relation::PartOf, "0005622"),
            edge("0044424", Relation::IsA, "0044464"),
            edge("0005622", Relation::IsA, "0044464"),
            edge("0044464", Relation::PartOf, "0005623"),
            edge("0044464", Relation::IsA, "0005575"),
            edge("0005623", Relation::IsA, "0005575"),
            edge("0043226", Relation::IsA, "0005575"),
        ];
        Ontology::new("figure 1", ids.map(term).to_vec(), &edges).unwrap()
    }

    #[test]
    fn shares_equal_those_of_the_paper() {
        let ontology = paper();
        let semantics =
            Semantics::of(&ontology, ontology.position("0043231").unwrap(), RelationWeights::Wang);
        let share = |id| {
            let position = ontology.position(id).unwrap();
            semantics.shares.iter().find(|share| share.0 == position).unwrap().1
        };
        for (id, expected) in [
            ("0043231", 1.0),
            ("0043229", 0.8),
            ("0043227", 0.8),
            ("0043226", 0.64),
            ("0005622", 0.384),
            ("0044424", 0.64),
            ("0044464", 0.512),
            ("0005623", 0.3072),
            ("0005575", 0.512),
        ] {
            assert!((share(id) - expected).abs() < 1e-12, "{id}: {}", share(id));
        }
        // The paper prints SV(GO:0043231) = 5.5952.
        assert!((semantics.total - 5.5952).abs() < 1e-12);
    }

    #[test]
    fn similarity_is_symmetric_and_one_for_the_same_term() {
        let ontology = paper();
        let of = |id| Semantics::of(&ontology, ontology.position(id).unwrap(), RelationWeights::Flat07);
        let (a, b) = (of("0043231"), of("0005622"));
        assert_eq!(a.similarity(&a), 1.0);
        assert_eq!(a.similarity(&b), b.similarity(&a));
        assert!(a.similarity(&b) > 0.0 && a.similarity(&b) < 1.0);
    }
}
