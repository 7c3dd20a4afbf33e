//! What quantifiers write of one sample: abundance, estimated count and effective length of transcripts or genes; and which transcript
//! is of which gene.

mod columns;
mod names;
mod reader;
mod transcript_genes;

pub use columns::Quantifier;
pub use names::sample_name;
pub use reader::{Quantification, read};
pub use transcript_genes::{TranscriptGenes, read_transcript_genes};
