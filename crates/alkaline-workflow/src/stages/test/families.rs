//! Which family knows a test.

use super::deseq2::Deseq2;
use super::edger::EdgeR;
use super::family::Family;
use super::limma::Limma;
use super::method::TestMethod;

/// The family that knows how to check and run `method`.
pub(super) fn family_of(method: TestMethod) -> &'static dyn Family {
    match method {
        TestMethod::Exact | TestMethod::Lrt | TestMethod::Ql | TestMethod::Treat => &EdgeR,
        TestMethod::Limma | TestMethod::LimmaTrend | TestMethod::Voom => &Limma,
        TestMethod::Deseq2 | TestMethod::Deseq2Lrt => &Deseq2,
    }
}
