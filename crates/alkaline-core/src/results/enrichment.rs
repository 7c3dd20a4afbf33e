//! Enrichment tables, with clusterProfiler's columns.

use serde::{Deserialize, Serialize};

use super::Query;
use crate::gene_sets::GeneSetSource;

/// One over-represented gene set (a row of clusterProfiler's `enrichResult`).
#[derive(Clone, Debug, PartialEq)]
pub struct OraRow {
    /// `BP`, `MF`, `CC`, or the name of the collection.
    pub ontology: String,
    /// Identifier of the set.
    pub id: String,
    /// Its name.
    pub description: String,
    /// k: hits in the set.
    pub hits: usize,
    /// n: hits with any annotation.
    pub query_size: usize,
    /// M: genes of the set within the universe.
    pub set_size: usize,
    /// N: annotated genes of the universe.
    pub universe_size: usize,
    /// k / M.
    pub rich_factor: f64,
    /// (k / n) / (M / N).
    pub fold_enrichment: f64,
    /// Standardised k under the hypergeometric law.
    pub z_score: f64,
    /// P(X >= k).
    pub p_value: f64,
    /// P adjusted over the tested sets of the ontology.
    pub p_adjusted: f64,
    /// Storey's q value; NaN where it cannot be estimated.
    pub q_value: f64,
    /// The hits, in query order, spelled for the reader (symbols where known).
    pub genes: Vec<String>,
}

/// Over-representation of one query.
#[derive(Clone, Debug, PartialEq)]
pub struct OraTable {
    /// Which genes were asked about.
    pub query: Query,
    /// Where the sets came from.
    pub sources: Vec<GeneSetSource>,
    /// How the universe came about, in words.
    pub universe: String,
    /// Which test gave P, in words.
    pub test: String,
    /// Rows, ontology by ontology, by rising P.
    pub rows: Vec<OraRow>,
}

/// Adjusted P below which a gene set counts as significant (clusterProfiler `pvalueCutoff`).
pub const SIGNIFICANT_SET: f64 = 0.05;

impl OraTable {
    /// The significant sets, in the order of the table.
    pub fn significant(&self) -> impl Iterator<Item = &OraRow> {
        self.rows.iter().filter(|row| row.p_adjusted < SIGNIFICANT_SET)
    }
}

/// One gene set tested on the ranked list (a row of clusterProfiler's `gseaResult`).
#[derive(Clone, Debug, PartialEq)]
pub struct GseaRow {
    /// `BP`, `MF`, `CC`, or the name of the collection.
    pub ontology: String,
    /// Identifier of the set.
    pub id: String,
    /// Its name.
    pub description: String,
    /// Genes of the set in the ranked list.
    pub set_size: usize,
    /// Enrichment score, between -1 and 1.
    pub enrichment_score: f64,
    /// Normalised enrichment score.
    pub normalized_score: f64,
    /// P under random gene sets of the same size, given the sign of the score.
    pub p_value: f64,
    /// P adjusted over all sets of the ontology.
    pub p_adjusted: f64,
    /// Storey's q value; NaN where it cannot be estimated.
    pub q_value: f64,
    /// Standard error of log2 P; 0 where P is exact.
    pub log2_error: f64,
    /// Position of the running score's extreme in the list, counted from its end for negative scores.
    pub rank: usize,
    /// clusterProfiler's `tags=33%, list=10%, signal=30%`.
    pub leading_edge: String,
    /// Genes of the leading edge, spelled for the reader.
    pub core_enrichment: Vec<String>,
    /// P of cameraPR, which allows for correlation between the genes of a set; NaN where not computed.
    pub camera_p: f64,
}

/// Ranked enrichment of one list.
#[derive(Clone, Debug, PartialEq)]
pub struct GseaTable {
    /// Where the sets came from.
    pub sources: Vec<GeneSetSource>,
    /// What the genes were ranked by, in words.
    pub ranked_by: String,
    /// Genes in the list.
    pub genes_ranked: usize,
    /// Share of the genes whose score is not zero and another gene's too: their order is arbitrary.
    pub tied_fraction: f64,
    /// Random seed.
    pub seed: u64,
    /// Rows, ontology by ontology, by rising P.
    pub rows: Vec<GseaRow>,
}

impl GseaTable {
    /// The significant sets, in the order of the table.
    pub fn significant(&self) -> impl Iterator<Item = &GseaRow> {
        self.rows.iter().filter(|row| row.p_adjusted < SIGNIFICANT_SET)
    }
}

/// One gene set tested by permutation of samples, in the Broad Institute's terms.
#[derive(Clone, Debug, PartialEq)]
pub struct PermutationRow {
    /// `BP`, `MF`, `CC`, or the name of the collection.
    pub ontology: String,
    /// Identifier of the set.
    pub id: String,
    /// Its name.
    pub description: String,
    /// Genes of the set among the ranked ones.
    pub set_size: usize,
    /// Enrichment score, between -1 and 1.
    pub enrichment_score: f64,
    /// Normalised enrichment score.
    pub normalized_score: f64,
    /// Nominal P: share of permuted scores of the same sign that are more extreme; may be 0.
    pub p_value: f64,
    /// False discovery rate of the set and all beyond it.
    pub fdr_q: f64,
    /// Share of permutations whose most extreme NES is beyond.
    pub fwer_p: f64,
    /// Position of the running score's extreme in the list, counted from its end for negative scores.
    pub rank: usize,
    /// clusterProfiler's `tags=33%, list=10%, signal=30%`.
    pub leading_edge: String,
    /// Genes of the leading edge, spelled for the reader.
    pub core_enrichment: Vec<String>,
}

/// Enrichment tested by permutation of samples.
#[derive(Clone, Debug, PartialEq)]
pub struct PermutationTable {
    /// Where the sets came from.
    pub sources: Vec<GeneSetSource>,
    /// Genes ranked.
    pub genes_ranked: usize,
    /// Random seed.
    pub seed: u64,
    /// Labellings that were gone through.
    pub permutations: usize,
    /// Distinct labellings that there are.
    pub distinct_labellings: u64,
    /// Rows, collection by collection, by falling |NES|.
    pub rows: Vec<PermutationRow>,
}

/// The running enrichment score of one set, for plotting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunningScore {
    /// `BP`, `MF`, `CC`, or the name of the collection.
    pub ontology: String,
    /// Identifier of the set.
    pub id: String,
    /// Its name.
    pub description: String,
    /// Length of the ranked list.
    pub genes_ranked: usize,
    /// 1-based positions of the set's genes in the list, rising.
    pub hits: Vec<u32>,
    /// Running score just before and just after each hit, as `[before, after]`.
    pub scores: Vec<[f64; 2]>,
}
