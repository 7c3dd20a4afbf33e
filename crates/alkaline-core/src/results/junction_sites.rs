//! What an annotation says of a splice junction: its genes, its transcripts, the exon boundaries beside its sites.

use crate::GeneId;

/// A splice junction as the annotation has it. Arrays hold the last base before the gap first, then the first after it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JunctionSites {
    /// Genes of each site.
    pub genes: [Vec<GeneId>; 2],
    /// Transcripts with an exon that ends at the first site and one that begins at the second.
    pub transcripts: Vec<String>,
    /// The exon boundaries nearest to each site; several when they are equally near.
    pub nearest: [Vec<ExonBoundary>; 2],
}

impl JunctionSites {
    /// Whether a transcript of the annotation has both sites.
    pub fn is_known(&self) -> bool {
        !self.transcripts.is_empty()
    }
}

/// The first or the last base of an exon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExonBoundary {
    /// Its place on the contig.
    pub position: u32,
    /// The gene of the exon.
    pub gene: GeneId,
}
