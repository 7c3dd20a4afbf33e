//! What the stages find out.

mod consensus;
mod count_summary;
mod dispersion;
mod enrichment;
mod feature_table;
mod gene_table;
mod junction_sites;
mod junction_table;
mod panel;
mod query;
mod ranking;
mod read_qc;
mod sample_map;
mod sensitivity;
mod test_table;
mod thresholds;

pub use consensus::{Consensus, ConsensusRow, Verdict};
pub use count_summary::{Assignment, CountSummary};
pub use dispersion::{DispersionEstimates, DispersionSource};
pub use enrichment::{
    GseaRow, GseaTable, OraRow, OraTable, PermutationRow, PermutationTable, RunningScore, SIGNIFICANT_SET,
};
pub use feature_table::{FeatureRow, FeatureTable};
pub use gene_table::{CountTable, GeneFacts};
pub use junction_sites::{ExonBoundary, JunctionSites};
pub use junction_table::{JunctionRow, JunctionTable, SiteStrand};
pub use panel::{PanelRow, PanelStatus, PanelTable};
pub use query::Query;
pub use ranking::{GeneSelection, RankBy, RankedGenes};
pub use read_qc::{AlignmentFlags, QcTable, SampleQc, StrandednessEvidence};
pub use sample_map::{MapMethod, SampleMap};
pub use sensitivity::SensitivityRow;
pub use test_table::{ColumnReading, MethodColumns, TestFacts, TestRow, TestTable, Unanswered, ranked_by};
pub use thresholds::{CallBy, Direction, Thresholds};
