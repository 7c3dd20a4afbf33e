//! File formats to nouns and back.
//!
//! One module per format. Opening, gzip, atomic writing and error positions live in [`mod@file`], [`delimited`] and
//! [`error`]; nothing else in the workspace parses or prints a table.

pub mod annotation;
pub mod clinical;
mod column_names;
pub mod contig_aliases;
pub mod contrasts;
pub mod counts;
pub mod delimited;
pub mod error;
pub mod expression_input;
pub mod fasta;
pub mod fastp;
pub mod fastq;
pub mod features;
pub mod file;
pub mod gaf;
pub mod gene_info;
pub mod gene_lengths;
pub mod gene_list;
pub mod geo;
pub mod gmt;
pub mod go_bundle;
pub mod hisat2;
pub mod number;
pub mod obo;
pub mod output;
mod parallel_gzip;
pub mod plain_text;
pub mod quantifiers;
pub mod results;
pub mod rnk;
mod row_numbers;
pub mod samples;
pub mod table_format;
pub mod values;

pub use error::{FileProblems, Problem, ReadError, WriteError, nearest};
