//! Time-dependent receiver operating characteristics: how well a marker tells who has the event by a time from who is free of it then.
//!
//! Patients who leave before the time belong to neither side; estimators differ in what they make of them, and R's packages differ from
//! each other. So each has a name, and every result says which one it is. High values of the marker mean early events.
//! References: Heagerty, Lumley & Pepe (2000), doi:10.1111/j.0006-341X.2000.00337.x; Blanche, Dartigues & Jacqmin-Gadda (2013),
//! doi:10.1002/sim.5958.

mod curve;
mod influence;
mod kaplan_meier;
mod nearest;
mod weighted;

pub use curve::{Roc, RocPoint};
pub use kaplan_meier::kaplan_meier;
pub use nearest::{nearest_neighbours, usual_span};
pub use weighted::{Comparison, Estimator, WeightedRoc, compare, weighted};
