//! Design, dispersion, fit and test in the manner of edgeR.
