//! BAM, SAM or CRAM plus an annotation gives counts and read QC.
