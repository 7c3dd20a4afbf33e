//! Small dense linear algebra: row-major matrices, rank-revealing QR, Cholesky, symmetric eigenvectors.

mod cholesky;
mod eigen;
mod matrix;
mod qr;

pub use cholesky::{Cholesky, ln_determinant_ldl};
pub use eigen::{SymmetricEigen, symmetric_eigen};
pub use matrix::Matrix;
pub use qr::PivotedQr;
