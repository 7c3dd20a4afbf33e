//! Tests of counts in the manner of DESeq2 1.38: dispersions shrunken towards a trend, Wald and likelihood-ratio tests.
//!
//! From the inside out: size factors, a dispersion of each gene (`gene_wise`), their trend and the prior around it, coefficients
//! (`fit`), outliers (`cooks`), the question (`wald`), the filter and the table. P values hang on where iterations stop, so these
//! rules are followed to the letter.

mod analysis;
mod cooks;
mod depth;
mod equal_depth;
mod filtering;
mod fit;
mod gene;
mod gene_wise;
mod likelihood;
mod local_quadratic;
mod model;
mod options;
mod prior;
mod regularised;
mod rescue;
mod shrunken;
mod simulated_prior;
mod size_factors;
mod stabilising;
mod table;
mod transform;
mod trend;
mod wald;
mod wide_prior;

pub use options::{Alternative, Deseq2Options, Shrinkage};
pub use size_factors::{SizeFactors, size_factors};
pub use table::{deseq2_likelihood_ratio_test, deseq2_test};
pub use transform::{TransformOptions, Transformation, Transformed, transform};
pub use trend::DispersionTrend;
