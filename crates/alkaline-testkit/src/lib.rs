//! BAM builder, tiny data sets and tolerance assertions for tests.
