//! Proportional hazards regression.
//!
//! R's survival stops when the log-likelihood changes by less than a billionth of itself; its estimates are that far off the maximum. The
//! same rule is followed here, so that estimates agree beyond the digits that either prints.
//! References: Cox (1972), doi:10.1111/j.2517-6161.1972.tb00899.x; Efron (1977), doi:10.1080/01621459.1977.10480613.

mod adjusted;
mod evaluation;
mod exact;
mod fast;
mod firth;
mod fit;
pub(crate) mod ldl;
mod likelihood;
mod model;
mod newton;
mod proportionality;
mod residuals;
mod ridge;
mod risk_sets;
mod robust;
mod sums;

pub use adjusted::{AdjustedPoint, adjusted_curve};
pub use fast::{Scan, ScanRow};
pub use firth::{FirthFit, firth};
pub use fit::{CoxFit, CoxTest, fit};
pub use model::{CoxModel, Ties};
pub use proportionality::{ProportionalityTest, TimeScale, proportionality};
pub use residuals::{Residuals, residuals};
pub use ridge::{Penalty, RidgeFit, ridge};
