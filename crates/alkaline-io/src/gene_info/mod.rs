//! gene_info: NCBI's table of the genes of a species, with symbols, synonyms and Ensembl ids
//! (`https://ftp.ncbi.nlm.nih.gov/gene/DATA/GENE_INFO/`).

mod reader;

pub use reader::{parse, read};
