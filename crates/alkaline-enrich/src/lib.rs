//! Over-representation and ranked gene-set enrichment.
