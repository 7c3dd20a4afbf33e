//! Options of enrichment: the section `[enrich]` of a workflow file.

use std::path::PathBuf;

use alkaline_core::ontology::Aspect;
use alkaline_core::results::RankBy;
use alkaline_enrich::OraOptions;
use alkaline_enrich::gsea::GseaOptions;
use alkaline_enrich::similarity::RelationWeights;
use serde::{Deserialize, Serialize};

/// Which gene sets are tested, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct EnrichSettings {
    /// Ontologies of the built-in human Gene Ontology.
    pub go: Vec<GoAspect>,
    /// Release of the built-in Gene Ontology (`2022-07`); the newest when absent.
    pub go_release: Option<String>,
    /// A Gene Ontology made by `alkaline reference build go`, in place of the built-in one.
    pub go_file: Option<PathBuf>,
    /// GMT files to test beside (or instead of) the Gene Ontology.
    pub gene_sets: Vec<PathBuf>,
    /// Whether, and how, tables without near-duplicates are written beside the full ones.
    pub simplify: Option<SimplifySettings>,
    /// What genes are ranked by.
    pub rank_by: RankBy,
    /// Whether over-representation allows for the length of genes, which the count table must tell (goseq).
    pub length_bias: bool,
    /// Over-representation.
    pub ora: OraOptions,
    /// Enrichment along the ranked list.
    pub gsea: GseaOptions,
}

impl Default for EnrichSettings {
    fn default() -> Self {
        Self {
            go: vec![GoAspect::Bp, GoAspect::Mf, GoAspect::Cc],
            go_release: None,
            go_file: None,
            gene_sets: Vec::new(),
            simplify: None,
            rank_by: RankBy::default(),
            length_bias: false,
            ora: OraOptions::default(),
            gsea: GseaOptions::default(),
        }
    }
}

/// An ontology of the Gene Ontology, as it is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GoAspect {
    /// Biological process.
    Bp,
    /// Molecular function.
    Mf,
    /// Cellular component.
    Cc,
}

impl From<GoAspect> for Aspect {
    fn from(aspect: GoAspect) -> Self {
        match aspect {
            GoAspect::Bp => Self::BiologicalProcess,
            GoAspect::Mf => Self::MolecularFunction,
            GoAspect::Cc => Self::CellularComponent,
        }
    }
}

/// How near-duplicate terms are removed from a table (clusterProfiler's `simplify`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SimplifySettings {
    /// Terms more similar than this are redundant (clusterProfiler `cutoff`).
    pub cutoff: f64,
    /// Weights of the relations; Wang's when absent, `flat07` under the rules of clusterProfiler 4.18.
    pub weights: Option<RelationWeights>,
    /// Which relations are climbed; those of the sets' release when absent, GOSemSim's under clusterProfiler's rules.
    pub relations: Option<SimplifyRelations>,
}

impl Default for SimplifySettings {
    fn default() -> Self {
        Self { cutoff: 0.7, weights: None, relations: None }
    }
}

/// Whose relations between terms the similarity climbs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum SimplifyRelations {
    /// Those of the release that the gene sets are of.
    #[default]
    Release,
    /// The copy of early 2021 inside GOSemSim, which clusterProfiler climbs whatever the release of the sets.
    Gosemsim,
}
