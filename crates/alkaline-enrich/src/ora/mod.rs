//! Over-representation: which gene sets hold more of the chosen genes than chance would give them?
//!
//! The p-value is the upper tail of the hypergeometric distribution: of N annotated genes M are in the set; n of the
//! chosen genes are annotated, and k of these are in the set. Upstream: clusterProfiler `enrichGO`, `enricher`.

mod collapse;
mod cutoffs;
mod length_bias;
mod options;
mod pool;
mod query;
mod sets_tested;

use alkaline_core::IdentifierMap;
use alkaline_core::gene_sets::GeneSetCollection;
use alkaline_core::results::{GeneSelection, Query};

pub use collapse::collapse;
pub use cutoffs::Cutoffs;
pub use length_bias::{SelectionBias, over_representation_by_length};
pub(crate) use options::check_sizes;
pub use options::{GeneLabels, OraCompat, OraOptions, OraStatistic, Universe};
use query::PreparedQuery;
pub(crate) use sets_tested::STOREY_LAMBDA;
pub use sets_tested::{OraResult, p_value};
use sets_tested::{check_pool, test_all};

use crate::EnrichError;

/// Tests every set of every collection that holds at least one chosen gene.
///
/// * `query`: what the selection is, for the table.
/// * `selection`: chosen genes in the order in which they are to be printed, and the genes they were chosen from.
/// * `identifiers`: needed where the genes are spelled otherwise than in the sets; also gives the symbols to print.
///
/// | option | default | clusterProfiler |
/// |---|---|---|
/// | `universe` | the tested genes | `universe` (all annotated genes) |
/// | `min_size`, `max_size` | 10, 500 | `minGSSize`, `maxGSSize` |
/// | `statistic` | hypergeometric | (DAVID's EASE) |
/// | `compat` | alkaline | version 4.18 or 4.20 |
/// | `pool` | each collection for itself | `pool` |
///
/// Rows of one collection are adjusted together, and sorted by p; equal p by identifier. All tested sets are returned:
/// [`Cutoffs`] chooses the significant ones.
///
/// # Errors
/// An empty selection, no sets, identifiers that match nothing, sizes that exclude each other.
///
/// # Differences
/// E-01, E-02.
///
/// # References
/// Boyle et al. (2004) doi:10.1093/bioinformatics/bth456; Yu et al. (2012) doi:10.1089/omi.2011.0118; Hosack et al.
/// (2003) doi:10.1186/gb-2003-4-10-r70 (EASE).
pub fn over_representation(
    query: impl Into<Query>,
    selection: &GeneSelection,
    collections: &[GeneSetCollection],
    identifiers: Option<&IdentifierMap>,
    options: &OraOptions,
) -> Result<OraResult, EnrichError> {
    options.check()?;
    check_pool(collections, options)?;
    let prepared = PreparedQuery::new(selection, collections, identifiers, options)?;
    Ok(test_all(query.into(), prepared, collections, options))
}

#[cfg(test)]
mod tests;
