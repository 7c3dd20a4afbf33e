//! An RNA-seq experiment with known truth: counts, alignments on real gene models, or reads.
//!
//! Two groups of samples, negative binomial counts with the dispersion trend and gene-wise scatter of real data,
//! programmes of genes that change together, and a table that says what is true of every gene. The same seed and options
//! give the same bytes on every machine and at any number of threads. The demonstration, the power answers and the tests
//! of the statistics are made with it.

mod alignments;
mod bam;
mod cohort;
mod counts;
mod error;
mod experiment;
mod expression;
mod fastq;
mod fragments;
mod genome;
mod options;
mod random;
mod reads;
mod spliced;
mod truth;

pub use cohort::{CohortOptions, SimulatedCohort, SimulatedPatient, SimulatedSample, simulate_cohort};
pub use counts::{SimulatedCounts, simulate_counts, simulate_like};
pub use error::SimulateError;
pub use experiment::{Experiment, contigs_spanning, simulate_experiment};
pub use expression::PilotGene;
pub use fastq::ReadNumber;
pub use genome::Bases;
pub use options::{Programme, ReadLayout, ReadOptions, SimulateOptions};
pub use truth::{GeneTruth, TRUTH_COLUMNS, write_truth};
