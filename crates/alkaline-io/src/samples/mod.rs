//! Sample sheets: `sample,bam,condition[,replicate,batch,...]`, comma- or tab-separated.

mod reader;
mod writer;

pub use reader::read;
pub use writer::write;

/// Names of the sample column; the first is ours, the others come from nf-core, Snakemake and GEO sheets. Case does not
/// matter.
const SAMPLE_COLUMNS: [&str; 4] = ["sample", "sample_name", "samplename", "sample_id"];

/// Names of the column that holds each sample's file.
const FILE_COLUMNS: [&str; 3] = ["bam", "genome_bam", "counts"];
