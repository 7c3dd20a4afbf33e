//! An RNA-seq experiment with known truth.
