//! Small dense linear algebra on `ndarray` matrices: rank-revealing QR, Cholesky, symmetric eigenvectors.

mod cholesky;
mod eigen;
mod inner_products;
mod leading_eigen;
mod least_squares;
mod ordered;
mod qr;

pub use cholesky::{Cholesky, ln_determinant_ldl};
pub use eigen::{SymmetricEigen, symmetric_eigen};
pub use inner_products::inner_products;
pub use leading_eigen::leading_eigen;
pub use least_squares::{Combination, LeastSquares};
pub use ordered::{RowSlices, RowSlicesMut, selected, slice_mut, times};
pub use qr::PivotedQr;
