//! Sample sheets: `sample,bam,condition[,replicate,batch,...]`, or `sample,fastq_1,fastq_2,condition[,...]` with a row for each
//! lane; comma- or tab-separated, or a YAML list. Those of nf-core are read as they are.

mod layout;
mod reader;
mod rows;
mod writer;

pub use reader::{SheetFile, check_files, read, read_for};
pub use writer::write;

/// Names of the sample column in the order of preference; the first is ours, the others come from nf-core, Snakemake, GEO, SRA and R
/// sheets. Case, blanks, `_`, `.` and `-` do not matter.
const SAMPLE_COLUMNS: [&str; 8] =
    ["sample", "samples", "samplename", "sampleid", "samplenames", "sampleids", "run", "id"];

/// Names of the column that holds each sample's file.
const FILE_COLUMNS: [&str; 3] = ["bam", "genome_bam", "counts"];
