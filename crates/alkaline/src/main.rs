//! RNA-seq differential expression from aligned reads to biology, in one binary.

fn main() {}
