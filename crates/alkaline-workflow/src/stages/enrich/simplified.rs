//! Tables without near-duplicates.

use std::path::{Path, PathBuf};

use alkaline_core::results::{GseaTable, OraTable, SIGNIFICANT_SET};
use alkaline_core::{GeneSetCollection, Ontology};
use alkaline_enrich::EnrichError;
use alkaline_enrich::ora::{Cutoffs, OraCompat};
use alkaline_enrich::similarity::RelationWeights;
use alkaline_enrich::simplify::{SimplifyOptions, simplify_gsea, simplify_ora};
use alkaline_io::go_bundle;
use alkaline_reference::ontology::{go_terms, gosemsim_relations};

use super::{EnrichSettings, SimplifyRelations};
use crate::error::WorkflowError;

/// The relations and the options that [`EnrichSettings::simplify`] asks for, ready for any number of tables.
#[derive(Clone, Debug)]
pub struct Simplifier {
    ontology: Ontology,
    options: SimplifyOptions,
}

impl Simplifier {
    /// What `settings` ask for; `None` where they ask for nothing.
    ///
    /// # Errors
    /// [`WorkflowError`] when the ontology cannot be read.
    pub fn new(settings: &EnrichSettings) -> Result<Option<Self>, WorkflowError> {
        let Some(simplify) = &settings.simplify else { return Ok(None) };
        let (weights, relations) = match settings.ora.compat {
            OraCompat::Alkaline => (RelationWeights::Wang, SimplifyRelations::Release),
            OraCompat::ClusterProfiler418 => (RelationWeights::Flat07, SimplifyRelations::Gosemsim),
            OraCompat::ClusterProfiler420 => (RelationWeights::Wang, SimplifyRelations::Gosemsim),
        };
        let ontology = match simplify.relations.unwrap_or(relations) {
            SimplifyRelations::Gosemsim => gosemsim_relations()?,
            SimplifyRelations::Release => match &settings.go_file {
                Some(path) => go_bundle::read(path)?.ontology,
                None => go_terms(settings.go_release.as_deref())?,
            },
        };
        let weights = simplify.weights.unwrap_or(weights);
        Ok(Some(Self { ontology, options: SimplifyOptions { cutoff: simplify.cutoff, weights } }))
    }

    /// Whether any of the sets is a term of the ontology.
    pub fn knows_any(&self, collections: &[GeneSetCollection]) -> bool {
        collections.iter().flat_map(|part| &part.sets).any(|set| self.ontology.position(&set.id).is_some())
    }

    /// The significant rows that stay.
    ///
    /// # Errors
    /// [`EnrichError`] when the ontology knows none of the terms, or the cut-off is out of its range.
    pub fn ora(&self, table: &OraTable) -> Result<OraTable, EnrichError> {
        simplify_ora(table, Cutoffs::default(), &self.ontology, &self.options)
    }

    /// The significant rows that stay.
    ///
    /// # Errors
    /// As [`ora`](Self::ora).
    pub fn gsea(&self, table: &GseaTable) -> Result<GseaTable, EnrichError> {
        simplify_gsea(table, SIGNIFICANT_SET, &self.ontology, &self.options)
    }

    /// Where the simplified table lies beside the full one: `ora_simplified.tsv` beside `ora.tsv`.
    pub fn beside(table: &Path) -> PathBuf {
        let stem = table.file_stem().unwrap_or_default().to_string_lossy();
        table.with_file_name(format!("{stem}_simplified.tsv"))
    }
}
